"""The embedded catalogue: real songs (title, artist, year of first release, genre) from data/songs.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data") / "songs.csv"
GENRES = (
    "classic_rock",
    "metal",
    "punk",
    "alternative",
    "pop",
    "soul",
    "hiphop",
    "electronic",
    "jazz",
    "folk",
    "mandopop",
    "cantopop",
    "chinese_rock",
)
"""Text keys, in the order of the map's legend."""


@dataclass(frozen=True)
class Song:
    """One song. `year` is None and `genre` empty where a data set does not say."""

    id: str
    title: str
    artist: str = ""
    year: int | None = None
    genre: str = ""

    @property
    def label(self) -> str:
        """`title · artist` in one line."""
        return f"{self.title} · {self.artist}" if self.artist else self.title


@cache
def embedded_songs() -> tuple[Song, ...]:
    """The catalogue, in the order of its ids."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Song(row["id"], row["title"], row["artist"], int(row["year"]), row["genre"])
            for row in csv.DictReader(file)
        )
