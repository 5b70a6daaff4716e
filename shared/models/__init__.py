"""The models of this process: the registry, and the one cache that all labs lease from."""

import functools
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import shared
from shared.errors import HubError
from shared.models.cache import ModelCache
from shared.models.memory import default_budget, has_cuda, settle_allocator
from shared.models.registry import DEFAULT_CHAT, GPU_CHAT, MODELS, ModelSpec, of_task, register, white_box
from shared.settings import Settings, settings

__all__ = ["MODELS", "ModelCache", "ModelSpec", "cache", "default_chat", "of_task", "white_box"]

_making = threading.Lock()


def register_remote(chosen: Settings) -> None:
    """Lists the chat model of `HUB_REMOTE_URL`, if there is one, beside those of this machine."""
    if chosen.remote_url and "remote" not in MODELS:
        register(
            ModelSpec(
                key="remote",
                name=chosen.remote_model or urlsplit(chosen.remote_url).hostname or chosen.remote_url,
                task="chat",
                engine="remote",
                repo=chosen.remote_model,
                licence="",
                parameters=0,
                bytes=0,
                dtype="",
            )
        )


def quantize(chosen: Settings) -> None:
    """Makes every chat model of the transformers engine one in 4 or 8 bits, if `HUB_QUANTIZE` says so.

    Weights to look inside stay as they are. The sizes become what bitsandbytes' formats need at least."""
    bits = {"nf4": 4, "int8": 8}.get(chosen.quantization)
    for key, spec in list(MODELS.items()):
        if bits and spec.task == "chat" and spec.engine == "transformers" and not spec.quantization:
            MODELS[key] = replace(
                spec,
                name=f"{spec.name}, {chosen.quantization}",
                quantization=chosen.quantization,
                memory_bytes=spec.bytes * bits // 16,
            )


register_remote(settings())
quantize(settings())


def default_chat() -> ModelSpec:
    """The chat model of visitors who did not choose: that of `HUB_REMOTE_URL`; on a GPU the largest of
    `GPU_CHAT` that is on this disk; else the embedded one through llama.cpp."""
    if "remote" in MODELS:
        return MODELS["remote"]
    return _on_gpu() or MODELS[DEFAULT_CHAT]


@functools.cache
def _on_gpu() -> ModelSpec | None:
    """Nothing is downloaded unasked, so only what is here counts. ZeroGPU lends its GPU by the call."""
    from shared.models.fetch import on_disk

    if shared.ON_ZERO_GPU or not has_cuda():
        return None
    for key in GPU_CHAT:
        try:
            if on_disk(MODELS[key]) is not None:
                return MODELS[key]
        except HubError:
            continue  # a damaged or incomplete folder: said when somebody chooses that model
    return None


@functools.cache
def _the_cache() -> ModelCache:
    settle_allocator()
    return ModelCache(default_budget(), fixed=shared.ON_ZERO_GPU)


def cache() -> ModelCache:
    """The process's one `ModelCache`, made at the first call."""
    # functools.cache alone lets two first callers make one each
    with _making:
        return _the_cache()
