"""What the browser needs to draw: columns, not one object per token, keep long texts light."""

from collections.abc import Mapping
from typing import Any

from spaces.tokenizer import lab
from spaces.tokenizer.lab import Encoding, Entry, TextTokenizer
from spaces.tokenizer.merges import Replay, display
from spaces.tokenizer.vectors import Arithmetic, Lookup

_SPECIAL, _FRAGMENT = 1, 2


def tokens_board(
    tokenizers: Mapping[str, TextTokenizer], text: str, special: bool, chat: bool
) -> dict[str, Any]:
    """One block per tokenizer. The vocabulary's entries are sent once each, however often they occur."""
    return {
        "text": text,
        "blocks": [_block(name, tokenizer, text, special, chat) for name, tokenizer in tokenizers.items()],
    }


def _block(name: str, tokenizer: TextTokenizer, text: str, special: bool, chat: bool) -> dict[str, Any]:
    encoding = lab.encode(tokenizer, text, special, chat)
    plain = encoding if not special and not chat else tokenizer.encode(text)
    back = lab.round_trip(tokenizer, text, plain.ids)
    return {
        "name": name,
        "kind": tokenizer.kind,
        "vocabulary": tokenizer.vocabulary_size,
        "count": len(encoding),
        "unknown": _unknown(tokenizer, plain),
        "templated": chat and tokenizer.has_chat,
        "round": {"same": back.same, "at": back.at, "expected": back.expected, "got": back.got},
        "ids": encoding.ids,
        "starts": encoding.starts,
        "ends": encoding.ends,
        "entries": {token_id: _entry(tokenizer.entry(token_id)) for token_id in set(encoding.ids)},
    }


def _unknown(tokenizer: TextTokenizer, encoding: Encoding) -> int:
    """How many tokens stand for "unknown": special tokens without bytes."""
    lost = {i for i in set(encoding.ids) if (e := tokenizer.entry(i)).special and not e.bytes}
    return sum(token_id in lost for token_id in encoding.ids) if lost else 0


def _entry(entry: Entry) -> list[Any]:
    flags = _SPECIAL * entry.special + _FRAGMENT * entry.fragment
    own_bytes = None if bytes(entry.bytes) == entry.text.encode() else list(entry.bytes)
    return [entry.text, entry.name, flags, own_bytes, entry.before, entry.after]


def replay_board(tokenizer: TextTokenizer, replay: Replay) -> dict[str, Any]:
    """The replay, with its pieces as a person reads them."""

    def show(piece: str) -> str:
        return display(tokenizer, piece)

    return {
        "algorithm": replay.algorithm,
        "matches": replay.matches,
        "words": [[show(piece) for piece in word] for word in replay.words],
        "steps": [
            {
                "kind": step.kind,
                "word": step.word,
                "index": step.index,
                "pieces": [show(piece) for piece in step.pieces],
                "rank": step.rank,
                "tried": [show(piece) for piece in step.tried[:4]],
                "misses": len(step.tried),
            }
            for step in replay.steps
        ],
    }


def lookup_board(lookup: Lookup) -> dict[str, Any]:
    """A token's vector and its neighbours."""
    return {
        "id": lookup.id,
        "token": lookup.token,
        "vector": [round(float(value), 5) for value in lookup.vector],
        "norm": lookup.norm,
        "neighbours": [{"id": n.id, "token": n.token, "cosine": n.cosine} for n in lookup.neighbours],
    }


def arithmetic_board(result: Arithmetic, expected: str = "") -> dict[str, Any]:
    """The words nearest to a sum. `expected` is what an example is known for."""
    return {
        "neighbours": [{"id": n.id, "token": n.token, "cosine": n.cosine} for n in result.neighbours],
        "pieces": result.pieces,
        "left_out": result.left_out,
        "unfiltered": result.unfiltered,
        "expected": expected,
    }
