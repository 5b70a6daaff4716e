"""The data sets that the hub knows by name, and how any name becomes a table."""

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from shared.data.hub_files import read_hub_dataset
from shared.data.tables import Table
from shared.errors import HubError


@dataclass(frozen=True)
class DatasetSpec:
    """A named data set. `classes` names the labels where the files hold numbers only."""

    key: str
    name: str
    rows: int
    licence: str
    text_column: str = "text"
    label_column: str | None = None
    classes: tuple[str, ...] = ()
    repo: str = ""
    """On the Hub; empty: embedded."""
    file: str = ""
    """Of gensim's test data."""


DATASETS: dict[str, DatasetSpec] = {
    spec.key: spec
    for spec in (
        DatasetSpec(
            "pang-lee",
            "Pang & Lee, 200 sentences",
            200,
            "LGPL-2.1 (with gensim)",
            label_column="label",
            file="pang_lee_polarity.cor",
        ),
        DatasetSpec(
            "news",
            "300 news articles",
            300,
            "LGPL-2.1 (with gensim)",
            file="lee_background.cor",
        ),
        DatasetSpec(
            "rotten_tomatoes",
            "rotten_tomatoes",
            10_662,
            "not stated",
            label_column="label",
            classes=("neg", "pos"),
            repo="cornell-movie-review-data/rotten_tomatoes",
        ),
        DatasetSpec(
            "emotion",
            "dair-ai/emotion",
            20_000,
            "other",
            label_column="label",
            classes=("sadness", "joy", "love", "anger", "fear", "surprise"),
            repo="dair-ai/emotion",
        ),
    )
}
_ALIASES = {spec.repo: key for key, spec in DATASETS.items() if spec.repo} | {
    "rotten_tomatoes": "rotten_tomatoes"
}


def open_dataset(name: str) -> Table:
    """The data set called `name`: a key of `DATASETS`, or any id of the Hub. Raises HubError."""
    wanted = (name or "").strip()
    for prefix in ("https://huggingface.co/datasets/", "huggingface.co/datasets/", "datasets/"):
        wanted = wanted.removeprefix(prefix)
    wanted = wanted.rstrip("/")
    key = _ALIASES.get(wanted, wanted)
    if not key:
        raise HubError("hub.data_unknown", name=name or "")
    return _open(key)


@functools.lru_cache(maxsize=4)
def _open(key: str) -> Table:
    """A few stay in memory: what a class works with, all of it public."""
    spec = DATASETS.get(key)
    if spec is None:
        return read_hub_dataset(key)
    if not spec.repo:
        return _embedded(spec)
    table = read_hub_dataset(spec.repo)
    if spec.label_column and spec.classes:
        labels = table.column(spec.label_column)
        named = {str(n): name for n, name in enumerate(spec.classes)}
        if set(labels) <= set(named):
            columns = table.columns | {spec.label_column: [named[label] for label in labels]}
            return Table(table.name, columns, table.format, cut=table.cut)
    return table


def _embedded(spec: DatasetSpec) -> Table:
    """A file of gensim's test data; gensim itself is not imported (seconds)."""
    found = importlib.util.find_spec("gensim")
    if found is None or found.origin is None:
        raise HubError("hub.package_missing", model=spec.name, package="gensim")
    path = Path(found.origin).parent / "test" / "test_data" / spec.file
    # the dashes and quotes of these reviews are Windows-1252, and so are those of the news
    data = path.read_bytes()
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = data.decode("windows-1252").splitlines()
    lines = [line.strip() for line in lines if line.strip()]
    if spec.label_column is None:
        return Table(spec.key, {"text": lines}, "embedded")
    pairs = [line.split(" ", 1) for line in lines]
    labels = [label.removeprefix("__label__") for label, _ in pairs]
    return Table(spec.key, {"text": [text for _, text in pairs], spec.label_column: labels}, "embedded")
