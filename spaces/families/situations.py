"""Patterns of how and where things are, and of questions."""

from random import Random

from spaces.families import lexicon as words
from spaces.families.clauses import Sentence, action, case_of, clause, make, present
from spaces.families.phrases import (
    Phrase,
    draw_phrase,
    draw_subject,
    english_be,
    english_do,
    german_be,
    german_finite,
    german_have,
    german_participle,
)


def somewhere(rng: Random) -> Sentence:
    """The boy is playing football in the garden. She often works in the library."""
    subject, verb, place = draw_subject(rng), rng.choice(words.phrases()), rng.choice(words.places())
    where = (place.en, place.de, ["在", *place.zh]) if rng.random() < 0.75 else ("", "", [])
    if rng.random() < 0.4:
        middle = [where[1], *german_participle(verb)]
        parts = clause(
            rng,
            "past",
            subject,
            [verb.en_past, where[0]],
            german_have(subject),
            middle,
            [*where[2], *split_past(verb)],
        )
        return make("somewhere", *parts, subject)
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    finite = german_finite(verb, subject)
    if rng.random() < 0.4:
        often = rng.choice(words.TIMES["often"])
        return make(
            "somewhere",
            [who[0], often[0], present(verb, subject), where[0]],
            [who[1], finite, often[1], where[1], verb.rest],
            [*who[2], often[2], *where[2], verb.zh],
            subject,
        )
    # 正在 and 在 do not follow each other: 正在花园里踢足球
    zh = ["正在", *where[2][1:], verb.zh]
    return make(
        "somewhere",
        [who[0], english_be(subject), verb.en_ing, where[0]],
        [who[1], finite, where[1], verb.rest],
        [*who[2], *zh],
        subject,
    )


def split_past(verb: words.Verb) -> list[str]:
    return [verb.zh_past]


def going(rng: Random) -> Sentence:
    """Tomorrow we are going to the park."""
    subject, place = draw_subject(rng), rng.choice(words.places())
    finite = "gehen" if subject.plural else ("gehe", "gehst", "geht")[subject.person - 1]
    parts = clause(
        rng,
        "future",
        subject,
        [english_be(subject), "going", place.en_to],
        finite,
        [place.de_to],
        ["去", place.zh_to],
    )
    return make("going", *parts, subject)


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
    paired = paired_with(subject, adjective)
    if rng.random() < 0.2:
        return make(
            "being",
            [be_en, who[0], adjective.en],
            [be_de, who[1], adjective.de],
            [*who[2], *plain, "吗"],
            paired,
            end="?",
        )
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
    return make(
        "being",
        [who[0], be_en, degree, adjective.en],
        [who[1], be_de, de, adjective.de],
        [*who[2], *zh],
        paired,
    )


def paired_with(subject: Phrase, adjective: words.Adjective) -> Phrase:
    """The same with its predicate as an adjective: only for the held-out pairs."""
    return Phrase(subject.det, subject.number, subject.noun, adjective)


def position(rng: Random) -> Sentence:
    """The cat is under the table. Where is my key? There are two birds in the garden."""
    thing = draw_phrase(rng, "thing", "animal", "food", "text", dets="the the my your his her", adjective=0.2)
    who = thing.en(), thing.de("nom"), thing.zh(subject=True)
    roll = rng.random()
    if roll < 0.2:
        return make(
            "position",
            ["where", english_be(thing), who[0]],
            ["wo", german_be(thing), who[1]],
            [*thing.zh(subject=True, bare=True), "在", "哪里"],
            thing,
            end="?",
        )
    if roll < 0.45:
        place = rng.choice(words.places())
        some = draw_phrase(
            rng, "animal", "person", "vehicle", "thing", dets="a a two three four", adjective=0.2
        )
        there = "are" if some.plural else "is"
        return make(
            "position",
            ["there", there, some.en(), place.en],
            [place.de, german_be(some), some.de("nom")],
            [*place.zh, "有", *some.zh()],
            some,
        )
    if roll < 0.65:
        subject, place = draw_subject(rng), rng.choice(words.places())
        return make(
            "position",
            [subject.en(), english_be(subject), place.en],
            [subject.de("nom"), german_be(subject), place.de],
            [*subject.zh(subject=True), "在", *place.zh],
            subject,
        )
    en, de, zh = rng.choice(words.POSITIONS)
    mark = draw_phrase(
        rng, "furniture", "scenery", "vehicle", "opening", dets="the the the my this", adjective=0.15
    )
    if mark.plural:
        mark = Phrase(mark.det, "singular", mark.noun, mark.adjective)
    return make(
        "position",
        [who[0], english_be(thing), en, mark.en()],
        [who[1], german_be(thing), de, mark.de("dat")],
        [*who[2], "在", *mark.zh(bare=not mark.adjective), zh],
        thing,
        mark,
        verb=en,
    )


def asking(rng: Random) -> Sentence:
    """Does the child like the soup? Is she reading a book? What is the man drawing?"""
    subject = draw_subject(rng)
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    roll = rng.random()
    if roll < 0.3:
        verb = rng.choice([v for v in words.verbs() if v.case == "acc" and v.en not in ("look for", "open")])
        return make(
            "asking",
            ["what", english_be(subject), who[0], verb.en_ing],
            ["was", german_finite(verb, subject), who[1]],
            [*who[2], "在", verb.zh, "什么"],
            subject,
            end="?",
        )
    if roll < 0.65:
        verb = rng.choice(words.stative()[1:])
        thing = draw_phrase(rng, *verb.kinds)
        en = [english_do(subject), who[0], verb.en, thing.en()]
        zh = [*who[2], verb.zh, *thing.zh(), "吗"]
    else:
        verb, thing = action(rng)
        en = [english_be(subject), who[0], verb.en_ing, thing.en()]
        zh = [*who[2], "在", verb.zh, *thing.zh(), "吗"]
    de = [german_finite(verb, subject), who[1], thing.de(case_of(verb))]
    return make("asking", en, de, zh, subject, thing, verb=verb.en, end="?")


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
    return make(
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
