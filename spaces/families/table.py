"""The chapter's table, to be clicked: each cell shows what it says on the visitor's own sentence."""

from dataclasses import dataclass

from spaces.families.attention_masks import FAMILIES, Family

COLUMNS = ("mechanism", "flow", "objective", "good_at", "examples")


@dataclass(frozen=True)
class Cell:
    family: Family
    column: str

    @property
    def key(self) -> str:
        return f"{self.family}.{self.column}"

    @property
    def text(self) -> str:
        """Its text key."""
        return f"cell_{self.family.replace('-', '_')}_{self.column}"


CELLS = {cell.key: cell for cell in (Cell(family, column) for family in FAMILIES for column in COLUMNS)}
