"""The KV cache race: the speed-up it shows against that of two bare `generate` calls."""

import time
from collections.abc import Iterator

from shared.models import cache
from spaces.attention.causal import causal_spec, encode
from spaces.attention.kv_cache import DEFAULT_NEW, MAX_PROMPT, Race, race
from spaces.attention.ui_kv import EXAMPLES
from tests.bench.result import Result, median

ROUNDS = 3


def measure() -> Iterator[Result]:
    import torch
    from transformers import GenerationConfig

    shown, bare = [], []
    settings = GenerationConfig(
        max_new_tokens=DEFAULT_NEW, do_sample=False, eos_token_id=-1, pad_token_id=0
    )
    with cache().lease(causal_spec(None)) as weights:
        ids = encode(weights.tokenizer, EXAMPLES["kv_example_long"], MAX_PROMPT).ids
        batch = torch.tensor([ids], device=weights.model.device)

        def generate(use_cache: bool) -> float:
            started = time.perf_counter()
            weights.model.generate(batch, generation_config=settings, use_cache=use_cache)
            return time.perf_counter() - started

        generate(True)
        for _ in range(ROUNDS):  # in turns: a machine that slows down slows all of them
            result = Race(len(ids), tuple(race(weights.model, ids, DEFAULT_NEW)))
            assert result.same_tokens
            shown.append(result.speedup)
            bare.append(generate(False) / generate(True))
    note = f"{len(ids)} tokens of prompt, {DEFAULT_NEW} new, SmolLM2-135M in float32"
    for compare, limit in (("ratio_at_least", 0.9), ("ratio_at_most", 1.1)):
        yield Result("KV cache speed-up shown", "times", median(shown), median(bare), compare, limit, note)
