"""From a local folder to a model in memory: one loader per engine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.models.fetch import fetch
from shared.models.registry import ModelSpec
from shared.settings import settings


@dataclass(frozen=True)
class Loaded:
    """A model in memory: measured bytes, a device name for people; `close` frees what Python does not."""

    model: Any
    bytes: int
    device: str
    close: Callable[[], None]


Loader = Callable[[ModelSpec, Path], Loaded]


@dataclass(frozen=True)
class CausalLM:
    """Weights that labs look inside, and the tokenizer that goes with them."""

    model: Any
    tokenizer: Any


def load(spec: ModelSpec) -> Loaded:
    """Fetches `spec` and loads it with its engine's loader."""
    return LOADERS[spec.engine](spec, fetch(spec))


def register_loader(engine: str, loader: Loader) -> None:
    """Adds the loader of an engine. Raises ValueError when the engine has one."""
    if engine in LOADERS:
        raise ValueError(f"the engine {engine!r} has a loader")
    LOADERS[engine] = loader


def tensor_bytes(tensors: Iterable[Any]) -> int:
    """Bytes of the storages behind torch tensors; tied weights share one and count once."""
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in tensors}
    return sum(storage.nbytes() for storage in storages.values())


def _llamacpp(spec: ModelSpec, folder: Path) -> Loaded:
    from shared.engines.llamacpp import LlamaCpp

    engine = LlamaCpp(spec, folder / spec.gguf, slots=settings().slots, slot_context=settings().slot_context)
    return Loaded(engine, engine.memory_bytes, engine.device, engine.close)


def _sentence_transformers(spec: ModelSpec, folder: Path) -> Loaded:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(folder),
        device=_device(),
        model_kwargs={"dtype": getattr(torch, spec.dtype), "use_safetensors": True},
        trust_remote_code=False,
        local_files_only=True,
    )
    return _torch_loaded(model, model)


def _transformers(spec: ModelSpec, folder: Path) -> Loaded:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(
        str(folder),
        dtype=getattr(torch, spec.dtype),
        attn_implementation="eager",  # sdpa returns no attention weights
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
    )
    if spec.adapter:
        model.load_adapter(spec.adapter)
    tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
    return _torch_loaded(CausalLM(model.to(_device()).eval(), tokenizer), model)


def _torch_loaded(model: Any, module: Any) -> Loaded:
    measured = tensor_bytes([*module.parameters(), *module.buffers()])
    # torch frees a model with its last reference, and the cache drops that one
    return Loaded(model, measured, _device_name(), lambda: None)


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _device_name() -> str:
    import torch

    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else "CPU"


LOADERS: dict[str, Loader] = {
    "llamacpp": _llamacpp,
    "sentence-transformers": _sentence_transformers,
    "transformers": _transformers,
}
