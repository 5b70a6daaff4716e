"""One line of the benchmark table."""

from dataclasses import dataclass
from statistics import median
from typing import Literal

__all__ = ["Result", "median"]


@dataclass(frozen=True)
class Result:
    """What was measured, the hub's value, the bare library's, and the limit that the comparison must keep.

    `compare` says how: `ratio_at_least` and `ratio_at_most` look at hub / bare, `difference_at_most` at hub
    - bare,
    `at_most` at the hub's value alone."""

    name: str
    unit: str
    hub: float
    bare: float | None
    compare: Literal["ratio_at_least", "ratio_at_most", "difference_at_most", "at_most"]
    limit: float
    note: str = ""

    @property
    def compared(self) -> float:
        if self.compare == "at_most" or self.bare is None:
            return self.hub
        return self.hub - self.bare if self.compare == "difference_at_most" else self.hub / self.bare

    @property
    def holds(self) -> bool:
        if self.compare == "ratio_at_least":
            return self.compared >= self.limit
        return self.compared <= self.limit
