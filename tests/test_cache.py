"""ModelCache with small loaders: one load per key, leases, eviction by bytes, out of memory."""

import shared  # noqa: F401, I001

import gc
import random
import statistics
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from shared.errors import HubError
from shared.models.cache import ModelCache
from shared.models.loaders import Loaded
from shared.models.memory import human_bytes, is_out_of_memory
from shared.models.registry import ModelSpec


class Toy:
    """A model that knows whether it was closed."""

    def __init__(self, spec: ModelSpec) -> None:
        self.key = spec.key
        self.closed = False

    def close(self) -> None:
        self.closed = True


def toy_spec(key: str, size: int = 100) -> ModelSpec:
    return ModelSpec(key, key.upper(), "embed", "transformers", f"org/{key}", "MIT", 1, size, "float32")


class Loader:
    """Loads toys, counts, and does `first` in the loading thread."""

    def __init__(self, first: Callable[[ModelSpec], None] = lambda spec: None, grow: int = 0) -> None:
        self.first, self.grow = first, grow
        self.loads: list[str] = []
        self.made: list[Toy] = []

    def __call__(self, spec: ModelSpec) -> Loaded:
        self.loads.append(spec.key)
        self.first(spec)
        toy = Toy(spec)
        self.made.append(toy)
        return Loaded(toy, spec.bytes + self.grow, "CPU", toy.close)


def use(cache: ModelCache, *keys: str, size: int = 100) -> None:
    for key in keys:
        with cache.lease(toy_spec(key, size)) as model:
            assert model.key == key and not model.closed


def loaded(cache: ModelCache) -> set[str]:
    return {row.key for row in cache.stats() if row.state != "loading"}


def test_sixteen_threads_share_one_load():
    spec = toy_spec("a")

    def until_all_wait(_: ModelSpec) -> None:
        end = time.monotonic() + 20
        while cache.stats()[0].leases < 16:
            assert time.monotonic() < end, "the other fifteen never came"
            time.sleep(0.001)

    loader = Loader(until_all_wait)
    cache = ModelCache(1000, loader)

    def ask(_: int) -> int:
        with cache.lease(spec) as model:
            return id(model)

    with ThreadPoolExecutor(16) as pool:
        models = set(pool.map(ask, range(16)))
    assert loader.loads == ["a"] and models == {id(loader.made[0])}
    row = cache.stats()[0]
    assert (row.misses, row.hits, row.leases, row.state) == (1, 15, 0, "idle")


def test_different_models_load_side_by_side():
    together = threading.Barrier(4, timeout=20)  # breaks, and the test fails, when a load waits for another
    cache = ModelCache(1000, Loader(lambda spec: together.wait() and None))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: use(cache, key), "abcd"))
    assert loaded(cache) == set("abcd")


def test_a_hit_does_not_wait_for_a_load():
    loading, release = threading.Event(), threading.Event()

    def slow(spec: ModelSpec) -> None:
        if spec.key == "slow":
            loading.set()
            assert release.wait(20)

    cache = ModelCache(1000, Loader(slow))
    use(cache, "quick")
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(use, cache, "slow")
        assert loading.wait(20)
        assert cache.loading(toy_spec("slow")) and not cache.is_loaded(toy_spec("slow"))
        assert cache.used_bytes == 200  # the estimate is reserved
        use(cache, "quick")
        release.set()
        job.result(20)
    assert cache.is_loaded(toy_spec("slow")) and not cache.loading(toy_spec("slow"))


def test_the_least_recently_used_goes_first():
    loader = Loader()
    cache = ModelCache(300, loader)
    use(cache, "a", "b", "c", "a", "d")
    assert loaded(cache) == {"a", "c", "d"}
    assert [toy.key for toy in loader.made if toy.closed] == ["b"]


def test_eviction_counts_bytes_not_models():
    cache = ModelCache(300, Loader())
    use(cache, "a", "b", "c")
    use(cache, "big", size=150)
    assert loaded(cache) == {"c", "big"} and cache.used_bytes == 250


def test_a_model_that_cannot_fit_evicts_nothing():
    cache = ModelCache(300, Loader())
    use(cache, "a", "b")
    with pytest.raises(HubError) as caught:
        use(cache, "huge", size=301)
    assert caught.value.key == "hub.out_of_memory"
    assert caught.value.values == {"model": "HUGE", "needed": "301 B", "free": "300 B"}
    assert loaded(cache) == {"a", "b"}


def test_leased_model_is_not_evicted():
    loader = Loader()
    cache = ModelCache(200, loader)
    with cache.lease(toy_spec("a")) as a, cache.lease(toy_spec("b")):
        with pytest.raises(HubError) as caught, cache.lease(toy_spec("c")):
            pass
        assert caught.value.key == "hub.out_of_memory" and caught.value.values["free"] == "0 B"
        assert not a.closed and loader.loads == ["a", "b"]
    use(cache, "c")  # b was given back first
    assert loaded(cache) == {"a", "c"}


def test_a_measured_size_above_the_estimate_evicts_after_the_load():
    cache = ModelCache(300, Loader(grow=50))
    use(cache, "a", "b")
    assert cache.used_bytes == 300
    use(cache, "c", size=50)
    assert loaded(cache) == {"b", "c"} and cache.used_bytes == 250


def test_a_model_that_measures_more_than_the_budget_is_closed_and_not_loaded_again():
    loader = Loader(grow=500)
    cache = ModelCache(300, loader)
    for _ in range(2):
        with pytest.raises(HubError) as caught:
            use(cache, "a")
        assert caught.value.values["needed"] == "600 B"
    assert loader.loads == ["a"] and loader.made[0].closed and cache.used_bytes == 0


def test_many_threads_never_see_a_closed_model_nor_pass_the_budget():
    loader = Loader()
    cache = ModelCache(500, loader)  # five of eight fit; at most four are leased at once
    worst = []

    def visitor(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(12):
            with cache.lease(toy_spec(chance.choice("abcdefgh"))) as model:
                worst.append(cache.used_bytes)
                assert not model.closed

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(visitor, range(4)))
    assert max(worst) <= 500
    assert sum(not toy.closed for toy in loader.made) == len(cache.stats()) == cache.used_bytes // 100
    assert all(row.leases == 0 for row in cache.stats())


def test_out_of_memory_evicts_the_idle_and_retries_once():
    def full(spec: ModelSpec) -> None:
        if spec.key == "b" and loaded(cache):
            np.empty(1 << 60, np.uint8)  # a real refusal of the system

    loader = Loader(full)
    cache = ModelCache(1000, loader)
    use(cache, "a", "b")
    assert loader.loads == ["a", "b", "b"] and loaded(cache) == {"b"}


def test_out_of_memory_twice_is_said_with_sizes():
    def full(spec: ModelSpec) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    loader = Loader(full)
    cache = ModelCache(10**9, loader)
    with pytest.raises(HubError) as caught:
        use(cache, "a", size=98_400_000)
    assert caught.value.key == "hub.out_of_memory" and caught.value.values["needed"] == "98.4 MB"
    assert loader.loads == ["a", "a"] and cache.used_bytes == 0 and cache.stats() == []


def test_the_half_loaded_model_is_gone_before_the_retry():
    halves: list[weakref.ref[Toy]] = []

    def load(spec: ModelSpec) -> Loaded:
        half = Toy(spec)
        alive = [ref for ref in halves if ref() is not None]
        halves.append(weakref.ref(half))
        if len(halves) == 1:
            raise MemoryError
        return Loaded(half, len(alive), "CPU", half.close)

    cache = ModelCache(1000, load)
    use(cache, "a")
    assert cache.stats()[0].bytes == 0, "the first attempt was still in memory during the second"


def test_out_of_memory_is_recognised_in_all_its_dresses():
    class OutOfMemoryError(RuntimeError):
        """As torch names it."""

    wrapped = HubError("hub.model_broken", model="A")
    wrapped.__cause__ = RuntimeError("failed to allocate CPU buffer of size 99")
    for error in (MemoryError(), OutOfMemoryError("HIP"), RuntimeError("CUDA out of memory."), wrapped):
        assert is_out_of_memory(error)
    for error in (
        RuntimeError("shape mismatch"),
        ValueError("out of memory of the poem"),
        HubError("hub.gated"),
    ):
        assert not is_out_of_memory(error)


def test_a_failing_load_raises_for_all_who_wait_and_the_next_tries_again():
    broken = True

    def fail(_: ModelSpec) -> None:
        end = time.monotonic() + 20
        while broken and cache.stats()[0].leases < 8:
            assert time.monotonic() < end
            time.sleep(0.001)
        if broken:
            raise ValueError("damaged file")

    loader = Loader(fail)
    cache = ModelCache(1000, loader)

    def ask(_: int) -> str:
        try:
            use(cache, "a")
        except ValueError as error:
            return str(error)
        return "no error"

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["damaged file"] * 8
    assert loader.loads == ["a"] and cache.stats() == [] and cache.used_bytes == 0
    broken = False
    use(cache, "a")
    assert loader.loads == ["a", "a"] and cache.stats()[0].leases == 0


def test_an_error_inside_the_lease_gives_the_lease_back():
    cache = ModelCache(1000, Loader())
    with pytest.raises(ZeroDivisionError), cache.lease(toy_spec("a")):
        _ = 1 / 0
    assert cache.stats()[0].state == "idle"


def test_a_stream_that_is_closed_half_way_gives_the_lease_back():
    cache = ModelCache(1000, Loader())

    def stream():
        with cache.lease(toy_spec("a")) as model:
            yield model.key
            yield "never asked for"

    answer = stream()
    assert next(answer) == "a" and cache.stats()[0].state == "leased"
    answer.close()
    assert cache.stats()[0].state == "idle"


def test_a_hit_costs_less_than_a_millisecond():
    cache, spec = ModelCache(1000, Loader()), toy_spec("a")
    use(cache, "a")
    costs = []
    for _ in range(1000):
        start = time.perf_counter()
        with cache.lease(spec):
            pass
        costs.append(time.perf_counter() - start)
    assert statistics.median(costs) < 0.001


def test_variants_of_one_repository_are_different_models():
    loader = Loader()
    cache = ModelCache(1000, loader)
    base = toy_spec("a")
    for spec in (
        base,
        replace(base, key="a-gguf"),
        replace(base, adapter="/lora"),
        replace(base, revision="v2"),
    ):
        with cache.lease(spec):
            pass
    assert len(loader.loads) == 4


def test_a_fixed_set_is_never_evicted():
    cache = ModelCache(200, Loader(), fixed=True)
    use(cache, "a", "b")
    with pytest.raises(HubError):
        use(cache, "c")
    assert cache.evict_idle() == 0 and loaded(cache) == {"a", "b"}


def test_unload_refuses_a_model_in_use_and_frees_an_idle_one():
    loader = Loader()
    cache, spec = ModelCache(1000, loader), toy_spec("a")
    cache.unload(spec)  # not loaded: nothing to do
    with cache.lease(spec):
        with pytest.raises(HubError) as caught:
            cache.unload(spec)
        assert caught.value.key == "hub.model_busy"
    cache.unload(spec)
    assert loader.made[0].closed and not cache.is_loaded(spec) and cache.used_bytes == 0


def test_evict_idle_frees_all_that_nobody_uses_and_says_how_much():
    cache = ModelCache(1000, Loader())
    use(cache, "a", "b")
    with cache.lease(toy_spec("c")):
        assert cache.evict_idle() == 200
        assert loaded(cache) == {"c"}


def test_a_model_that_fails_to_close_does_not_stop_the_others(caplog: pytest.LogCaptureFixture):
    def load(spec: ModelSpec) -> Loaded:
        toy = Toy(spec)

        def close() -> None:
            raise OSError("already gone")

        return Loaded(toy, 100, "CPU", close)

    cache = ModelCache(100, load)
    use(cache, "a", "b")
    assert loaded(cache) == {"b"} and "already gone" in caplog.text


def test_counts_survive_an_eviction():
    cache = ModelCache(100, Loader())
    before = time.time()
    use(cache, "a", "a", "b", "a")
    row = cache.stats()[0]
    assert (row.key, row.name, row.device, row.bytes) == ("a", "A", "CPU", 100)
    assert (row.hits, row.misses) == (1, 2)
    assert before <= row.last_used <= time.time() and row.load_seconds >= 0


def test_nothing_in_the_cache_keeps_an_evicted_model_alive():
    cache = ModelCache(100, Loader())
    cache._loader = lambda spec: Loaded(Toy(spec), 100, "CPU", lambda: None)
    with cache.lease(toy_spec("a")) as model:
        ref = weakref.ref(model)
    del model
    cache.evict_idle()
    gc.collect()
    assert ref() is None


def test_memory_comes_back_after_eviction():
    """In a process of its own: models of one big array and many small ones, which fragment the heap."""
    code = """
    import shared, sys, numpy as np
    from shared.models.cache import ModelCache
    from shared.models.loaders import Loaded
    from shared.models.memory import give_back, rss
    from tests.test_cache import toy_spec

    def load(spec):
        arrays = [np.ones(20_000_000)] + [np.ones(1000) for _ in range(10_000)]  # 160 MB + 80 MB
        return Loaded(arrays, sum(a.nbytes for a in arrays), "CPU", lambda: None)

    cache = ModelCache(300_000_000, load)
    def turn(key):
        with cache.lease(toy_spec(key)) as arrays:
            assert arrays[0][0] == 1
    give_back()
    baseline = rss()
    for key in "abcd":
        turn(key)
    full = rss()
    cache.evict_idle()
    print(baseline, full, rss())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    baseline, full, after = map(int, done.stdout.split())
    assert 240e6 <= full - baseline < 300e6  # one model, not four
    assert after <= 1.1 * baseline


def test_sizes_are_written_for_people():
    assert [human_bytes(n) for n in (0, 999, 1000, 98_400_000, 999_950_000, 2_393_231_072, 5e12)] == [
        "0 B", "999 B", "1.0 kB", "98.4 MB", "1.0 GB", "2.4 GB", "5.0 TB",
    ]  # fmt: skip
