"""Running a prompt: one answer, or several settings at the same time, as the state so far."""

import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from shared.engines.base import ChatEngine, Delta, Message, Sampling, Token
from shared.engines.coalesce import INTERVAL, coalesce


@dataclass(frozen=True)
class Answer:
    """An answer so far. Times are seconds since the request."""

    text: str = ""
    tokens: tuple[Token, ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    new_tokens: int = 0
    seconds: float = 0.0
    first_token: float | None = field(default=None, repr=False)

    @property
    def tokens_per_second(self) -> float | None:
        """After the first token, which waits for the prompt to be read; None before there are two."""
        if self.first_token is None or self.new_tokens < 2 or self.seconds <= self.first_token:
            return None
        return (self.new_tokens - 1) / (self.seconds - self.first_token)

    def plus(self, delta: Delta, seconds: float) -> "Answer":
        """The answer after `delta`, which came `seconds` after the request."""
        tokens = self.tokens + delta.tokens
        written = bool(delta.text or delta.tokens)
        return replace(
            self,
            text=self.text + delta.text,
            tokens=tokens,
            finish_reason=delta.finish_reason or self.finish_reason,
            prompt_tokens=self.prompt_tokens if delta.prompt_tokens is None else delta.prompt_tokens,
            new_tokens=len(tokens) if delta.new_tokens is None else delta.new_tokens,
            seconds=seconds if written else self.seconds,
            first_token=seconds if self.first_token is None and written else self.first_token,
        )


def answer(engine: ChatEngine, messages: Sequence[Message], sampling: Sampling) -> Iterator[Answer]:
    """The answer so far, about ten times a second. Closing the iterator stops the model."""
    started = time.monotonic()
    so_far = Answer()
    with closing(coalesce(engine.stream(messages, sampling), engine)) as deltas:  # type: ignore[type-var]
        for delta in deltas:
            so_far = so_far.plus(delta, time.monotonic() - started)
            yield so_far


Run = tuple[Sequence[Message], Sampling]


@dataclass(frozen=True)
class Cost:
    """What answers cost: calls of the model, tokens read and written."""

    calls: int = 0
    prompt_tokens: int = 0
    new_tokens: int = 0

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Cost":
        return cls(
            len(answers),
            sum(answer.prompt_tokens or 0 for answer in answers),
            sum(answer.new_tokens for answer in answers),
        )

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.new_tokens + other.new_tokens,
        )

    @property
    def tokens(self) -> int:
        """Read and written together: what a paid model bills."""
        return self.prompt_tokens + self.new_tokens


def race(
    engine: ChatEngine, runs: Sequence[Run], width: int | None = None
) -> Generator[tuple[Answer, ...], None, None]:
    """Several runs at the same time (`width`: at most so many), a token of each in turn: all answers so far,
    about ten times a second. Closing it stops them all.

    Not `coalesce`: while one stream is waited for, the other's backlog would leave it one token at a time."""
    started = time.monotonic()
    answers = [Answer() for _ in runs]
    shown = float("-inf")
    waiting = deque(enumerate(runs))
    streams: dict[int, Iterator[Delta]] = {}
    with ExitStack() as stack:
        while streams or waiting:
            while waiting and (width is None or len(streams) < width):
                i, (messages, sampling) = waiting.popleft()
                streams[i] = stack.enter_context(closing(engine.stream(messages, sampling)))  # type: ignore[type-var]
            for i, deltas in list(streams.items()):
                delta = next(deltas, None)
                now = time.monotonic() - started
                if delta is None:
                    del streams[i]
                else:
                    answers[i] = answers[i].plus(delta, now)
            if now - shown >= INTERVAL:
                yield tuple(answers)
                shown = now
    yield tuple(answers)
