"""What labels mean: positive or negative words, the labels of a task model mapped to those of the data."""

import re
from collections.abc import Sequence

from shared.errors import HubError

_WORDS = {
    "negative": ("neg", "negative", "bad", "dislike", "unfavorable", "差评", "负面", "消极", "差", "负"),
    "positive": ("pos", "positive", "good", "like", "favorable", "好评", "正面", "积极", "好", "正"),
    "neutral": ("neu", "neutral", "mixed", "中性", "中评", "一般"),
}
LEFT_OUT = ""
"""A task model's label that stands for no class: its probability is left out."""
_REVIEWS = {"negative": "A negative movie review", "positive": "A positive movie review"}
"""The chapter's descriptions."""


def polarity(label: str) -> str:
    """negative, positive or neutral, by the label's first word; empty when it says none of these."""
    found = re.match(r"[a-z]+|[\u3400-\u9fff]+", label.strip().lower())
    word = found[0] if found else ""
    return next((meaning for meaning, words in _WORDS.items() if word in words), "")


def default_descriptions(classes: Sequence[str]) -> tuple[str, ...]:
    """What zero-shot starts from: the chapter's sentences for negative and positive, else the names."""
    return tuple(_REVIEWS.get(polarity(name), name) for name in classes)


def default_names(classes: Sequence[str]) -> tuple[str, ...]:
    """What a chat model chooses from: whole words where the data have abbreviations."""
    names = tuple(polarity(name) or name for name in classes)
    return names if len(set(names)) == len(names) else tuple(classes)


def check_descriptions(given: Sequence[str] | None, classes: Sequence[str]) -> tuple[str, ...]:
    """One description a class, in the order of `classes`. None, or all empty: the default ones."""
    if given is None:
        return default_descriptions(classes)
    if isinstance(given, str) or not all(isinstance(text, str) for text in given):
        raise HubError("classification.labels_not_list")
    lines = [text.strip() for text in given if text.strip()]
    if not lines:
        return default_descriptions(classes)
    if len(lines) != len(classes):
        raise HubError(
            "classification.labels_count",
            given=len(lines),
            wanted=len(classes),
            names=", ".join(classes)[:200],
        )
    return tuple(lines)


def guess_mapping(model_labels: Sequence[str], classes: Sequence[str]) -> tuple[str, ...]:
    """For each label of the model the class it stands for, or `LEFT_OUT`.

    By name, then by meaning; where both are bare numbers (LABEL_0 and 0), by order. Raises HubError when
    that leaves a class without a label."""
    same = {name.lower(): name for name in classes}
    meaning = {polarity(name): name for name in classes if polarity(name)}
    if set(classes) == {"0", "1"}:
        meaning = {"negative": "0", "positive": "1"}
    mapped = [same.get(label.lower()) or meaning.get(polarity(label), LEFT_OUT) for label in model_labels]
    numbered = all(re.fullmatch(r"(label_)?\d+", label.lower()) for label in model_labels)
    if numbered and len(model_labels) == len(classes):
        mapped = list(classes)
    if set(classes) - set(mapped):
        raise HubError(
            "classification.no_mapping",
            model=", ".join(model_labels)[:120],
            classes=", ".join(classes)[:120],
        )
    return tuple(mapped)


def check_mapping(
    given: Sequence[str] | None, model_labels: Sequence[str], classes: Sequence[str]
) -> tuple[str, ...]:
    """A mapping that a visitor gave (a class for each label of the model, empty: left out), or the guess."""
    if given is None or not any(name.strip() for name in given):
        return guess_mapping(model_labels, classes)
    names = tuple(name.strip() for name in given)
    if len(names) != len(model_labels) or set(names) - {*classes, LEFT_OUT} or set(classes) - set(names):
        raise HubError(
            "classification.bad_mapping",
            model=", ".join(model_labels)[:120],
            classes=", ".join(classes)[:120],
        )
    return names
