"""The words of word_tables.py as objects, with what their grammars need."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from spaces.families.word_tables import (
    ADJECTIVES,
    MODALS,
    NOUNS,
    PHRASES,
    PLACES,
    POSITIONS,
    STATES,
    STATIVE,
    TIMES,
    VERBS,
)

__all__ = [
    "MODALS",
    "POSITIONS",
    "TIMES",
    "Adjective",
    "Noun",
    "Place",
    "Verb",
    "adjectives",
    "nouns",
    "phrases",
    "places",
    "states",
    "stative",
    "verbs",
]


@dataclass(frozen=True)
class Noun:
    en: str
    en_plural: str
    de: str
    de_plural: str
    gender: str
    oblique: str
    zh: str
    measure: str
    kind: str


@dataclass(frozen=True)
class Adjective:
    en: str
    de: str
    stem: str
    zh: str
    zh_predicate: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Verb:
    """`de`: infinitive, ich, du, er, participle. `rest` stays at the end of the clause (Fußball, fern)."""

    en: str
    en_third: str
    en_past: str
    en_ing: str
    de: tuple[str, str, str, str, str]
    case: str
    rest: str
    zh: str
    zh_past: str
    zh_not: str
    zh_can: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    en: str
    de: str
    zh: tuple[str, ...]
    en_to: str
    de_to: str
    zh_to: str


def _rows(table: str) -> list[Any]:
    """[row][cell][word]; a line that begins with | goes on with the row before it."""
    lines = re.sub(r"\n\s*\|", " |", table).strip().splitlines()
    return [[cell.split() for cell in line.split("|")] for line in lines]


@cache
def nouns(*kinds: str) -> tuple[Noun, ...]:
    """The nouns of `kinds`, or all."""
    found = []
    for kind in kinds or NOUNS:
        for en, de, zh in _rows(NOUNS[kind]):
            (one, many), (word, measure) = en, zh
            singular, plural, gender, *oblique = de
            declined = oblique[0] if oblique else singular
            found.append(Noun(one, many, singular, plural, gender, declined, word, measure, kind))
    return tuple(found)


@cache
def adjectives(kind: str = "") -> tuple[Adjective, ...]:
    """The adjectives that suit nouns of `kind`, or all."""
    every = []
    for (en,), de, (zh, predicate), kinds in _rows(ADJECTIVES):
        # the stem before an ending: teuer loses its e (ein teurer Tisch)
        every.append(Adjective(en, de[0], de[-1], zh, "" if predicate == "-" else predicate, tuple(kinds)))
    return tuple(a for a in every if not kind or kind in a.kinds)


@cache
def states() -> tuple[Adjective, ...]:
    return tuple(
        Adjective(en[0], de[0], de[0], zh[0], zh[0], ("person", "kin")) for en, de, zh in _rows(STATES)
    )


def _verb(en: list[str], de: list[str], rest: str, zh: list[str], kinds: list[str]) -> Verb:
    infinitive, *forms = de
    stem = infinitive[:-2]
    regular = [stem + "e", stem + "st", stem + "t", "ge" + stem + "t"]
    given = [form for form in forms if form != "dat"] or ["-"] * 4
    ich, du, er, participle = (r if g == "-" else g for g, r in zip(given, regular, strict=True))
    base, third, before, ing = (word.replace("_", " ").replace("-", "") for word in en)
    past, negated, can = zh[0] + "了", "不" + zh[0], "能"
    if not kinds:
        past, can = zh[1:]
    elif len(zh) > 1:
        negated = zh[1]
    forms_de = (infinitive, ich, du, er, participle)
    case = "dat" if "dat" in forms else "acc"
    spoken = zh[0]
    return Verb(base, third, before, ing, forms_de, case, rest, spoken, past, negated, can, tuple(kinds))


@cache
def verbs() -> tuple[Verb, ...]:
    """What one does to something."""
    return tuple(_verb(en, de, "", zh, kinds) for en, de, zh, kinds in _rows(VERBS))


@cache
def stative() -> tuple[Verb, ...]:
    """What one sees, likes, needs, has, knows: no progressive."""
    return tuple(_verb(en, de, "", zh, kinds) for en, de, zh, kinds in _rows(STATIVE))


@cache
def phrases() -> tuple[Verb, ...]:
    """What one does without an object."""
    return tuple(_verb(en, de, rest[0].replace("-", ""), zh, []) for en, de, rest, zh in _rows(PHRASES))


@cache
def places() -> tuple[Place, ...]:
    found = []
    for en, de, zh, en_to, de_to, zh_to in _rows(PLACES):
        where = tuple(word for word in zh if word != "-")
        found.append(Place(" ".join(en), " ".join(de), where, " ".join(en_to), " ".join(de_to), zh_to[0]))
    return tuple(found)
