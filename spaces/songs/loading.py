"""From files or addresses to a data set."""

from spaces.songs import download, parsing
from spaces.songs.catalogue import embedded_songs
from spaces.songs.dataset import Dataset, assemble

SONGS_URL = "https://storage.googleapis.com/maps-premium/dataset/yes_complete/song_hash.txt"
PLAYLISTS_URL = "https://storage.googleapis.com/maps-premium/dataset/yes_complete/train.txt"
"""The tutorial's radio playlists."""


def from_bytes(
    songs: bytes | None,
    playlists: bytes,
    source: str = "source_upload",
    names: tuple[str, str] = ("songs", "playlists"),
) -> Dataset:
    """A data set from a playlists file and, if there is one, a song list.

    Without a list the embedded catalogue gives the names, where the playlists speak of nothing else."""
    read = parsing.read_playlists(playlists, names[1])
    counts: dict[str, int] = {}
    if songs is not None:
        catalogue, counts = parsing.read_songs(songs, names[0])
    else:
        entries = {entry.casefold() for playlist in read.playlists for entry in playlist}
        names_known = {song.id for song in embedded_songs()} | {s.title.casefold() for s in embedded_songs()}
        catalogue = list(embedded_songs()) if entries <= names_known else []
    ids = parsing.by_id(read.playlists, catalogue)
    return assemble(source, catalogue, ids, {**counts, **read.counts, read.format: 1})


def from_urls(songs_url: str, playlists_url: str) -> Dataset:
    """A data set from two addresses (the first may be empty)."""
    songs_url, playlists_url = songs_url.strip(), playlists_url.strip()
    songs = download.fetch(songs_url) if songs_url else None
    playlists = download.fetch(playlists_url)
    source = "source_tutorial" if playlists_url == PLAYLISTS_URL else "source_url"
    names = (songs_url.rsplit("/", 1)[-1][:80], playlists_url.rsplit("/", 1)[-1][:80])
    return from_bytes(songs, playlists, source, names)
