"""The experiment: plain typed Python, no Gradio, no globals; models come in as arguments."""

from shared.errors import HubError


def count_characters(sentence: str) -> int:
    """How many Unicode code points `sentence` has. Raises HubError when there are none."""
    if not sentence.strip():
        raise HubError("_template.empty")
    return len(sentence)
