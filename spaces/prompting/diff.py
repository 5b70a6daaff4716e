"""Where two answers differ: word by word, Chinese character by character."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_UNIT = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]|\s+|\w+(?:['’]\w+)*|[^\w\s]")
MAX_UNITS = 4_000
"""Beyond this the comparison is left out: it grows with the square."""


@dataclass(frozen=True)
class Span:
    """A run of text; `changed` when the other answer does not have it here."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Comparison:
    a: tuple[Span, ...]
    b: tuple[Span, ...]
    same: int
    """Words (or Chinese characters) both have, in order."""
    longest: int
    """Words of the longer answer."""


def compare(a: str, b: str) -> Comparison:
    """Marks what differs; joined, the spans of each side are the text itself."""
    units_a, units_b = _units(a), _units(b)
    longest = max(_words(units_a), _words(units_b))
    if max(len(units_a), len(units_b)) > MAX_UNITS:
        return Comparison((Span(a, a != b),), (Span(b, a != b),), longest if a == b else 0, longest)
    matcher = SequenceMatcher(None, units_a, units_b, autojunk=False)
    spans_a: list[Span] = []
    spans_b: list[Span] = []
    same = 0
    for operation, a0, a1, b0, b1 in matcher.get_opcodes():
        changed = operation != "equal"
        if not changed:
            same += _words(units_a[a0:a1])
        if a1 > a0:
            spans_a.append(Span("".join(units_a[a0:a1]), changed))
        if b1 > b0:
            spans_b.append(Span("".join(units_b[b0:b1]), changed))
    return Comparison(tuple(spans_a), tuple(spans_b), same, longest)


def _units(text: str) -> list[str]:
    return _UNIT.findall(text)


def _words(units: list[str]) -> int:
    return sum(unit[0].isalnum() for unit in units)
