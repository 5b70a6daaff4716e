"""SentencePiece models (`tokenizer.model`): BPE or Unigram over characters, unknown characters as bytes."""

from pathlib import Path

from sentencepiece import SentencePieceProcessor

from shared.errors import HubError
from spaces.tokenizer.lab import Encoding, Entry, entry_of_bytes
from spaces.tokenizer.spans import byte_spans


class SentencePieceTokenizer:
    """One SentencePiece model. `instruct`: the pieces around a user's message, if it chats."""

    def __init__(self, path: Path, instruct: tuple[str, str] | None = None) -> None:
        self.processor = SentencePieceProcessor(model_file=str(path))
        self.vocabulary_size = self.processor.get_piece_size()
        self._instruct = instruct
        self._entries: dict[int, Entry] = {}
        # BPE's scores are the negated merge order, Unigram's are log-probabilities.
        last = self.vocabulary_size - 1
        self.is_bpe = all(
            self.processor.get_score(i) == int(self.processor.get_score(i)) for i in range(last - 500, last)
        )
        self.kind = "kind_sentencepiece" if self.is_bpe else "kind_unigram"

    @property
    def has_chat(self) -> bool:
        return self._instruct is not None

    def entry(self, token_id: int) -> Entry:
        """What the vocabulary has under `token_id`. Raises HubError when it has nothing."""
        if token_id not in self._entries:
            if not 0 <= token_id < self.vocabulary_size:
                raise HubError("tokenizer.no_such_id", id=token_id)
            self._entries[token_id] = self._describe(token_id)
        return self._entries[token_id]

    def _describe(self, token_id: int) -> Entry:
        name = self.processor.id_to_piece(token_id)
        if self.processor.is_unknown(token_id):
            return Entry(name, name, (), special=True)
        if self.processor.is_control(token_id):
            return Entry(name, name, tuple(name.encode()), special=True)
        if self.processor.is_byte(token_id):
            return entry_of_bytes(name, bytes([int(name[3:5], 16)]))
        return entry_of_bytes(name, name.replace("▁", " ").encode())

    def encode(self, text: str, special: bool = False) -> Encoding:
        ids = self.processor.encode(text)
        encoding = Encoding(ids, *self._spans(text, ids))
        bos = self.processor.bos_id()
        if special and bos >= 0:
            return Encoding([bos, *ids], [0, *encoding.starts], [0, *encoding.ends])
        return encoding

    def _spans(self, text: str, ids: list[int]) -> tuple[list[int], list[int]]:
        normal, origin = self.processor.normalize(text, with_offsets=True)
        unknown = self.processor.unk_id()
        if unknown in ids:
            lengths = [len(piece.encode()) for piece in self.processor.encode(text, out_type=str)]
        else:
            # The normalised text writes a space as ▁, which has three bytes, and the entries as one.
            lengths = [len(self.entry(i).bytes) for i in ids]
            normal = normal.replace("▁", " ")
        starts, ends = byte_spans(normal, lengths)
        return [origin[start] for start in starts], [origin[end] for end in ends]

    def encode_chat(self, text: str) -> Encoding:
        assert self._instruct is not None
        inner = self.encode(text, special=True)
        before, after = (self.processor.piece_to_id(piece) for piece in self._instruct)
        head = 1 if self.processor.bos_id() >= 0 else 0
        return Encoding(
            [*inner.ids[:head], before, *inner.ids[head:], after],
            [*inner.starts[:head], 0, *inner.starts[head:], len(text)],
            [*inner.ends[:head], 0, *inner.ends[head:], len(text)],
        )

    def decode(self, ids: list[int]) -> str:
        return self.processor.decode(ids)

    def words(self, text: str) -> list[str]:
        """SentencePiece merges across the whole text, so there is one "word"."""
        normal = self.processor.normalize(text)
        return [normal] if normal else []

    def rank(self, left: str, right: str) -> int | None:
        """The merge's place in training, from the score of what it makes; None: not in the vocabulary."""
        piece = self.id_of(left + right)
        return None if piece is None else round(-self.processor.get_score(piece))

    def id_of(self, name: str) -> int | None:
        piece = self.processor.piece_to_id(name)
        plain = not (
            self.processor.is_unknown(piece)
            or self.processor.is_control(piece)
            or self.processor.is_byte(piece)
        )
        return piece if plain else None
