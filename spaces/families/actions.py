"""Patterns of what people do: doing, did, simple, does_not, modal, giving, because."""

from random import Random

from spaces.families import lexicon as words
from spaces.families.clauses import Sentence, action, case_of, clause, make, present
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


def doing(rng: Random) -> Sentence:
    """The woman is reading a book."""
    subject = draw_subject(rng)
    verb, thing = action(rng)
    en = [english_be(subject), verb.en_ing, thing.en()]
    finite, middle = german_finite(verb, subject), [thing.de(case_of(verb))]
    zh = ["正在", verb.zh, *thing.zh()]
    if rng.random() < 0.25:
        parts = clause(rng, "now", subject, en, finite, middle, ["正在", verb.zh, *thing.zh()])
        return make("doing", *parts, subject, thing, verb=verb.en)
    whole = [subject.en(), *en], [subject.de("nom"), finite, *middle], [*subject.zh(subject=True), *zh]
    return make("doing", *whole, subject, thing, verb=verb.en)


def did(rng: Random) -> Sentence:
    """Yesterday my brother bought a book."""
    subject = draw_subject(rng)
    verb, thing = action(rng)
    if rng.random() < 0.15:
        verb = words.stative()[0]
        thing = draw_phrase(rng, *verb.kinds)
    middle = [thing.de(case_of(verb)), *german_participle(verb)]
    zh = [verb.zh, "了", *thing.zh()]
    parts = clause(rng, "past", subject, [verb.en_past, thing.en()], german_have(subject), middle, zh)
    return make("did", *parts, subject, thing, verb=verb.en)


def simple(rng: Random) -> Sentence:
    """She likes dogs. The cat drinks milk. He often eats apples."""
    if rng.random() < 0.2:
        subject = draw_subject(rng, "animal")
        verb = rng.choice(words.verbs()[:2])
    else:
        subject = draw_subject(rng)
        verb = rng.choice(words.stative() if rng.random() < 0.6 else words.verbs())
    thing = draw_phrase(rng, *verb.kinds)
    en = [present(verb, subject), thing.en()]
    de = [thing.de(case_of(verb))]
    adverb = ("", "", "")
    if verb in words.verbs() and rng.random() < 0.4:
        adverb = rng.choice(words.TIMES["often"])
    return make(
        "simple",
        [subject.en(), adverb[0], *en],
        [subject.de("nom"), german_finite(verb, subject), adverb[1], *de],
        [*subject.zh(subject=True), adverb[2], verb.zh, *thing.zh()],
        subject,
        thing,
        verb=verb.en,
    )


def does_not(rng: Random) -> Sentence:
    """We do not have a car. He did not buy the house yesterday."""
    subject = draw_subject(rng)
    verb = rng.choice(words.stative() if rng.random() < 0.5 else words.verbs())
    thing = draw_phrase(rng, *verb.kinds, dets="the the this a a - my his her")
    definite = thing.det not in ("", "a")
    middle = [thing.de(case_of(verb), negated=True), "nicht" if definite else ""]
    if verb in words.verbs() and rng.random() < 0.5:
        en = ["did not", verb.en, thing.en()]
        zh = ["没有", verb.zh, *thing.zh(bare=not definite)]
        parts = clause(
            rng, "past", subject, en, german_have(subject), [*middle, *german_participle(verb)], zh
        )
        return make("does_not", *parts, subject, thing, verb=verb.en)
    return make(
        "does_not",
        [subject.en(), english_do(subject), "not", verb.en, thing.en()],
        [subject.de("nom"), german_finite(verb, subject), *middle],
        [*subject.zh(subject=True), *split_not(verb), *thing.zh(bare=not definite)],
        subject,
        thing,
        verb=verb.en,
    )


def split_not(verb: words.Verb) -> list[str]:
    return ["不", verb.zh] if verb.zh_not == "不" + verb.zh else [verb.zh_not]


def modal(rng: Random) -> Sentence:
    """I want to buy a red car. Must the child drink the milk?"""
    subject = draw_subject(rng)
    name = rng.choice(tuple(words.MODALS))
    if rng.random() < 0.35:
        verb, thing = rng.choice(words.phrases()), None
    else:
        verb, thing = action(rng)
    forms = words.MODALS[name]
    finite = forms[3] if subject.plural else forms[subject.person - 1]
    en_name = "wants to" if name == "want to" and is_third(subject) else name
    chinese = forms[4] or verb.zh_can
    tail_en = [verb.en] + ([thing.en()] if thing else [])
    tail_de = ([thing.de(case_of(verb))] if thing else []) + german_infinitive(verb)
    tail_zh = [chinese, verb.zh, *(thing.zh() if thing else [])]
    parts = (subject, thing) if thing else (subject,)
    paired = verb.en if thing else ""
    who = subject.en(), subject.de("nom"), subject.zh(subject=True)
    if name != "want to" and rng.random() < 0.3:
        return make(
            "modal",
            [name, who[0], *tail_en],
            [finite, who[1], *tail_de],
            [*who[2], *tail_zh, "吗"],
            *parts,
            verb=paired,
            end="?",
        )
    if name == "want to" and rng.random() < 0.4:
        timed = clause(rng, "future", subject, [en_name, *tail_en], finite, tail_de, tail_zh)
        return make("modal", *timed, *parts, verb=paired)
    return make(
        "modal",
        [who[0], en_name, *tail_en],
        [who[1], finite, *tail_de],
        [*who[2], *tail_zh],
        *parts,
        verb=paired,
    )


def giving(rng: Random) -> Sentence:
    """The man gives the woman a flower."""
    subject = draw_subject(rng)
    person = draw_phrase(rng, "person", "kin", dets="the the my his her our", adjective=0.05)
    thing = draw_phrase(rng, "thing", "text", "food", "drink", "meal", adjective=0.2)
    if rng.random() < 0.5:
        return make(
            "giving",
            [subject.en(), "gives" if is_third(subject) else "give", person.en(), thing.en()],
            [
                subject.de("nom"),
                "geben" if subject.plural else ("gebe", "gibst", "gibt")[subject.person - 1],
                person.de("dat"),
                thing.de("acc"),
            ],
            [*subject.zh(subject=True), "给", *person.zh(), *thing.zh()],
            subject,
            person,
            thing,
            verb="give",
        )
    middle = [person.de("dat"), thing.de("acc"), "gegeben"]
    zh = ["给", "了", *person.zh(), *thing.zh()]
    parts = clause(rng, "past", subject, ["gave", person.en(), thing.en()], german_have(subject), middle, zh)
    return make("giving", *parts, subject, person, thing, verb="give")


def because(rng: Random) -> Sentence:
    """She is drinking water because she is thirsty: the German verb goes to the end."""
    they = [p for p in PRONOUNS if p.person < 3 or p.plural]
    him = [
        ("man", 2),
        ("woman", 3),
        ("teacher", 2),
        ("doctor", 2),
        ("brother", 2),
        ("sister", 3),
        ("mother", 3),
        ("father", 2),
        ("boy", 2),
        ("grandmother", 3),
        ("grandfather", 2),
        ("uncle", 2),
        ("aunt", 3),
    ]
    if rng.random() < 0.5:
        subject = again = rng.choice([*they, PRONOUNS[2], PRONOUNS[3]])
    else:
        name, number = rng.choice(him)
        noun = next(n for n in words.nouns("person", "kin") if n.en == name)
        dets = ("my", "your", "his", "our") if noun.kind == "kin" else ("the", "this", "my")
        subject, again = Phrase(rng.choice(dets), "singular", noun), PRONOUNS[number]
    verb, thing = action(rng)
    why = rng.choice(words.states())
    return make(
        "because",
        [
            subject.en(),
            english_be(subject),
            verb.en_ing,
            thing.en(),
            "because",
            again.en(),
            english_be(again),
            why.en,
        ],
        [
            subject.de("nom"),
            german_finite(verb, subject),
            thing.de(case_of(verb)),
            ",",
            "weil",
            again.de("nom"),
            why.de,
            german_be(again),
        ],
        [*subject.zh(subject=True), "正在", verb.zh, *thing.zh(), "，", "因为", *again.zh(), "很", why.zh],
        thing,
        verb=verb.en,
    )
