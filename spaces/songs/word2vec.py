"""gensim's Word2Vec over playlists: playlists are sentences, songs are words."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.errors import HubError

LIMITS: dict[str, tuple[int, int]] = {
    "vector_size": (2, 300),
    "window": (1, 100),
    "negative": (1, 100),
    "epochs": (1, 200),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class Params:
    """What a visitor may turn. The first three defaults are the tutorial's."""

    vector_size: int = 32
    window: int = 20
    negative: int = 50
    epochs: int = 10
    seed: int = 1

    def check(self) -> "Params":
        """Raises `HubError` for a value out of range."""
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise HubError("songs.bad_parameter", name=name, low=low, high=f"{high:,}")
        return self


@dataclass(frozen=True)
class Epoch:
    """Where a training is. `loss` is the mean of the finished epoch (None while none is finished)."""

    number: int
    of: int
    fraction: float
    """Of the current epoch, 0 to 1."""
    loss: float | None
    seconds: float


@dataclass(frozen=True)
class Vectors:
    """A trained model without the machinery: row i of `unit` (length 1) belongs to `ids[i]`, most played
    first."""

    ids: tuple[str, ...]
    raw: np.ndarray
    unit: np.ndarray
    counts: np.ndarray
    """How often each song was played in the training data."""
    losses: tuple[float, ...]
    seconds: float

    @property
    def nbytes(self) -> int:
        return int(self.raw.nbytes + self.unit.nbytes + self.counts.nbytes + 120 * len(self.ids))


class Stopped(Exception):
    """The visitor pressed Stop."""


class _Sentences:
    """The playlists as gensim reads them, epoch after epoch; ends early when the training is stopped.

    gensim reads in a thread of its own, where an exception would leave it waiting for ever."""

    def __init__(self, playlists: Sequence[Sequence[str]], stop: threading.Event) -> None:
        self._playlists = playlists
        self._stop = stop
        self.read = 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for number, playlist in enumerate(self._playlists):
            if number % 64 == 0:
                if self._stop.is_set():
                    return
                self.read = number
            yield playlist


def train(
    playlists: Sequence[Sequence[str]],
    params: Params,
    report: Callable[[Epoch], None] | None = None,
    stop: threading.Event | None = None,
    on_epoch: Callable[[int, Any], None] | None = None,
) -> Vectors:
    """Trains as `Word2Vec(playlists, ..., min_count=1, workers=1)` does, to the same numbers.

    `report` hears of the progress, `on_epoch(number, model)` sees the model after each epoch. One worker, so
    that a seed reproduces the result. Raises `Stopped` soon after `stop` is set."""
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec

    logging.getLogger("gensim").setLevel(logging.WARNING)  # a line for every epoch of every visitor
    began = time.perf_counter()
    ends = stop or threading.Event()
    sentences = _Sentences(playlists, ends)
    losses: list[float] = []
    total = max(1, len(playlists))

    class Watch(CallbackAny2Vec):
        """Hears gensim's epochs; runs in the thread that called, so raising here ends the training."""

        seen = 0.0

        def on_epoch_end(self, model: Any) -> None:
            if ends.is_set():
                raise Stopped
            running = float(model.get_latest_training_loss())
            losses.append(running - self.seen)
            self.seen = running
            if report:
                report(Epoch(len(losses), params.epochs, 0.0, losses[-1], time.perf_counter() - began))
            if on_epoch:
                on_epoch(len(losses), model)

        def on_batch_end(self, model: Any) -> None:
            if report:
                loss = losses[-1] if losses else None
                done = sentences.read / total
                report(Epoch(len(losses), params.epochs, done, loss, time.perf_counter() - began))

    model = Word2Vec(
        sentences,
        vector_size=params.vector_size,
        window=params.window,
        negative=params.negative,
        epochs=params.epochs,
        seed=params.seed,
        min_count=1,
        workers=1,
        compute_loss=True,
        callbacks=[Watch()],
    )
    return to_vectors(model, losses, time.perf_counter() - began)


def to_vectors(model: Any, losses: Sequence[float] = (), seconds: float = 0.0) -> Vectors:
    """What of a gensim model is worth keeping."""
    raw = np.array(model.wv.vectors, dtype=np.float32)
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    ids = tuple(model.wv.index_to_key)
    counts = np.array([model.wv.get_vecattr(song, "count") for song in ids], dtype=np.int64)
    return Vectors(ids, raw, raw / np.maximum(lengths, 1e-12), counts, tuple(losses), seconds)
