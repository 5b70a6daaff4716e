"""The ready examples, and what to look for in them."""

from dataclasses import dataclass

from spaces.attention.results import Pass
from spaces.attention.tokens import covering


@dataclass(frozen=True)
class Example:
    """`query` and `key`: the words whose link is looked for."""

    text: str
    pair: str = ""
    model: str = ""
    query: str = ""
    key: str = ""


EXAMPLES = {
    "example_zh": Example("那只猫在追逐毛线球，因为它滚得很快", query="它", key="毛线球"),
    "example_en": Example(
        "The cat was chasing the ball of yarn because it rolled so fast", query=" it", key="ball of yarn"
    ),
    "example_street": Example(
        "The animal didn't cross the street because it was too tired", query=" it", key="animal"
    ),
    "example_wide": Example(
        "The animal didn't cross the street because it was too wide", query=" it", key="street"
    ),
    "example_pair": Example("The cat chased the ball.", "It rolled away fast.", "minilm-l6"),
    "example_repeat": Example("one two three four one two three four one two three"),
}


def suggestion(done: Pass) -> dict[str, list[int]] | None:
    """The tokens of an example's two words, when its text is what was run."""
    for example in EXAMPLES.values():
        if example.query and done.text == example.text:
            return {
                "queries": _tokens(done, example.query),
                "keys": _tokens(done, example.key),
            }
    return None


def _tokens(done: Pass, word: str) -> list[int]:
    end = done.text.index(word) + len(word)
    return covering(done.source, end - len(word.strip()), end)
