"""One forward pass with everything a view wants from it, computed once and shared by all who look at it."""

import hashlib
from dataclasses import replace
from typing import Any

from shared.engines.validation import check_text
from shared.errors import HubError
from shared.models import MODELS, ModelSpec, white_box
from shared.models.loaders import can_load
from shared.models.registry import DEFAULT_CHAT
from spaces.attention.capture import run
from spaces.attention.passes import Passes
from spaces.attention.results import Kind, Map, Part, Pass

__all__ = ["MAX_TOKENS", "PASSES", "Kind", "Map", "Part", "Pass", "choices", "kind_of", "look", "opened"]

MAX_TOKENS = 256
"""Of each text; a drawing of more is neither legible nor smooth."""
MAX_CHARACTERS = 50_000
KEEP_BYTES = 256 * 2**20
_FLOAT32_UP_TO = 1_500_000_000
"""Parameters. Smaller models are looked at in float32, where arithmetic by hand agrees to seven digits;
larger ones in the dtype of their files, where it agrees to two."""
_TASKS = ("chat", "causal-lm", "embed", "rerank", "sentiment", "fill-mask", "seq2seq", "encoder")

PASSES: Passes[Pass] = Passes(KEEP_BYTES)


def kind_of(spec: ModelSpec) -> Kind:
    """How a model of this task reads: only backwards, both ways, or one after the other."""
    if spec.task in ("chat", "causal-lm"):
        return "causal"
    return "encoder-decoder" if spec.task == "seq2seq" else "encoder"


def choices() -> list[ModelSpec]:
    """The models of the registry that can be looked into, embedded ones first."""
    found = []
    for spec in MODELS.values():
        if spec.task in _TASKS and spec.engine != "remote":
            try:
                inner = white_box(spec)
            except HubError:
                continue
            if inner.key == spec.key and not spec.needs and can_load(inner):
                found.append(spec)
    return sorted(found, key=lambda spec: (spec.embedded is None, kind_of(spec) != "causal"))


def opened(model: str | None) -> ModelSpec:
    """The spec to lease for a model's key. Raises HubError for an unknown, remote or closed model."""
    spec = MODELS.get(model or DEFAULT_CHAT)
    if spec is None:
        raise HubError("hub.unknown_model", model=str(model)[:80])
    inner = white_box(spec)
    if inner.parameters <= _FLOAT32_UP_TO and not inner.quantization:
        inner = replace(inner, dtype="float32")
    return inner


def look(text: str, text_pair: str = "", model: str | None = None) -> Pass:
    """The forward pass of `model` over `text` (and `text_pair`: an encoder's second text, what the decoder
    of an encoder-decoder has written). The same inputs give the same object, while it is kept.

    Raises HubError: no text, far too long, unknown model, a pair for a causal model."""
    text, text_pair = _checked(text), _checked(text_pair or "")
    if not text.strip():
        raise HubError("attention.no_text")
    spec = opened(model)
    if text_pair and kind_of(spec) == "causal":
        raise HubError("attention.no_pair", model=spec.name)
    key = hashlib.sha256("\0".join((repr(spec), text, text_pair)).encode()).hexdigest()[:32]
    return PASSES.get(key, lambda: run(key, spec, kind_of(spec), text, text_pair, MAX_TOKENS))


def _checked(text: Any) -> str:
    if not isinstance(text, str):
        raise HubError("attention.no_text")
    if len(text) > MAX_CHARACTERS:
        raise HubError("attention.too_long", characters=len(text), limit=MAX_CHARACTERS)
    return check_text(text)
