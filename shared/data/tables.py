"""Tables that visitors bring: CSV, TSV, JSON Lines or plain lines, of any usual encoding and delimiter."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.data.encodings import decode
from shared.errors import HubError

MAX_ROWS = 100_000
"""Rows that are kept of one table."""
MAX_BYTES = 200_000_000
MAX_COLUMNS = 200
MAX_CELL = 1_000_000
"""Characters of one cell."""
BAD_SHOWN = 20
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 60
"""Lines that the delimiter is judged by."""
_RETRIES = 20
"""Quotes that were never closed, each read over once; after that quotes are ordinary characters."""


@dataclass(frozen=True)
class BadRow:
    """A row that could not be used: its line in the file (from 1) and how it begins."""

    line: int
    text: str


@dataclass(frozen=True)
class Table:
    """Columns of text, all of the same length. A missing value is an empty string."""

    name: str
    columns: dict[str, list[str]]
    format: str
    """csv, tsv, jsonl, lines, parquet or embedded."""
    encoding: str = ""
    delimiter: str = ""
    bad: tuple[BadRow, ...] = ()
    """The first bad rows."""
    bad_count: int = 0
    damaged: int = 0
    """Characters that could not be decoded."""
    cut: bool = False
    """Whether there were more rows than `MAX_ROWS`."""
    header: bool = True
    """Whether the first row named the columns."""

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def column(self, name: str) -> list[str]:
        """Raises HubError, naming the columns there are."""
        if name not in self.columns:
            raise HubError("hub.data_no_column", name=name[:80], names=", ".join(self.columns)[:300])
        return self.columns[name]


def read_table(data: bytes, name: str = "") -> Table:
    """Reads what a visitor uploaded; `name` is the file's, for its ending. Raises HubError with one
    sentence."""
    if len(data) > MAX_BYTES:
        raise HubError("hub.data_too_large", limit=f"{MAX_BYTES // 1_000_000} MB")
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    if not text.strip():
        raise HubError("hub.data_empty")
    kind = _format(text, name.lower().rsplit(".", 1)[-1])
    if kind == "jsonl":
        columns, bad, cut = _read_jsonl(text)
        delimiter, header = "", True
    elif kind == "lines":
        columns, bad, cut = _read_lines(text)
        delimiter, header = "", False
    else:
        delimiter = "\t" if kind == "tsv" else sniff_delimiter(text)
        columns, bad, cut, header = _read_csv(text, delimiter)
    if not next(iter(columns.values()), []):
        raise HubError("hub.data_no_rows", bad=len(bad))
    return Table(
        name=name,
        columns=columns,
        format=kind,
        encoding=decoded.encoding,
        delimiter=delimiter,
        bad=tuple(bad[:BAD_SHOWN]),
        bad_count=len(bad),
        damaged=decoded.damaged,
        cut=cut,
        header=header,
    )


def _format(text: str, ending: str) -> str:
    first = text.lstrip()
    if ending in ("jsonl", "ndjson", "json") or first.startswith(('{"', '[{"')):
        return "jsonl"
    if ending == "tsv":
        return "tsv"
    if ending == "csv":
        return "csv"
    # a file without a telling name: a table when its lines are cut alike, else plain lines
    if _agreement(text, sniff_delimiter(text)) > 0.9:
        return "csv"
    return "lines"


def sniff_delimiter(text: str) -> str:
    """The delimiter under which most of the first lines have the same number of cells, more than one."""
    return max(_DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    """The share of the first rows that have the width of the first one; 0 when that is one cell."""
    sample = text[: _SAMPLE * 2000].split("\n")[:_SAMPLE]
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    if not widths or widths[0] < 2:
        return 0.0
    # where two fit equally well, the one that cuts into fewer cells: texts are full of commas
    return sum(width == widths[0] for width in widths) / len(widths) - 0.001 * widths[0]


def _read_csv(text: str, delimiter: str) -> tuple[dict[str, list[str]], list[BadRow], bool, bool]:
    csv.field_size_limit(MAX_CELL)
    rows = _csv_rows(text, delimiter)
    line, first = next(rows)
    if isinstance(first, str):
        raise HubError("hub.data_no_header", line=line)
    if len(first) > MAX_COLUMNS:
        raise HubError("hub.data_too_wide", limit=MAX_COLUMNS)
    header = looks_like_header(first)
    names = [cell.strip() if header else f"column_{n}" for n, cell in enumerate(first, start=1)]
    cells: list[list[str]] = [[] for _ in names]
    bad: list[BadRow] = []
    cut = False
    if not header:
        for column, cell in zip(cells, first, strict=True):
            column.append(cell.strip())
    for line, row in rows:
        if isinstance(row, str) or len(row) != len(names):
            bad.append(BadRow(line, (row if isinstance(row, str) else delimiter.join(row))[:160]))
            continue
        if len(cells[0]) == MAX_ROWS:
            cut = True
            break
        for column, cell in zip(cells, row, strict=True):
            column.append(cell.strip())
    return dict(zip(names, cells, strict=True)), bad, cut, header


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """(line, cells), or (line, the raw line) for one that cannot be parsed. A quote that is never closed
    costs its own line only, not the rest of the file."""
    lines = text.split("\n")
    start, retries = 0, 0
    while start < len(lines):
        feed = (line + "\n" for line in lines[start:])
        if retries < _RETRIES:
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        else:
            reader = csv.reader(feed, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        begin = start
        try:
            for row in reader:
                if row:
                    yield begin + 1, row
                begin = start + reader.line_num
            return
        except csv.Error:
            yield begin + 1, lines[begin]
            start, retries = begin + 1, retries + 1


def looks_like_header(cells: list[str]) -> bool:
    """Names are short, different, and no numbers."""
    stripped = [cell.strip() for cell in cells]
    return (
        all(stripped)
        and len(set(stripped)) == len(stripped)
        and all(len(cell) <= 60 and not _is_number(cell) for cell in stripped)
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _read_jsonl(text: str) -> tuple[dict[str, list[str]], list[BadRow], bool]:
    """One object a line; one array of objects is taken, too. A key that an object lacks is missing there."""
    rows: list[dict[str, Any]] = []
    bad: list[BadRow] = []
    cut = False
    for line, item in _json_items(text):
        if not isinstance(item, dict) or not item:
            bad.append(BadRow(line, str(item)[:160]))
        elif len(rows) == MAX_ROWS:
            cut = True
            break
        else:
            rows.append(item)
    names = list(dict.fromkeys(str(key) for row in rows for key in row))
    if len(names) > MAX_COLUMNS:
        raise HubError("hub.data_too_wide", limit=MAX_COLUMNS)
    return {name: [_cell(row.get(name)) for row in rows] for name in names}, bad, cut


def _json_items(text: str) -> Iterator[tuple[int, Any]]:
    if text.lstrip().startswith("["):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise HubError("hub.data_bad_json") from error
        yield from enumerate(items, start=1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            yield number, line


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MAX_CELL].strip()
    return json.dumps(value, ensure_ascii=False)[:MAX_CELL]


def _read_lines(text: str) -> tuple[dict[str, list[str]], list[BadRow], bool]:
    lines = [line.strip()[:MAX_CELL] for line in text.split("\n") if line.strip()]
    return {"text": lines[:MAX_ROWS]}, [], len(lines) > MAX_ROWS


def as_csv(table: Table) -> str:
    """The table as CSV text, for snippets and downloads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*table.columns.values(), strict=True))
    return out.getvalue()
