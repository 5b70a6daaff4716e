"""The runnable script behind what the tab just did."""


def snippet(sentence: str) -> str:
    """A script of its own that prints what the lab shows."""
    return f"print(len({sentence!r}))\n"
