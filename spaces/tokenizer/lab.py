"""What a tokenizer does to a text: tokens with ids, bytes, character spans; and does the text come back?

`TextTokenizer` says what the lab needs of a tokenizer; the adapters are hf.py, spm.py, tekken.py and clip.py.
"""

from dataclasses import dataclass
from typing import Protocol

from shared.errors import HubError
from spaces.tokenizer.spans import readable

MAX_CHARACTERS = 200_000
CONTEXT = 12
"""Characters shown around the first difference of a round trip."""


@dataclass(frozen=True)
class Entry:
    """One entry of a vocabulary.

    `name` is its spelling in the vocabulary (`Ġworld`, `##ing`, `world</w>`), `text` what a person reads
    (` world`; fragments of a character as `<E4><BB>`), `bytes` the UTF-8 it stands for (none for "unknown").
    `before` and `after` are the marks of a word's boundary that `name` has and `text` has not."""

    name: str
    text: str
    bytes: tuple[int, ...]
    special: bool = False
    fragment: bool = False
    before: str = ""
    after: str = ""


def entry_of_bytes(name: str, data: bytes, before: str = "", after: str = "") -> Entry:
    """The entry of a token that stands for `data`, which may be a part of a character."""
    text = readable(data)
    try:
        data.decode()
    except UnicodeDecodeError:
        return Entry(name, text, tuple(data), fragment=True, before=before, after=after)
    return Entry(name, text, tuple(data), before=before, after=after)


@dataclass(frozen=True)
class Encoding:
    """Token ids and, for each, the half-open span of characters of the input that it came from.

    A token that the tokenizer adds (special tokens, a leading space) has an empty span."""

    ids: list[int]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.ids)


class TextTokenizer(Protocol):
    """What the lab needs of a tokenizer."""

    kind: str
    """A text key: `kind_bytes`, `kind_wordpiece`, `kind_sentencepiece`, `kind_unigram`, ..."""
    vocabulary_size: int

    @property
    def has_chat(self) -> bool: ...

    def encode(self, text: str, special: bool = False) -> Encoding:
        """`special`: with the tokens that the model expects around a text."""

    def encode_chat(self, text: str) -> Encoding:
        """`text` as a user's message in the model's chat format. Only when `has_chat`."""

    def decode(self, ids: list[int]) -> str: ...

    def entry(self, token_id: int) -> Entry: ...


@dataclass(frozen=True)
class RoundTrip:
    """Whether decode(encode(text)) is text; if not, where the two first differ and what stands there."""

    same: bool
    at: int = 0
    expected: str = ""
    got: str = ""


def check_text(text: object) -> str:
    """`text`, if a tokenizer can take it. Raises HubError: not text, too long, half a surrogate pair."""
    if not isinstance(text, str):
        raise HubError("tokenizer.not_text")
    if len(text) > MAX_CHARACTERS:
        raise HubError("tokenizer.too_long", characters=f"{len(text):,}", limit=f"{MAX_CHARACTERS:,}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise HubError("tokenizer.surrogate", position=error.start + 1) from error
    return text


def encode(tokenizer: TextTokenizer, text: str, special: bool = False, chat: bool = False) -> Encoding:
    """The tokens of `text`; with `chat` as a chat message where the tokenizer has a template."""
    if chat and tokenizer.has_chat:
        return tokenizer.encode_chat(text)
    return tokenizer.encode(text, special)


def round_trip(tokenizer: TextTokenizer, text: str, ids: list[int]) -> RoundTrip:
    """Decodes `ids` (made from `text`, without added tokens) and compares."""
    got = tokenizer.decode(ids)
    if got == text:
        return RoundTrip(True)
    at = first_difference(text, got)
    window = slice(max(0, at - CONTEXT), at + CONTEXT)
    return RoundTrip(False, at, text[window], got[window])


def first_difference(a: str, b: str) -> int:
    """The first index at which `a` and `b` differ; the shorter's length if one begins the other."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def token_rows(tokenizer: TextTokenizer, encoding: Encoding) -> list[dict]:
    """One dict per token: id, text, bytes, start, end, special."""
    entries = {token_id: tokenizer.entry(token_id) for token_id in set(encoding.ids)}
    rows = []
    for token_id, start, end in zip(encoding.ids, encoding.starts, encoding.ends, strict=True):
        entry = entries[token_id]
        rows.append(
            {
                "id": token_id,
                "text": entry.text,
                "bytes": list(entry.bytes),
                "start": start,
                "end": end,
                "special": entry.special,
            }
        )
    return rows


def tokenize(tokenizer: TextTokenizer, text: str) -> dict:
    """What `/tokenize` answers for one tokenizer: tokens, count, whether decoding gives `text` back."""
    encoding = tokenizer.encode(text)
    return {
        "tokens": token_rows(tokenizer, encoding),
        "count": len(encoding),
        "round_trip": round_trip(tokenizer, text, encoding.ids).same,
    }
