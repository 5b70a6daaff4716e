"""Files that wait for a session's training: in memory, under a name nobody can guess."""

import secrets
from dataclasses import dataclass

from shared.errors import HubError
from spaces.songs.store import ByteCache

_FILES: ByteCache[bytes] = ByteCache(256 * 2**20)


@dataclass(frozen=True)
class Upload:
    """What the session knows of a file; no name: there is none."""

    name: str = ""
    size: int = 0
    token: str = ""


def hold(name: str, data: bytes) -> Upload:
    """Keeps the content."""
    upload = Upload(name, len(data), secrets.token_hex(16))
    _FILES.put(upload.token, data, len(data))
    return upload


def content(upload: Upload) -> bytes:
    """What was kept. `HubError` when it had to make room for others'."""
    data = _FILES.get(upload.token)
    if data is None:
        raise HubError("hub.upload_gone")
    return data


def drop(upload: Upload) -> None:
    """Forgets the content."""
    _FILES.remove(upload.token)
