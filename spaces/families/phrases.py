"""Noun phrases and finite verbs in three languages: number, gender, case, endings, measure words."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from spaces.families.lexicon import Adjective, Noun, Verb, adjectives, nouns

Case = Literal["nom", "acc", "dat"]
Number = Literal["singular", "plural", "mass"]

_DER = {"nom": "der die das die", "acc": "den die das die", "dat": "dem der dem den"}
_DIES = {"nom": "er e es e", "acc": "en e es e", "dat": "em er em en"}
_EIN = {"nom": "- e - e", "acc": "en e - e", "dat": "em er em en"}
_MIXED = {"nom": "er e es en", "acc": "en e es en", "dat": "en en en en"}
_WEAK = {"nom": "e e e en", "acc": "en e e en", "dat": "en en en en"}
_STRONG = {"nom": "er e es e", "acc": "en e es e", "dat": "em er em en"}
POSSESSIVES = {
    "my": ("mein", "我"),
    "your": ("dein", "你"),
    "his": ("sein", "他"),
    "her": ("ihr", "她"),
    "our": ("unser", "我们"),
}
_NUMERALS = {"two": ("zwei", "两"), "three": ("drei", "三"), "four": ("vier", "四")}


@dataclass(frozen=True)
class Phrase:
    """Something one can talk about: a noun phrase, or a pronoun (`person` 1, 2 or 3, no noun).

    `det` is the English determiner; empty for bare plurals and masses."""

    det: str = ""
    number: Number = "singular"
    noun: Noun | None = None
    adjective: Adjective | None = None
    pronoun: tuple[str, str, str] = ("", "", "")
    person: int = 3

    @property
    def plural(self) -> bool:
        return self.number == "plural"

    def en(self) -> str:
        if self.noun is None:
            return self.pronoun[0]
        noun = self.noun.en_plural if self.plural else self.noun.en
        words = [self.adjective.en] if self.adjective else []
        words.append(noun)
        det = self.det
        if det == "a" and words[0][0] in "aeiou":
            det = "an"
        if det == "this" and self.plural:
            det = "these"
        return " ".join([det, *words] if det else words)

    def de(self, case: Case, negated: bool = False) -> str:
        """`negated`: with kein instead of ein or nothing."""
        if self.noun is None:
            return self.pronoun[1]
        column = 3 if self.plural else "mfn".index(self.noun.gender)
        det, endings = self._german_determiner(case, column, negated)
        words = [det] if det else []
        if self.adjective:
            words.append(self.adjective.stem + _cell(endings, case, column))
        words.append(self._german_noun(case))
        return " ".join(words)

    def _german_determiner(self, case: Case, column: int, negated: bool) -> tuple[str, dict[str, str]]:
        if self.det == "the":
            return _cell(_DER, case, column), _WEAK
        if self.det == "this":
            return "dies" + _cell(_DIES, case, column), _WEAK
        if negated and self.det in ("", "a"):
            return "kein" + _cell(_EIN, case, column), _MIXED
        if self.det in POSSESSIVES or self.det == "a":
            stem = "ein" if self.det == "a" else POSSESSIVES[self.det][0]
            return stem + _cell(_EIN, case, column), _MIXED
        return _NUMERALS.get(self.det, ("", ""))[0], _STRONG

    def _german_noun(self, case: Case) -> str:
        assert self.noun is not None
        if not self.plural:
            return self.noun.de if case == "nom" else self.noun.oblique
        plural = self.noun.de_plural
        # the dative plural ends in n, but for words that end in s (den Autos)
        return plural + "n" if case == "dat" and plural[-1] not in "ns" else plural

    def zh(self, *, subject: bool = False, bare: bool = False) -> list[str]:
        """Words. `bare`: without one/that, as after a negation (没有汽车) or in 钥匙在哪里."""
        if self.noun is None:
            return [self.pronoun[2]]
        words = self._chinese_determiner(subject, bare)
        if self.adjective:
            words.append(self.adjective.zh)
        people = self.noun.kind in ("person", "kin") and self.plural
        several = ["们"] if people and (self.det == "the" or self.det in POSSESSIVES) else []
        return [*words, self.noun.zh, *several]

    def _chinese_determiner(self, subject: bool, bare: bool) -> list[str]:
        noun = self.noun
        assert noun is not None
        if self.det in POSSESSIVES:
            owner = POSSESSIVES[self.det][1]
            # 我妈妈, 我的书, 我便宜的书
            close = noun.kind == "kin" and not self.plural
            return (
                [owner] if close or (self.adjective and self.adjective.zh.endswith("的")) else [owner, "的"]
            )
        if self.number == "mass":
            return ["这"] if self.det == "this" else []
        if not self.det:
            return []
        if self.det == "this":
            return ["这些"] if self.plural else ["这", noun.measure]
        if self.det == "the":
            if self.plural:
                return [] if noun.kind in ("person", "kin") else ["那些"]
            alone = subject and not self.adjective and noun.kind in ("person", "kin", "animal")
            return [] if bare or alone else ["那", noun.measure]
        if self.det == "a":
            return [] if bare else ["一", noun.measure]
        return [_NUMERALS[self.det][1], noun.measure]


PRONOUNS = (
    Phrase(pronoun=("I", "ich", "我"), person=1),
    Phrase(pronoun=("you", "du", "你"), person=2),
    Phrase(pronoun=("he", "er", "他")),
    Phrase(pronoun=("she", "sie", "她")),
    Phrase(pronoun=("we", "wir", "我们"), number="plural", person=1),
    Phrase(pronoun=("they", "sie", "他们"), number="plural"),
)


def _cell(table: dict[str, str], case: Case, column: int) -> str:
    return table[case].split()[column].replace("-", "")


def english_be(subject: Phrase) -> str:
    if subject.plural or subject.person == 2:
        return "are"
    return "am" if subject.person == 1 else "is"


def english_do(subject: Phrase) -> str:
    return "does" if is_third(subject) else "do"


def is_third(subject: Phrase) -> bool:
    return subject.person == 3 and not subject.plural


def german_be(subject: Phrase) -> str:
    return "sind" if subject.plural else ("bin", "bist", "ist")[subject.person - 1]


def german_have(subject: Phrase) -> str:
    return "haben" if subject.plural else ("habe", "hast", "hat")[subject.person - 1]


def german_finite(verb: Verb, subject: Phrase) -> str:
    infinitive, *singular = verb.de[:4]
    return infinitive if subject.plural else singular[subject.person - 1]


def german_infinitive(verb: Verb) -> list[str]:
    """[Fußball, spielen], but [fernsehen]: a separable verb is written as one word."""
    return ["fern" + verb.de[0]] if verb.rest == "fern" else [w for w in (verb.rest, verb.de[0]) if w]


def german_participle(verb: Verb) -> list[str]:
    return ["fern" + verb.de[4]] if verb.rest == "fern" else [w for w in (verb.rest, verb.de[4]) if w]


def draw_noun(rng: Random, kinds: tuple[str, ...]) -> Noun:
    return rng.choice(nouns(*kinds))


def draw_phrase(rng: Random, *kinds: str, dets: str = "", adjective: float = 0.25) -> Phrase:
    """A noun phrase with a noun of `kinds`. `dets`: the determiners to choose from (default: what fits)."""
    noun = draw_noun(rng, kinds)
    adjective_ = (
        rng.choice(adjectives(noun.kind)) if adjectives(noun.kind) and rng.random() < adjective else None
    )
    possessives = tuple(POSSESSIVES)
    if noun.en_plural == "-":
        choices = dets.split() if dets else ["", "", "", "the", "my"]
        det = rng.choice([d for d in choices if d not in ("a", "two", "three", "four")] or [""])
        return Phrase("" if det == "-" else det, "mass", noun, adjective_)
    if noun.kind == "kin":
        return Phrase(
            rng.choice(possessives), "plural" if rng.random() < 0.15 else "singular", noun, adjective_
        )
    det = rng.choice(
        dets.split()
        if dets
        else ["the", "the", "the", "a", "a", "a", "this", "-", "two", "three", "four", *possessives]
    )
    if det in POSSESSIVES and noun.en in ("man", "woman", "boy", "girl"):
        det = "the"
    if det in ("-", "two", "three", "four"):
        return Phrase("" if det == "-" else det, "plural", noun, adjective_)
    plural = det != "a" and rng.random() < 0.25
    return Phrase(det, "plural" if plural else "singular", noun, adjective_)


def draw_subject(rng: Random, *kinds: str) -> Phrase:
    """A pronoun, or somebody definite."""
    if rng.random() < 0.35:
        return rng.choice(PRONOUNS)
    found = draw_phrase(
        rng,
        *(kinds or ("person", "person", "kin")),
        dets="the the the this my your his her our",
        adjective=0.12,
    )
    return found
