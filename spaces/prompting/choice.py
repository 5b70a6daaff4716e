"""An answer held to one of a few choices, and how probable each of them is.

The engine scores each choice as the answer: the chain rule over its tokens at temperature 1. The most
probable one is the choice. An engine that cannot score given words (most remote servers) gets the choices
numbered in the prompt and is read at the first token: there a number from 1 to 9 is one token for every
tokenizer."""

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from shared.engines.base import Candidate, ChatEngine, Message, Sampling, Token
from shared.errors import HubError
from spaces.prompting.generate import Answer, Cost, race
from spaces.prompting.lab import check_length, language_of

MAX_CHOICES = 9
MAX_CHARACTERS = 300
"""Of one choice."""
ALTERNATIVES = 20
"""The most that every engine gives with a token."""
WIDTH = 4
"""Runs at the same time: half of the embedded engine's slots, so that others are served too."""

_ASK = {
    "en": "Choose one:\n{choices}\n\nAnswer with the number only.",
    "zh": "请选择一项：\n{choices}\n\n只回答编号。",
}


@dataclass(frozen=True)
class Reading:
    """How probable the choices are as the answers to some prompts, as far as they are read."""

    logprobs: tuple[tuple[float, ...] | None, ...]
    """For each prompt, of each choice: natural log of its probability at temperature 1."""
    cost: Cost
    numbered: bool = False
    """The probabilities are those of the choices' numbers."""


@dataclass(frozen=True)
class Choices:
    """The choices and what the model gives them."""

    choices: tuple[str, ...]
    logprobs: tuple[float, ...]
    numbered: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        """Among the choices alone: they sum to 1."""
        return normalised(self.logprobs)

    @property
    def mass(self) -> float:
        """The probability that a free answer begins with one of them."""
        return min(1.0, sum(math.exp(logprob) for logprob in self.logprobs))

    @property
    def best(self) -> str:
        return self.choices[self.logprobs.index(max(self.logprobs))]


def normalised(logprobs: Sequence[float]) -> tuple[float, ...]:
    """softmax."""
    highest = max(logprobs)
    weights = [math.exp(logprob - highest) for logprob in logprobs]
    return tuple(weight / sum(weights) for weight in weights)


def read_choices(choices: object) -> tuple[str, ...]:
    """From one a line, or a list of texts. Raises HubError unless there are 2 to 9 different ones."""
    lines = choices.split("\n") if isinstance(choices, str) else choices
    if not isinstance(lines, Sequence) or not all(isinstance(line, str) for line in lines):
        raise HubError("prompting.bad_choices")
    kept = tuple(dict.fromkeys(check_length(line).strip() for line in lines if line.strip()))
    if not 2 <= len(kept) <= MAX_CHOICES or any(len(choice) > MAX_CHARACTERS for choice in kept):
        raise HubError("prompting.bad_choices")
    return kept


def schema(choices: Sequence[str]) -> dict[str, list[str]]:
    """Holds an answer to one of the choices, written as a JSON string."""
    return {"enum": list(choices)}


def choose(engine: ChatEngine, messages: Sequence[Message], choices: Sequence[str]) -> Choices:
    """Which of the choices the model takes. Raises HubError when the engine gives no log-probabilities."""
    *_, last = score_choices(engine, [messages], choices)
    (logprobs,) = last.logprobs
    assert logprobs is not None
    return Choices(tuple(choices), logprobs, last.numbered)


def score_choices(
    engine: ChatEngine, prompts: Sequence[Sequence[Message]], choices: Sequence[str]
) -> Generator[Reading, None, None]:
    """The log-probabilities of every choice as the answer to every prompt. A choice that another one begins
    with counts that one's too: it is the probability that an answer begins so."""
    found: list[tuple[float, ...] | None] = [None] * len(prompts)
    cost = Cost()
    for i, prompt in enumerate(prompts):
        logprobs: list[float] = []
        for choice in choices:
            try:
                scored = engine.score(prompt, choice)
            except HubError as error:
                if error.key != "hub.needs_local_weights":
                    raise
                asked = [asking(messages, choices) for messages in prompts]
                yield from _numbered(engine, asked, len(choices))
                return
            logprobs.append(sum(token.logprob for token in scored.tokens))
            cost += Cost(1, scored.prompt_tokens or 0, 0)
            found[i] = tuple(logprobs) if len(logprobs) == len(choices) else None
            yield Reading(tuple(found), cost)


def asking(messages: Sequence[Message], choices: Sequence[str]) -> list[Message]:
    """The messages with the numbered choices after the last one."""
    *before, last = messages
    listed = "\n".join(f"{number}. {choice}" for number, choice in enumerate(choices, start=1))
    wanted = _ASK[language_of(last["content"])].format(choices=listed)
    return [*before, {"role": last["role"], "content": f"{last['content']}\n\n{wanted}"}]


def _numbered(
    engine: ChatEngine, prompts: Sequence[Sequence[Message]], count: int
) -> Generator[Reading, None, None]:
    """The log-probabilities of the answers 1 to `count` to each prompt. One token each; a number that is not
    among its 20 most probable is asked for by itself, with a schema that allows nothing else."""
    sampling = Sampling(temperature=0.0, max_new_tokens=1, seed=0, top_logprobs=ALTERNATIVES)
    found: list[dict[int, float]] = [{} for _ in prompts]
    free: tuple[Answer, ...] = ()
    with closing(race(engine, [(prompt, sampling) for prompt in prompts], width=WIDTH)) as states:
        for free in states:
            for seen, answer in zip(found, free, strict=True):
                seen.update(_numbers(answer.tokens, count))
            yield Reading(_complete(found, count), Cost.of(free), numbered=True)
    missing = [(i, n) for i, seen in enumerate(found) for n in range(1, count + 1) if n not in seen]
    held = [(prompts[i], replace(sampling, top_logprobs=1, json_schema={"const": n})) for i, n in missing]
    with closing(race(engine, held, width=WIDTH)) as states:
        for answers in states:
            for (i, n), answer in zip(missing, answers, strict=True):
                if answer.finish_reason is not None:
                    # a server that does not keep to schemas wrote something else: less than the 20th
                    found[i][n] = _numbers(answer.tokens, count).get(n, float("-inf"))
            yield Reading(_complete(found, count), Cost.of(free + answers), numbered=True)
    if any(max(seen.values()) == float("-inf") for seen in found):
        raise HubError("hub.remote_no_logprobs")


def _numbers(tokens: Sequence[Token], count: int) -> dict[int, float]:
    """The log-probabilities of the numbers among an answer's first token and its alternatives."""
    written = {str(n).encode(): n for n in range(1, count + 1)}
    if not tokens:
        return {}
    seen: list[Candidate | Token] = [*tokens[0].top, tokens[0]]
    return {written[token.bytes]: token.logprob for token in seen if token.bytes in written}


def _complete(found: Sequence[dict[int, float]], count: int) -> tuple[tuple[float, ...] | None, ...]:
    numbers = range(1, count + 1)
    return tuple(tuple(seen[n] for n in numbers) if len(seen) == count else None for seen in found)
