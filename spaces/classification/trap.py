"""Chapter 1's trap: the model is right, and the program reads its answer wrong.

The chapter asks for `label == "positive"`. Its model says "positive (stars 4 and 5)", so the comparison is
never true and every review comes out negative. Here several ways to read an answer meet several ways to
name labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shared.data.registry import open_dataset
from shared.errors import HubError
from shared.models import cache
from spaces.classification import task_model
from spaces.classification.labels import polarity
from spaces.classification.reviews import GOOD, chinese_reviews
from spaces.classification.run import Options, run
from spaces.classification.split import make_split

Scores = dict[str, float]
"""One answer of a `pipeline(..., top_k=None)`: label -> score."""

NAMINGS: dict[str, tuple[str, str]] = {
    "dianping": ("negative (stars 1, 2 and 3)", "positive (stars 4 and 5)"),
    "sst-2": ("NEGATIVE", "POSITIVE"),
    "unnamed": ("LABEL_0", "LABEL_1"),
}
"""What three kinds of models call their two labels, negative first."""


def _top(scores: Scores) -> str:
    return max(scores, key=lambda label: scores[label])


def _equals(scores: Scores, names: Sequence[str]) -> bool:
    return _top(scores) == "positive"


def _get(scores: Scores, names: Sequence[str]) -> bool:
    return bool(np.argmax([scores.get("Negative", 0), scores.get("Positive", 0)]))


def _first_word(scores: Scores, names: Sequence[str]) -> bool:
    return polarity(_top(scores)) == "positive"


def _by_index(scores: Scores, names: Sequence[str]) -> bool:
    return list(names).index(_top(scores)) == 1


RULES: dict[str, tuple[str, Callable[[Scores, Sequence[str]], bool]]] = {
    "equals": ('label == "positive"', _equals),
    "get": ('argmax([scores.get("Negative", 0), scores.get("Positive", 0)])', _get),
    "first_word": ('label.lower().split()[0] == "positive"', _first_word),
    "index": ("model.config.label2id[label] == 1", _by_index),
}
"""Ways to read an answer, as code and as what it does. The first is chapter 1's, the second chapter 6's."""


@dataclass(frozen=True)
class Reading:
    """What one rule makes of one naming: accuracy, and how many of the reviews it calls positive."""

    rule: str
    naming: str
    accuracy: float
    positive: int


@dataclass(frozen=True)
class Trap:
    """`scores`: probability of positive for each review; `real`: whether the chapter's model gave them."""

    texts: tuple[str, ...]
    good: tuple[bool, ...]
    scores: tuple[float, ...]
    model: str
    device: str
    real: bool
    readings: tuple[Reading, ...]


def spring_trap() -> Trap:
    """Asks the chapter's model about the Chinese reviews if it is here or can be fetched, and reads its
    answers by every rule under every naming.

    Without it the English reviews stand in, judged by logistic regression on embeddings: the embedded encoder
    has read no Chinese, and a coin would show no trap."""
    table = chinese_reviews()
    texts = table.columns["text"]
    try:
        spec = task_model.choose_model(None, texts)
    except HubError:
        return _stand_in()
    with cache().lease(spec) as weights:
        names = task_model.model_labels(weights)
        probs = task_model.probabilities(weights, texts)
        device = "CPU" if weights.model.device.type == "cpu" else str(weights.model.device)
    signs = ["+" if polarity(name) == "positive" else "-" for name in names]
    scores = task_model.mapped_scores(probs, signs, ["-", "+"])[:, 1]
    good = [label == GOOD for label in table.columns["label"]]
    return _trap(texts, good, scores, spec.name, device, real=True)


def _stand_in() -> Trap:
    split = make_split(open_dataset("pang-lee"))
    outcome = run("embedding_classifier", split, Options())
    texts, labels = split.part(split.test)
    good = [label == "pos" for label in labels]
    name = f"{outcome.model} + LogisticRegression"
    return _trap(texts, good, outcome.scores[:, split.classes.index("pos")], name, outcome.device, real=False)


def _trap(
    texts: Sequence[str], good: Sequence[bool], scores: np.ndarray, model: str, device: str, *, real: bool
) -> Trap:
    numbers = tuple(map(float, scores))
    return Trap(tuple(texts), tuple(good), numbers, model, device, real, read_all(numbers, good))


def read_all(scores: Sequence[float], good: Sequence[bool]) -> tuple[Reading, ...]:
    """Every rule under every naming."""
    readings = []
    for rule, (_, reads) in RULES.items():
        for naming, names in NAMINGS.items():
            said = [reads({names[0]: 1 - p, names[1]: p}, names) for p in map(float, scores)]
            accuracy = float(np.mean([a == b for a, b in zip(said, good, strict=True)]))
            readings.append(Reading(rule, naming, accuracy, sum(said)))
    return tuple(readings)
