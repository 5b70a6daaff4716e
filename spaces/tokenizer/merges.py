"""How a tokenizer came to its tokens, step by step: BPE's merges, or WordPiece's longest match.

BPE starts from the smallest symbols and keeps merging the neighbours whose pair was learned first (Sennrich,
Haddow and Birch 2016); WordPiece takes the longest entry that begins the word, then the longest that goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import HubError
from spaces.tokenizer.clip import ClipTokenizer
from spaces.tokenizer.hf import FastTokenizer
from spaces.tokenizer.lab import TextTokenizer
from spaces.tokenizer.spans import from_byte_alphabet, readable
from spaces.tokenizer.spm import SentencePieceTokenizer
from spaces.tokenizer.tekken import TekkenTokenizer

MAX_CHARACTERS = 300

Rank = Callable[[str, str], int | None]


@dataclass(frozen=True)
class Step:
    """One step. In word `word`, the piece at `index` and the next become one (BPE), or a piece is cut off
    (WordPiece). `rank` is the merge's place in training (0 = learned first), `tried` what WordPiece looked up
    before it found a piece. `kind` is "merge", "match", "bytes" (an unknown character falls apart), "whole"
    (the whole word is in the vocabulary) or "unknown" (nothing fits)."""

    kind: str
    word: int
    index: int
    pieces: tuple[str, ...]
    rank: int | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replay:
    """The start (`words`: each word's smallest symbols), the steps, and the pieces at the end."""

    algorithm: str
    words: tuple[tuple[str, ...], ...]
    steps: tuple[Step, ...]
    final: tuple[tuple[str, ...], ...]
    matches: bool
    """Whether these are the tokenizer's own tokens."""


def replay(tokenizer: TextTokenizer, text: str) -> Replay:
    """Replays `text` (at most 300 characters). Raises HubError: too long, or neither BPE nor WordPiece."""
    if len(text) > MAX_CHARACTERS:
        raise HubError("tokenizer.replay_too_long", limit=MAX_CHARACTERS)
    if isinstance(tokenizer, FastTokenizer) and tokenizer.model_type == "WordPiece":
        return _replay_wordpiece(tokenizer, text)
    if isinstance(tokenizer, FastTokenizer) and tokenizer.model_type == "BPE":
        ranks = tokenizer.merge_ranks
        return _replay_bpe(tokenizer, text, lambda left, right: ranks.get((left, right)))
    if isinstance(tokenizer, ClipTokenizer):
        pairs = tokenizer.merge_ranks
        return _replay_bpe(tokenizer, text, lambda left, right: pairs.get((left, right)))
    if isinstance(tokenizer, TekkenTokenizer) or (
        isinstance(tokenizer, SentencePieceTokenizer) and tokenizer.is_bpe
    ):
        return _replay_bpe(tokenizer, text, tokenizer.rank)
    raise HubError("tokenizer.no_replay")


Mergeable = FastTokenizer | ClipTokenizer | TekkenTokenizer | SentencePieceTokenizer


def _replay_bpe(tokenizer: Mergeable, text: str, rank: Rank) -> Replay:
    names = tokenizer.words(text)
    words = [_symbols(tokenizer, name) for name in names]
    start = tuple(tuple(word) for word in words)
    steps: list[Step] = []
    while True:
        candidates = [
            (place, w, i)
            for w, word in enumerate(words)
            for i in range(len(word) - 1)
            if (place := rank(word[i], word[i + 1])) is not None
        ]
        if not candidates:
            break
        place, w, i = min(candidates)
        words[w][i : i + 2] = [words[w][i] + words[w][i + 1]]
        steps.append(Step("merge", w, i, (words[w][i],), place))
    steps += _finish(tokenizer, names, words)
    return _result("bpe", tokenizer, text, start, steps, words)


def _symbols(tokenizer: Mergeable, name: str) -> list[str]:
    """A word's characters (of the byte alphabet, or plain); CLIP's last one ends the word."""
    symbols = list(name)
    if isinstance(tokenizer, ClipTokenizer) and symbols:
        symbols[-1] += "</w>"
    return symbols


def _finish(tokenizer: Mergeable, names: list[str], words: list[list[str]]) -> list[Step]:
    """What happens after the merges: a word that is an entry as a whole, a character that is none."""
    steps = []
    takes_whole = isinstance(tokenizer, TekkenTokenizer) or (
        isinstance(tokenizer, FastTokenizer) and tokenizer.ignore_merges
    )
    for w, name in enumerate(names):
        if takes_whole and len(words[w]) > 1 and tokenizer.id_of(name) is not None:
            words[w][:] = [name]
            steps.append(Step("whole", w, 0, (name,)))
        for i in reversed(range(len(words[w]))):
            if tokenizer.id_of(words[w][i]) is None and _falls_back(tokenizer):
                pieces = tuple(f"<0x{b:02X}>" for b in words[w][i].encode())
                words[w][i : i + 1] = pieces
                steps.append(Step("bytes", w, i, pieces))
    return steps


def _falls_back(tokenizer: Mergeable) -> bool:
    return isinstance(tokenizer, SentencePieceTokenizer) or (
        isinstance(tokenizer, FastTokenizer) and tokenizer.byte_fallback
    )


def _replay_wordpiece(tokenizer: FastTokenizer, text: str) -> Replay:
    names = tokenizer.words(text)
    steps: list[Step] = []
    final: list[list[str]] = []
    for w, word in enumerate(names):
        pieces: list[str] = []
        found: list[Step] = []
        at = 0
        while at < len(word):
            prefix = tokenizer.subword_prefix if at else ""
            tried = [prefix + word[at:end] for end in range(len(word), at, -1)]
            hit = next((n for n, piece in enumerate(tried) if tokenizer.id_of(piece) is not None), None)
            if hit is None or len(word) > tokenizer.longest_word:
                pieces = [tokenizer.unknown]
                found = [*found, Step("unknown", w, 0, (tokenizer.unknown,), tried=tuple(tried))]
                break
            found.append(Step("match", w, len(pieces), (tried[hit],), tried=tuple(tried[:hit])))
            pieces.append(tried[hit])
            at += len(tried[hit]) - len(prefix)
        steps += found
        final.append(pieces)
    return _result("wordpiece", tokenizer, text, tuple((name,) for name in names), steps, final)


def _result(
    algorithm: str,
    tokenizer: Mergeable,
    text: str,
    start: tuple[tuple[str, ...], ...],
    steps: list[Step],
    words: list[list[str]],
) -> Replay:
    own = [tokenizer.entry(token_id).name for token_id in tokenizer.encode(text).ids]
    final = tuple(tuple(word) for word in words)
    return Replay(algorithm, start, tuple(steps), final, [p for word in final for p in word] == own)


def display(tokenizer: TextTokenizer, piece: str) -> str:
    """A piece in the vocabulary's spelling, as a person reads it: bytes of the alphabet as text or `<E4>`."""
    if isinstance(tokenizer, ClipTokenizer):
        body = piece.removesuffix("</w>")
        return readable(from_byte_alphabet(body)) + piece[len(body) :]
    if isinstance(tokenizer, TekkenTokenizer) or (
        isinstance(tokenizer, FastTokenizer) and tokenizer.byte_level
    ):
        return readable(from_byte_alphabet(piece))
    if piece.startswith("<0x") and len(piece) == 6:
        return f"<{piece[3:5]}>"
    return piece.replace("▁", " ")
