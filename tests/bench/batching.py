"""Four visitors at once: the transformers engine's continuous batch against one `generate` after another."""

import dataclasses
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from shared.engines.base import Message, Sampling
from shared.engines.local import LocalEngine
from shared.models import MODELS
from shared.models.fetch import fetch
from shared.models.loaders import Weights, from_folder
from tests.bench.result import Result, median

VISITORS, TOKENS, ROUNDS = 4, 48, 3
SPEC = MODELS["smollm2-135m-bf16"]
ASKED: list[list[Message]] = [
    [{"role": "user", "content": f"Write a long story about {what}."}]
    for what in ("a lighthouse", "a lost dog", "an old clock", "the last train")
]


def measure() -> Iterator[Result]:
    # float32: in bfloat16 a batch may round a near tie another way, and one side would write less
    spec = dataclasses.replace(SPEC, dtype="float32")
    weights = from_folder(spec, fetch(spec), attention="sdpa")
    for name, model in (("a tiny Llama", _tiny(weights.tokenizer)), ("SmolLM2-135M", weights)):
        yield _compare(name, spec, model)


def _tiny(tokenizer: Any) -> Weights:
    """Two random layers: what the batch itself costs, with next to no arithmetic."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        eos_token_id=None,
        initializer_range=0.3,
        attn_implementation="sdpa",
    )
    return Weights(LlamaForCausalLM(config).eval(), tokenizer)


def _compare(name: str, spec: Any, weights: Weights) -> Result:
    engine = LocalEngine(spec, weights, slots=VISITORS, slot_context=512, batch=True)
    try:
        prompts = [engine._prompt(messages) for messages in ASKED]
        _together(engine), _one_by_one(weights, prompts)
        runs: dict[str, list[float]] = {"hub": [], "bare": []}
        for _ in range(ROUNDS):
            runs["bare"].append(_one_by_one(weights, prompts))
            runs["hub"].append(_together(engine))
    finally:
        engine.close()
    tokens = VISITORS * TOKENS
    return Result(
        f"{VISITORS} visitors in one batch, {name} on a CPU",
        "tokens/s",
        tokens / median(runs["hub"]),
        tokens / median(runs["bare"]),
        "ratio_at_least",
        1.0,
        f"{TOKENS} tokens each; bare: generate, one after the other",
    )


def _together(engine: LocalEngine) -> float:
    sampling = Sampling(temperature=0.0, max_new_tokens=TOKENS)
    written: list[int] = []

    def visit(messages: Sequence[Message]) -> None:
        last = [delta for delta in engine.stream(messages, sampling)][-1]
        written.append(last.new_tokens or 0)

    threads = [threading.Thread(target=visit, args=(messages,)) for messages in ASKED]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    assert written == [TOKENS] * VISITORS, written
    return seconds


def _one_by_one(weights: Weights, prompts: list[list[int]]) -> float:
    import torch

    started = time.monotonic()
    with torch.inference_mode():
        for prompt in prompts:
            weights.model.generate(
                input_ids=torch.tensor([prompt]),
                attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                max_new_tokens=TOKENS,
                min_new_tokens=TOKENS,
                do_sample=False,
                pad_token_id=2,
            )
    return time.monotonic() - started
