"""A grammar of everyday sentences in English, German and Chinese: what the small translator is taught."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from spaces.families import lexicon as words
from spaces.families.phrases import (
    PRONOUNS,
    Phrase,
    draw_phrase,
    draw_subject,
    english_be,
    english_do,
    german_be,
    german_finite,
    german_have,
    german_infinitive,
    german_participle,
    is_third,
)

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
        """Whether a pair in it was never seen in training: the test of having learned rules, not sentences."""
        return any(zlib.crc32(" ".join(pair).encode()) % HELD_OUT == 0 for pair in self.pairs)


def _sentence(
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


def _timed(rng: Random, kind: str) -> tuple[bool, tuple[str, str, str]]:
    """A time and whether it comes first in English."""
    return rng.random() < 0.5, rng.choice(words.TIMES[kind])


def _clause(
    rng: Random, kind: str, subject: Phrase, en: list[str], finite: str, de_middle: list[str], zh: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """A main clause with a time: German keeps the finite verb second, so the subject moves behind it."""
    first, (when_en, when_de, when_zh) = _timed(rng, kind)
    who_en, who_de, who_zh = subject.en(), subject.de("nom"), subject.zh(subject=True)
    if first:
        return (
            [when_en, who_en, *en],
            [when_de, finite, who_de, *de_middle],
            [when_zh, *who_zh, *zh],
        )
    return [who_en, *en, when_en], [who_de, finite, when_de, *de_middle], [*who_zh, when_zh, *zh]


def _action(rng: Random) -> tuple[words.Verb, Phrase]:
    verb = rng.choice(words.verbs())
    return verb, draw_phrase(rng, *verb.kinds)


def doing(rng: Random) -> Sentence:
    """The woman is reading a book."""
    subject = draw_subject(rng)
    verb, thing = _action(rng)
    en = [english_be(subject), verb.en_ing, thing.en()]
    finite, middle = german_finite(verb, subject), [thing.de(_case(verb))]
    zh = ["正在", verb.zh, *thing.zh()]
    if rng.random() < 0.25:
        parts = _clause(rng, "now", subject, en, finite, middle, ["正在", verb.zh, *thing.zh()])
        return _sentence("doing", *parts, subject, thing, verb=verb.en)
    whole = [subject.en(), *en], [subject.de("nom"), finite, *middle], [*subject.zh(subject=True), *zh]
    return _sentence("doing", *whole, subject, thing, verb=verb.en)


def did(rng: Random) -> Sentence:
    """Yesterday my brother bought a book."""
    subject = draw_subject(rng)
    verb, thing = _action(rng)
    if rng.random() < 0.15:
        verb = words.stative()[0]
        thing = draw_phrase(rng, *verb.kinds)
    middle = [thing.de(_case(verb)), *german_participle(verb)]
    zh = [verb.zh, "了", *thing.zh()]
    parts = _clause(rng, "past", subject, [verb.en_past, thing.en()], german_have(subject), middle, zh)
    return _sentence("did", *parts, subject, thing, verb=verb.en)


def simple(rng: Random) -> Sentence:
    """She likes dogs. The cat drinks milk. He often eats apples."""
    if rng.random() < 0.2:
        subject = draw_subject(rng, "animal")
        verb = rng.choice(words.verbs()[:2])
    else:
        subject = draw_subject(rng)
        verb = rng.choice(words.stative() if rng.random() < 0.6 else words.verbs())
    thing = draw_phrase(rng, *verb.kinds)
    en = [_present(verb, subject), thing.en()]
    de = [thing.de(_case(verb))]
    adverb = ("", "", "")
    if verb in words.verbs() and rng.random() < 0.4:
        adverb = rng.choice(words.TIMES["often"])
    return _sentence(
        "simple",
        [subject.en(), adverb[0], *en],
        [subject.de("nom"), german_finite(verb, subject), adverb[1], *de],
        [*subject.zh(subject=True), adverb[2], verb.zh, *thing.zh()],
        subject, thing, verb=verb.en,
    )  # fmt: skip


def does_not(rng: Random) -> Sentence:
    """We do not have a car. He did not buy the house yesterday."""
    subject = draw_subject(rng)
    verb = rng.choice(words.stative() if rng.random() < 0.5 else words.verbs())
    thing = draw_phrase(rng, *verb.kinds, dets="the the this a a - my his her")
    definite = thing.det not in ("", "a")
    middle = [thing.de(_case(verb), negated=True), "nicht" if definite else ""]
    if verb in words.verbs() and rng.random() < 0.5:
        en = ["did not", verb.en, thing.en()]
        zh = ["没有", verb.zh, *thing.zh(bare=not definite)]
        parts = _clause(
            rng, "past", subject, en, german_have(subject), [*middle, *german_participle(verb)], zh
        )
        return _sentence("does_not", *parts, subject, thing, verb=verb.en)
    return _sentence(
        "does_not",
        [subject.en(), english_do(subject), "not", verb.en, thing.en()],
        [subject.de("nom"), german_finite(verb, subject), *middle],
        [*subject.zh(subject=True), *_split_not(verb), *thing.zh(bare=not definite)],
        subject, thing, verb=verb.en,
    )  # fmt: skip


def modal(rng: Random) -> Sentence:
    """I want to buy a red car. Must the child drink the milk?"""
    subject = draw_subject(rng)
    name = rng.choice(tuple(words.MODALS))
    if rng.random() < 0.35:
        verb, thing = rng.choice(words.phrases()), None
    else:
        verb, thing = _action(rng)
    forms = words.MODALS[name]
    finite = forms[3] if subject.plural else forms[subject.person - 1]
    en_name = "wants to" if name == "want to" and is_third(subject) else name
    chinese = forms[4] or verb.zh_can
    tail_en = [verb.en] + ([thing.en()] if thing else [])
    tail_de = ([thing.de(_case(verb))] if thing else []) + german_infinitive(verb)
    tail_zh = [chinese, verb.zh, *(thing.zh() if thing else [])]
    parts = (subject, thing) if thing else (subject,)
    paired = verb.en if thing else ""
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    if name != "want to" and rng.random() < 0.3:
        return _sentence("modal", [name, who[0], *tail_en], [finite, who[1], *tail_de], [*who[2], *tail_zh, "吗"],
                         *parts, verb=paired, end="?")  # fmt: skip
    if name == "want to" and rng.random() < 0.4:
        timed = _clause(rng, "future", subject, [en_name, *tail_en], finite, tail_de, tail_zh)
        return _sentence("modal", *timed, *parts, verb=paired)
    return _sentence("modal", [who[0], en_name, *tail_en], [who[1], finite, *tail_de], [*who[2], *tail_zh],
                     *parts, verb=paired)  # fmt: skip


def somewhere(rng: Random) -> Sentence:
    """The boy is playing football in the garden. She often works in the library."""
    subject, verb, place = draw_subject(rng), rng.choice(words.phrases()), rng.choice(words.places())
    where = (place.en, place.de, ["在", *place.zh]) if rng.random() < 0.75 else ("", "", [])
    if rng.random() < 0.4:
        middle = [where[1], *german_participle(verb)]
        parts = _clause(rng, "past", subject, [verb.en_past, where[0]], german_have(subject), middle,
                        [*where[2], *_split_past(verb)])  # fmt: skip
        return _sentence("somewhere", *parts, subject)
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    finite = german_finite(verb, subject)
    if rng.random() < 0.4:
        often = rng.choice(words.TIMES["often"])
        return _sentence("somewhere", [who[0], often[0], _present(verb, subject), where[0]],
                         [who[1], finite, often[1], where[1], verb.rest], [*who[2], often[2], *where[2], verb.zh],
                         subject)  # fmt: skip
    # 正在 and 在 do not follow each other: 正在花园里踢足球
    zh = ["正在", *where[2][1:], verb.zh]
    return _sentence("somewhere", [who[0], english_be(subject), verb.en_ing, where[0]],
                     [who[1], finite, where[1], verb.rest], [*who[2], *zh], subject)  # fmt: skip


def going(rng: Random) -> Sentence:
    """Tomorrow we are going to the park."""
    subject, place = draw_subject(rng), rng.choice(words.places())
    finite = "gehen" if subject.plural else ("gehe", "gehst", "geht")[subject.person - 1]
    parts = _clause(rng, "future", subject, [english_be(subject), "going", place.en_to], finite, [place.de_to],
                    ["去", place.zh_to])  # fmt: skip
    return _sentence("going", *parts, subject)


def being(rng: Random) -> Sentence:
    """This car is very expensive. Is your sister tired?"""
    kinds = [
        k
        for k in ("animal", "food", "meal", "drink", "text", "thing", "cloth", "vehicle", "person", "opening")
    ]
    if rng.random() < 0.35:
        subject, adjective = draw_subject(rng), rng.choice(words.states())
    else:
        subject = draw_phrase(rng, rng.choice(kinds), dets="the the this my your his her our", adjective=0)
        assert subject.noun is not None
        adjective = rng.choice(words.adjectives(subject.noun.kind))
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    be_en, be_de = english_be(subject), german_be(subject)
    colour = not adjective.zh_predicate
    plain = ["是", adjective.zh] if colour else [adjective.zh_predicate]
    paired = _paired(subject, adjective)
    if rng.random() < 0.2:
        return _sentence("being", [be_en, who[0], adjective.en], [be_de, who[1], adjective.de], [*who[2], *plain, "吗"],
                         paired, end="?")  # fmt: skip
    degree = rng.choice(("", "", "not") if colour else ("", "", "very", "too", "not"))
    de = {"": "", "very": "sehr", "too": "zu", "not": "nicht"}[degree]
    if colour:
        zh = ["不", *plain] if degree else plain
    else:
        zh = {
            "": ["很", *plain],
            "very": ["非常", *plain],
            "too": ["太", *plain, "了"],
            "not": ["不", *plain],
        }[degree]
    return _sentence("being", [who[0], be_en, degree, adjective.en], [who[1], be_de, de, adjective.de], [*who[2], *zh],
                     paired)  # fmt: skip


def position(rng: Random) -> Sentence:
    """The cat is under the table. Where is my key? There are two birds in the garden."""
    thing = draw_phrase(rng, "thing", "animal", "food", "text", dets="the the my your his her", adjective=0.2)
    who = thing.en(), thing.de("nom"), thing.zh(subject=True)
    roll = rng.random()
    if roll < 0.2:
        return _sentence("position", ["where", english_be(thing), who[0]], ["wo", german_be(thing), who[1]],
                         [*thing.zh(subject=True, bare=True), "在", "哪里"], thing, end="?")  # fmt: skip
    if roll < 0.45:
        place = rng.choice(words.places())
        some = draw_phrase(
            rng, "animal", "person", "vehicle", "thing", dets="a a two three four", adjective=0.2
        )
        there = "are" if some.plural else "is"
        return _sentence("position", ["there", there, some.en(), place.en], [place.de, german_be(some), some.de("nom")],
                         [*place.zh, "有", *some.zh()], some)  # fmt: skip
    if roll < 0.65:
        subject, place = draw_subject(rng), rng.choice(words.places())
        return _sentence("position", [subject.en(), english_be(subject), place.en],
                         [subject.de("nom"), german_be(subject), place.de],
                         [*subject.zh(subject=True), "在", *place.zh], subject)  # fmt: skip
    en, de, zh = rng.choice(words.POSITIONS)
    mark = draw_phrase(
        rng, "furniture", "scenery", "vehicle", "opening", dets="the the the my this", adjective=0.15
    )
    if mark.plural:
        mark = Phrase(mark.det, "singular", mark.noun, mark.adjective)
    return _sentence("position", [who[0], english_be(thing), en, mark.en()],
                     [who[1], german_be(thing), de, mark.de("dat")],
                     [*who[2], "在", *mark.zh(bare=not mark.adjective), zh], thing, mark, verb=en)  # fmt: skip


def asking(rng: Random) -> Sentence:
    """Does the child like the soup? Is she reading a book? What is the man drawing?"""
    subject = draw_subject(rng)
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    roll = rng.random()
    if roll < 0.3:
        verb = rng.choice([v for v in words.verbs() if v.case == "acc" and v.en not in ("look for", "open")])
        return _sentence("asking", ["what", english_be(subject), who[0], verb.en_ing],
                         ["was", german_finite(verb, subject), who[1]], [*who[2], "在", verb.zh, "什么"],
                         subject, end="?")  # fmt: skip
    if roll < 0.65:
        verb = rng.choice(words.stative()[1:])
        thing = draw_phrase(rng, *verb.kinds)
        en = [english_do(subject), who[0], verb.en, thing.en()]
        zh = [*who[2], verb.zh, *thing.zh(), "吗"]
    else:
        verb, thing = _action(rng)
        en = [english_be(subject), who[0], verb.en_ing, thing.en()]
        zh = [*who[2], "在", verb.zh, *thing.zh(), "吗"]
    de = [german_finite(verb, subject), who[1], thing.de(_case(verb))]
    return _sentence("asking", en, de, zh, subject, thing, verb=verb.en, end="?")


def giving(rng: Random) -> Sentence:
    """The man gives the woman a flower."""
    subject = draw_subject(rng)
    person = draw_phrase(rng, "person", "kin", dets="the the my his her our", adjective=0.05)
    thing = draw_phrase(rng, "thing", "text", "food", "drink", "meal", adjective=0.2)
    if rng.random() < 0.5:
        return _sentence(
            "giving",
            [subject.en(), "gives" if is_third(subject) else "give", person.en(), thing.en()],
            [subject.de("nom"), "geben" if subject.plural else ("gebe", "gibst", "gibt")[subject.person - 1],
             person.de("dat"), thing.de("acc")],
            [*subject.zh(subject=True), "给", *person.zh(), *thing.zh()],
            subject, person, thing, verb="give",
        )  # fmt: skip
    middle = [person.de("dat"), thing.de("acc"), "gegeben"]
    zh = ["给", "了", *person.zh(), *thing.zh()]
    parts = _clause(rng, "past", subject, ["gave", person.en(), thing.en()], german_have(subject), middle, zh)
    return _sentence("giving", *parts, subject, person, thing, verb="give")


def profession(rng: Random) -> Sentence:
    """I am a student. My mother is a doctor: German names the woman's form and leaves the article out."""
    subject = draw_subject(rng, "person", "kin", "kin")
    women = ("she", "woman", "girl", "mother", "sister", "daughter", "grandmother", "aunt")
    female = (subject.noun.en if subject.noun else subject.pronoun[0]) in women
    name = rng.choice(("teacher", "doctor", "student"))
    what = next(n for n in words.nouns("person") if n.en == name)
    plural = subject.plural
    if female:
        de = {"teacher": "Lehrerin", "doctor": "Ärztin", "student": "Schülerin"}[name] + (
            "nen" if plural else ""
        )
    else:
        de = what.de_plural if plural else what.de
    no = rng.random() < 0.15
    return _sentence(
        "profession",
        [
            subject.en(),
            english_be(subject),
            "not" if no else "",
            what.en_plural if plural else "a " + what.en,
        ],
        [subject.de("nom"), german_be(subject), ("keine" if plural or female else "kein") if no else "", de],
        [*subject.zh(subject=True), *(["不"] if no else []), "是", what.zh],
        subject,
    )


def because(rng: Random) -> Sentence:
    """She is drinking water because she is thirsty: the German verb goes to the end."""
    they = [p for p in PRONOUNS if p.person < 3 or p.plural]
    him = [("man", 2), ("woman", 3), ("teacher", 2), ("doctor", 2), ("brother", 2), ("sister", 3), ("mother", 3),
           ("father", 2), ("boy", 2), ("grandmother", 3), ("grandfather", 2), ("uncle", 2), ("aunt", 3)]  # fmt: skip
    if rng.random() < 0.5:
        subject = again = rng.choice([*they, PRONOUNS[2], PRONOUNS[3]])
    else:
        name, number = rng.choice(him)
        noun = next(n for n in words.nouns("person", "kin") if n.en == name)
        dets = ("my", "your", "his", "our") if noun.kind == "kin" else ("the", "this", "my")
        subject, again = Phrase(rng.choice(dets), "singular", noun), PRONOUNS[number]
    verb, thing = _action(rng)
    why = rng.choice(words.states())
    return _sentence(
        "because",
        [subject.en(), english_be(subject), verb.en_ing, thing.en(), "because", again.en(), english_be(again), why.en],
        [subject.de("nom"), german_finite(verb, subject), thing.de(_case(verb)), ",", "weil", again.de("nom"), why.de,
         german_be(again)],
        [*subject.zh(subject=True), "正在", verb.zh, *thing.zh(), "，", "因为", *again.zh(), "很", why.zh],
        thing, verb=verb.en,
    )  # fmt: skip


PATTERNS: dict[Callable[[Random], Sentence], int] = {
    doing: 14, did: 14, simple: 12, does_not: 11, modal: 11, somewhere: 8, going: 5, being: 11, position: 10,
    asking: 10, giving: 8, because: 8, profession: 4,
}  # fmt: skip
"""How often each kind of sentence is drawn."""


def sentences(seed: int) -> Iterator[Sentence]:
    """Random sentences without end, the same for the same seed."""
    rng = Random(seed)
    drawing, weights = list(PATTERNS), list(PATTERNS.values())
    while True:
        yield rng.choices(drawing, weights)[0](rng)


def _case(verb: words.Verb):  # type: ignore[no-untyped-def]
    return verb.case


def _present(verb: words.Verb, subject: Phrase) -> str:
    return verb.en_third if is_third(subject) else verb.en


def _paired(subject: Phrase, adjective: words.Adjective) -> Phrase:
    """The same with its predicate as an adjective: only for the held-out pairs."""
    return Phrase(subject.det, subject.number, subject.noun, adjective)


def _split_not(verb: words.Verb) -> list[str]:
    return ["不", verb.zh] if verb.zh_not == "不" + verb.zh else [verb.zh_not]


def _split_past(verb: words.Verb) -> list[str]:
    return [verb.zh_past]
