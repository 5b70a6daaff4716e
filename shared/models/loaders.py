"""From a local folder to a model in memory: one loader per engine."""

import functools
import importlib.util
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shared
from shared.errors import HubError
from shared.models.fetch import fetch
from shared.models.registry import FromGGUF, InPackage, InRepo, ModelSpec, Task, WithHead
from shared.settings import settings


@dataclass(frozen=True)
class Loaded:
    """A model in memory: measured bytes, a device name for people; `close` frees what Python does not."""

    model: Any
    bytes: int
    device: str
    close: Callable[[], None]


_taking_turns = threading.Lock()
"""transformers keeps the dtype of the load it is busy with in a global: two loads side by side mix theirs
up. Its import belongs under the lock too: it puts another object in its own place on the way, and a thread
that waits for the import of a first one (`import` statement, Python 3.11) is left with the empty old one."""

Loader = Callable[[ModelSpec, Path], Loaded]


@dataclass(frozen=True)
class Weights:
    """A model and what makes its input: a tokenizer, or (BLIP-2, CLIP) a processor of pictures and texts.

    `preprocess` is OpenCLIP's: it turns one picture into pixels; its `tokenizer` is a function."""

    model: Any
    tokenizer: Any
    preprocess: Any = None


AUTO_CLASSES: dict[Task, str] = {
    "chat": "AutoModelForCausalLM",
    "causal-lm": "AutoModelForCausalLM",
    "encoder": "AutoModel",
    "fill-mask": "AutoModelForMaskedLM",
    "seq2seq": "AutoModelForSeq2SeqLM",
    "sentiment": "AutoModelForSequenceClassification",
    "clip": "CLIPModel",
    "vqa": "Blip2ForConditionalGeneration",
}
"""What transformers calls the class of each task."""
WITH_PICTURES = ("clip", "vqa")
_WHITE_BOX = ("causal-lm", "encoder", "fill-mask", "seq2seq")
"""Tasks whose labs look at attention weights: eager attention, since sdpa returns none."""


PACKAGES: dict[str, tuple[str, ...]] = {
    "llamacpp": ("xllamacpp",),
    "transformers": ("torch", "transformers", "accelerate", "llguidance"),
    "sentence-transformers": ("sentence_transformers",),
    "cross-encoder": ("sentence_transformers",),
    "open-clip": ("open_clip",),
    "remote": ("openai",),
}
"""What must be installed for an engine, by import name. A lab published alone brings only its own engines."""
FROM_GGUF = ("torch", "transformers", "accelerate", "gguf")
"""The same for weights that are made from a GGUF."""
PICTURES = ("torchvision",)
"""The same, on top, for models that see."""


def load(spec: ModelSpec) -> Loaded:
    """Fetches `spec` and loads it with its engine's loader. Raises HubError when there is none."""
    if not _has_loader(spec):
        raise HubError("hub.no_loader", model=spec.name)
    if package := missing_package(spec):
        raise HubError("hub.package_missing", model=spec.name, package=package.replace("_", "-"))
    if spec.engine == "remote":
        return _remote(spec)
    return LOADERS[spec.engine](spec, fetch(spec))


def can_load(spec: ModelSpec) -> bool:
    """Whether there is a loader for this engine and task, and all it needs is installed."""
    return _has_loader(spec) and not missing_package(spec) and not left_out(spec)


def missing_package(spec: ModelSpec) -> str:
    """The first package without which `spec` cannot be loaded, by import name; empty: none is missing."""
    wanted = PACKAGES.get(spec.engine, ())
    if isinstance(spec.embedded, FromGGUF):
        wanted += FROM_GGUF
    elif isinstance(spec.embedded, InPackage) and not spec.files:
        wanted += (spec.embedded.package,)
    if spec.task in WITH_PICTURES:
        wanted += PICTURES
    return next((name for name in wanted if not _installed(name)), "")


def left_out(spec: ModelSpec) -> bool:
    """Whether its weights lie with another lab and this is a lab published alone."""
    return isinstance(spec.embedded, InRepo | WithHead) and not (shared.ROOT / spec.embedded.folder).is_dir()


@functools.cache
def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _has_loader(spec: ModelSpec) -> bool:
    if spec.engine == "transformers":
        return spec.task in AUTO_CLASSES
    return spec.engine == "remote" or spec.engine in LOADERS


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


def _remote(spec: ModelSpec) -> Loaded:
    """A chat model on another machine: nothing to fetch, next to nothing in memory here."""
    from shared.engines.remote import RemoteEngine

    engine = RemoteEngine.from_settings(settings())
    return Loaded(engine, 0, engine.device, engine.close)


def _sentence_transformers(spec: ModelSpec, folder: Path) -> Loaded:
    with _taking_turns:
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
    """A chat model becomes an engine; everything else is a `Weights`."""
    if spec.task != "chat":
        weights = from_folder(spec, folder, attention="eager" if spec.task in _WHITE_BOX else "sdpa")
        return _torch_loaded(weights, weights.model)
    from shared.engines import lent
    from shared.engines.local import LocalEngine

    borrows = lent.starting()
    weights = from_folder(spec, folder, attention="sdpa", device="cuda" if borrows else _device())
    engine = LocalEngine(spec, weights, slots=settings().slots, slot_context=settings().slot_context)
    if borrows:
        borrowing = lent.LentEngine(spec.key, engine)
        return Loaded(borrowing, engine.memory_bytes, borrowing.device, borrowing.close)
    return Loaded(engine, engine.memory_bytes, engine.device, engine.close)


def from_folder(spec: ModelSpec, folder: Path, *, attention: str, device: str | None = None) -> Weights:
    """Weights and tokenizer of `folder`, in `spec.dtype` or quantised (`spec.quantization`: nf4 or int8)."""
    with _taking_turns:
        import torch
        import transformers

        quantized = _bitsandbytes(spec)
        model: Any = getattr(transformers, AUTO_CLASSES[spec.task]).from_pretrained(
            str(folder),
            dtype=getattr(torch, spec.dtype),
            attn_implementation=attention,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            quantization_config=quantized,
            # bitsandbytes quantises on the way to the device; afterwards such a model cannot be moved
            device_map=None if quantized is None else {"": device or _device()},
        )
    if spec.adapter:
        from shared.engines.adapters import check_folder

        check_folder(Path(spec.adapter))
        model.load_adapter(spec.adapter)
    reader = transformers.AutoProcessor if spec.task in WITH_PICTURES else transformers.AutoTokenizer
    tokenizer = reader.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
    moved = model if quantized is not None else model.to(device or _device())
    return Weights(moved.eval(), tokenizer)


def _cross_encoder(spec: ModelSpec, folder: Path) -> Loaded:
    with _taking_turns:
        import torch
        from sentence_transformers import CrossEncoder

        model = CrossEncoder(
            str(folder),
            device=_device(),
            model_kwargs={"dtype": getattr(torch, spec.dtype), "use_safetensors": True},
            trust_remote_code=False,
            local_files_only=True,
        )
    return _torch_loaded(model, model.model)


def _open_clip(spec: ModelSpec, folder: Path) -> Loaded:
    import open_clip

    name = f"local-dir:{folder}"
    with _taking_turns:
        model, _, preprocess = open_clip.create_model_and_transforms(name, device=_device())
    return _torch_loaded(Weights(model.eval(), open_clip.get_tokenizer(name), preprocess), model)


def _bitsandbytes(spec: ModelSpec) -> Any:
    """How to quantise on loading; None for weights that stay as they are."""
    if spec.quantization not in ("nf4", "int8"):
        return None
    if importlib.util.find_spec("bitsandbytes") is None:
        raise HubError("hub.package_missing", model=spec.name, package="bitsandbytes")
    import torch
    from transformers import BitsAndBytesConfig

    if spec.quantization == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=getattr(torch, spec.dtype),
    )


def _torch_loaded(model: Any, module: Any) -> Loaded:
    measured = tensor_bytes([*module.parameters(), *module.buffers()])
    # torch frees a model with its last reference, and the cache drops that one
    return Loaded(model, measured, _device_name(), lambda: None)


def _device() -> str:
    import torch

    # on ZeroGPU only a `LentEngine` may be there: outside of its GPU calls the process has none
    return "cuda" if torch.cuda.is_available() and not shared.ON_ZERO_GPU else "cpu"


def _device_name() -> str:
    import torch

    return str(torch.cuda.get_device_name()) if _device() == "cuda" else "CPU"


LOADERS: dict[str, Loader] = {
    "llamacpp": _llamacpp,
    "sentence-transformers": _sentence_transformers,
    "transformers": _transformers,
    "cross-encoder": _cross_encoder,
    "open-clip": _open_clip,
}
