"""Small pieces of HTML that every lab draws. Everything that comes in is text and is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from shared.ui import significant


def empty(sentence: str) -> str:
    """What a result area says before there is a result."""
    return f"<div class='lab-empty'>{escape(sentence)}</div>"


def heading(title: str, detail: str = "") -> str:
    """A small heading over a part of a lab, with a sentence under it."""
    more = f"<small>{escape(detail)}</small>" if detail else ""
    return f"<h4 class='lab-heading'>{escape(title)}{more}</h4>"


def note(sentence: str, *, warn: bool = False) -> str:
    """A sentence beside a result; `warn` for what the reader must not miss."""
    return f"<p class='lab-note{' warn' if warn else ''}'>{escape(sentence)}</p>" if sentence else ""


def progress(sentence: str, fraction: float | None = None) -> str:
    """What is going on, and how far it is (0 to 1; None: nobody knows)."""
    bar = "" if fraction is None else f"<i style='width:{100 * min(1.0, max(0.0, fraction)):.1f}%'></i>"
    moving = " unknown" if fraction is None else ""
    return (
        f"<div class='lab-progress{moving}' role='status'><p>{escape(sentence)}</p>"
        f"<span class='track'>{bar}</span></div>"
    )


def figures(pairs: Iterable[tuple[str, Any]]) -> str:
    """A row of named numbers: floats with three significant digits, integers with thousands separators."""
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(cell_text(value))}</dd></div>" for name, value in pairs
    )
    return f"<dl class='lab-figures'>{items}</dl>"


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    highlight: int | None = None,
    caption: str = "",
) -> str:
    """A table that scrolls inside its own frame; numbers are right-aligned. `highlight`: the row that won."""
    body = []
    for number, row in enumerate(rows):
        cells = "".join(
            f"<td{' class=num' if _is_number(cell) else ''}>{escape(cell_text(cell))}</td>" for cell in row
        )
        body.append(f"<tr{' class=best' if number == highlight else ''}>{cells}</tr>")
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f"<div class='lab-table-wrap'><table class='lab-table'>{said}<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def cell_text(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return significant(value) if isinstance(value, float) else str(value)
