"""A visitor's file out of Gradio's cache, which whoever knows the path can read."""

import contextlib
from pathlib import Path
from typing import Any


def take_upload(path: Any) -> bytes:
    """The contents of an uploaded file; the copy in Gradio's cache is deleted, and its folder with it."""
    place = Path(str(path))
    content = place.read_bytes()
    place.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # another upload of the same contents lies there, too
        place.parent.rmdir()
    return content
