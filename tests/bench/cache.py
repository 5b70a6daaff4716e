"""What the model cache costs: a hit, a cold start under sixteen threads, the memory after it all."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from shared.models import MODELS
from shared.models.cache import ModelCache
from shared.models.memory import default_budget
from tests.bench.result import Result, median
from tests.conftest import ROOT

MEMORY = """
import shared, gc
from shared.models import MODELS, cache
from shared.models.memory import rss
import torch, transformers, sentence_transformers  # code is not what is measured
def use():
    with cache().lease(MODELS["smollm2-135m"]) as engine:
        engine.render([{"role": "user", "content": "hello"}])
    with cache().lease(MODELS["minilm-l6"]) as encoder:
        encoder.encode(["hello"] * 64)
use(); cache().evict_idle(); gc.collect()
baseline = rss()
peak = 0
for _ in range(3):
    use()
    peak = max(peak, rss())
    cache().evict_idle(); gc.collect()
print(baseline, peak, rss())
"""


def measure() -> Iterator[Result]:
    spec = MODELS["smollm2-135m"]
    models = ModelCache(default_budget())
    threads = [threading.Thread(target=lambda: models.lease(spec).__enter__()) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row = models.stats()[0]
    yield Result("loads when sixteen threads ask for a cold model", "", row.misses, None, "at_most", 1)

    times = []
    for _ in range(2000):
        started = time.perf_counter()
        with models.lease(spec):
            pass
        times.append(time.perf_counter() - started)
    yield Result("a hit of the cache", "ms", median(times) * 1000, None, "at_most", 1.0)

    said = subprocess.run(
        [sys.executable, "-c", MEMORY], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    baseline, peak, after = (int(n) for n in said.split()[-3:])
    yield Result(
        "resident memory after evicting everything",
        "MB",
        after / 1e6,
        baseline / 1e6,
        "ratio_at_most",
        1.1,
        f"with both embedded models loaded: {peak / 1e6:.0f} MB",
    )
