"""The lab's endpoints for gradio_client; null means the default."""

from typing import Any

import gradio as gr
import numpy as np

from shared.ui import API_MODEL, handler
from spaces.attention import heads
from spaces.attention.endpoints_parts import api_parts
from spaces.attention.endpoints_views import api_views
from spaces.attention.forward import look
from spaces.attention.results import Pass


def api() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(attention), api_name="attention", **API_MODEL)
    gr.api(handler(attention_summary), api_name="attention_summary", **API_MODEL)
    api_views()
    api_parts()


def attention(
    text: str,
    text_pair: str | None = None,
    model: str | None = None,
    layer: int | None = None,
    head: int | None = None,
) -> dict[str, Any]:
    """The tokens, and the weights of one head, rows are queries; a layer or head of -1 or null: the mean
    over it.

    `model` is a key of the registry, null for the embedded chat model. `text_pair`: for encoders."""
    done = _looked(text, text_pair, model)
    weights = heads.picked(done.attentions, -1 if layer is None else layer, -1 if head is None else head)
    # float16 has no more than four digits
    return {"tokens": list(done.tokens), "weights": np.round(weights.astype(float), 6).tolist()}


def attention_summary(text: str, model: str | None = None) -> dict[str, Any]:
    """What each head does: {"layers": one list a layer, of {"entropy" (bits), "previous", "first", "same"} a
    head}."""
    done = _looked(text, None, model)
    found = heads.summarise(done.attentions)
    rows = zip(found.entropy, found.previous, found.first, found.same, strict=True)  # type: ignore[arg-type]
    names = ("entropy", "previous", "first", "same")
    return {
        "layers": [
            [dict(zip(names, map(float, values), strict=True)) for values in zip(*layer, strict=True)]
            for layer in rows
        ]
    }


def _looked(text: str, text_pair: str | None, model: str | None) -> Pass:
    return heads.check(look(text, text_pair or "", model))
