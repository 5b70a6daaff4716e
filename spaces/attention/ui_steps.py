"""The second tab: scaled dot-product attention of one head and one token, step by step."""

import base64
import functools
from dataclasses import fields
from typing import Any

import gradio as gr
import numpy as np

from shared.i18n import Translator
from spaces.attention import board, scaled_dot
from spaces.attention.ui_heatmap import answering, drawing


def draw(t: Translator) -> gr.HTML:
    """Draws the tab."""
    return drawing(t, ["paint.js", "strips.js", "steps.js"], [steps, saturation])


@answering
def steps(key: Any, layer: Any, head: Any, query: Any) -> dict[str, Any]:
    """The numbers of one head and one query; arrays as float32 in base64."""
    return packed(scaled_dot.steps(board.kept_pass(key), layer, head, query))


@answering
def saturation() -> dict[str, Any]:
    """The softmax of random scores for every d_k."""
    return {"widths": _saturation()}


@functools.cache
def _saturation() -> list[dict[str, Any]]:
    return [packed(scaled_dot.saturation(width)) for width in scaled_dot.WIDTHS]


def packed(record: Any) -> dict[str, Any]:
    """A dataclass of numbers and arrays, for the browser."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: base64.b64encode(value.astype("<f4").tobytes()).decode()
        if isinstance(value, np.ndarray)
        else value
        for name, value in values.items()
    }
