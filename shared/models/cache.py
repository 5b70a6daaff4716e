"""`ModelCache`: each model in memory once, leased to all who need it, evicted by measured bytes."""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.errors import HubError
from shared.models.loaders import Loaded, load
from shared.models.memory import free_memory, give_back, human_bytes, is_out_of_memory
from shared.models.registry import ModelSpec

log = logging.getLogger(__name__)

State = Literal["idle", "leased", "loading"]


@dataclass(frozen=True)
class CacheKey:
    """What makes two models two. The spec's key belongs to it: variants of one repository share the rest."""

    spec: str
    repo: str
    revision: str
    task: str
    dtype: str
    quantization: str
    adapter: str


def key_of(spec: ModelSpec) -> CacheKey:
    return CacheKey(
        spec.key, spec.repo, spec.revision, spec.task, spec.dtype, spec.quantization, spec.adapter
    )


@dataclass(frozen=True)
class CacheRow:
    """One model of the cache, for the panel. `last_used` is Unix time; counts survive an eviction."""

    key: str
    name: str
    state: State
    leases: int
    hits: int
    misses: int
    bytes: int
    load_seconds: float
    last_used: float
    device: str


@dataclass(eq=False)
class _Entry:
    """`bytes` is what it takes from the budget now: measured, or reserved while it loads, or 0."""

    spec: ModelSpec
    estimate: int
    loaded: Loaded | None = None
    loading: "Future[None] | None" = None
    bytes: int = 0
    leases: int = 0
    turn: int = 0
    hits: int = 0
    misses: int = 0
    load_seconds: float = 0.0
    last_used: float = field(default_factory=time.time)


class ModelCache:
    """`budget` is in bytes, for all models together. `fixed` (ZeroGPU): what is loaded stays loaded."""

    def __init__(
        self, budget: int, loader: Callable[[ModelSpec], Loaded] = load, *, fixed: bool = False
    ) -> None:
        self.budget_bytes = budget
        self._loader = loader
        self._fixed = fixed
        # never held while something loads or closes: a hit does not wait for those
        self._lock = threading.Lock()
        self._entries: dict[CacheKey, _Entry] = {}
        self._turns = itertools.count(1)

    @contextmanager
    def lease(self, spec: ModelSpec) -> Iterator[Any]:
        """The model, in memory at least until the block ends. Raises HubError or what the loader raised."""
        entry, loaded = self._acquire(spec)
        try:
            yield loaded.model
        finally:
            del loaded
            with self._lock:
                self._touch(entry)
                entry.leases -= 1

    @property
    def used_bytes(self) -> int:
        """Measured bytes of what is loaded, plus the estimates of what is loading."""
        with self._lock:
            return sum(entry.bytes for entry in self._entries.values())

    def is_loaded(self, spec: ModelSpec) -> bool:
        with self._lock:
            entry = self._entries.get(key_of(spec))
            return entry is not None and entry.loaded is not None

    def loading(self, spec: ModelSpec) -> bool:
        with self._lock:
            entry = self._entries.get(key_of(spec))
            return entry is not None and entry.loading is not None

    def stats(self) -> list[CacheRow]:
        """What is in memory or on its way, most recently used first."""
        with self._lock:
            present = [entry for entry in self._entries.values() if entry.loaded or entry.loading]
            return [_row(entry) for entry in sorted(present, key=lambda entry: -entry.turn)]

    def unload(self, spec: ModelSpec) -> None:
        """Frees an idle model; nothing to do when it is not loaded. Raises HubError when somebody uses it."""
        with self._lock:
            entry = self._entries.get(key_of(spec))
            if entry is None or (entry.loaded is None and entry.loading is None):
                return
            if entry.leases or entry.loading:
                raise HubError("hub.model_busy", model=spec.name)
            victims = [_take(entry)]
        _dispose(victims)

    def evict_idle(self) -> int:
        """Frees all models that nobody uses. Returns their bytes."""
        with self._lock:
            idle = self._idle()
            freed = sum(entry.bytes for entry in idle)
            victims = [_take(entry) for entry in idle]
        _dispose(victims)
        return freed

    def _acquire(self, spec: ModelSpec) -> tuple[_Entry, Loaded]:
        with self._lock:
            entry = self._entries.setdefault(key_of(spec), _Entry(spec, spec.memory_bytes or spec.bytes))
            # counted before the model is there: nobody may evict it between its arrival and our waking up
            entry.leases += 1
            self._touch(entry)
            if entry.loaded is not None:
                entry.hits += 1
                return entry, entry.loaded
            mine = entry.loading is None
            if mine:
                entry.loading = Future()
                entry.misses += 1
            else:
                entry.hits += 1
            arrival = entry.loading
        assert arrival is not None
        try:
            if mine:
                self._load(entry, arrival)
            else:
                arrival.result()
        except BaseException:
            with self._lock:
                entry.leases -= 1
            raise
        assert entry.loaded is not None
        return entry, entry.loaded

    def _load(self, entry: _Entry, arrival: "Future[None]") -> None:
        """Loads in the calling thread and tells those who wait for `arrival`."""
        started = time.perf_counter()
        try:
            self._make_room(entry, entry.estimate)
            loaded = self._call_loader(entry)
            # what it weighs on disk was a guess; the next attempt knows better, even if this one fails
            entry.estimate = loaded.bytes
            try:
                self._make_room(entry, loaded.bytes)
            except HubError:
                _dispose([loaded])
                raise
        except BaseException as error:
            with self._lock:
                entry.loading, entry.bytes = None, 0
            arrival.set_exception(error)
            raise
        with self._lock:
            entry.loaded, entry.loading = loaded, None
            entry.load_seconds = time.perf_counter() - started
            self._touch(entry)
        log.info("%s loaded: %s, %.1f s", entry.spec.key, human_bytes(loaded.bytes), entry.load_seconds)
        arrival.set_result(None)

    def _call_loader(self, entry: _Entry) -> Loaded:
        for _ in range(2):
            try:
                return self._loader(entry.spec)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                # words only: a record that keeps the error keeps its traceback and the half-loaded model
                log.warning("%s: out of memory (%s)", entry.spec.key, str(error))
            # outside of `except`: the error's traceback kept the half-loaded model alive
            self.evict_idle()
            give_back()
        raise HubError(
            "hub.out_of_memory",
            model=entry.spec.name,
            needed=human_bytes(entry.estimate),
            free=human_bytes(free_memory()),
        )

    def _make_room(self, entry: _Entry, need: int) -> None:
        """Takes `need` bytes of the budget for `entry`, evicting the least recently used; all or nothing."""
        with self._lock:
            idle = sorted(self._idle(), key=lambda other: other.turn)
            used = sum(other.bytes for other in self._entries.values()) - entry.bytes
            held = used - sum(other.bytes for other in idle)
            if held + need > self.budget_bytes:
                raise HubError(
                    "hub.out_of_memory",
                    model=entry.spec.name,
                    needed=human_bytes(need),
                    free=human_bytes(max(0, self.budget_bytes - held)),
                )
            victims = []
            for other in idle:
                if used + need <= self.budget_bytes:
                    break
                used -= other.bytes
                log.info("%s makes room for %s", other.spec.key, entry.spec.key)
                victims.append(_take(other))
            entry.bytes = need
        _dispose(victims)

    def _idle(self) -> list[_Entry]:
        """What may be evicted. The lock is held."""
        if self._fixed:
            return []
        return [entry for entry in self._entries.values() if entry.loaded and not entry.leases]

    def _touch(self, entry: _Entry) -> None:
        entry.turn, entry.last_used = next(self._turns), time.time()


def _take(entry: _Entry) -> Loaded:
    """The loaded model, no longer in the cache. The lock is held."""
    loaded = entry.loaded
    assert loaded is not None
    entry.loaded, entry.bytes = None, 0
    return loaded


def _dispose(victims: list[Loaded]) -> None:
    """Closes the models, empties the list (their last reference), gives the memory back. No lock is held."""
    if not victims:
        return
    for loaded in victims:
        try:
            loaded.close()
        except Exception:
            log.exception("a model did not close properly; its memory may stay taken")
    del loaded
    victims.clear()
    give_back()


def _row(entry: _Entry) -> CacheRow:
    state: State = "loading" if entry.loading else "leased" if entry.leases else "idle"
    return CacheRow(
        key=entry.spec.key,
        name=entry.spec.name,
        state=state,
        leases=entry.leases,
        hits=entry.hits,
        misses=entry.misses,
        bytes=entry.bytes,
        load_seconds=entry.load_seconds,
        last_used=entry.last_used,
        device=entry.loaded.device if entry.loaded else "",
    )
