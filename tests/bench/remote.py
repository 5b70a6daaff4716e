"""The remote engine against the bare `openai` client, on the same llama.cpp server."""

import json
import time
from collections.abc import Callable, Iterator

from shared.engines.base import Sampling
from shared.engines.remote import RemoteEngine
from shared.models import MODELS
from shared.models.fetch import fetch
from tests.bench.result import Result, median
from tests.openai_server import KEY, LlamaServer, ScriptedServer

ROUNDS = 9
TOKENS = 160
MODEL = MODELS["smollm2-135m"]
MESSAGES = [
    {"role": "system", "content": MODEL.system_prompt},
    {"role": "user", "content": "Write a very long and detailed story about a lighthouse keeper."},
]

Timing = tuple[float, float]
"""Seconds to the first text, and seconds in all."""


def measure() -> Iterator[Result]:
    server = LlamaServer(fetch(MODEL) / MODEL.gguf, slots=1)
    try:
        yield from _compare(server.url)
    finally:
        server.kill()
    yield from _per_chunk()


def _compare(url: str) -> Iterator[Result]:
    runs: dict[str, list[Timing]] = {"hub": [], "bare": []}
    hub, bare = _hub(url), _bare(url)
    hub(), bare()  # opens the connections, fills the prompt cache
    for round_number in range(ROUNDS):
        # who goes first changes: the second finds a warmer processor
        for name in ("hub", "bare") if round_number % 2 else ("bare", "hub"):
            runs[name].append({"hub": hub, "bare": bare}[name]())
    yield Result(
        f"remote engine, {TOKENS} tokens",
        "s",
        median([total for _, total in runs["hub"]]),
        median([total for _, total in runs["bare"]]),
        "ratio_at_most",
        1.05,
        f"medians of {ROUNDS} alternating rounds",
    )
    yield Result(
        "remote engine, first token",
        "s",
        median([first for first, _ in runs["hub"]]),
        median([first for first, _ in runs["bare"]]),
        "difference_at_most",
        0.02,
    )


def _per_chunk() -> Iterator[Result]:
    """No model: a server that sends 2,000 chunks as fast as it can, so that only the clients count."""
    choice = {"index": 0, "delta": {"content": "word "}, "finish_reason": None}
    chunk = f"data: {json.dumps({'id': '1', 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"
    last = f"data: {json.dumps({'choices': [choice | {'finish_reason': 'length'}]})}\n\ndata: [DONE]\n\n"

    def flood(request):
        request.events()
        for _ in range(1999):
            request.wfile.write(chunk.encode())
        request.wfile.write(last.encode())

    server = ScriptedServer().then(*[flood] * 12)
    runs: dict[str, list[float]] = {"hub": [], "bare": []}
    hub, bare = _hub(server.url), _bare(server.url)
    hub(), bare()
    for _ in range(5):
        runs["hub"].append(hub()[1])
        runs["bare"].append(bare()[1])
    server.shutdown()
    yield Result(
        "remote engine, one chunk without a model",
        "ms",
        median(runs["hub"]) / 2,
        median(runs["bare"]) / 2,
        "difference_at_most",
        0.5,
        "5% of a token at 100 tokens/s",
    )


def _hub(url: str) -> Callable[[], Timing]:
    engine = RemoteEngine(url, key=KEY)
    sampling = Sampling(temperature=0.0, max_new_tokens=TOKENS)

    def run() -> Timing:
        started, first = time.monotonic(), 0.0
        for delta in engine.stream(MESSAGES, sampling):
            if delta.text and not first:
                first = time.monotonic() - started
        return first, time.monotonic() - started

    return run


def _bare(url: str) -> Callable[[], Timing]:
    import openai

    client = openai.OpenAI(base_url=url + "/v1", api_key=KEY)
    sampling = Sampling()

    def run() -> Timing:
        started, first = time.monotonic(), 0.0
        stream = client.chat.completions.create(
            model="any",
            messages=MESSAGES,  # type: ignore[arg-type]
            temperature=0.0,
            top_p=sampling.top_p,
            max_tokens=TOKENS,
            extra_body={  # the same work for the server
                "top_k": -1,
                "min_p": 0.0,
                "samplers": ["temperature", "top_k", "top_p"],
                "cache_prompt": False,
            },
            stream=True,
            stream_options={"include_usage": True},
        )
        for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.monotonic() - started
        return first, time.monotonic() - started

    return run
