"""The endpoints of the views on positions, on one token and on the KV cache; null means the default."""

from dataclasses import replace
from typing import Any

import gradio as gr

from shared.models import cache
from shared.ui import API_LIGHT, API_MODEL, handler
from spaces.attention.causal import causal_spec, encode, token_text, whole
from spaces.attention.kv_cache import DEFAULT_NEW, MAX_NEW, MAX_PROMPT, Race, race
from spaces.attention.next_token import MAX_TOKENS, STEPS, softmax
from spaces.attention.position import sinusoids


def positional_encoding(positions: int | None = None, dim: int | None = None) -> list[list[float]]:
    """The sinusoidal table, one row a position: sine on even dimensions, cosine on odd ones, base 10000.
    Defaults: 50 positions, 64 dimensions; at most 512 of each, `dim` even."""
    values = sinusoids(50 if positions is None else positions, 64 if dim is None else dim)
    return [[float(value) for value in row] for row in values]


def next_token_steps(text: str, model: str | None = None, top_k: int | None = None) -> dict[str, Any]:
    """One forward pass by hand: the tokens of `text` (the last 512), shapes, the most probable token after
    every layer with the rank of the final answer (logit lens), and the `top_k` (default 10) most probable
    next tokens at temperature 1."""
    spec = causal_spec(model)
    count = whole("top_k", 10 if top_k is None else top_k, 1, 1_000)
    with cache().lease(spec) as weights:
        step, _ = STEPS.get(spec, weights, encode(weights.tokenizer, text, MAX_TOKENS).ids)
        probs = softmax(step.logits)
        best = [int(i) for i in (-step.logits).argsort(kind="stable")[:count]]
        top = [
            {
                "token": token_text(weights.tokenizer, i),
                "id": i,
                "logit": float(step.logits[i]),
                "prob": float(probs[i]),
            }
            for i in best
        ]
    return {
        "tokens": list(step.tokens),
        "shapes": {name: list(shape) for name, shape in step.shapes.items()},
        "layers": [
            {"layer": row.layer, "token": row.token, "prob": row.prob, "rank_of_final": row.rank_of_final}
            for row in step.lens
        ],
        "top": top,
    }


def kv_cache(prompt: str, model: str | None = None, new_tokens: int | None = None) -> dict[str, Any]:
    """Greedy decoding of `new_tokens` (default 48, at most 128) tokens with and without the KV cache, a token
    of each in turn; seconds are of the forward passes. The prompt's last 256 tokens are used; `cache_bytes`
    is measured when the last token is written."""
    spec = causal_spec(model)
    count = whole("new_tokens", DEFAULT_NEW if new_tokens is None else new_tokens, 1, MAX_NEW)
    with cache().lease(spec) as weights:
        ids = encode(weights.tokenizer, prompt, MAX_PROMPT).ids
        result = replace(Race(len(ids)), laps=tuple(race(weights.model, ids, count)))
    return {
        "cached_s": result.cached_s,
        "uncached_s": result.uncached_s,
        "speedup": result.speedup,
        "cache_bytes": result.cache_bytes,
        "same_tokens": result.same_tokens,
    }


def api_views() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(positional_encoding), api_name="positional_encoding", **API_LIGHT)
    gr.api(handler(next_token_steps), api_name="next_token_steps", **API_MODEL)
    gr.api(handler(kv_cache), api_name="kv_cache", **API_MODEL)
