"""The transformers engine on ZeroGPU: the GPU is lent to one call at a time, in a process forked for it.

Weights that are put on "cuda" before `launch` are on the GPU in that process; here they are packed away. So
the model is run in the three functions below and nowhere else; in the cache a `LentEngine` stands for it."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shared
from shared.engines.base import Delta, Message, NextToken, Piece, Sampling
from shared.errors import HubError

if TYPE_CHECKING:
    from shared.engines.local import LocalEngine

_TOKENS_PER_SECOND = 20
"""Asked for too little time, an answer is cut off; asked for too much, the visitor waits longer for a GPU."""
_START, _MOST = 15, 120
"""Seconds to bring the weights to the GPU, and the most to ask for."""

_engines: dict[str, "LocalEngine"] = {}
"""By the model's key. Filled before `launch`, so every process that is forked later has it."""
_starting = False


@dataclass(frozen=True)
class _Refused:
    """A HubError on its way back: the package turns exceptions of a GPU function into their class's name."""

    key: str
    values: dict[str, Any]


@contextmanager
def lending() -> Iterator[None]:
    """Chat models that are loaded in this block take the GPU. Only before `launch`, in the main thread."""
    global _starting
    _starting = True
    try:
        yield
    finally:
        _starting = False


def starting() -> bool:
    """Whether this is the time to put weights on the GPU."""
    return _starting


def _stream_seconds(key: str, messages: list[Message], sampling: Sampling) -> int:
    return min(_MOST, _START + sampling.max_new_tokens // _TOKENS_PER_SECOND)


@shared.gpu(duration=_stream_seconds)
def _stream(key: str, messages: list[Message], sampling: Sampling) -> Iterator[Delta | _Refused]:
    try:
        yield from _engines[key].stream(messages, sampling)
    except HubError as error:
        yield _Refused(error.key, error.values)


@shared.gpu(duration=_START)
def _next_token(key: str, messages: list[Message]) -> NextToken | _Refused:
    try:
        return _engines[key].next_token(messages)
    except HubError as error:
        return _Refused(error.key, error.values)


@shared.gpu(duration=_START)
def _score(key: str, messages: list[Message], answer: str) -> Delta | _Refused:
    try:
        return _engines[key].score(messages, answer)
    except HubError as error:
        return _Refused(error.key, error.values)


class LentEngine:
    """A `ChatEngine` that checks and renders here and runs `engine` where a GPU is lent."""

    device = "ZeroGPU"

    def __init__(self, key: str, engine: "LocalEngine") -> None:
        self._key = key
        self._engine = engine
        _engines[key] = engine
        self.name = engine.name
        self.context_length = engine.context_length
        self._writing: set[object] = set()

    @property
    def active(self) -> int:
        """How many answers are being written now."""
        return len(self._writing)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        self._engine.check(messages, sampling)  # a mistake costs no time on the GPU
        return self._answer(list(messages), sampling)

    def next_token(self, messages: Sequence[Message]) -> NextToken:
        self._engine.check(messages, Sampling(max_new_tokens=1))
        found: NextToken | _Refused = _next_token(self._key, list(messages))
        if isinstance(found, _Refused):
            raise HubError(found.key, **found.values)
        return found

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        self._engine.check(messages, Sampling(max_new_tokens=1))
        found: Delta | _Refused = _score(self._key, list(messages), answer)
        if isinstance(found, _Refused):
            raise HubError(found.key, **found.values)
        return found

    def render(self, messages: Sequence[Message]) -> str:
        return self._engine.render(messages)

    def tokenize(self, text: str) -> list[Piece]:
        return self._engine.tokenize(text)

    def attach(self, folder: Path, name: str) -> None:
        """Refused: weights that come after the start do not reach the GPU."""
        raise HubError("hub.zero_adapter", model=self.name)

    def close(self) -> None:
        """Lets the weights go."""
        _engines.pop(self._key, None)
        self._engine.close()

    def _answer(self, messages: list[Message], sampling: Sampling) -> Iterator[Delta]:
        mine = object()
        self._writing.add(mine)
        try:
            with closing(_stream(self._key, messages, sampling)) as deltas:
                for delta in deltas:
                    if isinstance(delta, _Refused):
                        raise HubError(delta.key, **delta.values)
                    yield delta
        finally:
            self._writing.discard(mine)
