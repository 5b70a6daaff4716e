"""The endpoint of the date model."""

from typing import Any

import gradio as gr
import numpy as np

from shared.ui import API_LIGHT, handler
from spaces.attention import date_reader
from spaces.attention.date_rules import is_iso


def api_parts() -> None:
    """Registers the endpoint, at start."""
    gr.api(handler(read_date), api_name="read_date", **API_LIGHT)


def read_date(text: str) -> dict[str, Any]:
    """A date in free form, English or Chinese -> {"iso", "input", "output", "cross_attention"}.

    "iso" is null when what the model wrote is no day of the calendar; "input" and "output" are lists of
    characters, "cross_attention" one row per output character: the weights on the input's characters, mean
    over layers and heads."""
    model, _ = date_reader.checkpoint()
    reading = date_reader.read(model, text)
    rows = date_reader.picked(reading.cross, -1, -1)[: len(reading.written)]
    return {
        "iso": reading.written if is_iso(reading.written) else None,
        "input": list(reading.text),
        "output": list(reading.written),
        "cross_attention": np.round(rows.astype(float), 6).tolist(),
    }
