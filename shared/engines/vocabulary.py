"""What each token of a transformers tokenizer is in bytes, and the trie that schemas are checked with."""

from collections.abc import Collection
from functools import cached_property
from typing import Any


class Vocabulary:
    """The tokens 0 to `size` - 1 of a fast tokenizer. `size` is the model's: often a little more than the
    tokenizer has, for round matrices; what is beyond has no bytes."""

    def __init__(self, tokenizer: Any, size: int, eos: Collection[int]) -> None:
        import llguidance.hf

        self.size = size
        # byte-level BPE, SentencePiece with byte fallback, added tokens: one library knows them all
        self.trie = llguidance.hf.from_tokenizer(tokenizer, n_vocab=size, eos_token=sorted(eos) or None)
        added = tokenizer.added_tokens_decoder.items()
        self._added = {index: str(token.content).encode() for index, token in added}
        self._special = {index for index, token in added if token.special}
        self._known = len(tokenizer)

    def written(self, index: int) -> bytes:
        """The bytes that `index` adds to an answer. Special tokens steer and are not text: none."""
        return b"" if index in self._special else self.piece(index)

    def piece(self, index: int) -> bytes:
        """The bytes that `index` stands for in a prompt; special tokens are written out."""
        if index in self._added:
            return self._added[index]
        return self.trie.decode_bytes([index]) if index < self._known else b""

    @cached_property
    def table(self) -> tuple[bytes, ...]:
        """`written` of every token."""
        return tuple(self.written(index) for index in range(self.size))
