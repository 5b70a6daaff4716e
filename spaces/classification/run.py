"""Runs one method on a split: what it said of each test text, how sure it was, how long it took."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from shared.data.embeddings import embed
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.registry import DEFAULT_EMBED
from spaces.classification import few_shot, generative, task_model, vectors
from spaces.classification.labels import check_descriptions, check_mapping, default_names
from spaces.classification.split import Split

Method = Literal["task_model", "embedding_classifier", "centroid", "zero_shot", "generative", "few_shot"]
METHODS: tuple[Method, ...] = get_args(Method)
ON_VECTORS: tuple[Method, ...] = ("embedding_classifier", "centroid", "zero_shot")
TRAINED: tuple[Method, ...] = ("embedding_classifier", "centroid", "few_shot")

Progress = Callable[[str, int, int], None]
"""Hears the step (loading, embedding, asking, training, reading), how many are done, of how many."""


@dataclass(frozen=True)
class Options:
    """What the methods may be told; None or empty is the default."""

    descriptions: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    sentiment: str | None = None
    mapping: tuple[str, ...] | None = None
    chat: str | None = None
    prompt: str = generative.PROMPT
    sample: int = generative.SAMPLE
    k: int = few_shot.K
    steps: int = few_shot.STEPS
    seed: int = 42


@dataclass(frozen=True)
class Outcome:
    """`test`: the positions (in the split's texts) that were asked; `scores`: shape (tests, classes)."""

    method: Method
    model: str
    device: str
    test: tuple[int, ...]
    predicted: tuple[str, ...]
    scores: np.ndarray = field(repr=False)
    train_seconds: float
    predict_seconds: float
    model_bytes: int
    labels_used: int
    """How many labelled texts it learned from."""
    detail: dict[str, str] = field(default_factory=dict)
    """What else the leaderboard tells of it."""

    @property
    def docs_per_s(self) -> float:
        return len(self.test) / max(self.predict_seconds, 1e-9)


def check_method(method: object) -> Method:
    """Raises HubError when there is no such method."""
    if method not in METHODS:
        raise HubError("classification.unknown_method", names=", ".join(METHODS))
    return method


def run(method: Method, split: Split, options: Options, progress: Progress | None = None) -> Outcome:
    """The outcome of `method` on the test part of `split`; what `progress` raises stops it."""
    if method in ON_VECTORS:
        return _on_vectors(method, split, options, progress)
    if method == "task_model":
        return _task_model(split, options, progress)
    if method == "generative":
        return _generative(split, options, progress)
    return _few_shot(split, options, progress)


def step(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    """A progress of one step."""
    return None if progress is None else lambda done, total: progress(name, done, total)


def _on_vectors(method: Method, split: Split, options: Options, progress: Progress | None) -> Outcome:
    spec = MODELS[DEFAULT_EMBED]
    embedded = embed(split.texts, progress=step(progress, "embedding"))
    array = embedded.array
    train, test = array[list(split.train)], array[list(split.test)]
    labels = [split.labels[i] for i in split.train]
    started = time.perf_counter()
    head_bytes = len(split.classes) * array.shape[1] * 4
    detail = {}
    if method == "embedding_classifier":
        fitted = vectors.fit_logistic_regression(train, labels)
        trained = time.perf_counter()
        scores = vectors.in_order(fitted.predict_proba(test), fitted.classes_, split.classes)
    elif method == "centroid":
        means = vectors.centroids(train, labels, split.classes)
        trained = time.perf_counter()
        scores = vectors.cosines(test, means)
    else:
        descriptions = check_descriptions(options.descriptions, split.classes)
        directions = embed(descriptions, keep=False).array
        started = trained = time.perf_counter()  # nothing is learned
        scores = vectors.cosines(test, directions)
        detail["descriptions"] = " / ".join(descriptions)
    done = time.perf_counter()
    return Outcome(
        method=method,
        model=spec.name,
        device=_device(),
        test=split.test,
        predicted=tuple(split.classes[i] for i in scores.argmax(axis=1)),
        scores=scores,
        train_seconds=trained - started,
        # what encoding took when it was done, whoever asked for it
        predict_seconds=embedded.seconds * _share(split, split.test) + done - trained,
        model_bytes=spec.bytes + head_bytes,
        labels_used=0 if method == "zero_shot" else len(split.train),
        detail=detail,
    )


def _share(split: Split, positions: Sequence[int]) -> float:
    """How much of the text, by characters, is at `positions`; a text that repeats was encoded once."""
    everything = sum(len(text) for text in set(split.texts))
    return sum(len(text) for text in {split.texts[i] for i in positions}) / max(1, everything)


def _device() -> str:
    import torch

    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else "CPU"


def _task_model(split: Split, options: Options, progress: Progress | None) -> Outcome:
    texts, _ = split.part(split.test)
    spec = task_model.choose_model(options.sentiment, texts)
    if progress is not None and not cache().is_loaded(spec):
        progress("loading", 0, 0)
    with cache().lease(spec) as weights:
        own = task_model.model_labels(weights)
        mapping = check_mapping(options.mapping, own, split.classes)
        started = time.perf_counter()
        probs = task_model.probabilities(weights, texts, step(progress, "reading"))
        seconds = time.perf_counter() - started
        device = str(weights.model.device)
    scores = task_model.mapped_scores(probs, mapping, split.classes)
    return Outcome(
        method="task_model",
        model=spec.name,
        device="CPU" if device == "cpu" else device,
        test=split.test,
        predicted=tuple(split.classes[i] for i in scores.argmax(axis=1)),
        scores=scores,
        train_seconds=0.0,
        predict_seconds=seconds,
        model_bytes=spec.bytes,
        labels_used=0,
        detail={"mapping": "; ".join(f"{a} → {b or '—'}" for a, b in zip(own, mapping, strict=True))},
    )


def sample_of(split: Split, size: int, seed: int) -> tuple[int, ...]:
    """At most `size` positions of the test part, drawn with `seed`, in the order of the data."""
    if size >= len(split.test):
        return split.test
    chosen = np.random.default_rng(seed).choice(len(split.test), size, replace=False)
    return tuple(split.test[i] for i in sorted(chosen.tolist()))


def _generative(split: Split, options: Options, progress: Progress | None) -> Outcome:
    spec = generative.choose_model(options.chat)
    names = list(options.names or default_names(split.classes))
    if len(names) != len(split.classes) or len(set(names)) != len(names):
        raise HubError(
            "classification.labels_count",
            given=len(set(names)),
            wanted=len(split.classes),
            names=", ".join(split.classes)[:200],
        )
    test = sample_of(split, options.sample, options.seed)
    texts, _ = split.part(test)
    if progress is not None and not cache().is_loaded(spec):
        progress("loading", 0, 0)
    with cache().lease(spec) as engine:
        started = time.perf_counter()
        chosen, scores = generative.classify(engine, texts, names, options.prompt, step(progress, "asking"))
        seconds = time.perf_counter() - started
        device = engine.device
    return Outcome(
        method="generative",
        model=spec.name,
        device=device,
        test=test,
        predicted=tuple(split.classes[i] for i in chosen),
        scores=scores,
        train_seconds=0.0,
        predict_seconds=seconds,
        model_bytes=spec.bytes,
        labels_used=0,
        detail={"names": " / ".join(names)}
        | ({"sample": str(len(test))} if len(test) < len(split.test) else {}),
    )


def _few_shot(split: Split, options: Options, progress: Progress | None) -> Outcome:
    texts, labels = few_shot_examples(split, options)
    started = time.perf_counter()
    tuned = few_shot.train(
        texts, labels, steps=options.steps, seed=options.seed, progress=step(progress, "training")
    )
    trained = time.perf_counter()
    tests, _ = split.part(split.test)
    moved = few_shot.encode(tuned.encoder, tests, step(progress, "embedding"))
    scores = vectors.in_order(tuned.head.predict_proba(moved), tuned.head.classes_, split.classes)
    seconds = time.perf_counter() - trained
    return Outcome(
        method="few_shot",
        model=MODELS[DEFAULT_EMBED].name,
        device=_device(),
        test=split.test,
        predicted=tuple(split.classes[i] for i in scores.argmax(axis=1)),
        scores=scores,
        train_seconds=trained - started,
        predict_seconds=seconds,
        model_bytes=tuned.bytes,
        labels_used=len(texts),
        detail={"loss": f"{tuned.losses[0]:.3f} → {tuned.losses[-1]:.3f}"} if tuned.losses else {},
    )


def few_shot_examples(split: Split, options: Options) -> tuple[list[str], list[str]]:
    """Texts and labels of the `k` training examples a class."""
    if not 1 <= options.k <= 64:
        raise HubError("hub.out_of_range", name="k", low=1, high=64)
    if not 1 <= options.steps <= 200:
        raise HubError("hub.out_of_range", name="steps", low=1, high=200)
    _, labels = split.part(split.train)
    rows = few_shot.pick_examples(labels, options.k, options.seed)
    return split.part([split.train[i] for i in rows])
