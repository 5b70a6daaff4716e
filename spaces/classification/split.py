"""From a table to texts with labels, cut into a training and a test part."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.data.columns import (
    MAX_CLASSES,
    TEST_WORDS,
    TRAIN_WORDS,
    VALIDATION_WORDS,
    guess_label_column,
    guess_split_column,
    guess_text_column,
)
from shared.data.tables import Table
from shared.errors import HubError

TEST_SIZE = 0.25
SEED = 42


@dataclass(frozen=True)
class Split:
    """The documents that have a text and a label. `train` and `test` are positions in `texts`."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    classes: tuple[str, ...]
    """Sorted: as numbers when all are numbers, else as words."""
    train: tuple[int, ...]
    test: tuple[int, ...]
    obeyed: bool
    """Whether a column of the data said which part a row belongs to."""
    no_text: int = 0
    no_label: int = 0
    repeated: int = 0
    """Rows whose text came before."""
    leaked: int = 0
    """Rows of the test part whose text is in the training part, too."""
    left_out: int = 0
    """Rows beyond the limit."""

    def part(self, positions: Sequence[int]) -> tuple[list[str], list[str]]:
        """Texts and labels at `positions`."""
        return [self.texts[i] for i in positions], [self.labels[i] for i in positions]


def make_split(
    table: Table,
    text_column: str | None = None,
    label_column: str | None = None,
    test_size: float | None = None,
    seed: int | None = None,
    limit: int | None = None,
) -> Split:
    """Columns that are not given are guessed. A `split` column is obeyed; without one the test part is drawn
    by scikit-learn's `train_test_split`, stratified. `limit`: at most so many rows, drawn in the same way.

    Raises HubError: a column that is not there, no labels, one class, too few rows."""
    size, seed = check_test_size(test_size), check_seed(seed)
    text_column = text_column or guess_text_column(table)
    texts = table.column(text_column)
    label_column = label_column or guess_label_column(table, text_column)
    if label_column is None:
        raise HubError("classification.no_label_column", names=", ".join(table.columns)[:200])
    labels = table.column(label_column)
    split_column = guess_split_column(table)
    if split_column in (text_column, label_column):
        split_column = None
    parts = [""] * len(table)
    if split_column is not None:
        parts = [value.strip().lower() for value in table.columns[split_column]]

    with_text = [i for i in range(len(table)) if texts[i].strip()]
    kept = [i for i in with_text if labels[i].strip()]
    if not kept:
        raise HubError("classification.no_labels", column=label_column)
    classes = sort_classes({labels[i] for i in kept})
    _check_classes(classes, len(kept), label_column)
    chosen = _limited(kept, labels, parts, limit, seed)
    kept_texts = tuple(texts[i] for i in chosen)
    kept_labels = tuple(labels[i] for i in chosen)
    kept_parts = [parts[i] for i in chosen]
    if split_column is not None:
        train, test = _by_column(kept_parts, kept_labels)
    else:
        train, test = _stratified(kept_labels, size, seed)
    trained = {kept_texts[i] for i in train}
    return Split(
        name=table.name,
        texts=kept_texts,
        labels=kept_labels,
        classes=classes,
        train=tuple(train),
        test=tuple(test),
        obeyed=split_column is not None,
        no_text=len(table) - len(with_text),
        no_label=len(with_text) - len(kept),
        repeated=len(kept_texts) - len(set(kept_texts)),
        leaked=sum(kept_texts[i] in trained for i in test),
        left_out=len(kept) - len(chosen),
    )


def sort_classes(labels: set[str]) -> tuple[str, ...]:
    """Whole numbers by size, so that 10 comes after 9; everything else by spelling."""
    if all(label.lstrip("-").isdecimal() for label in labels):
        return tuple(sorted(labels, key=int))
    return tuple(sorted(labels))


def check_test_size(value: Any) -> float:
    """The share of the test part; None is the default."""
    if value is None:
        return TEST_SIZE
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.05 <= value <= 0.95:
        raise HubError("hub.out_of_range", name="test_size", low=0.05, high=0.95)
    return float(value)


def check_seed(value: Any) -> int:
    """A seed that scikit-learn takes; None is the default."""
    if value is None:
        return SEED
    whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    if not whole or not 0 <= value < 2**32:
        raise HubError("hub.out_of_range", name="seed", low=0, high=2**32 - 1)
    return int(value)


def _check_classes(classes: Sequence[str], rows: int, column: str) -> None:
    if rows < 4:
        raise HubError("classification.too_few_rows", rows=rows)
    if len(classes) == 1:
        raise HubError("classification.one_class", label=classes[0][:60], column=column)
    if len(classes) > MAX_CLASSES:
        raise HubError(
            "classification.too_many_classes", column=column, count=len(classes), limit=MAX_CLASSES
        )


def _limited(
    kept: list[int], labels: Sequence[str], parts: Sequence[str], limit: int | None, seed: int
) -> list[int]:
    """A sample that keeps the shares of labels and parts; the order stays the file's."""
    if limit is None or len(kept) <= limit:
        return kept
    import numpy as np

    rng = np.random.default_rng(seed)
    groups: dict[tuple[str, str], list[int]] = {}
    for i in kept:
        groups.setdefault((labels[i], parts[i]), []).append(i)
    chosen: list[int] = []
    for key in sorted(groups):
        members = groups[key]
        # two of each at least, so that every class is in both parts
        count = min(len(members), max(2, round(limit * len(members) / len(kept))))
        chosen += rng.choice(members, count, replace=False).tolist()
    return sorted(chosen)


def _by_column(parts: Sequence[str], labels: Sequence[str]) -> tuple[list[int], list[int]]:
    train = [i for i, part in enumerate(parts) if part in TRAIN_WORDS]
    test = [i for i, part in enumerate(parts) if part in TEST_WORDS]
    if not test:
        test = [i for i, part in enumerate(parts) if part in VALIDATION_WORDS]
    if not train or not test:
        raise HubError("classification.empty_part")
    seen = {labels[i] for i in train}
    missing = sorted({labels[i] for i in test} - seen)
    if len(seen) < 2 or missing:
        raise HubError("classification.untrained_class", label=(missing or sorted(seen))[0][:60])
    return train, test


def _stratified(labels: Sequence[str], size: float, seed: int) -> tuple[list[int], list[int]]:
    from sklearn.model_selection import train_test_split

    counts = Counter(labels)
    rare = min(counts, key=lambda label: (counts[label], label))
    if counts[rare] < 2:
        raise HubError("classification.rare_class", label=rare[:60])
    in_test = round(len(labels) * size)
    if min(in_test, len(labels) - in_test) < len(counts):
        raise HubError("classification.small_part", rows=len(labels), classes=len(counts))
    train, test = train_test_split(
        list(range(len(labels))), test_size=size, random_state=seed, stratify=list(labels)
    )
    return train, test
