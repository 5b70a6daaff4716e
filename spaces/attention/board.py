"""What the browser needs to draw: small pictures of all heads at once, one head's weights when asked for."""

import base64
import io
from typing import Any

import numpy as np

from shared.errors import HubError
from spaces.attention import heads
from spaces.attention.examples import suggestion
from spaces.attention.forward import PASSES
from spaces.attention.results import Map, Pass
from spaces.attention.tokens import Tokens

TILE = 32
"""Pixels of a thumbnail at most; more tokens share a pixel, which shows the largest of their weights."""


def board(done: Pass) -> dict[str, Any]:
    """The page's copy of a forward pass: tokens, summaries and thumbnails, no weights."""
    return {
        "key": done.key,
        "model": done.model,
        "device": done.device,
        "seconds": done.seconds,
        "kind": done.kind,
        "kept": done.kept,
        "total": done.total,
        "source": _tokens(done.source),
        "target": None if done.target is None else _tokens(done.target),
        "suggest": suggestion(done),
        "maps": {name: _map(found) for name, found in done.maps.items()},
    }


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "texts": tokens.texts,
        "spans": tokens.spans,
        "parts": tokens.parts,
        "special": tokens.special,
        "fragments": tokens.fragments,
    }


def _map(found: Map) -> dict[str, Any]:
    summary = heads.summarise(found.weights, square=found.part != "cross")
    layers, count = found.weights.shape[:2]
    return {
        "layers": layers,
        "heads": count,
        "causal": found.causal,
        "cross": found.part == "cross",
        "summary": {
            name: None if (values := getattr(summary, name)) is None else values.round(5).tolist()
            for name in ("entropy", "previous", "first", "same")
        },
        "tile": tile_size(found.weights),
        "sprite": "data:image/png;base64," + base64.b64encode(sprite(found.weights)).decode(),
    }


def tile_size(weights: np.ndarray) -> tuple[int, int]:
    """Width and height of a thumbnail in pixels."""
    return min(TILE, weights.shape[3]), min(TILE, weights.shape[2])


def sprite(weights: np.ndarray) -> bytes:
    """A PNG with a thumbnail of every head, layers from left to right and heads downwards, black with the
    weight as opacity (its square root, or nothing but the largest weights would be seen)."""
    from PIL import Image

    layers, count, rows, columns = weights.shape
    width, height = tile_size(weights)
    small = np.maximum.reduceat(weights, _starts(rows, height), axis=2)
    small = np.maximum.reduceat(small, _starts(columns, width), axis=3)
    opacity = np.sqrt(small.astype(np.float32)).clip(0, 1) * 255
    sheet = opacity.transpose(1, 2, 0, 3).reshape(count * height, layers * width).round().astype(np.uint8)
    black = Image.new("L", (sheet.shape[1], sheet.shape[0]), 0)
    out = io.BytesIO()
    Image.merge("LA", (black, Image.fromarray(sheet, "L"))).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _starts(size: int, cells: int) -> np.ndarray:
    return np.arange(cells) * size // cells


def kept_pass(key: Any) -> Pass:
    """The forward pass behind a drawing. Raises HubError when it has been dropped since."""
    found = PASSES.find(key) if isinstance(key, str) else None
    if found is None:
        raise HubError("attention.expired")
    return found


def kept_map(key: Any, part: Any) -> Map:
    """One kind of its attention. Raises HubError as `kept_pass` does."""
    found = kept_pass(key).maps.get(part if isinstance(part, str) else "")
    if found is None:
        raise HubError("attention.expired")
    return found


def matrix(key: Any, part: Any, layer: Any, head: Any, mean: Any = "") -> dict[str, Any]:
    """One head's weights, a mean (-1), or `mean` "rollout": float16 in base64, row by row."""
    found = kept_map(key, part)
    if mean == "rollout" and found.part != "cross":
        weights = heads.rollout(found.weights)
    else:
        weights = heads.picked(found.weights, layer, head)
    rows, columns = weights.shape
    data = base64.b64encode(weights.astype("<f2").tobytes()).decode()
    return {"rows": rows, "columns": columns, "data": data}


def ranking(key: Any, part: Any, queries: Any, keys: Any) -> list[list[float]]:
    """The heads that link some tokens to others: [layer, head, weight, even] each, strongest first."""
    if not isinstance(queries, list) or not isinstance(keys, list):
        raise HubError("attention.expired")
    found = heads.links(kept_map(key, part), queries, keys)
    return [[link.layer, link.head, round(link.weight, 5), round(link.even, 5)] for link in found]
