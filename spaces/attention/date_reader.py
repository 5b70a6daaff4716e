"""Reads a visitor's date with a trained model, and keeps what the model looked at."""

import functools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spaces.attention import dates
from spaces.attention.date_rules import verdict


@dataclass(frozen=True)
class Reading:
    """A text as the model read it, what it wrote, and the weights behind each character.

    `cross` [layers, heads, written, read]: row t is the look at the input while character t was chosen (the
    last row: while the end was). `encoder` [layers, heads, read, read]: the input's look at itself."""

    text: str
    written: str
    confidence: tuple[float, ...]
    verdict: str
    cross: NDArray[np.float32]
    encoder: NDArray[np.float32]


@functools.cache
def checkpoint() -> tuple[Any, dict[str, Any]]:
    """The model trained longer, and what was measured when it was made. Nobody changes it: all share it."""
    from safetensors.torch import load_model

    from spaces.attention.train_dates import CHECKPOINT
    from spaces.attention.transformer import Config, Transformer

    about = json.loads(CHECKPOINT.with_suffix(".json").read_text(encoding="utf-8"))
    model = Transformer(Config(**about["config"]))
    load_model(model, str(CHECKPOINT))
    return model, about


@functools.cache
def _readers() -> ThreadPoolExecutor:
    """Threads that compute on one core each: beside a training, two threads wait for each other in every
    small step, seconds in all."""
    from spaces.attention.train_dates import use_one_core

    return ThreadPoolExecutor(2, thread_name_prefix="read-date", initializer=use_one_core)


def read(model: Any, text: object) -> Reading:
    """The model's answer to `text`. Raises HubError when it cannot be read."""
    return _readers().submit(_read, model, dates.check(text)).result()


def _read(model: Any, given: str) -> Reading:
    import torch

    with torch.no_grad():
        source = torch.tensor([dates.source_ids(given)])
        written = model.generate(source, dates.START, dates.OUTPUT_LENGTH)
        memory, mask, encoder = model.encode(source)
        begun = torch.cat([torch.full((1, 1), dates.START), written[:, :-1]], dim=1)
        logits, cross = model.decode(begun, memory, mask)
        probabilities = logits.softmax(dim=-1).amax(dim=-1)[0]
    ids = written[0].tolist()
    answer = dates.read_target(ids)
    shown = min(len(answer) + 1, len(ids))
    return Reading(
        given,
        answer,
        tuple(probabilities[:shown].tolist()),
        verdict(given, answer),
        np.stack([layer[0, :, :shown].numpy() for layer in cross]),
        np.stack([layer[0].numpy() for layer in encoder]),
    )


def picked(weights: NDArray[np.float32], layer: int, head: int) -> NDArray[np.float32]:
    """[layers, heads, T, S] -> [T, S]: one map; -1 is the mean over all layers, or over all heads."""
    chosen = weights.mean(axis=0) if layer < 0 else weights[min(layer, len(weights) - 1)]
    return chosen.mean(axis=0) if head < 0 else chosen[min(head, len(chosen) - 1)]
