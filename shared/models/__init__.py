"""The models of this process: the registry, and the one cache that all labs lease from."""

import functools
import threading
from urllib.parse import urlsplit

import shared
from shared.models.cache import ModelCache
from shared.models.memory import default_budget, settle_allocator
from shared.models.registry import MODELS, ModelSpec, of_task, register, white_box
from shared.settings import Settings, settings

__all__ = ["MODELS", "ModelCache", "ModelSpec", "cache", "of_task", "white_box"]

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


register_remote(settings())


@functools.cache
def _the_cache() -> ModelCache:
    settle_allocator()
    return ModelCache(default_budget(), fixed=shared.ON_ZERO_GPU)


def cache() -> ModelCache:
    """The process's one `ModelCache`, made at the first call."""
    # functools.cache alone lets two first callers make one each
    with _making:
        return _the_cache()
