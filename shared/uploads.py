"""Takes a visitor's upload out of Gradio's cache, where whoever knows the path could read it."""

import contextlib
from pathlib import Path

from shared.errors import HubError

MAX_BYTES = 50 * 2**20


def take_upload(path: str | Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The file's content; the file and its own folder in the cache are gone when this returns or raises.

    Raises `HubError` when it is larger than `max_bytes`, or gone: two visitors who upload the same file
    at the same moment share one path in the cache."""
    file = Path(path)
    try:
        if file.is_symlink() or not file.is_file():
            raise HubError("hub.upload_gone")
        if file.stat().st_size > max_bytes:
            raise HubError("hub.upload_too_large", limit=f"{max_bytes / 2**20:.0f} MB")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise HubError("hub.upload_gone") from error
    finally:
        file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            file.parent.rmdir()  # only when empty: Gradio gives each content a folder
