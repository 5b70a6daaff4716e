"""The models of this process: the registry, and the one cache that all labs lease from."""

import functools
import threading

import shared
from shared.models.cache import ModelCache
from shared.models.memory import default_budget
from shared.models.registry import MODELS, ModelSpec, of_task

__all__ = ["MODELS", "ModelCache", "ModelSpec", "cache", "of_task"]

_making = threading.Lock()


@functools.cache
def _the_cache() -> ModelCache:
    return ModelCache(default_budget(), fixed=shared.ON_ZERO_GPU)


def cache() -> ModelCache:
    """The process's one `ModelCache`, made at the first call."""
    # functools.cache alone lets two first callers make one each
    with _making:
        return _the_cache()
