"""The registry: every model the hub knows, by key."""

from dataclasses import replace

from shared.errors import HubError
from shared.models.catalogue import SPECS
from shared.models.spec import (
    Embedded,
    Engine,
    FromGGUF,
    InPackage,
    InRepo,
    InWheel,
    ModelSpec,
    Needs,
    Task,
    WithHead,
)

__all__ = [
    "DEFAULT_CHAT",
    "DEFAULT_EMBED",
    "MODELS",
    "Embedded",
    "Engine",
    "FromGGUF",
    "InPackage",
    "InRepo",
    "InWheel",
    "ModelSpec",
    "Needs",
    "Task",
    "WithHead",
    "of_task",
    "register",
    "white_box",
]

MODELS: dict[str, ModelSpec] = {spec.key: spec for spec in SPECS}
DEFAULT_CHAT = "smollm2-135m"
"""Embedded, fast on a CPU."""
GPU_CHAT = ("phi-3-mini-bf16", "qwen1.5-1.8b", "qwen3-0.6b", "qwen2-0.5b-bf16", "smollm2-135m-bf16")
"""For the transformers engine on a GPU, the preferred first."""
DEFAULT_EMBED = "minilm-l6"


def register(spec: ModelSpec) -> None:
    """Adds a model. Raises ValueError when the key is taken."""
    if spec.key in MODELS:
        raise ValueError(f"the model key {spec.key!r} is taken")
    MODELS[spec.key] = spec


def of_task(task: Task) -> list[ModelSpec]:
    """The models that do `task`, embedded ones first."""
    return sorted((s for s in MODELS.values() if s.task == task), key=lambda s: s.embedded is None)


def white_box(spec: ModelSpec) -> ModelSpec:
    """The same weights to look inside: torch, eager attention (the only kind that returns its weights).

    A lease of it is a `Weights`. Raises HubError for a model on another server or with no torch weights."""
    if spec.engine == "remote":
        raise HubError("hub.needs_local_weights", model=spec.name)
    if spec.engine == "llamacpp":
        made = (s for s in MODELS.values() if s.task == "causal-lm" and s.embedded == FromGGUF(spec.key))
        found = next(made, None)
        if found is None:
            raise HubError("hub.needs_torch_weights", model=spec.name)
        return found
    if spec.task == "chat":
        same = (s for s in MODELS.values() if s.task == "causal-lm" and s.embedded == spec.embedded)
        return (next(same, None) if spec.embedded else None) or replace(spec, task="causal-lm")
    if spec.task in ("embed", "rerank", "sentiment"):
        return replace(spec, task="encoder", engine="transformers")
    if spec.task in ("causal-lm", "encoder", "fill-mask", "seq2seq"):
        return spec
    raise HubError("hub.needs_torch_weights", model=spec.name)
