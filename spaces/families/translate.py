"""Encoder-decoder: translate, and see where the decoder looked; and know what the small model does not."""

import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared import ROOT
from shared.errors import HubError
from shared.models.loaders import Weights
from shared.models.registry import InRepo, ModelSpec
from spaces.families.choose_model import sentence, tokenizing

TARGETS = {"de": "German", "zh": "Chinese"}
MAX_NEW = 64
_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]", re.UNICODE)


@dataclass(frozen=True)
class Translation:
    """`known`: the model's vocabulary has every word; when not, nothing was translated and `unknown` names
    the words. `familiar`: a sentence of this form was in its training. `source` and `output` are tokens;
    `attention[l][h][i][j]` is how much output token i looked at source token j in layer l, head h."""

    text: str
    known: bool = True
    familiar: bool = True
    unknown: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    probs: tuple[float, ...] = ()
    """What each output token had, given the source and the output left of it."""
    attention: list[list[list[list[float]]]] = field(default_factory=list)


def own(spec: ModelSpec) -> bool:
    """Whether this is the small translator that the project trained."""
    return isinstance(spec.embedded, InRepo)


@functools.cache
def facts(folder: str) -> dict[str, Any]:
    """What the training script wrote down: words, accuracy, steps."""
    return json.loads((Path(folder) / "training.json").read_text(encoding="utf-8"))


def facts_of(spec: ModelSpec) -> dict[str, Any]:
    assert isinstance(spec.embedded, InRepo)
    return facts(str(ROOT / spec.embedded.folder))


def prompt(text: str, target: str) -> str:
    """T5's own words for the task. Raises HubError for another language."""
    if target not in TARGETS:
        raise HubError("families.unknown_target", names=", ".join(TARGETS))
    return f"translate English to {TARGETS[target]}: {text}"


def unknown_words(text: str, words: frozenset[str]) -> list[str]:
    """The words and marks of `text` that are not in `words`, each once, in the order of the text."""
    return [word for word in dict.fromkeys(_WORD.findall(text)) if word not in words]


def check(spec: ModelSpec, target: str) -> None:
    """Raises HubError for a language that the model was not trained on."""
    if target not in TARGETS:
        raise HubError("families.unknown_target", names=", ".join(TARGETS))
    if target == "zh" and not own(spec):
        raise HubError("families.no_chinese", model=spec.name)


def translate(spec: ModelSpec, weights: Weights, text: object, target: str) -> Translation:
    """The greedy translation of an English `text` into `target`, with the cross-attention of every layer
    and head."""
    import torch

    check(spec, target)
    given = sentence(text)
    if own(spec):
        words = frozenset(facts_of(spec)["words"]["en"])
        given = tidied(given, words)
        if unknown := unknown_words(given, words):
            return Translation("", known=False, familiar=False, unknown=tuple(unknown))
    tokenizer, model = weights.tokenizer, weights.model
    with tokenizing:
        inputs = tokenizer(prompt(given, target), return_tensors="pt").to(model.device)
    count, limit = inputs["input_ids"].shape[1], 64 if own(spec) else 512
    if count > limit:
        raise HubError("families.too_long", count=f"{count:,}", limit=limit)
    with torch.inference_mode():
        made = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=MAX_NEW)
        # all steps at once: the decoder is given what it wrote, and answers as it did step by step
        output = model(**inputs, decoder_input_ids=made[:, :-1], output_attentions=True)
    return Translation(
        tokenizer.decode(made[0], skip_special_tokens=True),
        familiar=not own(spec) or familiar(given),
        source=tuple(tokenizer.convert_ids_to_tokens(inputs["input_ids"][0].tolist())),
        output=tuple(tokenizer.convert_ids_to_tokens(made[0, 1:].tolist())),
        probs=tuple(output.logits[0].float().softmax(-1).gather(1, made[0, 1:, None])[:, 0].tolist()),
        attention=[layer[0].float().cpu().tolist() for layer in output.cross_attentions],
    )


def tidied(text: str, words: frozenset[str]) -> str:
    """The sentence as the small model saw them: one space, an end, capitals where its words have them."""

    def cased(found: re.Match[str]) -> str:
        word = found[0]
        return next((w for w in (word, word.lower(), word.capitalize()) if w in words), word)

    text = re.sub(r" (?=[.,?])", "", _WORD.sub(cased, " ".join(text.split())))
    return text if text[-1] in ".?" else text + "."


@functools.cache
def _forms() -> frozenset[tuple[str, ...]]:
    from itertools import islice

    from spaces.families.grammar import sentences

    return frozenset(form(s.en) for s in islice(sentences(5), 12_000))


def familiar(text: str) -> bool:
    """Whether the grammar makes sentences of this form, word class by word class."""
    return form(text) in _forms()


def form(text: str) -> tuple[str, ...]:
    """The sentence with every noun, verb, adjective, place and time replaced by its class."""
    classes, pattern = _classes()
    return tuple(_WORD.findall(pattern.sub(lambda found: classes[found[0]], text.lower())))


@functools.cache
def _classes() -> tuple[dict[str, str], re.Pattern[str]]:
    """Class by expression, and what finds the expressions, the longest first."""
    from spaces.families import lexicon
    from spaces.families.phrases import POSSESSIVES

    found = dict.fromkeys((*POSSESSIVES, "the", "this", "these", "a", "an", "two", "three", "four"), "DET")
    found |= dict.fromkeys(("i", "you", "he", "she", "we", "they"), "WHO")
    for noun in lexicon.nouns():
        found |= {noun.en: "NOUN", noun.en_plural: "NOUN"}
    for adjective in (*lexicon.adjectives(), *lexicon.states()):
        found[adjective.en] = "ADJ"
    for verb in (*lexicon.verbs(), *lexicon.stative()):
        # read is its own past
        found |= {verb.en_past: "PAST", verb.en: "V", verb.en_third: "V", verb.en_ing: "ING"}
    for verb in lexicon.phrases():
        found |= {verb.en: "ACT", verb.en_third: "ACT", verb.en_past: "ACTED", verb.en_ing: "ACTING"}
    for place in lexicon.places():
        found |= {place.en: "PLACE", place.en_to: "TO"}
    for kind, times in lexicon.TIMES.items():
        found |= {time[0]: f"TIME{kind}" for time in times}
    found |= {english: "POSITION" for english, _, _ in lexicon.POSITIONS}
    lower = {text.lower(): name for text, name in found.items() if text and text != "-"}
    longest = sorted(map(re.escape, lower), key=len, reverse=True)
    return lower, re.compile(rf"\b(?:{'|'.join(longest)})\b")
