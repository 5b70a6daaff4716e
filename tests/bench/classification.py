"""Embedding and logistic regression through the lab against the bare libraries, and a second embedding."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from shared.data import embeddings
from shared.data.registry import open_dataset
from shared.models import MODELS, cache
from shared.models.registry import DEFAULT_EMBED
from shared.settings import settings
from spaces.classification.endpoints import figures_of
from spaces.classification.run import Options, run
from spaces.classification.split import Split, make_split
from spaces.classification.vectors import logistic_regression
from tests.bench.result import Result, median

ROUNDS = 3
DOCUMENTS = 1000


def thousand_documents() -> list[str]:
    """The 200 reviews, and the 300 news articles cut at full stops: 1,000 different short texts."""
    texts = list(open_dataset("pang-lee").columns["text"])
    for article in open_dataset("news").columns["text"]:
        texts += [f"{part.strip()}." for part in article.split(". ") if len(part) > 40]
    return list(dict.fromkeys(texts))[:DOCUMENTS]


def measure() -> Iterator[Result]:
    texts = thousand_documents()
    times: dict[str, list[float]] = {"hub": [], "bare": [], "again": [], "disk": []}
    with tempfile.TemporaryDirectory() as folder, cache().lease(MODELS[DEFAULT_EMBED]) as model:
        embeddings.store_folder = lambda: Path(folder)
        model.encode(texts[:64])
        for n in range(ROUNDS):
            for path in Path(folder).glob("*"):
                path.unlink()
            embeddings.MEMORY.clear()
            order = ("hub", "bare") if n % 2 else ("bare", "hub")
            for kind in order:
                started = time.perf_counter()
                if kind == "hub":
                    ours = embeddings.embed(texts).array
                else:
                    bare = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
                times[kind].append(time.perf_counter() - started)
            started = time.perf_counter()
            embeddings.embed(texts)
            times["again"].append(time.perf_counter() - started)
            embeddings.MEMORY.clear()
            started = time.perf_counter()
            embeddings.embed(texts)
            times["disk"].append(time.perf_counter() - started)
        assert np.abs(ours - bare).max() < 1e-4
        hub, plain = median(times["hub"]), median(times["bare"])
        yield Result(
            "embedding 1,000 documents",
            "s",
            hub,
            plain,
            "ratio_at_most",
            1.1,
            f"{DOCUMENTS / hub:.0f} documents/s",
        )
        yield Result("the same again, from memory", "s", median(times["again"]), None, "at_most", 0.05)
        yield Result("the same again, from disk", "s", median(times["disk"]), None, "at_most", 0.05)
        yield from _classifier()
    embeddings.store_folder = lambda: settings().home / "embeddings"


def _classifier() -> Iterator[Result]:
    """On as many vectors as rotten_tomatoes has: those of the reviews, with noise."""
    split = make_split(open_dataset("pang-lee"))
    array = embeddings.embed(split.texts).array
    yield from _quality(split)
    rng = np.random.default_rng(0)
    rows = rng.integers(len(array), size=9000)
    train = array[rows] + rng.normal(0, 0.08, (9000, array.shape[1])).astype(np.float32)
    train /= np.linalg.norm(train, axis=1, keepdims=True)
    labels, test = [split.labels[i] for i in rows], array[list(split.test)]
    times: dict[str, list[float]] = {"hub": [], "bare": []}
    for n in range(8):
        for kind in ("hub", "bare") if n % 2 else ("bare", "hub"):
            started = time.perf_counter()
            if kind == "hub":
                logistic_regression(train, labels, test, split.classes)
            else:
                LogisticRegression(random_state=42).fit(train, labels).predict_proba(test)
            times[kind].append(time.perf_counter() - started)
    yield Result(
        "logistic regression, 9,000 vectors",
        "s",
        median(times["hub"]),
        median(times["bare"]),
        "ratio_at_most",
        1.1,
    )


def _quality(split: Split) -> Iterator[Result]:
    """Macro F1 of the chapter's two methods on the embedded reviews, against the bare calls."""
    array = embeddings.embed(split.texts).array
    train, test = list(split.train), list(split.test)
    true = [split.labels[i] for i in test]
    fitted = LogisticRegression(random_state=42).fit(array[train], [split.labels[i] for i in train])
    words = embeddings.embed(["A negative movie review", "A positive movie review"]).array
    bare = {
        "embedding_classifier": fitted.predict(array[test]),
        "zero_shot": [split.classes[i] for i in (array[test] @ words.T).argmax(axis=1)],
    }
    for method, predicted in bare.items():
        outcome = run(method, split, Options())  # type: ignore[arg-type]
        yield Result(
            f"macro F1 of {method} on 50 embedded reviews",
            "",
            figures_of(split, outcome, 42).macro_f1,
            float(f1_score(true, predicted, average="macro")),
            "difference_at_most",
            0.0,
        )
