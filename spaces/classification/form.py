"""The left column as one value: which data, which columns, how to cut them, what the methods are told."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from shared.data.tables import Table
from shared.errors import HubError
from spaces.classification import generative
from spaces.classification.reviews import open_named
from spaces.classification.run import METHODS, Method, Options, Outcome
from spaces.classification.split import Split, make_split


@dataclass(frozen=True)
class Form:
    """Values of the widgets, in the order of `FIELDS`. `held` is the visitor's own table, if any."""

    held: Table | None
    mapping: tuple[str, ...] | None
    source: str
    text_column: str | None
    label_column: str | None
    descriptions: str
    test_size: float
    seed: float
    limit: float
    k: float
    steps: float
    chat: str
    sample: float
    names: str
    prompt: str
    sentiment: str

    def table(self) -> Table:
        return self.held if self.held is not None else open_named(self.source or "")

    def split(self) -> Split:
        """The documents, cut. Raises HubError."""
        limit = whole("limit", self.limit, 20, 100_000)
        return make_split(
            self.table(),
            self.text_column or None,
            self.label_column or None,
            self.test_size,
            whole("seed", self.seed, 0, 2**32 - 1),
            limit,
        )

    def options(self) -> Options:
        """What the methods are told. Raises HubError."""
        return Options(
            descriptions=lines(self.descriptions),
            names=lines(self.names),
            sentiment=self.sentiment or None,
            mapping=tuple(self.mapping) if self.mapping else None,
            chat=self.chat or None,
            prompt=generative.check_prompt(self.prompt or generative.PROMPT),
            sample=whole("sample", self.sample, 4, 1000),
            k=whole("k", self.k, 1, 64),
            steps=whole("steps", self.steps, 1, 200),
            seed=whole("seed", self.seed, 0, 2**32 - 1),
        )


FIELDS = tuple(field.name for field in fields(Form))


@dataclass(frozen=True)
class Board:
    """What has been measured on one split, by method."""

    split: Split
    seed: int
    outcomes: dict[Method, Outcome]

    def plus(self, outcome: Outcome) -> "Board":
        """In the order of `METHODS`, whatever was run first."""
        found = {**self.outcomes, outcome.method: outcome}
        return Board(self.split, self.seed, {m: found[m] for m in METHODS if m in found})


def lines(text: str | None) -> tuple[str, ...] | None:
    """One entry a line; None when there is none."""
    found = tuple(line.strip() for line in (text or "").splitlines() if line.strip())
    return found or None


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number in range. Raises HubError."""
    number = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    if not number or not low <= value <= high:
        raise HubError("hub.out_of_range", name=name, low=low, high=high)
    return int(value)


def chosen_methods(names: Sequence[str] | None) -> list[Method]:
    """The methods to run, in their order. Raises HubError when there are none."""
    found = [method for method in METHODS if method in (names or ())]
    if not found:
        raise HubError("classification.no_methods")
    return found
