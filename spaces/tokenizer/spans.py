"""Which characters of the text a token came from, and how bytes that are no whole character are written."""

import codecs
from difflib import SequenceMatcher

import numpy as np


def _name_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(f"<{byte:02X}>" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("hub_bytes", _name_bytes)

_BYTES_OF_LATIN = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
BYTE_OF = {chr(b): b for b in _BYTES_OF_LATIN}
"""GPT-2's alphabet: every byte as one printable character (`Ġ` is a space)."""
BYTE_OF.update(
    {chr(256 + n): b for n, b in enumerate(b for b in range(256) if b not in set(_BYTES_OF_LATIN))}
)
CHARACTER_OF = {b: c for c, b in BYTE_OF.items()}


def readable(data: bytes) -> str:
    """UTF-8 as text; bytes that are no whole character as `<E4>`."""
    return data.decode("utf-8", errors="hub_bytes")


def from_byte_alphabet(name: str) -> bytes:
    """`Ġworld` -> b" world". A character outside GPT-2's alphabet stands for its own UTF-8."""
    return b"".join(bytes([BYTE_OF[c]]) if c in BYTE_OF else c.encode() for c in name)


def to_byte_alphabet(text: str) -> str:
    """ " world" -> `Ġworld`."""
    return "".join(CHARACTER_OF[b] for b in text.encode())


def byte_spans(text: str, lengths: list[int], skip: int = 0) -> tuple[list[int], list[int]]:
    """Character spans of tokens that, laid end to end, are the UTF-8 of `text` behind `skip` bytes of prefix.

    `lengths` are the tokens' bytes. A token that holds part of a character spans that character."""
    character_bytes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    width = (
        1 + (character_bytes > 0x7F).astype(np.int64) + (character_bytes > 0x7FF) + (character_bytes > 0xFFFF)
    )
    character_of_byte = np.repeat(np.arange(len(text)), width)
    character_of_byte = np.append(character_of_byte, len(text))
    size = len(character_of_byte) - 1
    ends = np.cumsum(np.asarray(lengths, dtype=np.int64)) - skip
    starts = np.clip(ends - np.asarray(lengths, dtype=np.int64), 0, size)
    ends = np.clip(ends, 0, size)
    first = character_of_byte[starts]
    last = np.where(ends > starts, character_of_byte[np.maximum(ends - 1, 0)] + 1, first)
    return first.tolist(), last.tolist()


def clamp(starts: list[int], ends: list[int], shift: int, length: int) -> tuple[list[int], list[int]]:
    """Moves spans left by `shift` and cuts them to [0, length]."""
    return (
        [min(max(start - shift, 0), length) for start in starts],
        [min(max(end - shift, 0), length) for end in ends],
    )


def align(before: str, after: str) -> list[tuple[int, int]]:
    """For each character of `after`, the span of `before` that it was made from."""
    if before == after:
        return [(i, i + 1) for i in range(len(before))]
    spans: list[tuple[int, int]] = []
    old_lines, new_lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old_lines) != len(new_lines):
        old_lines, new_lines = [before], [after]
    start = 0
    for old, new in zip(old_lines, new_lines, strict=True):
        spans += [(start + a, start + b) for a, b in _align_line(old, new)]
        start += len(old)
    return spans


def _align_line(old: str, new: str) -> list[tuple[int, int]]:
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    spans = [(i, i + 1) for i in range(head)]
    if len(middle_old) * len(middle_new) > 4_000_000:
        # Comparing the two would take seconds: every changed character then points at the whole changed part.
        spans += [(head, head + len(middle_old))] * len(middle_new)
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for tag, i, j, k, end in matcher.get_opcodes():
            if tag == "equal":
                spans += [(head + i + n, head + i + n + 1) for n in range(end - k)]
            else:
                spans += [(head + i, head + j)] * (end - k)
    return spans + [(len(old) - tail + i, len(old) - tail + i + 1) for i in range(tail)]
