"""What encoding a file of text is in, and its characters."""

import codecs
import re
from dataclasses import dataclass

from shared.errors import HubError

_RUNS = re.compile(rb"[\x80-\xff]+")
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIGNATURES = (
    (b"PK\x03\x04", "hub.data_excel"),
    (b"\xd0\xcf\x11\xe0", "hub.data_excel"),
    (b"%PDF", "hub.data_binary"),
    (b"\x1f\x8b", "hub.data_packed"),
    (b"PAR1", "hub.data_binary"),
)
"""How files begin that are not text, whatever their name says. An .xlsx is a zip."""


@dataclass(frozen=True)
class Decoded:
    """The characters of a file. `damaged` counts those that could not be read."""

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes) -> Decoded:
    """Detects UTF-8 (with or without a byte order mark), UTF-16, GB18030 and, for the rest, Windows-1252,
    which contains Latin-1. Raises HubError for what is not text."""
    for signature, key in SIGNATURES:
        if data.startswith(signature):
            raise HubError(key)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _lenient(data, name)
    head = data[:4096]
    if zeros := head.count(0):
        # UTF-16 without a mark: every other byte of Latin letters is zero
        even, odd = head[::2].count(0), head[1::2].count(0)
        if zeros < len(head) // 5 or min(even, odd) * 10 > zeros:
            raise HubError("hub.data_binary")
        return _lenient(data, "utf-16-le" if odd > even else "utf-16-be")
    if sum(head.count(byte) for byte in _CONTROL) * 50 > len(head):
        raise HubError("hub.data_binary")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    if damaged * 20 < sum(ord(character) > 127 for character in text):
        return Decoded(text, "utf-8", damaged)
    # Chinese comes in runs of bytes above 127, an accented letter stands alone between plain ones
    runs = [len(run) for run in _RUNS.findall(data)]
    if sum(n for n in runs if n > 1) > 0.8 * sum(runs):
        return _lenient(data, "gb18030")
    return _lenient(data, "windows-1252")


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))
