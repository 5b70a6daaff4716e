"""Places songs on a plane: PCA at once, UMAP for the neighbourhoods."""

from dataclasses import dataclass

import numpy as np

from spaces.songs.word2vec import Vectors

MAX_POINTS = 10_000
"""The most played songs; more would cost minutes."""
NEIGHBOURS = 15
SEED = 42
MIN_UMAP = 12
"""Below this many songs there are no neighbourhoods to keep."""


@dataclass(frozen=True)
class Layout:
    """Row i of `xy` is the place of song `i` of the vectors; both axes run from 0 to 1."""

    xy: np.ndarray
    method: str
    """`pca` or `umap`."""


def by_pca(vectors: Vectors) -> Layout:
    """The two directions in which the unit vectors differ most."""
    unit = vectors.unit[:MAX_POINTS]
    centred = unit - unit.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return Layout(_fit(centred @ axes[:2].T), "pca")


def by_umap(vectors: Vectors) -> Layout:
    """UMAP on cosine distances with a fixed seed: the same vectors give the same map."""
    unit = vectors.unit[:MAX_POINTS]
    if len(unit) < MIN_UMAP:
        return by_pca(vectors)
    from umap import UMAP

    reducer = UMAP(
        n_neighbors=min(NEIGHBOURS, len(unit) - 1),
        min_dist=0.9,
        metric="cosine",
        random_state=SEED,
        n_jobs=1,
    )
    return Layout(_fit(reducer.fit_transform(unit)), "umap")


def _fit(xy: np.ndarray) -> np.ndarray:
    if xy.shape[1] < 2:
        xy = np.column_stack([xy, np.zeros(len(xy))])
    low, high = xy.min(axis=0), xy.max(axis=0)
    return ((xy - low) / np.maximum(high - low, 1e-9)).astype(np.float32)
