"""Past one machine: chat through any OpenAI-compatible server (vLLM, SGLang, llama.cpp, a paid API)."""

import re
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any

import numpy as np

from shared.engines.base import Candidate, Delta, Message, NextToken, Piece, Sampling, Token
from shared.engines.openai_client import Cut, NotOpenAI, Server, over_window, submit
from shared.engines.scoring import score
from shared.engines.spelling import spell
from shared.engines.validation import check_messages, check_sampling
from shared.errors import HubError
from shared.settings import Settings

DEFAULT_WINDOW = 4096
"""Tokens, where neither the settings nor the server tells."""
MAX_ALTERNATIVES = 20
"""What OpenAI and, unless told otherwise, vLLM give with a token."""

_OWN_SAMPLERS = ("llamacpp", "vllm", "sglang")
"""`owned_by` of the servers that know `top_k` and `min_p`; others may refuse a request that has them."""


class RemoteEngine:
    """A `ChatEngine` over the model called `model` (empty: the server's first) at `url`.

    `context_length` 0: what the server says. Raises HubError when the server cannot be reached or refuses the
    key. Ids of tokens are -1 where the server gives none (all but llama.cpp); where it gives no bytes either,
    a token's are its text's. Alternatives come in the server's number, which may be smaller than asked for.
    """

    device = "remote"

    def __init__(self, url: str, *, model: str = "", key: str = "", context_length: int = 0) -> None:
        self._server = Server(url, key)
        self._root = self._server.root
        self._model = self._server.model(model)
        self.name = self._model.name
        self.context_length = context_length or self._model.window or DEFAULT_WINDOW
        self._active = 0  # touched on the loop's thread only

    @classmethod
    def from_settings(cls, settings: Settings) -> "RemoteEngine":
        """The server of `HUB_REMOTE_URL`."""
        return cls(
            settings.remote_url,
            model=settings.remote_model,
            key=settings.remote_api_key,
            context_length=settings.remote_context or 0,
        )

    @property
    def active(self) -> int:
        """How many answers are being written now, waiting ones included."""
        return self._active

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """Yields the answer as it is written. `close()` works from any thread and at any moment: also while
        another one waits for the next delta."""
        check_sampling(sampling, self.context_length)
        request: dict[str, Any] = {
            "model": self._model.id,
            "messages": check_messages(messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": sampling.temperature,
            "top_p": max(sampling.top_p, 1e-6),  # vLLM refuses 0, which means the best token only
            "max_tokens": sampling.max_new_tokens,
        }
        if self._model.owner in _OWN_SAMPLERS:
            # said even when off: vLLM would take top_k from the model's generation_config, llama.cpp its own
            request |= {"top_k": sampling.top_k or -1, "min_p": 0.0}
        elif sampling.top_k:
            request["top_k"] = sampling.top_k
        if self._model.owner == "llamacpp":
            # as llamacpp.py has it: the temperature first, and no answer that depends on the one before
            request |= {"samplers": ["temperature", "top_k", "top_p"], "cache_prompt": False}
        if sampling.seed is not None:
            request["seed"] = sampling.seed
        if sampling.stop:
            request["stop"] = list(sampling.stop)
        if sampling.top_logprobs:
            request |= {"logprobs": True, "top_logprobs": sampling.top_logprobs}
        if sampling.json_schema is not None:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": sampling.json_schema, "strict": True},
            }
        return _Answer(partial(self._write, request))

    async def _write(self, request: dict[str, Any], emit: Callable[[Delta], None]) -> None:
        started = False

        def say(delta: Delta) -> None:
            nonlocal started
            started = True
            emit(delta)

        self._active += 1
        try:
            await self._server.attempt(lambda client: _once(client, request, say), started=lambda: started)
        except HubError as error:
            raise _about_schema(error) if "response_format" in request else error from None
        finally:
            self._active -= 1

    def next_token(self, messages: Sequence[Message]) -> NextToken:
        """The first token's distribution as far as the server tells it: llama.cpp all of it, others the 20
        most probable tokens, whose probabilities then sum to less than 1. Ids are -1 where it gives none.

        Raises HubError when it gives no log-probabilities."""
        top_logprobs = self._model.vocabulary or MAX_ALTERNATIVES
        body = {
            "model": self._model.id,
            "messages": check_messages(messages),
            "max_tokens": 1,
            "temperature": 0.0,
            "logprobs": True,
            "top_logprobs": top_logprobs,
        }
        if self._model.owner == "llamacpp":
            body["cache_prompt"] = False
        answer = self._server.offered(self._server.base + "/chat/completions", body)
        if not answer or not answer.get("choices"):
            raise HubError("hub.remote_not_openai")
        content = (answer["choices"][0].get("logprobs") or {}).get("content") or [{}]
        top = sorted(content[0].get("top_logprobs") or (), key=lambda entry: -entry["logprob"])
        if not top:
            raise HubError("hub.remote_no_logprobs")
        return NextToken(
            ids=np.array([_id(entry.get("id")) for entry in top], dtype=np.int32),
            logprobs=np.array([entry["logprob"] for entry in top], dtype=np.float32),
            bytes=tuple(map(_bytes, top)),
        )

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        """As `ChatEngine` has it, where the server is llama.cpp's. Raises HubError elsewhere."""

        def complete(request: dict[str, Any]) -> dict[str, Any]:
            done = self._server.offered(self._server.base + "/completions", request)
            if done is None:
                raise HubError("hub.needs_local_weights", model=self.name)
            return done

        if self._model.owner != "llamacpp":
            raise HubError("hub.needs_local_weights", model=self.name)
        return score(self.tokenize(self.render(messages)), self.tokenize(answer), complete)

    def render(self, messages: Sequence[Message]) -> str:
        """As `ChatEngine` has it, where the server offers llama.cpp's `/apply-template` or vLLM's `/tokenize`
        and `/detokenize`. Raises HubError elsewhere."""
        checked = check_messages(messages)
        answer = self._server.offered(self._root + "/apply-template", {"messages": checked})
        if answer is None:
            body = {"model": self._model.id, "messages": checked, "add_generation_prompt": True}
            tokens = (self._server.offered(self._root + "/tokenize", body) or {}).get("tokens")
            if tokens is not None:
                answer = self._server.offered(
                    self._root + "/detokenize", {"model": self._model.id, "tokens": tokens}
                )
        if answer is None or not isinstance(answer.get("prompt"), str):
            raise HubError("hub.needs_local_weights", model=self.name)
        return str(answer["prompt"])

    def tokenize(self, text: str) -> list[Piece]:
        """As `ChatEngine` has it, where the server offers llama.cpp's or vLLM's `/tokenize`. Raises HubError
        elsewhere, and where the pieces do not add up to `text`."""
        llama_cpp = {"content": text, "with_pieces": True, "parse_special": True}
        vllm = {
            "model": self._model.id,
            "prompt": text,
            "add_special_tokens": False,
            "return_token_strs": True,
        }
        answer = self._server.offered(self._root + "/tokenize", llama_cpp | vllm) or {}
        tokens = answer.get("tokens") or []
        if tokens and isinstance(tokens[0], dict):
            return [Piece(token["id"], _raw(token["piece"])) for token in tokens]
        pieces = spell(text, answer.get("token_strs") or [])
        if pieces is None or len(pieces) != len(tokens):
            raise HubError("hub.needs_local_weights", model=self.name)
        return [Piece(token, piece) for token, piece in zip(tokens, pieces, strict=True)]

    def close(self) -> None:
        """Drops the connections; answers still being written end as if the server had died."""
        self._server.close()


class _Answer(Iterator[Delta]):
    """Deltas that the loop's thread puts and any thread takes."""

    def __init__(self, write: Callable[[Callable[[Delta], None]], Coroutine[Any, Any, None]]) -> None:
        self._events: SimpleQueue[Delta | BaseException | None] = SimpleQueue()
        self._over = threading.Event()
        self._work = submit(write(self._events.put))
        self._work.add_done_callback(partial(_end, self._events))

    def __next__(self) -> Delta:
        event = None if self._over.is_set() else self._events.get()
        if isinstance(event, Delta) and not self._over.is_set():
            return event
        self._over.set()
        if isinstance(event, BaseException):
            raise event
        raise StopIteration

    def close(self) -> None:
        self._over.set()
        self._work.cancel()

    def __del__(self) -> None:
        self.close()


def _end(events: "SimpleQueue[Delta | BaseException | None]", work: "Future[None]") -> None:
    events.put(None if work.cancelled() else work.exception())


async def _once(client: Any, request: dict[str, Any], say: Callable[[Delta], None]) -> None:
    """One attempt at an answer."""
    finish_reason = None
    usage: dict[str, Any] = {}
    async with await _open(client, request) as chunks:
        if not chunks.response.headers.get("content-type", "").startswith("text/event-stream"):
            raise NotOpenAI
        async for chunk in chunks:
            usage = chunk.get("usage") or usage
            for choice in chunk.get("choices") or ():
                finish_reason = choice.get("finish_reason") or finish_reason
                text = (choice.get("delta") or {}).get("content") or ""
                tokens = tuple(map(_token, (choice.get("logprobs") or {}).get("content") or ()))
                if text or tokens:
                    say(Delta(text=text, tokens=tokens))
    if finish_reason is None:
        raise Cut("the stream ended without a finish_reason")
    say(
        Delta(
            finish_reason=finish_reason,
            prompt_tokens=usage.get("prompt_tokens"),
            new_tokens=usage.get("completion_tokens"),
        )
    )


async def _open(client: Any, request: dict[str, Any]) -> Any:
    """The stream, of plain dicts: the client's models cost more than all the rest of a chunk.

    llama.cpp stops at the end of the window by itself; vLLM refuses when prompt and `max_tokens` together
    exceed it, so that it is asked again for what fits."""
    import openai

    post = partial(
        client.post, "/chat/completions", cast_to=object, stream=True, stream_cls=openai.AsyncStream[Any]
    )
    try:
        return await post(body=request)
    except openai.BadRequestError as error:
        prompt, window = over_window(error) or (0, 0)
        if not 0 < window - prompt < request["max_tokens"]:
            raise
    return await post(body=request | {"max_tokens": window - prompt})


def _about_schema(error: HubError) -> HubError:
    reason = str(error.values.get("reason", ""))
    if error.key != "hub.remote_refused" or not re.search("schema|grammar|response_format", reason, re.I):
        return error
    return HubError("hub.bad_schema", reason=re.sub(r"^.*?JSON schema error( at \S+)?:\s*", "", reason))


def _token(entry: dict[str, Any]) -> Token:
    return Token(
        id=_id(entry.get("id")),
        text=entry["token"],
        bytes=_bytes(entry),
        logprob=entry["logprob"],
        top=tuple(
            Candidate(_id(other.get("id")), other["token"], _bytes(other), other["logprob"])
            for other in entry.get("top_logprobs") or ()
        ),
    )


def _id(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _bytes(entry: dict[str, Any]) -> bytes:
    given = entry.get("bytes")
    return str(entry["token"]).encode(errors="replace") if given is None else bytes(given)


def _raw(piece: str | list[int]) -> bytes:
    return piece.encode() if isinstance(piece, str) else bytes(piece)
