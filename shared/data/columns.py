"""Which column of a table holds the texts, which the labels, which the split: a guess to start from."""

from collections import Counter

from shared.data.tables import Table

MAX_CLASSES = 50
_LABEL_NAMES = ("label", "labels", "class", "category", "sentiment", "target", "y", "标签", "类别", "情感")
_TEXT_NAMES = ("text", "sentence", "review", "content", "document", "文本", "评论", "内容")
_SPLIT_NAMES = ("split", "set", "fold", "partition", "subset")
TRAIN_WORDS = ("train", "training")
TEST_WORDS = ("test", "testing")
VALIDATION_WORDS = ("validation", "valid", "val", "dev", "eval")


def guess_text_column(table: Table) -> str:
    """A column that is called text, or else the one with the longest values."""
    named = next((name for name in table.columns if name.strip().lower() in _TEXT_NAMES), None)
    return named or max(table.columns, key=lambda name: _mean_length(table.columns[name]))


def guess_label_column(table: Table, text_column: str) -> str | None:
    """The column with few distinct values; one that is called a label goes first. None: there is none."""
    candidates = [name for name in table.columns if name != text_column and name != guess_split_column(table)]

    def fits(name: str) -> bool:
        values = Counter(value for value in table.columns[name] if value)
        return 2 <= len(values) <= min(MAX_CLASSES, max(2, len(table) // 2))

    named = [name for name in candidates if name.lower() in _LABEL_NAMES]
    fitting = [name for name in candidates if fits(name)]
    if named:
        return next((name for name in named if fits(name)), named[0])
    return min(fitting, key=lambda name: len(set(table.columns[name])), default=None)


def guess_split_column(table: Table) -> str | None:
    """A column called split, set or fold whose values are names of parts, train among them."""
    for name, values in table.columns.items():
        if name.strip().lower() in _SPLIT_NAMES:
            found = {value.strip().lower() for value in values if value}
            known = {*TRAIN_WORDS, *TEST_WORDS, *VALIDATION_WORDS}
            if found & set(TRAIN_WORDS) and found <= known and len(found) > 1:
                return name
    return None


def _mean_length(values: list[str]) -> float:
    sample = values[:1000]
    return sum(map(len, sample)) / max(1, len(sample))
