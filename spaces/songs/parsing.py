"""Reads song lists and playlists: the tutorial's radio files, and CSV of one's own."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.errors import HubError
from spaces.songs.catalogue import Song

MAX_PLAYLISTS = 200_000
MAX_PLAYS = 5_000_000
MAX_NAME = 300
"""Characters kept of a title, an artist, an id."""
HEADER_LINES = 2
MAX_FIELD = 1_000_000
"""Characters of one CSV cell."""
_ID = ("id", "song_id", "songid", "track_id", "song", "track", "歌曲id", "歌曲")
_TITLE = ("title", "name", "song_title", "track_name", "歌名", "标题", "歌曲名")
_ARTIST = ("artist", "singer", "artist_name", "歌手", "艺人", "演唱")
_YEAR = ("year", "年份", "年")
_GENRE = ("genre", "tag", "style", "流派", "风格")
_PLAYLIST = (
    "playlist_id",
    "playlist",
    "pid",
    "list",
    "session",
    "user",
    "user_id",
    "歌单",
    "歌单id",
    "播放列表",
)


@dataclass(frozen=True)
class ReadPlaylists:
    """What a playlists file held, in which format, and what was skipped."""

    playlists: list[list[str]]
    format: str
    """A text key: `format_radio`, `format_rows`, `format_pairs`."""
    counts: dict[str, int]


def decode(data: bytes, name: str) -> str:
    """UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030 text. `HubError` for anything else."""
    if not data.strip():
        raise HubError("songs.empty_file", file=name)
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise HubError("songs.excel_file", file=name)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\x00" in data[:4096]:
        raise HubError("songs.binary_file", file=name)
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Latin-1 and binary data happen to be legal GB18030, full of private and unassigned characters
        sample = text[:20_000]
        odd = sum(0xE000 <= ord(c) < 0xF900 or (ord(c) < 32 and c not in "\t\r\n") for c in sample)
        if odd <= len(sample) // 200:
            return text.lstrip("\ufeff")
    raise HubError("songs.wrong_encoding", file=name)


def read_songs(data: bytes, name: str) -> tuple[list[Song], dict[str, int]]:
    """The tutorial's `song_hash.txt` (id, title, artist, parted by tabs; no header) or a CSV with a header.

    Returns the songs and counts: lines that were no song, ids that came twice (the first one stays)."""
    text = decode(data, name)
    first = text.lstrip().split("\n", 1)[0]
    if "\t" in first and _header(first.split("\t")) is None:
        rows: Iterable[list[str]] = (line.rstrip("\r").split("\t") for line in text.split("\n"))
        at = {"id": 0, "title": 1, "artist": 2}
        width = 3
    else:
        table = _rows(text, name)
        header = next(table, [])
        found = _header(header)
        if found is None:
            raise HubError("songs.missing_columns", file=name, found=_shown(header))
        rows, at, width = table, found, max(found["id"], found["title"]) + 1
    songs: dict[str, Song] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        song = _song(row, at) if len(row) >= width else None
        if song is None:
            counts["count_bad_songs"] += 1
        elif song.id in songs:
            counts["count_repeated_songs"] += 1
        else:
            songs[song.id] = song
    if not songs:
        raise HubError("songs.no_songs", file=name)
    return list(songs.values()), dict(counts)


def read_playlists(data: bytes, name: str) -> ReadPlaylists:
    """The tutorial's `train.txt` (two lines about the data, then ids parted by spaces), or a CSV: one
    playlist a row, or `playlist_id,song` with a header. Which one it is is guessed from the first lines."""
    text = decode(data, name)
    lines = text.lstrip("\r\n").split("\n", 6)[:6]
    delimiter = _delimiter(lines[0])
    if delimiter and (pair := _pair_columns(next(csv.reader([lines[0].rstrip("\r")], delimiter=delimiter)))):
        read = _pairs(_rows(text, name), *pair)
    elif any(_delimiter(line) for line in lines):
        read = _one_per_row(_rows(text, name))
    else:
        read = _radio(text)
    if not read.playlists:
        raise HubError("songs.no_playlists", file=name)
    return read


def _radio(text: str) -> ReadPlaylists:
    """Ids parted by spaces. As in the tutorial the first two lines go whatever they hold: in `train.txt` they
    list the station's own ids and how often each song was played, numbers like those of any playlist."""
    lines = text.split("\n")
    header = sum(bool(line.strip()) for line in lines[:HEADER_LINES])
    playlists = []
    plays = 0
    for line in lines[HEADER_LINES:]:
        ids = [token[:MAX_NAME] for token in line.split()]
        if ids:
            playlists.append(ids)
            plays = _bounded(len(playlists), plays + len(ids))
    return ReadPlaylists(playlists, "format_radio", {"count_header": header})


def _one_per_row(rows: Iterator[list[str]]) -> ReadPlaylists:
    playlists = []
    plays = 0
    for row in rows:
        ids = [cell.strip()[:MAX_NAME] for cell in row if cell.strip()]
        if ids:
            playlists.append(ids)
            plays = _bounded(len(playlists), plays + len(ids))
    return ReadPlaylists(playlists, "format_rows", {})


def _pairs(rows: Iterator[list[str]], playlist: int, song: int) -> ReadPlaylists:
    next(rows)  # the header
    lists: dict[str, list[str]] = {}
    bad = plays = 0
    for row in rows:
        if len(row) > max(playlist, song) and row[playlist].strip() and row[song].strip():
            lists.setdefault(row[playlist].strip(), []).append(row[song].strip()[:MAX_NAME])
            plays = _bounded(len(lists), plays + 1)
        elif any(cell.strip() for cell in row):
            bad += 1
    return ReadPlaylists(list(lists.values()), "format_pairs", {"count_bad_rows": bad})


def _bounded(playlists: int, plays: int) -> int:
    if playlists > MAX_PLAYLISTS or plays > MAX_PLAYS:
        raise HubError("songs.too_much_data", playlists=f"{MAX_PLAYLISTS:,}", plays=f"{MAX_PLAYS:,}")
    return plays


def by_id(playlists: list[list[str]], songs: Sequence[Song]) -> list[list[str]]:
    """Playlists that name songs by their titles are turned into ids, when most entries are titles."""
    known = {song.id for song in songs}
    by_title = {song.title.casefold(): song.id for song in songs}
    sample = [entry for playlist in playlists[:200] for entry in playlist]
    if 2 * sum(entry in known for entry in sample) >= len(sample):
        return playlists
    if 2 * sum(entry.casefold() in by_title for entry in sample) < len(sample):
        return playlists
    return [[by_title.get(entry.casefold(), entry) for entry in playlist] for playlist in playlists]


def _rows(text: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(
        io.StringIO(text.lstrip("\r\n")), delimiter=_delimiter(text.lstrip().split("\n", 1)[0]) or ","
    )
    try:
        yield from reader
    except csv.Error as error:
        raise HubError("songs.bad_csv", file=name, line=reader.line_num) from error


def _delimiter(line: str) -> str:
    """Of a CSV line; empty when it has none."""
    return max((",", "\t", ";"), key=line.count) if any(c in line for c in ",\t;") else ""


def _find(header: list[str], names: tuple[str, ...]) -> int | None:
    cells = [cell.strip().casefold() for cell in header]
    return next((cells.index(name) for name in names if name in cells), None)


def _header(cells: list[str]) -> dict[str, int] | None:
    """Where a song list's columns are; None when it lacks an id or a title."""
    at = {
        name: index
        for name, names in (
            ("id", _ID),
            ("title", _TITLE),
            ("artist", _ARTIST),
            ("year", _YEAR),
            ("genre", _GENRE),
        )
        if (index := _find(cells, names)) is not None
    }
    return at if {"id", "title"} <= at.keys() else None


def _pair_columns(header: list[str]) -> tuple[int, int] | None:
    playlist, song = _find(header, _PLAYLIST), _find(header, _ID + _TITLE)
    return None if playlist is None or song is None or playlist == song else (playlist, song)


def _shown(header: list[str]) -> str:
    return ", ".join(cell.strip()[:30] for cell in header[:6]) or "—"


def _song(row: list[str], at: dict[str, int]) -> Song | None:
    def cell(name: str) -> str:
        index = at.get(name, len(row))
        return row[index].strip()[:MAX_NAME] if index < len(row) else ""

    year = cell("year")
    if not cell("id") or not cell("title"):
        return None
    return Song(
        cell("id"),
        cell("title"),
        cell("artist"),
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        cell("genre"),
    )
