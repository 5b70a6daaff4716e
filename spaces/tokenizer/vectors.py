"""Embedding tables: the vector of a token, its nearest neighbours by cosine, and arithmetic with words.

A table is read from the model's safetensors file row by row as it is needed; the file stays on the disk.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.errors import HubError
from spaces.tokenizer.lab import Entry, TextTokenizer, check_text

MAX_WORDS = 8
MAX_NEIGHBOURS = 50
_BLOCK = 8192
_DTYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}


class NamedTokenizer(TextTokenizer, Protocol):
    """A tokenizer whose entries can be found by their spelling."""

    def id_of(self, name: str) -> int | None: ...


class EmbeddingTable:
    """The input embeddings of a model: one row per token id, `shape` = (vocabulary, dimensions)."""

    def __init__(self, weights: Path, tensor: str, tokenizer: NamedTokenizer, word_mark: str = "") -> None:
        """`word_mark` is what a whole word begins with in the vocabulary (`Ġ`), "" if nothing."""
        with weights.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            description = json.loads(file.read(size))[tensor]
        self._dtype: str = description["dtype"]
        self._raw = np.memmap(
            weights,
            dtype=_DTYPES[self._dtype],
            mode="r",
            offset=8 + size + description["data_offsets"][0],
            shape=tuple(description["shape"]),
        )
        self.tokenizer = tokenizer
        self.word_mark = word_mark
        self.shape: tuple[int, int] = (self._raw.shape[0], self._raw.shape[1])
        self.norms = np.concatenate(
            [np.linalg.norm(self.rows(a, a + _BLOCK), axis=1) for a in self._blocks()]
        )
        self.is_word = np.array([self._whole_word(self.entry(i)) for i in range(self.shape[0])])

    def _blocks(self) -> range:
        return range(0, self.shape[0], _BLOCK)

    def rows(self, start: int, end: int) -> NDArray[np.float32]:
        """Rows [start, end) as float32."""
        raw = self._raw[start:end]
        if self._dtype == "BF16":  # the upper half of a float32
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32)

    def vector(self, token_id: int) -> NDArray[np.float32]:
        return self.rows(token_id, token_id + 1)[0]

    def entry(self, token_id: int) -> Entry | None:
        """The vocabulary's entry; None for a row beyond it."""
        try:
            return self.tokenizer.entry(token_id)
        except HubError:  # tables are often padded beyond the vocabulary
            return None

    def _whole_word(self, entry: Entry | None) -> bool:
        if entry is None or entry.special or entry.fragment or entry.before:
            return False
        return entry.name.startswith(self.word_mark) and entry.text.strip().isalpha()

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of `vector` with every row. A row or vector of zeros gives 0."""
        products = np.concatenate([self.rows(a, a + _BLOCK) @ vector for a in self._blocks()])
        scale = self.norms * np.linalg.norm(vector)
        return np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)

    def word_ids(self, word: str) -> list[int]:
        """The tokens of `word` as it stands inside a sentence. Raises HubError when there are none."""
        text = f" {word.strip()}" if self.word_mark else word.strip()
        ids = self.tokenizer.encode(check_text(text)).ids if word.strip() else []
        if not ids:
            raise HubError("tokenizer.no_word")
        return ids


@dataclass(frozen=True)
class TableSource:
    """Where a table lies: the model's key, the tensor, the tokenizer that gives its rows names."""

    model: str
    tensor: str
    word_mark: str = ""


TABLES = {
    "smollm2": TableSource("smollm2-135m-dequantised", "model.embed_tokens.weight", "Ġ"),
    "minilm": TableSource("minilm-l6", "embeddings.word_embeddings.weight"),
}
"""The first is the default: it got 29 of 35 analogies right, MiniLM's 28 (counted in the tests)."""


def open_table(
    name: str, tokenizer: Callable[[str], NamedTokenizer], weights: Callable[[str], Path]
) -> EmbeddingTable:
    """The table called `name`, with its tokenizer and its weights' file from the caller. Raises HubError."""
    if name not in TABLES:
        raise HubError("tokenizer.unknown_table", name=str(name)[:80], names=", ".join(TABLES))
    source = TABLES[name]
    return EmbeddingTable(weights(source.model), source.tensor, tokenizer(name), source.word_mark)


@dataclass(frozen=True)
class Neighbour:
    """A token and its cosine with what was asked for."""

    id: int
    token: str
    cosine: float


@dataclass(frozen=True)
class Lookup:
    """One token's row of the table and its nearest rows."""

    id: int
    token: str
    vector: NDArray[np.float32]
    norm: float
    neighbours: list[Neighbour]


def find_token(table: EmbeddingTable, token: str) -> int:
    """The id of `token`: a vocabulary's own spelling where that is no word (`##ing`, `Ġking`, `[CLS]`), else
    the first token of the word as it stands in a sentence. Raises HubError when there is none."""
    check_text(token)
    exact = table.tokenizer.id_of(token)
    if exact is not None and ((table.word_mark and token.startswith(table.word_mark)) or not token.isalnum()):
        return exact
    return table.word_ids(token)[0]


def pieces(table: EmbeddingTable, word: str, chosen: int) -> list[int]:
    """The tokens of `word`, if `chosen` is the first of them; else `chosen` alone."""
    ids = table.word_ids(word)
    return ids if ids[0] == chosen else [chosen]


def split_words(line: str) -> list[str]:
    """Words separated by commas, Chinese or not."""
    return [
        word.strip() for word in (line or "").replace("，", ",").replace("、", ",").split(",") if word.strip()
    ]


def check_words(words: object) -> list[str]:
    """A list of words. Raises HubError for anything else."""
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise HubError("tokenizer.words_needed", limit=MAX_WORDS)
    return words


def check_top_k(top_k: object, default: int) -> int:
    """How many neighbours; None is `default`. Raises HubError."""
    if top_k is None:
        return default
    if not isinstance(top_k, int) or isinstance(top_k, bool) or not 1 <= top_k <= MAX_NEIGHBOURS:
        raise HubError("tokenizer.bad_top_k", limit=MAX_NEIGHBOURS)
    return top_k


def nearest_tokens(table: EmbeddingTable, token_id: int, top_k: int) -> Lookup:
    """The `top_k` rows nearest to the row of `token_id`, itself left out."""
    vector = table.vector(token_id)
    cosines = table.cosines(vector)
    cosines[token_id] = -np.inf
    entry = table.tokenizer.entry(token_id)
    found = _neighbours(table, cosines, top_k)
    return Lookup(token_id, entry.text, vector, float(table.norms[token_id]), found)


@dataclass(frozen=True)
class Arithmetic:
    """The words nearest to the sum. `pieces` are the tokens each input word was cut into, `left_out` those
    that were not allowed as an answer because they are the inputs again."""

    neighbours: list[Neighbour]
    pieces: dict[str, list[str]]
    left_out: list[str]
    unfiltered: str
    """The nearest word if the inputs were allowed."""


def word_arithmetic(
    table: EmbeddingTable, positive: list[str], negative: list[str], top_k: int
) -> Arithmetic:
    """Adds and subtracts unit vectors of words (Mikolov, Yih and Zweig 2013) and finds the nearest words.

    A word of several tokens is the mean of their vectors. Answers are whole words of the vocabulary, without
    the input words in any capitalisation. Raises HubError: no words, too many."""
    words = [*positive, *negative]
    if not words or len(words) > MAX_WORDS:
        raise HubError("tokenizer.words_needed", limit=MAX_WORDS)
    total = np.zeros(table.shape[1], dtype=np.float32)
    pieces: dict[str, list[str]] = {}
    for n, word in enumerate(words):
        ids = table.word_ids(word)
        pieces[word.strip()] = [table.tokenizer.entry(i).text for i in ids]
        vector = np.mean([table.vector(i) for i in ids], axis=0)
        norm = float(np.linalg.norm(vector))
        total += (1 if n < len(positive) else -1) * vector / (norm or 1.0)
    cosines = np.where(table.is_word, table.cosines(total), -np.inf)
    unfiltered = table.tokenizer.entry(int(np.argmax(cosines))).text.strip()
    banned = {word.strip().casefold() for word in words}
    left_out = []
    # As far as the answers are looked for, and some further.
    for token_id in np.argsort(-cosines)[: 2 * top_k + 10 + 8 * len(words)]:
        text = table.tokenizer.entry(int(token_id)).text.strip()
        if text.casefold() in banned:
            cosines[token_id] = -np.inf
            left_out.append(text)
    return Arithmetic(
        _neighbours(table, cosines, top_k, fold=True), pieces, list(dict.fromkeys(left_out)), unfiltered
    )


def _neighbours(
    table: EmbeddingTable, cosines: NDArray[np.float32], top_k: int, fold: bool = False
) -> list[Neighbour]:
    """The `top_k` best rows; with `fold`, of " queen" and " Queen" only the better."""
    enough = min(2 * top_k + 10, len(cosines) - 1)
    best = np.argpartition(-cosines, enough)[:enough]
    found: dict[str, Neighbour] = {}
    for i in sorted((int(i) for i in best if np.isfinite(cosines[i])), key=lambda i: -cosines[i]):
        entry = table.entry(i)
        if entry is not None and len(found) < top_k:
            key = entry.text.strip().casefold() if fold else str(i)
            found.setdefault(key, Neighbour(i, entry.text, float(cosines[i])))
    return list(found.values())
