"""One OpenAI-compatible server: its client, the retries, and what its failures mean to a visitor.

Requests run on one event loop in a thread of its own. There a request can be cancelled while it waits for a
free slot, a retry or the next token; a blocked read in a thread cannot."""

import asyncio
import email.utils
import itertools
import json
import logging
import random
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from shared.errors import HubError

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 60.0
"""The longest wait for the first byte, and between two."""
ATTEMPTS = 4
BACKOFF_SECONDS = 0.5
"""Before the second attempt; doubled each time, and up to a quarter is added by chance."""
RETRY_SECONDS = 20.0
"""No attempt begins later than this after the first one, whatever Retry-After says."""

_MISSING = (404, 405, 501)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_making = threading.Lock()
_loops: list[asyncio.AbstractEventLoop] = []


class Cut(Exception):
    """The answer ended without saying that it is over."""


class NotOpenAI(Exception):
    """What answered does not speak this protocol."""


@dataclass(frozen=True)
class RemoteModel:
    """What `/v1/models` tells about a model; `window` and `vocabulary` are 0 where it does not tell."""

    id: str
    owner: str = ""
    window: int = 0
    vocabulary: int = 0

    @property
    def name(self) -> str:
        """llama.cpp calls a model by the path of its file; a visitor need not know the folder."""
        return re.split(r"[/\\]", self.id)[-1] if self.id.endswith(".gguf") else self.id


class Server:
    """A server by its base address, with or without `/v1`. Safe to use from many threads."""

    def __init__(self, url: str, key: str = "") -> None:
        import openai

        base = url.rstrip("/")
        if not urlsplit(base).path:
            base += "/v1"
        self.base = base
        self.root = base.removesuffix("/v1")
        """Where servers keep what OpenAI does not have: `/tokenize`, `/apply-template`, `/info`."""
        self._key = key
        self._errors = (openai.APIError, Cut, NotOpenAI, json.JSONDecodeError)
        self._client = openai.AsyncOpenAI(
            base_url=base,
            api_key=key or "EMPTY",  # None would send OPENAI_API_KEY of the environment to this server
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=openai.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
                follow_redirects=False,  # the key is for this address only
                trust_env=urlsplit(base).hostname not in _LOOPBACK,  # no proxy between us and ourselves
            ),
        )
        # what the environment holds for OpenAI is not for this server
        self._client.organization = self._client.project = self._client.admin_api_key = None

    def call(self, send: Callable[[Any], Awaitable[T]]) -> T:
        """What `send(client)` returns. Retries; raises HubError."""
        return self.submit(send).result()

    def submit(self, send: Callable[[Any], Awaitable[T]]) -> "Future[T]":
        return submit(self.attempt(send))

    async def attempt(
        self, send: Callable[[Any], Awaitable[T]], *, started: Callable[[], bool] = lambda: False
    ) -> T:
        """As `call`, on the loop. Once `started()`, a failure is final: what was shown cannot be unsaid."""
        began = time.monotonic()
        for attempt in itertools.count(1):
            try:
                return await send(self._client)
            except self._errors as error:
                wait = None if started() else _patience(error, attempt, time.monotonic() - began)
                what = f"{type(error).__name__}: {self._reason(error)}"
                if wait is None:
                    log.warning("the model server failed: %s", what)
                    # without the cause: its text may carry the key, and a log would print it
                    raise self._explain(error, started()) from None
                log.warning("the model server failed (%s); again in %.1f s", what, wait)
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    def offered(self, url: str, body: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The object that `url` answers to a GET, or to a POST of `body`; None when the server has no such
        address."""
        import openai

        async def send(client: Any) -> dict[str, Any] | None:
            try:
                if body is None:
                    answer = await client.get(url, cast_to=object)
                else:
                    answer = await client.post(url, cast_to=object, body=body)
            except openai.APIStatusError as error:
                if error.status_code in _MISSING:
                    return None
                raise
            return answer if isinstance(answer, dict) else None  # a front page answers to any address

        return self.call(send)

    def model(self, wanted: str) -> RemoteModel:
        """The model called `wanted`, or the server's first. Raises HubError when there is none."""
        listed = (self.offered(self.base + "/models") or {}).get("data") or []
        # llama.cpp serves its one model under any name
        known = [entry for entry in listed if entry.get("id") == wanted] or (
            listed if not wanted or len(listed) == 1 else []
        )
        if not known:
            if not wanted:
                raise HubError("hub.remote_no_model")
            return RemoteModel(wanted)
        entry = known[0]
        meta = entry.get("meta") or {}
        return RemoteModel(
            id=wanted or entry["id"],
            owner=str(entry.get("owned_by") or ""),
            window=int(meta.get("n_ctx") or meta.get("n_ctx_train") or entry.get("max_model_len") or 0),
            vocabulary=int(meta.get("n_vocab") or 0),
        )

    def close(self) -> None:
        submit(self._client.close()).result()

    def _reason(self, error: Exception) -> str:
        """What the server said, in one line and without the key."""
        return " ".join(self._scrub(_message(error)).split())[:200]

    def _scrub(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text

    def _explain(self, error: Exception, started: bool) -> HubError:
        import openai

        if isinstance(error, openai.APIStatusError):
            if (overflow := over_window(error)) and overflow[0] >= overflow[1]:
                over = overflow[0] - overflow[1] + 1
                return HubError("hub.prompt_too_long", over=over, window=overflow[1])
            if error.status_code in (401, 403):
                return HubError("hub.remote_key")  # not the server's words: they like to quote the key
            if error.status_code == 429:
                return HubError("hub.remote_busy", reason=self._reason(error))
            return HubError("hub.remote_refused", reason=self._reason(error))
        if type(error) is openai.APIError:  # an error event inside the stream
            return HubError("hub.remote_refused", reason=self._reason(error))
        if isinstance(error, openai.APITimeoutError) and not _connecting(error):
            return HubError("hub.remote_slow", seconds=round(SILENCE_SECONDS))
        if started or isinstance(error, Cut):
            return HubError("hub.remote_cut")
        if isinstance(error, openai.APIConnectionError):
            return HubError("hub.remote_unreachable")
        return HubError("hub.remote_not_openai")


def submit(work: Coroutine[Any, Any, T]) -> "Future[T]":
    """Runs `work` on the loop. Cancelling the future cancels the work."""
    with _making:
        if not _loops:
            _loops.append(asyncio.new_event_loop())
            threading.Thread(target=_loops[0].run_forever, name="remote-engine", daemon=True).start()
    return asyncio.run_coroutine_threadsafe(work, _loops[0])


def over_window(error: Exception) -> tuple[int, int] | None:
    """Tokens of the prompt and of the window, when the server refused because the one exceeds the other; in
    the words of llama.cpp, vLLM, SGLang or OpenAI."""
    body = getattr(error, "body", None)
    if isinstance(body, dict) and body.get("type") == "exceed_context_size_error":
        return int(body["n_prompt_tokens"]), int(body["n_ctx"])
    text = _message(error)
    window = re.search(r"context length\D{0,6}(\d+)", text)
    prompt = re.search(
        r"(\d+) (?:in the messages|input tokens|tokens from the input)|resulted in (\d+) tokens"
        r"|input \((\d+) tokens|Input length \((\d+)",
        text,
    )
    if window is None or prompt is None:
        return None
    return next(int(group) for group in prompt.groups() if group), int(window[1])


def _patience(error: Exception, attempt: int, elapsed: float) -> float | None:
    """Seconds to wait before the next attempt; None: there is none."""
    import openai

    if isinstance(error, openai.APIStatusError):
        worth_it = error.status_code == 429 or error.status_code >= 500
        asked = _retry_after(error.response.headers.get("retry-after", ""))
    else:
        # a server that is silent for a minute is not helped by one more request
        worth_it = isinstance(error, Cut) or (
            isinstance(error, openai.APIConnectionError)
            and (not isinstance(error, openai.APITimeoutError) or _connecting(error))
        )
        asked = 0.0
    wait = max(asked, BACKOFF_SECONDS * 2 ** (attempt - 1) * random.uniform(1.0, 1.25))
    return wait if worth_it and attempt < ATTEMPTS and elapsed + wait <= RETRY_SECONDS else None


def _retry_after(value: str) -> float:
    """Seconds, from either of the two forms of the header."""
    if re.fullmatch(r"\d+(\.\d+)?", value.strip()):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0


def _connecting(error: Exception) -> bool:
    return type(error.__cause__).__name__ == "ConnectTimeout"


def _message(error: Exception) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        for name in ("message", "error", "detail"):
            if isinstance(body.get(name), str) and body[name].strip():
                return str(body[name])
        if body:
            return json.dumps(body, ensure_ascii=False)
    if isinstance(body, str) and body.strip() and not body.lstrip().startswith("<"):
        return body
    status = getattr(error, "status_code", None)
    return f"HTTP {status}" if status else str(error.__cause__ or error)
