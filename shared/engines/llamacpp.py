"""The default engine on a CPU: llama.cpp in this process (`xllamacpp`), many visitors, one copy of the
weights."""

import gc
import json
import logging
import os
import queue
import re
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from shared.engines.base import Candidate, Delta, Message, NextToken, Piece, Sampling, Token
from shared.engines.scoring import score
from shared.engines.validation import check_messages, check_sampling
from shared.errors import HubError
from shared.models.registry import ModelSpec

log = logging.getLogger(__name__)

_PREFILL_BATCH = 256
"""Tokens of a prompt read between two looks at the stop flag: under a second on two cores."""


class LlamaCpp:
    """A `ChatEngine` over one GGUF. `slots` visitors are answered at once, each with a window of
    `slot_context`.

    llama.cpp also opens an OpenAI-compatible port on loopback; it is guarded by a random key and used here
    only
    for `/tokenize` and `/apply-template`, which have no in-process form.
    """

    device = "CPU"

    def __init__(self, spec: ModelSpec, path: Path, *, slots: int, slot_context: int) -> None:
        import psutil
        import xllamacpp

        process = psutil.Process()
        before = process.memory_info().rss
        self.name = spec.name
        self.context_length = min(slot_context, spec.context_length or slot_context)
        self._system_prompt = spec.system_prompt
        self._key = secrets.token_urlsafe(32)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_parallel = slots
        params.n_ctx = self.context_length * slots
        params.n_batch = _PREFILL_BATCH
        params.cpuparams.n_threads = _threads(psutil.cpu_count(logical=False))
        params.verbosity = 0
        params.api_keys = [self._key]
        params.ui = False
        params.endpoint_slots = False
        params.cache_ram_mib = 0  # otherwise up to 8 GB of other visitors' prompts stay in memory
        try:
            self._server: Any = xllamacpp.Server(params)
        except Exception as error:
            raise HubError("hub.model_broken", model=spec.name) from error
        self._running: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self.memory_bytes = max(process.memory_info().rss - before, path.stat().st_size)
        """Measured: what loading added to the resident set (at least the file, which may have been
        cached)."""

    @property
    def active(self) -> int:
        """How many answers are being written now."""
        return len(self._running)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        check_sampling(sampling, self.context_length)
        request: dict[str, Any] = {
            "messages": self._with_system(messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,  # a chunk per prefill batch, so that Stop works while the prompt is read
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "top_k": sampling.top_k,
            # llama.cpp would cut by top_p before it applies the temperature; transformers and the lab's
            # distribution do it after. And a slot's kept keys and values, computed in another batch, are
            # different enough to turn a close greedy choice: without them a repeated prompt repeats its
            # answer.
            "samplers": ["temperature", "top_k", "top_p"],
            "cache_prompt": False,
            "max_tokens": sampling.max_new_tokens,
            "seed": -1 if sampling.seed is None else sampling.seed,
            "stop": list(sampling.stop),
        }
        if sampling.top_logprobs:
            request |= {"logprobs": True, "top_logprobs": sampling.top_logprobs}
        if sampling.json_schema is not None:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": sampling.json_schema},
            }
        return self._deltas(request)

    def _deltas(self, request: dict[str, Any]) -> Iterator[Delta]:
        with closing(self._chunks(request)) as chunks:
            finish_reason = None
            for chunk in chunks:
                if usage := chunk.get("usage"):
                    yield Delta(
                        finish_reason=finish_reason or "stop",
                        prompt_tokens=usage["prompt_tokens"],
                        new_tokens=usage["completion_tokens"],
                    )
                for choice in chunk.get("choices", ()):
                    finish_reason = choice.get("finish_reason") or finish_reason
                    text = choice.get("delta", {}).get("content") or ""
                    tokens = tuple(
                        _token(entry) for entry in (choice.get("logprobs") or {}).get("content", ())
                    )
                    if text or tokens:
                        yield Delta(text=text, tokens=tokens)

    def _chunks(self, request: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
        """Runs the request in a thread of its own; closing this generator makes llama.cpp stop at its next
        chunk."""
        events: queue.SimpleQueue[dict[str, Any] | Exception | None] = queue.SimpleQueue()
        stopped = threading.Event()

        def on_chunk(chunk: dict[str, Any]) -> bool:
            events.put(chunk)
            return stopped.is_set()

        def run() -> None:
            try:
                self._server.handle_chat_completions(request, on_chunk)
            except Exception as error:
                events.put(error)
            finally:
                events.put(None)
                with self._lock:
                    self._running.discard(threading.current_thread())

        thread = threading.Thread(target=run, name="llamacpp-stream", daemon=True)
        with self._lock:
            self._running.add(thread)
        thread.start()
        try:
            while (event := events.get()) is not None:
                if isinstance(event, Exception):
                    raise _refusal(str(event)) from event
                _raise_if_error(event)
                yield event
        finally:
            stopped.set()

    def next_token(self, messages: Sequence[Message]) -> NextToken:
        request = {
            "messages": self._with_system(messages),
            "max_tokens": 1,
            "temperature": 0.0,
            "cache_prompt": False,
            "logprobs": True,
            "top_logprobs": self._vocabulary(),
        }
        answer = self._server.handle_chat_completions(request)
        _raise_if_error(answer)
        top = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        return NextToken(
            ids=np.array([entry["id"] for entry in top], dtype=np.int32),
            logprobs=np.array([entry["logprob"] for entry in top], dtype=np.float32),
            bytes=tuple(bytes(entry["bytes"]) for entry in top),
        )

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        def complete(request: dict[str, Any]) -> dict[str, Any]:
            done: dict[str, Any] = self._server.handle_completions(request)
            _raise_if_error(done)
            return done

        return score(self.tokenize(self.render(messages)), self.tokenize(answer), complete)

    def render(self, messages: Sequence[Message]) -> str:
        return str(self._post("/apply-template", {"messages": self._with_system(messages)})["prompt"])

    def tokenize(self, text: str) -> list[Piece]:
        answer = self._post("/tokenize", {"content": text, "with_pieces": True, "parse_special": True})
        return [
            Piece(
                entry["id"],
                entry["piece"].encode() if isinstance(entry["piece"], str) else bytes(entry["piece"]),
            )
            for entry in answer["tokens"]
        ]

    def close(self) -> None:
        """Waits for the answers still being written (their consumers have left), then gives the memory
        back."""
        with self._lock:
            running = list(self._running)
        for thread in running:
            thread.join()
        self._server = None
        gc.collect()

    def _with_system(self, messages: Sequence[Message]) -> list[Message]:
        checked = check_messages(messages)
        if self._system_prompt and checked[0]["role"] != "system":
            return [{"role": "system", "content": self._system_prompt}, *checked]
        return checked

    def _vocabulary(self) -> int:
        return int(self._post("/v1/models", None)["data"][0]["meta"]["n_vocab"])

    def _post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(
            self._server.listening_address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )
        try:
            with _DIRECT.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise _refusal(error.read().decode(errors="replace")) from error


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy of the environment must not see the loopback calls."""


def _threads(physical_cores: int | None) -> int:
    """Small machines need all they have; on larger ones hyper-threads only slow llama.cpp down."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return available if available <= 4 else min(available, physical_cores or available)


def _token(entry: dict[str, Any]) -> Token:
    return Token(
        id=entry["id"],
        text=entry["token"],
        bytes=bytes(entry["bytes"]),
        logprob=entry["logprob"],
        top=tuple(
            Candidate(c["id"], c["token"], bytes(c["bytes"]), c["logprob"])
            for c in entry.get("top_logprobs", ())
        ),
    )


def _raise_if_error(answer: dict[str, Any]) -> None:
    if error := answer.get("error"):
        if error.get("type") == "exceed_context_size_error":
            over = error["n_prompt_tokens"] - error["n_ctx"] + 1
            raise HubError("hub.prompt_too_long", over=over, window=error["n_ctx"])
        raise _refusal(str(error.get("message", error)))


def _refusal(message: str) -> HubError:
    log.warning("llama.cpp refused: %s", message)
    if "schema" in message.lower() or "grammar" in message.lower():
        reason = re.sub(r"^.*?JSON schema error( at \S+)?:\s*", "", message, flags=re.S)
        return HubError("hub.bad_schema", reason=reason[:200])
    return HubError("hub.engine_refused", reason=message[:200])
