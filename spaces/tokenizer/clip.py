"""CLIP's BPE: the text is cleaned and lower-cased first, and `</w>` marks where a word ends.

The rules are those of open_clip's `SimpleTokenizer`, which would import torch; `tokenizers` does the merging.
"""

import gzip
import html
from pathlib import Path

import ftfy
import regex
from tokenizers.models import BPE

from shared.errors import HubError
from spaces.tokenizer.lab import Encoding, Entry, entry_of_bytes
from spaces.tokenizer.spans import CHARACTER_OF, align, from_byte_alphabet, to_byte_alphabet

_START, _END = "<start_of_text>", "<end_of_text>"
_WORD = regex.compile(
    rf"{_START}|{_END}|'s|'t|'re|'ve|'m|'ll|'d|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+", regex.IGNORECASE
)
_ENTITY = regex.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_ENDS_WORD = "</w>"
_MERGES = 49152 - 256 - 2


class ClipTokenizer:
    """OpenAI's `bpe_simple_vocab_16e6.txt.gz`."""

    kind = "kind_clip"
    has_chat = False
    ignore_merges = False

    def __init__(self, path: Path) -> None:
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")[1 : _MERGES + 1]
        merges = [(left, right) for left, right in (line.split() for line in lines)]
        # The order of open_clip's bytes_to_unicode(): printable bytes first.
        alphabet = sorted(CHARACTER_OF.values())
        names = [*alphabet, *(c + _ENDS_WORD for c in alphabet), *(a + b for a, b in merges), _START, _END]
        self.merge_ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._ids = {name: i for i, name in enumerate(names)}
        self._names = {i: name for name, i in self._ids.items()}
        self._bpe = BPE(vocab=self._ids, merges=merges, end_of_word_suffix=_ENDS_WORD)
        self.vocabulary_size = len(self._names)
        self._word_ids: dict[str, list[int]] = {}
        self._entries: dict[int, Entry] = {}

    def entry(self, token_id: int) -> Entry:
        """What the vocabulary has under `token_id`. Raises HubError when it has nothing."""
        if token_id not in self._entries:
            if token_id not in self._names:
                raise HubError("tokenizer.no_such_id", id=token_id)
            name = self._names[token_id]
            if name in (_START, _END):
                self._entries[token_id] = Entry(name, name, tuple(name.encode()), special=True)
            else:
                after = _ENDS_WORD if name.endswith(_ENDS_WORD) else ""
                data = from_byte_alphabet(name.removesuffix(_ENDS_WORD))
                self._entries[token_id] = entry_of_bytes(name, data, after=after)
        return self._entries[token_id]

    def encode(self, text: str, special: bool = False) -> Encoding:
        cleaned, origin = clean(text)
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _WORD.finditer(cleaned):
            word, position = match.group(), match.start()
            # Bytes from the word's start to the character they are in.
            owner = (
                [i for i, c in enumerate(word) for _ in range(len(c.encode()))]
                if not word.isascii()
                else None
            )
            byte = 0
            for token_id in self._encode_word(word):
                last = byte + len(self.entry(token_id).bytes) - 1
                first_character, last_character = (owner[byte], owner[last]) if owner else (byte, last)
                ids.append(token_id)
                starts.append(origin[position + first_character][0])
                ends.append(origin[position + last_character][1])
                byte = last + 1
        if special:
            return Encoding(
                [self._ids[_START], *ids, self._ids[_END]], [0, *starts, len(text)], [0, *ends, len(text)]
            )
        return Encoding(ids, starts, ends)

    def _encode_word(self, word: str) -> list[int]:
        if word in (_START, _END):
            return [self._ids[word]]
        known = self._word_ids.get(word)
        if known is None:
            known = [token.id for token in self._bpe.tokenize(to_byte_alphabet(word))]
            if len(self._word_ids) < 50_000:
                self._word_ids[word] = known
        return known

    def encode_chat(self, text: str) -> Encoding:
        raise NotImplementedError("CLIP reads captions, not chats")

    def decode(self, ids: list[int]) -> str:
        joined = "".join(self._names[i] for i in ids)
        return from_byte_alphabet(joined).decode("utf-8", errors="replace").replace(_ENDS_WORD, " ")

    def words(self, text: str) -> list[str]:
        """The words that the pattern cuts, cleaned, in GPT-2's byte alphabet."""
        return [to_byte_alphabet(match.group()) for match in _WORD.finditer(clean(text)[0])]

    def id_of(self, name: str) -> int | None:
        return self._ids.get(name)


def clean(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Mended, unescaped, in single spaces and lower case; and each character's span in `text`."""
    fixed = ftfy.fix_text(text)
    origin = align(text, fixed)
    for _ in range(2):
        fixed, origin = _unescape(fixed, origin)
    kept: list[str] = []
    spans: list[tuple[int, int]] = []
    for index, character in enumerate(fixed):
        if not character.isspace():
            kept.append(character)
            spans.append(origin[index])
        elif kept and kept[-1] != " ":
            kept.append(" ")
            spans.append(origin[index])
    single = "".join(kept).rstrip(" ")
    spans = spans[: len(single)]
    lower = single.lower()
    if len(lower) != len(single):  # İ becomes two characters
        spans = [span for character, span in zip(single, spans, strict=True) for _ in character.lower()]
    return lower, spans


def _unescape(text: str, origin: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """`html.unescape`, with `origin` carried along."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for match in _ENTITY.finditer(text):
        character = html.unescape(match.group())
        parts += [text[at : match.start()], character]
        spans += origin[at : match.start()]
        spans += [(origin[match.start()][0], origin[match.end() - 1][1])] * len(character)
        at = match.end()
    return "".join([*parts, text[at:]]), spans + origin[at:]
