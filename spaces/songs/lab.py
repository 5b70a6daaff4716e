"""The experiment: a data set and parameters make a model, its measures, its map. Equal input is made once."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean, stdev
from typing import Any

from shared.errors import HubError
from spaces.songs import evaluate
from spaces.songs.dataset import Dataset, embedded
from spaces.songs.evaluate import METHODS, Scores
from spaces.songs.layout import Layout, by_pca, by_umap
from spaces.songs.search import SearchIndex
from spaces.songs.store import ByteCache, Flights, wait
from spaces.songs.word2vec import Epoch, Params, Vectors, train

EMBEDDED = ""
"""The key of the embedded data in a `Choice`."""
SEEDS = 3
CURVE = (1, 2, 3, 5, 10, 20, 40)
"""Numbers of epochs that the curve tries."""
_MB = 2**20

# Pure results by their input; whoever has a key had the input.
_DATASETS: ByteCache[Dataset] = ByteCache(256 * _MB)
_TRAINED: ByteCache["Trained"] = ByteCache(256 * _MB)
_SCORES: ByteCache[dict[str, Scores]] = ByteCache(8 * _MB)
_LAYOUTS: ByteCache[Layout] = ByteCache(64 * _MB)
_INDEXES: ByteCache[SearchIndex] = ByteCache(128 * _MB)
_FLIGHTS = Flights()


@dataclass(frozen=True)
class Choice:
    """What a session works with: the key of its data and the parameters. Small, as session state must be."""

    data: str = EMBEDDED
    params: Params = field(default_factory=Params)


@dataclass(frozen=True)
class Trained:
    """A model and its measures on the playlists' hidden last songs."""

    vectors: Vectors
    scores: dict[str, Scores]
    tests: int
    seconds: float

    @property
    def nbytes(self) -> int:
        return self.vectors.nbytes + 1000


@dataclass(frozen=True)
class Spread:
    """Mean and sample standard deviation over the seeds (0 for a single one)."""

    mean: float
    sd: float
    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(mean(values), stdev(values) if len(values) > 1 else 0.0, tuple(values))


def keep(data: Dataset) -> str:
    """Remembers a data set; returns its key. `HubError` when it is too large to remember."""
    _DATASETS.put(data.key, data, data.nbytes)
    if _DATASETS.get(data.key) is None:
        raise HubError("songs.data_too_large")
    return data.key


def dataset(key: str) -> Dataset:
    """The data of a `Choice`. `HubError` when it had to make room for others'."""
    if key == EMBEDDED:
        return embedded()
    found = _DATASETS.get(key)
    if found is None:
        raise HubError("songs.data_gone")
    return found


def search_index(key: str) -> SearchIndex:
    """The songs of a data set, ready to be searched."""
    index = _INDEXES.get(key)
    if index is None:
        index = SearchIndex.of(tuple(dataset(key).songs.values()))
        _INDEXES.put(key, index, index.nbytes)
    return index


def following(choice: Choice) -> Generator[Epoch | None, None, Trained]:
    """Trains and measures; yields the progress, returns the model. One that is known is returned at once."""
    choice.params.check()
    data = dataset(choice.data)
    known = _TRAINED.get(choice)
    if known is not None:
        return known
    model: Trained = yield from _FLIGHTS.follow(("train", choice), _training(data, choice))
    return model


def trained(choice: Choice) -> Trained:
    """The model, however long it takes."""
    return wait(following(choice))


def _training(data: Dataset, choice: Choice) -> Callable[[Any, threading.Event], Trained]:
    def work(report: Callable[[Epoch], None], stop: threading.Event) -> Trained:
        began = time.perf_counter()
        parts = evaluate.split(data.playlists, choice.params.seed)
        vectors = train(parts.train, choice.params, report, stop)
        scores = evaluate.measure(parts, vectors)
        model = Trained(vectors, scores, len(parts.hidden), time.perf_counter() - began)
        _TRAINED.put(choice, model, model.nbytes)
        _SCORES.put(choice, scores, 500)
        return model

    return work


def _scores(data: Dataset, choice: Choice, stop: threading.Event) -> dict[str, Scores]:
    """The measures alone: a curve of twenty-one models would push everybody's own out of the cache."""
    known = _SCORES.get(choice)
    if known is None:
        parts = evaluate.split(data.playlists, choice.params.seed)
        known = evaluate.measure(parts, train(parts.train, choice.params, None, stop))
        _SCORES.put(choice, known, 500)
    return known


@dataclass(frozen=True)
class Point:
    """The measures of one number of epochs, over the seeds measured so far."""

    epochs: int
    recall: dict[str, Spread]
    mrr: dict[str, Spread]


def measuring(choice: Choice, epochs: Sequence[int], seeds: int = SEEDS) -> Iterator[tuple[int, list[Point]]]:
    """Trains with each number of epochs and each seed (which also draws the test playlists). Yields how many
    trainings are finished and what they say, again and again; equal requests share the work."""
    choice.params.check()
    data = dataset(choice.data)
    seen: dict[int, list[dict[str, Scores]]] = {}
    finished = 0
    for seed in range(choice.params.seed, choice.params.seed + seeds):
        for number in epochs:
            one = Choice(choice.data, replace(choice.params, epochs=number, seed=seed))

            def work(report: Any, stop: threading.Event, one: Choice = one) -> dict[str, Scores]:
                return _scores(data, one, stop)

            flight = _FLIGHTS.follow(("scores", one), work)
            while True:
                try:
                    next(flight)
                except StopIteration as end:
                    seen.setdefault(number, []).append(end.value)
                    break
                yield finished, _points(seen)
            finished += 1
            yield finished, _points(seen)


def _points(seen: dict[int, list[dict[str, Scores]]]) -> list[Point]:
    def spread(runs: list[dict[str, Scores]], measure: str) -> dict[str, Spread]:
        return {name: Spread.of([getattr(run[name], measure) for run in runs]) for name in METHODS}

    return [Point(n, spread(runs, "recall_at_10"), spread(runs, "mrr")) for n, runs in sorted(seen.items())]


def mapping(choice: Choice) -> Generator[Layout | None, None, Layout]:
    """The map: yields the quick one (PCA), returns the good one (UMAP); None: still at it."""
    known = _LAYOUTS.get(choice)
    if known is not None:
        return known
    model = yield from _quietly(choice)
    yield by_pca(model.vectors)

    def work(report: Any, stop: threading.Event) -> Layout:
        layout = by_umap(model.vectors)
        _LAYOUTS.put(choice, layout, layout.xy.nbytes)
        return layout

    layout: Layout = yield from _FLIGHTS.follow(("map", choice), work)
    return layout


def _quietly(choice: Choice) -> Generator[None, None, Trained]:
    """`following` without its progress."""
    flight = following(choice)
    while True:
        try:
            next(flight)
        except StopIteration as end:
            return end.value
        yield None


def known_layout(choice: Choice) -> Layout | None:
    """The map, if it is there already."""
    return _LAYOUTS.get(choice)
