"""Accuracy against the number of labels: how much is another label worth?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from spaces.classification import vectors
from spaces.classification.split import Split

SEEDS = 5
CURVE_METHODS = ("embedding_classifier", "centroid")


@dataclass(frozen=True)
class Curve:
    """`labels`: how many labelled texts; `accuracy[method]`: shape (seeds, sizes); `zero_shot` needs none."""

    labels: tuple[int, ...]
    accuracy: dict[str, np.ndarray]
    zero_shot: float
    tests: int


def sizes(counts: Sequence[int]) -> list[int]:
    """Labels a class: 1, 2, 4, ... below the smallest class, then all there are."""
    smallest = min(counts)
    powers = [2**n for n in range(20) if 2**n < smallest]
    return [*powers, smallest]


def learning_curve(
    array: np.ndarray,
    split: Split,
    directions: np.ndarray,
    seeds: int = SEEDS,
    progress: Callable[[int, int], None] | None = None,
) -> Curve:
    """Trains on so many labels of each class, drawn with each seed, and tests on the whole test part.

    `array`: vectors of all texts; `directions`: those of the label descriptions. The draws of one seed are
    nested: the four labels of a class contain the two."""
    test = array[list(split.test)]
    _, true = split.part(split.test)
    truth = np.asarray(true, dtype=object)
    _, labels = split.part(split.train)
    names = np.asarray(labels, dtype=object)
    members = {name: np.flatnonzero(names == name) for name in split.classes}
    trained = [name for name in split.classes if len(members[name])]
    each = sizes([len(members[name]) for name in trained])
    accuracy = {method: np.zeros((seeds, len(each))) for method in CURVE_METHODS}
    train = array[list(split.train)]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        order = {name: rng.permutation(members[name]) for name in trained}
        for column, count in enumerate(each):
            rows = np.concatenate([order[name][:count] for name in trained])
            some, some_labels = train[rows], [str(name) for name in names[rows]]
            scores = {
                "embedding_classifier": vectors.logistic_regression(some, some_labels, test, trained),
                "centroid": vectors.cosines(test, vectors.centroids(some, some_labels, trained)),
            }
            for method, found in scores.items():
                said = np.asarray(trained, dtype=object)[found.argmax(axis=1)]
                accuracy[method][seed, column] = (said == truth).mean()
        if progress is not None:
            progress(seed + 1, seeds)
    said = np.asarray(split.classes, dtype=object)[vectors.cosines(test, directions).argmax(axis=1)]
    return Curve(
        labels=tuple(count * len(trained) for count in each),
        accuracy=accuracy,
        zero_shot=float((said == truth).mean()),
        tests=len(true),
    )
