"""What the patterns of the grammar share: the sentence, the main clause with a time."""

import zlib
from dataclasses import dataclass
from random import Random

from spaces.families import lexicon as words
from spaces.families.phrases import Case, Phrase, draw_phrase, is_third

HELD_OUT = 10
"""One in so many pairs of a verb and its object, or an adjective and its noun, is kept from training."""


@dataclass(frozen=True)
class Sentence:
    """One meaning in three languages. `zh` is cut into words; `pairs` are what could be new together."""

    en: str
    de: str
    zh_words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    pattern: str

    @property
    def zh(self) -> str:
        return "".join(self.zh_words)

    @property
    def held_out(self) -> bool:
        """Whether a pair in it was never seen in training: the test of having learned rules, not
        sentences."""
        return any(zlib.crc32(" ".join(pair).encode()) % HELD_OUT == 0 for pair in self.pairs)


def make(
    pattern: str, en: list[str], de: list[str], zh: list[str], *parts: Phrase, verb: str = "", end: str = "."
) -> Sentence:
    """`verb`: with which the last part is paired."""
    pairs = [(p.adjective.en, p.noun.en) for p in parts if p.adjective and p.noun]
    if verb and parts[-1].noun:
        pairs.append((verb, parts[-1].noun.en))

    def joined(parts: list[str]) -> str:
        text = " ".join(part for part in parts if part).replace(" ,", ",")
        return text[0].upper() + text[1:] + end

    stop = {".": "。", "?": "？"}[end]
    return Sentence(joined(en), joined(de), (*(w for w in zh if w), stop), tuple(pairs), pattern)


def timed(rng: Random, kind: str) -> tuple[bool, tuple[str, str, str]]:
    """A time and whether it comes first in English."""
    return rng.random() < 0.5, rng.choice(words.TIMES[kind])


def clause(
    rng: Random, kind: str, subject: Phrase, en: list[str], finite: str, de_middle: list[str], zh: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """A main clause with a time: German keeps the finite verb second, so the subject moves behind it."""
    first, (when_en, when_de, when_zh) = timed(rng, kind)
    who_en, who_de, who_zh = subject.en(), subject.de("nom"), subject.zh(subject=True)
    if first:
        return (
            [when_en, who_en, *en],
            [when_de, finite, who_de, *de_middle],
            [when_zh, *who_zh, *zh],
        )
    return [who_en, *en, when_en], [who_de, finite, when_de, *de_middle], [*who_zh, when_zh, *zh]


def action(rng: Random) -> tuple[words.Verb, Phrase]:
    verb = rng.choice(words.verbs())
    return verb, draw_phrase(rng, *verb.kinds)


def case_of(verb: words.Verb) -> Case:
    """The case that a verb's object stands in."""
    return "dat" if verb.case == "dat" else "acc"


def present(verb: words.Verb, subject: Phrase) -> str:
    return verb.en_third if is_third(subject) else verb.en
