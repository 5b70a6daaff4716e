"""Figures of a classification, and the test whether one is better than another; all of it scikit-learn's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
"""Of the bootstrap."""


@dataclass(frozen=True)
class ClassFigures:
    """One row of the per-class table."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Figures:
    """`confusion[i][j]`: texts of class i that were called j, both in the order of `classes`."""

    classes: tuple[str, ...]
    macro_f1: float
    accuracy: float
    interval: tuple[float, float]
    per_class: tuple[ClassFigures, ...]
    confusion: tuple[tuple[int, ...], ...]
    count: int


def measure(true: Sequence[str], predicted: Sequence[str], classes: Sequence[str], seed: int = 42) -> Figures:
    """The figures of `predicted` against `true`."""
    from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

    names = list(classes)
    precision, recall, f1, support = precision_recall_fscore_support(
        true, predicted, labels=names, zero_division=0
    )
    accuracy = float(accuracy_score(true, predicted))
    return Figures(
        classes=tuple(names),
        macro_f1=float(f1_score(true, predicted, labels=names, average="macro", zero_division=0)),
        accuracy=accuracy,
        interval=bootstrap_interval(accuracy, len(true), seed),
        per_class=tuple(
            ClassFigures(name, float(p), float(r), float(f), int(s))
            for name, p, r, f, s in zip(names, precision, recall, f1, support, strict=True)
        ),
        confusion=tuple(
            tuple(int(n) for n in row) for row in confusion_matrix(true, predicted, labels=names)
        ),
        count=len(true),
    )


def bootstrap_interval(accuracy: float, count: int, seed: int = 42) -> tuple[float, float]:
    """The middle 95 % of the accuracies of `RESAMPLES` resampled test sets.

    Drawing `count` texts with replacement and counting the right ones is a binomial draw, so that is what is
    drawn: the same distribution, and 100,000 texts cost no more than 100."""
    right = np.random.default_rng(seed).binomial(count, accuracy, RESAMPLES)
    low, high = np.percentile(right / count, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True)
class McNemar:
    """`only_a`, `only_b`: texts that only one of the two got right; `count`: texts that both were asked."""

    only_a: int
    only_b: int
    count: int
    p: float


def mcnemar(true: Sequence[str], a: Sequence[str], b: Sequence[str]) -> McNemar:
    """McNemar's exact test (1947): were the two equally good, each text that only one got right would be a
    fair coin; p is the binomial test of that, two-sided."""
    from scipy.stats import binomtest

    only_a = sum(x == t != y for t, x, y in zip(true, a, b, strict=True))
    only_b = sum(y == t != x for t, x, y in zip(true, a, b, strict=True))
    p = binomtest(only_a, only_a + only_b, 0.5).pvalue if only_a + only_b else 1.0
    return McNemar(only_a, only_b, len(true), float(p))
