"""The files and addresses of the training form: taken, shown, let go, made into data."""

from pathlib import PurePath

from shared.errors import HubError
from shared.markup import table
from shared.ui import current_translator
from shared.uploads import take_upload
from spaces.songs import lab, loading, uploads
from spaces.songs.lab import EMBEDDED
from spaces.songs.uploads import Upload


def take(path: str, before: Upload) -> tuple[Upload, None]:
    """Out of Gradio's cache at once, into the session's own keeping; the widget is empty again."""
    name = PurePath(path).name[:80]
    data = take_upload(path)
    uploads.drop(before)
    return uploads.hold(name, data), None


def say_held(songs: Upload, playlists: Upload) -> str:
    """Which files wait for the training."""
    t = current_translator("songs")
    rows = [
        [t(key), upload.name, f"{upload.size / 1024:,.0f} KB"]
        for key, upload in (("songs_file", songs), ("playlists_file", playlists))
        if upload.name
    ]
    return table((t("file"), t("file_name"), t("file_size")), rows) if rows else ""


def let_go(songs: Upload, playlists: Upload) -> tuple[Upload, Upload, str]:
    """Forgets both files."""
    uploads.drop(songs)
    uploads.drop(playlists)
    return Upload(), Upload(), ""


def load(source: str, songs_url: str, lists_url: str, songs: Upload, playlists: Upload) -> str:
    """The key of the data that the form asks for."""
    if source == "embedded":
        return EMBEDDED
    if source == "url":
        return lab.keep(loading.from_urls(songs_url or "", lists_url or ""))
    if not playlists.name:
        raise HubError("songs.no_playlists_file")
    names = (songs.name, playlists.name)
    given = uploads.content(songs) if songs.name else None
    return lab.keep(loading.from_bytes(given, uploads.content(playlists), names=names))
