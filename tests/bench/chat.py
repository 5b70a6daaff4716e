"""The chat stream through the hub against xllamacpp called directly, one visitor and eight.

The clients of the hub run as processes of their own (their CPU is part of the hub's figure, on the same
cores);
the bare figure is threads in one process that only consume llama.cpp's chunks."""

import json
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import httpx

from shared.models import MODELS
from shared.models.fetch import fetch
from tests.bench.result import Result, median
from tests.conftest import Hub
from tests.test_hub import endpoints

ROUNDS = 5
MODEL = MODELS["smollm2-135m"]
QUESTION = "Write a very long and detailed story about a lighthouse keeper, chapter {n}."


def messages(n: int) -> list[dict[str, str]]:
    return [
        {"role": "system", "content": MODEL.system_prompt},
        {"role": "user", "content": QUESTION.format(n=n)},
    ]


def measure() -> Iterator[Result]:
    server = _server()
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder) / "hub.log")
        try:
            hub.wait()
            context = multiprocessing.get_context("spawn")
            with _Clients(context, hub.url, 8) as clients:
                clients.run(1, 8)  # loads the model
                time.sleep(15)  # the hub imports torch in the background
                _bare(server, 1, 8)
                yield from _one(clients, server)
                yield from _eight(clients, server)
        finally:
            hub.stop()


def _one(clients: "_Clients", server: Any) -> Iterator[Result]:
    rates: dict[str, list[float]] = {"hub": [], "bare": []}
    firsts: dict[str, list[float]] = {"hub": [], "bare": []}
    for _ in range(ROUNDS):
        for name, runs in (("hub", clients.run(1, 256)), ("bare", _bare(server, 1, 256))):
            first, total, _events = runs[0]
            firsts[name].append(first)
            rates[name].append(255 / (total - first))
    yield Result(
        "one visitor, 256 tokens, after the first",
        "tokens/s",
        median(rates["hub"]),
        median(rates["bare"]),
        "ratio_at_least",
        0.9,
    )
    yield Result(
        "one visitor, first token",
        "s",
        median(firsts["hub"]),
        median(firsts["bare"]),
        "difference_at_most",
        0.15,
    )


def _eight(clients: "_Clients", server: Any) -> Iterator[Result]:
    together: dict[str, list[float]] = {"hub": [], "bare": []}
    slowest, events = [], []
    for _ in range(ROUNDS):
        for name, runs in (("hub", clients.run(8, 200)), ("bare", _bare(server, 8, 200))):
            together[name].append(8 * 200 / max(total for _, total, _ in runs))
            if name == "hub":
                slowest.append(max(total for _, total, _ in runs) / mean(total for _, total, _ in runs))
                events.append(min(count / total for _, total, count in runs))
    note = "eight client processes on the same two cores"
    yield Result(
        "eight visitors, 200 tokens each, together",
        "tokens/s",
        median(together["hub"]),
        median(together["bare"]),
        "ratio_at_least",
        0.75,
        note,
    )
    yield Result("slowest of eight / mean", "x", median(slowest), None, "at_most", 1.2)
    yield Result(
        "seconds between events of the slowest stream", "s", 1 / median(events), None, "at_most", 0.5
    )


def _server() -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(fetch(MODEL) / MODEL.gguf)
    params.n_parallel = 8
    params.n_ctx = 2048 * 8
    params.cpuparams.n_threads = 2
    params.verbosity = 0
    return xllamacpp.Server(params)


Run = tuple[float, float, int]
"""Seconds to the first token, seconds in all, events."""


def _bare(server: Any, visitors: int, tokens: int) -> list[Run]:
    runs: list[Run] = []

    def visit(n: int) -> None:
        times: list[float] = []

        def on_chunk(chunk: dict) -> bool:
            if any(choice["delta"].get("content") for choice in chunk.get("choices", ())):
                times.append(time.monotonic())
            return False

        started = time.monotonic()
        request = {
            "messages": messages(n),
            "max_tokens": tokens,
            "temperature": 0.0,
            "stream": True,
            "cache_prompt": False,
        }
        server.handle_chat_completions(request, on_chunk)
        runs.append((times[0] - started, time.monotonic() - started, len(times)))

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return runs


class _Clients:
    """Processes with one visitor each, which wait for orders."""

    def __init__(self, context: Any, url: str, count: int) -> None:
        self.orders = [context.Queue() for _ in range(count)]
        self.answers = context.Queue()
        self.processes = [
            context.Process(target=_visit_hub, args=(url, n, orders, self.answers), daemon=True)
            for n, orders in enumerate(self.orders)
        ]

    def __enter__(self) -> "_Clients":
        for process in self.processes:
            process.start()
        for _ in self.processes:
            self.answers.get(timeout=120)  # each says that it is connected
        return self

    def __exit__(self, *_: object) -> None:
        for orders in self.orders:
            orders.put(None)
        for process in self.processes:
            process.join(10)

    def run(self, visitors: int, tokens: int) -> list[Run]:
        for orders in self.orders[:visitors]:
            orders.put(tokens)
        return [self.answers.get(timeout=300) for _ in range(visitors)]


def _visit_hub(url: str, n: int, orders: Any, answers: Any) -> None:
    """Speaks the queue's protocol as the page does; gradio_client adds up to 0.4 s of polling of its own."""
    index = endpoints(url)["prompt"]
    with httpx.Client(base_url=url, timeout=300) as client:
        answers.put("connected")
        turn = 0
        while (tokens := orders.get()) is not None:
            turn += 1
            session = f"bench-{n}-{turn}"
            data = [messages(n), MODEL.key, 0.0, 1.0, tokens, 0]
            started = time.monotonic()
            client.post(
                "/gradio_api/queue/join", json={"data": data, "fn_index": index, "session_hash": session}
            ).raise_for_status()
            times = []
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
                for line in stream.iter_lines():
                    said = json.loads(line[5:]) if line.startswith("data:") else {"msg": ""}
                    if said["msg"] == "process_generating":
                        times.append(time.monotonic())
                    if said["msg"] == "process_completed":
                        assert said["success"], said
                        break
            answers.put((times[0] - started, time.monotonic() - started, len(times)))
