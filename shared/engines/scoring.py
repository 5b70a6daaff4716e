"""How probable a given answer is, through llama.cpp's completions, which tell it of what they write."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.engines.base import Delta, Piece, Token

_FORCED = 1000.0
"""Added to a token's logit: greedy takes it. The log-probabilities told are those before the addition."""
_ALL = 1_000_000
"""More alternatives than any vocabulary has."""


def score(
    prompt: Sequence[Piece], answer: Sequence[Piece], complete: Callable[[dict[str, Any]], dict[str, Any]]
) -> Delta:
    """Makes llama.cpp write `answer` after `prompt`, token by token, and notes how probable each one was.

    One request a token: a grammar of tokens would do with one for all, but refuses those that are a piece of
    a character. The slot's cache saves the prompt from being read again."""
    context = [piece.id for piece in prompt]
    tokens: list[Token] = []
    for piece in answer:
        request: dict[str, Any] = {
            "prompt": context,
            "max_tokens": 1,
            "logprobs": 1,
            "temperature": 0.0,
            "logit_bias": [[piece.id, _FORCED]],
            "cache_prompt": True,
        }
        told = _told(complete(request))
        if not told:  # of a token that begins a character it says nothing: look for it beside another one
            whole = next(piece.id for piece in prompt if piece.bytes.isalpha())
            told = _told(complete(request | {"logprobs": _ALL, "logit_bias": [[whole, _FORCED]]}))
        logprob = next(entry["logprob"] for entry in told if entry["id"] == piece.id)
        tokens.append(Token(piece.id, piece.bytes.decode(errors="replace"), piece.bytes, float(logprob)))
        context = [*context, piece.id]
    text = b"".join(piece.bytes for piece in answer).decode(errors="replace")
    return Delta(text=text, tokens=tuple(tokens), prompt_tokens=len(prompt))


def _told(done: dict[str, Any]) -> list[dict[str, Any]]:
    """The written token and its alternatives."""
    content = (done["choices"][0].get("logprobs") or {}).get("content") or []
    return [content[0], *content[0].get("top_logprobs", ())] if content else []
