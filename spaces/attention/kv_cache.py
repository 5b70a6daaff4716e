"""The KV cache: the same tokens with and without it, each forward pass timed alone; and what it weighs."""

import inspect
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

MAX_PROMPT = 256
MIN_NEW, MAX_NEW, DEFAULT_NEW = 8, 128, 48

_one_forward = threading.Lock()
"""Two visitors' races take turns, one forward pass each: a pass is timed with the machine to itself."""


@dataclass(frozen=True)
class CacheShape:
    """What the size of a model's cache depends on. `windows`: for each layer, the most tokens it keeps
    (None: all of them)."""

    heads: int
    kv_heads: int
    head_dim: int
    bytes_per_value: int
    windows: tuple[int | None, ...]

    @property
    def layers(self) -> int:
        return len(self.windows)

    def bytes_for(self, tokens: int, kv_heads: int | None = None) -> int:
        """2 (keys and values) x layers x kv_heads x head_dim x tokens x bytes_per_value."""
        kept = sum(tokens if window is None else min(tokens, window) for window in self.windows)
        return 2 * kept * (kv_heads or self.kv_heads) * self.head_dim * self.bytes_per_value


@dataclass(frozen=True)
class Lap:
    """One new token, both ways. Seconds are of the forward pass alone."""

    index: int
    cached_s: float
    uncached_s: float
    cached_id: int
    uncached_id: int
    cached_tokens: int
    """Positions that the forward pass with the cache had to compute: the prompt once, then one at a time."""
    uncached_tokens: int
    cache_tokens: int
    cache_bytes: int
    """Measured: the bytes of the tensors in the cache after this lap."""


@dataclass(frozen=True)
class Race:
    """The laps so far and what follows from them."""

    prompt_tokens: int
    laps: tuple[Lap, ...] = ()

    @property
    def cached_s(self) -> float:
        return sum(lap.cached_s for lap in self.laps)

    @property
    def uncached_s(self) -> float:
        return sum(lap.uncached_s for lap in self.laps)

    @property
    def speedup(self) -> float:
        return self.uncached_s / self.cached_s if self.cached_s else 0.0

    @property
    def cache_bytes(self) -> int:
        return self.laps[-1].cache_bytes if self.laps else 0

    @property
    def cache_tokens(self) -> int:
        return self.laps[-1].cache_tokens if self.laps else 0

    @property
    def same_tokens(self) -> bool:
        return all(lap.cached_id == lap.uncached_id for lap in self.laps)


def cache_shape(model: Any) -> CacheShape:
    """Read off the model's config. A layer with a sliding window of w keeps the last w - 1 tokens: with the
    new one that is w."""
    config = model.config.get_text_config()
    heads = config.num_attention_heads
    kinds = getattr(config, "layer_types", None)
    window = getattr(config, "sliding_window", None)
    if kinds is None:
        kinds = ["sliding_attention" if window else "full_attention"] * config.num_hidden_layers
    return CacheShape(
        heads=heads,
        kv_heads=getattr(config, "num_key_value_heads", None) or heads,
        head_dim=getattr(config, "head_dim", None) or config.hidden_size // heads,
        bytes_per_value=model.dtype.itemsize,
        windows=tuple(window - 1 if kind == "sliding_attention" and window else None for kind in kinds),
    )


def measured_bytes(cache: Any) -> int:
    """The bytes of the key and value tensors in a transformers cache."""
    return sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers if layer.keys is not None)


def race(model: Any, ids: tuple[int, ...], new_tokens: int) -> Generator[Lap, None, None]:
    """Greedy decoding of `new_tokens` tokens twice, a token of each in turn, so that whatever else the
    machine does slows both alike; who goes first alternates too. Like `generate`, only the last position's
    logits are computed. An end-of-text token does not end the race. Closing the iterator stops it."""
    import torch
    from transformers import DynamicCache

    device = model.device
    kwargs = {"logits_to_keep": 1} if "logits_to_keep" in inspect.signature(model.forward).parameters else {}
    cache = DynamicCache(config=model.config)
    with_cache, without = torch.tensor([ids], device=device), torch.tensor([ids], device=device)
    fresh = with_cache

    def cached_pass() -> Any:
        return model(fresh, past_key_values=cache, use_cache=True, **kwargs)

    def uncached_pass() -> Any:
        return model(without, use_cache=False, **kwargs)

    _timed(uncached_pass)  # the first pass of a process allocates memory; it is not a lap
    for index in range(new_tokens):
        if index % 2:
            right, uncached_s = _timed(uncached_pass)
            left, cached_s = _timed(cached_pass)
        else:
            left, cached_s = _timed(cached_pass)
            right, uncached_s = _timed(uncached_pass)
        computed = fresh.shape[1], without.shape[1]
        fresh = left.logits[:, -1].argmax(-1, keepdim=True)
        with_cache = torch.cat([with_cache, fresh], dim=1)
        without = torch.cat([without, right.logits[:, -1].argmax(-1, keepdim=True)], dim=1)
        yield Lap(
            index=index,
            cached_s=cached_s,
            uncached_s=uncached_s,
            cached_id=int(with_cache[0, -1]),
            uncached_id=int(without[0, -1]),
            cached_tokens=computed[0],
            uncached_tokens=computed[1],
            cache_tokens=cache.get_seq_length(),
            cache_bytes=measured_bytes(cache),
        )


def _timed(forward: Any) -> tuple[Any, float]:
    """The output and its seconds; on a GPU until it has really computed."""
    import torch

    with _one_forward, torch.inference_mode():
        started = time.perf_counter()
        output = forward()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return output, time.perf_counter() - started
