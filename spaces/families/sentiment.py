"""Sentence vectors at work: how alike two sentences are, and whether one is praise (chapter 5's second
exercise)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.errors import HubError
from shared.models.loaders import Weights
from spaces.families.choose_model import sentence, tokenizing
from spaces.families.corpus import gensim_file

_training = threading.Lock()


@dataclass(frozen=True)
class Label:
    """One class with its probability."""

    label: str
    prob: float


@dataclass(frozen=True)
class Classifier:
    """Logistic regression over sentence vectors, and its accuracy in five-fold cross-validation."""

    model: Any
    reviews: int
    accuracy: float


def reviews() -> tuple[list[str], list[int]]:
    """Pang and Lee's labelled film reviews in gensim's test data: (texts, 1 for praise)."""
    texts, labels = [], []
    for line in (
        gensim_file("pang_lee_polarity.cor").read_text(encoding="cp1252", errors="replace").splitlines()
    ):
        label, _, text = line.partition(" ")
        texts.append(text.strip())
        labels.append(int(label == "__label__pos"))
    return texts, labels


def train(encode: Callable[[list[str]], np.ndarray]) -> Classifier:
    """Fits the reviews; `encode` turns texts into unit vectors."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    texts, labels = reviews()
    vectors = encode(texts)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    accuracy = cross_val_score(LogisticRegression(C=4), vectors, labels, cv=folds).mean()
    return Classifier(LogisticRegression(C=4).fit(vectors, labels), len(texts), float(accuracy))


def classifier(encode: Callable[[list[str]], np.ndarray]) -> Classifier:
    """The same, trained once in this process: it depends on nothing that a visitor gave."""
    with _training:
        if not _kept:
            _kept.append(train(encode))
        return _kept[0]


_kept: list[Classifier] = []


def judge(trained: Classifier, vector: np.ndarray) -> list[Label]:
    """NEGATIVE and POSITIVE for one vector, the more probable first."""
    negative, positive = trained.model.predict_proba(vector.reshape(1, -1))[0].tolist()
    return sorted((Label("NEGATIVE", negative), Label("POSITIVE", positive)), key=lambda found: -found.prob)


def classify(weights: Weights, text: object) -> list[Label]:
    """The classes of a checkpoint with a classification head, most probable first."""
    import torch

    with tokenizing:
        inputs = weights.tokenizer(sentence(text), return_tensors="pt", truncation=False)
    count, limit = inputs["input_ids"].shape[1], int(weights.model.config.max_position_embeddings)
    if count > limit:
        raise HubError("families.too_long", count=f"{count:,}", limit=limit)
    with torch.inference_mode():
        probs = weights.model(**inputs.to(weights.model.device)).logits[0].float().softmax(-1).tolist()
    names = weights.model.config.id2label
    return sorted((Label(str(names[n]), p) for n, p in enumerate(probs)), key=lambda found: -found.prob)


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    """Of two unit vectors: 1 for the same direction."""
    return float(np.dot(first, second))
