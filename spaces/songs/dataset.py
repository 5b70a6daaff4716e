"""A data set: songs, playlists of their ids, and the count of what was skipped on the way in."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from spaces.songs.catalogue import Song, embedded_songs
from spaces.songs.generator import Recipe, generate

MIN_SONGS = 2
"""In a playlist: one song has no company."""


@dataclass(frozen=True)
class Dataset:
    """What a model is trained on. `key` is a hash of the content: equal data, equal key."""

    key: str
    source: str
    """A text key: `source_embedded`, `source_tutorial`, `source_upload`."""
    songs: Mapping[str, Song]
    """Every song of the playlists by its id; one without metadata has its id for a title."""
    playlists: tuple[tuple[str, ...], ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    """What was read and what was skipped; the names are text keys (`count_…`)."""

    @property
    def nbytes(self) -> int:
        """About what it takes in memory: Python's own overhead of a string, a tuple, a dictionary entry."""
        return 400 * len(self.songs) + sum(56 + 8 * len(playlist) for playlist in self.playlists)


def content_key(playlists: Iterable[Iterable[str]], songs: Iterable[Song]) -> str:
    """The hash by which equal data are found again."""
    digest = hashlib.sha256()
    for playlist in playlists:
        digest.update("\x1f".join(playlist).encode("utf-8", "surrogatepass") + b"\x1e")
    for song in songs:
        digest.update(repr((song.id, song.title, song.artist, song.year, song.genre)).encode())
    return digest.hexdigest()[:24]


def assemble(
    source: str, songs: Iterable[Song], playlists: Iterable[Iterable[str]], counts: Mapping[str, int]
) -> Dataset:
    """Joins the two files: drops playlists of one song, gives every song a name, counts both."""
    known = {song.id: song for song in songs}
    kept, short = [], 0
    shared: dict[str, str] = {}  # one string per song, however many playlists name it
    for playlist in playlists:
        ids = tuple(shared.setdefault(song, song) for song in playlist)
        if len(ids) < MIN_SONGS:
            short += 1
        else:
            kept.append(ids)
    played = dict.fromkeys(song for playlist in kept for song in playlist)
    nameless = [song for song in played if song not in known]
    catalogue = {
        song: known.get(song) or Song(song, f"#{song}" if song.isdigit() else song) for song in played
    }
    all_counts = {
        **counts,
        "count_playlists": len(kept),
        "count_songs": len(catalogue),
        "count_short": short,
        "count_nameless": len(nameless),
        "count_unplayed": len(known.keys() - played.keys()),
    }
    return Dataset(content_key(kept, catalogue.values()), source, catalogue, tuple(kept), all_counts)


@cache
def embedded(recipe: Recipe | None = None) -> Dataset:
    """The catalogue with its synthetic playlists."""
    songs = embedded_songs()
    return assemble("source_embedded", songs, generate(songs, recipe), {})
