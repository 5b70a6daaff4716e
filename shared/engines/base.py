"""What every chat engine promises, and what travels through it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

import numpy as np


class Message(TypedDict):
    """One turn: `role` is system, user or assistant; `content` is plain text."""

    role: str
    content: str


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn and when to stop.

    `temperature` 0 is greedy. `top_k` 0 and `top_p` 1 keep the whole vocabulary. `top_logprobs` asks for that
    many alternatives with every token (0: none, and tokens come without log-probabilities).
    """

    temperature: float = 0.2
    top_p: float = 0.9
    top_k: int = 0
    max_new_tokens: int = 256
    seed: int | None = None
    stop: tuple[str, ...] = ()
    json_schema: dict[str, Any] | None = None
    top_logprobs: int = 0


@dataclass(frozen=True)
class Candidate:
    """A token the model could have written. `logprob`: natural log of its probability at temperature 1."""

    id: int
    text: str
    bytes: bytes
    logprob: float


@dataclass(frozen=True)
class Token:
    """A token the model wrote; `text` may be a fragment of a character, `bytes` never lies."""

    id: int
    text: str
    bytes: bytes
    logprob: float
    top: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Delta:
    """What came since the last delta. The last one has `finish_reason` (stop or length) and the token
    counts."""

    text: str = ""
    tokens: tuple[Token, ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    new_tokens: int | None = None


@dataclass(frozen=True)
class Piece:
    """One token of a tokenized text."""

    id: int
    bytes: bytes


@dataclass(frozen=True)
class NextToken:
    """The whole next-token distribution: `ids` and `logprobs` (natural log, temperature 1), both of shape
    (vocabulary,), most probable first; `bytes[i]` belongs to `ids[i]`."""

    ids: np.ndarray
    logprobs: np.ndarray
    bytes: tuple[bytes, ...]


class ChatEngine(Protocol):
    """A chat model that can answer several visitors at once."""

    name: str
    device: str
    context_length: int
    """Window of one visitor, tokens: prompt and answer together."""

    @property
    def active(self) -> int:
        """How many answers are being written now."""
        ...

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """Yields the answer as it is written. Closing the iterator stops the generation.

        Raises HubError when a message or a sampling value makes no sense or the prompt exceeds the window."""
        ...

    def next_token(self, messages: Sequence[Message]) -> NextToken:
        """The distribution of the first token of the answer."""
        ...

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        """How probable `answer` is, whatever the model would rather say: its tokens, as the tokenizer cuts
        it, each with the log-probability it has after those before it (temperature 1).

        Raises HubError where the engine cannot tell."""
        ...

    def render(self, messages: Sequence[Message]) -> str:
        """The prompt as the model sees it: the chat template applied, special tokens written out."""
        ...

    def tokenize(self, text: str) -> list[Piece]:
        """The tokens of `text`; special tokens written in it count as such."""
        ...
