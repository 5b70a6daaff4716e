"""How good are the recommendations? The last song of each test playlist is hidden and has to be guessed.

Three methods see the same playlists and guess from the same songs:
- word2vec: the songs nearest to the mean of the last three;
- co-occurrence: the songs that most often share a playlist with the last three;
- popularity: the songs played most, whoever asks.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shared.errors import HubError
from spaces.songs.recommend import LAST
from spaces.songs.word2vec import Vectors

METHODS = ("word2vec", "cooccurrence", "popularity")
TEST_SHARE = 0.2
MAX_TESTS = 2000
"""Test playlists; more would cost time and hardly narrow the spread."""
MIN_TEST_SONGS = 3
"""Two to ask with, one to guess."""
MIN_TESTS = 2
_CHUNK = 1 << 22
"""Scores held at once."""


@dataclass(frozen=True)
class Split:
    """Training playlists, and for each test playlist what is known of it and the song that was hidden.

    What is known of a test playlist is trained on too (leave the last one out), so that every song keeps its
    vector."""

    train: tuple[tuple[str, ...], ...]
    known: tuple[tuple[str, ...], ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Scores:
    """Of one method: the share of hidden songs among the first ten, and the mean of 1 / rank."""

    recall_at_10: float
    mrr: float


def split(playlists: Sequence[tuple[str, ...]], seed: int, share: float = TEST_SHARE) -> Split:
    """Hides the last song of a random `share` of the playlists. `HubError` when there are too few."""
    able = [i for i, p in enumerate(playlists) if len(p) >= MIN_TEST_SONGS and p[-1] not in p[:-1]]
    count = min(MAX_TESTS, round(share * len(able)))
    if count < MIN_TESTS:
        raise HubError("songs.too_few_playlists", n=round(MIN_TESTS / share), found=len(able))
    tests = sorted(random.Random(seed).sample(able, count))
    chosen = set(tests)
    train = tuple(p[:-1] if i in chosen else p for i, p in enumerate(playlists))
    return Split(train, tuple(playlists[i][:-1] for i in tests), tuple(playlists[i][-1] for i in tests))


def ranks(scores: np.ndarray, played: Sequence[Sequence[int]], targets: Sequence[int]) -> list[int | None]:
    """Rank (from 1) of each row's target among the songs not yet played; of equal scores the earlier column
    comes first. None for a target below 0: a song that the method has never seen."""
    found: list[int | None] = []
    for row, (seen, target) in enumerate(zip(played, targets, strict=True)):
        if target < 0:
            found.append(None)
            continue
        values = scores[row]
        values[list(seen)] = -np.inf
        ahead = int((values > values[target]).sum()) + int((values[:target] == values[target]).sum())
        found.append(ahead + 1)
    return found


def recall_at(found: Sequence[int | None], k: int = 10) -> float:
    """Share of the hidden songs that came among the first `k`."""
    return sum(rank is not None and rank <= k for rank in found) / len(found)


def mean_reciprocal_rank(found: Sequence[int | None]) -> float:
    """Mean of 1 / rank; a song that was never ranked counts 0."""
    return sum(1 / rank for rank in found if rank is not None) / len(found)


class Bench:
    """One split, ready to score methods. Columns are songs, most played first."""

    def __init__(self, parts: Split, ids: Sequence[str]) -> None:
        import scipy.sparse as sp

        self._column = {song: i for i, song in enumerate(ids)}
        self._played = [[self._column[s] for s in p if s in self._column] for p in parts.known]
        self._targets = [self._column.get(song, -1) for song in parts.hidden]
        rows = [i for i, p in enumerate(parts.train) for _ in p]
        cols = [self._column[s] for p in parts.train for s in p]
        ones = np.ones(len(rows), dtype=np.float32)
        shape = (len(parts.train), len(ids))
        self._together = sp.csr_matrix((ones, (rows, cols)), shape=shape)
        self._together.data[:] = 1.0  # in or not in, however often a playlist repeats a song
        asked = [(i, c) for i, p in enumerate(self._played) for c in p[-LAST:]]
        data = np.ones(len(asked), dtype=np.float32)
        place = ([i for i, _ in asked], [c for _, c in asked])
        self._asked = sp.csr_matrix((data, place), shape=(len(self._played), len(ids)))

    def word2vec(self, unit: np.ndarray) -> Scores:
        queries = self._asked @ unit
        return self._measure(lambda rows: queries[rows] @ unit.T)

    def cooccurrence(self) -> Scores:
        """Counts of shared playlists, summed over the last songs; of equal counts the more played song comes
        first."""
        pairs = self._asked @ self._together.T
        return self._measure(lambda rows: np.asarray((pairs[rows] @ self._together).todense()))

    def popularity(self) -> Scores:
        plays = np.asarray(self._together.sum(axis=0)).ravel()
        return self._measure(lambda rows: np.tile(plays, (rows.stop - rows.start, 1)))

    def _measure(self, score: Callable[[slice], np.ndarray]) -> Scores:
        found: list[int | None] = []
        for rows in self._slices():
            block = np.array(score(rows), dtype=np.float32)
            found += ranks(block, self._played[rows], self._targets[rows])
        return Scores(recall_at(found), mean_reciprocal_rank(found))

    def _slices(self) -> Iterator[slice]:
        step = max(1, _CHUNK // max(1, len(self._column)))
        for start in range(0, len(self._played), step):
            yield slice(start, min(start + step, len(self._played)))


def measure(parts: Split, vectors: Vectors) -> dict[str, Scores]:
    """All methods on one split."""
    bench = Bench(parts, vectors.ids)
    return {
        "word2vec": bench.word2vec(vectors.unit),
        "cooccurrence": bench.cooccurrence(),
        "popularity": bench.popularity(),
    }
