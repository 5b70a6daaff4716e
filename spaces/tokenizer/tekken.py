"""Mistral's Tekken, in tiktoken's style: a pattern cuts words, a table of byte strings says what merges."""

import functools
import json
from pathlib import Path

import regex
from mistral_common.tokens.tokenizers.base import SpecialTokenPolicy
from mistral_common.tokens.tokenizers.tekken import Tekkenizer

from shared.errors import HubError
from spaces.tokenizer.lab import Encoding, Entry, entry_of_bytes
from spaces.tokenizer.spans import CHARACTER_OF, byte_spans, from_byte_alphabet, to_byte_alphabet


class TekkenTokenizer:
    """One tekken.json."""

    kind = "kind_tiktoken"
    has_chat = True

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tekkenizer.from_file(path)
        self._path = path
        self.vocabulary_size: int = self._tokenizer.n_words
        self._entries: dict[int, Entry] = {}

    def entry(self, token_id: int) -> Entry:
        """What the vocabulary has under `token_id`. Raises HubError when it has nothing."""
        if token_id not in self._entries:
            if not 0 <= token_id < self.vocabulary_size:
                raise HubError("tokenizer.no_such_id", id=token_id)
            data = self._tokenizer.id_to_byte_piece(token_id, SpecialTokenPolicy.KEEP)
            name = "".join(CHARACTER_OF[b] for b in data)
            if token_id < self._tokenizer.num_special_tokens:
                self._entries[token_id] = Entry(name, name, tuple(data), special=True)
            else:
                self._entries[token_id] = entry_of_bytes(name, data)
        return self._entries[token_id]

    def encode(self, text: str, special: bool = False) -> Encoding:
        ids = self._tokenizer.encode(text, bos=False, eos=False)
        starts, ends = byte_spans(text, [len(self.entry(token_id).bytes) for token_id in ids])
        if special:
            return Encoding([self._tokenizer.bos_id, *ids], [0, *starts], [0, *ends])
        return Encoding(ids, starts, ends)

    def encode_chat(self, text: str) -> Encoding:
        inner = self.encode(text)
        before, after = (self._tokenizer.get_special_token(name) for name in ("[INST]", "[/INST]"))
        return Encoding(
            [self._tokenizer.bos_id, before, *inner.ids, after],
            [0, 0, *inner.starts, len(text)],
            [0, 0, *inner.ends, len(text)],
        )

    def decode(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids)

    def words(self, text: str) -> list[str]:
        """The words that the pattern cuts, in GPT-2's byte alphabet."""
        return [to_byte_alphabet(word) for word in self._pattern.findall(text)]

    def rank(self, left: str, right: str) -> int | None:
        """The place in the table of what the two make; None when it is not there."""
        return self._ranks.get(from_byte_alphabet(left + right))

    def id_of(self, name: str) -> int | None:
        rank = self._ranks.get(from_byte_alphabet(name))
        return None if rank is None else rank + self._tokenizer.num_special_tokens

    @functools.cached_property
    def _pattern(self) -> regex.Pattern[str]:
        return regex.compile(json.loads(self._path.read_text(encoding="utf-8"))["config"]["pattern"])

    @functools.cached_property
    def _ranks(self) -> dict[bytes, int]:
        specials = self._tokenizer.num_special_tokens
        return {
            self._tokenizer.id_to_byte_piece(i): i - specials for i in range(specials, self.vocabulary_size)
        }
