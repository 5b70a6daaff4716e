"""From the way a tokenizer spells its tokens to their bytes."""

import re
from collections.abc import Sequence


def spell(text: str, strings: Sequence[str]) -> list[bytes] | None:
    """The bytes behind a tokenizer's own spelling of the tokens of `text` (byte-level BPE writes a space as
    `Ġ`, SentencePiece as `▁` and a raw byte as `<0x0A>`). None unless they add up to `text`."""
    wanted = text.encode()
    for decode in (_byte_level, _sentencepiece):
        pieces = [decode(string) for string in strings]
        if b"".join(pieces) == b" " + wanted:  # SentencePiece's dummy prefix
            pieces[0] = pieces[0][1:]
        if b"".join(pieces) == wanted:
            return pieces
    return None


def _byte_level(string: str) -> bytes:
    return b"".join(_BYTE_OF.get(character) or character.encode() for character in string)


def _sentencepiece(string: str) -> bytes:
    if raw := re.fullmatch(r"<0x([0-9A-F]{2})>", string):
        return bytes.fromhex(raw[1])
    return string.replace("▁", " ").encode()


_PRINTABLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
_OTHERS = [byte for byte in range(256) if byte not in _PRINTABLE]
_BYTE_OF = {chr(byte): bytes([byte]) for byte in _PRINTABLE} | {
    chr(256 + i): bytes([byte]) for i, byte in enumerate(_OTHERS)
}
"""GPT-2's alphabet: printable bytes stand for themselves, the others for U+0100 and up, in order."""
