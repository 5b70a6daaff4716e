"""A grammar of everyday sentences in English, German and Chinese: what the small translator is taught."""

from collections.abc import Callable, Iterator
from random import Random

from spaces.families.actions import because, did, does_not, doing, giving, modal, simple
from spaces.families.clauses import Sentence
from spaces.families.situations import asking, being, going, position, profession, somewhere

__all__ = ["PATTERNS", "Sentence", "sentences"]

PATTERNS: dict[Callable[[Random], Sentence], int] = {
    doing: 14,
    did: 14,
    simple: 12,
    does_not: 11,
    modal: 11,
    somewhere: 8,
    going: 5,
    being: 11,
    position: 10,
    asking: 10,
    giving: 8,
    because: 8,
    profession: 4,
}
"""How often each kind of sentence is drawn."""


def sentences(seed: int) -> Iterator[Sentence]:
    """Random sentences without end, the same for the same seed."""
    rng = Random(seed)
    drawing, weights = list(PATTERNS), list(PATTERNS.values())
    while True:
        yield rng.choices(drawing, weights)[0](rng)
