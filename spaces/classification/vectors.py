"""Three methods on embeddings: logistic regression, the nearest class centroid, label descriptions."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def logistic_regression(
    train: np.ndarray, labels: Sequence[str], test: np.ndarray, classes: Sequence[str]
) -> np.ndarray:
    """Probabilities, shape (tests, classes), of scikit-learn's LogisticRegression with its defaults."""
    fitted = fit_logistic_regression(train, labels)
    return in_order(fitted.predict_proba(test), fitted.classes_, classes)


def fit_logistic_regression(train: np.ndarray, labels: Sequence[str]) -> Any:
    """The chapter's classifier: `LogisticRegression(random_state=42)`, everything else as it comes."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(random_state=42).fit(train, list(labels))


def in_order(scores: np.ndarray, found: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """Columns as in `classes`; one that was never seen in training gets 0."""
    place = {str(name): n for n, name in enumerate(found)}
    zero = np.zeros(len(scores), dtype=scores.dtype)
    return np.stack([scores[:, place[name]] if name in place else zero for name in classes], axis=1)


def centroids(train: np.ndarray, labels: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """The mean of each class's vectors, of length 1: shape (classes, dim)."""
    names = np.asarray(labels, dtype=object)
    means = np.stack([train[names == name].mean(axis=0) for name in classes])
    return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)


def cosines(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Cosine similarities, shape (vectors, directions). All rows have length 1, so a product is enough."""
    return vectors @ directions.T
