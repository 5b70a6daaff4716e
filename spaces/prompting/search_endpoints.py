"""The endpoints of the Constrain, Search and Measure tabs; null means the default."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

from shared.engines.base import Sampling
from shared.engines.validation import check_messages
from shared.errors import HubError
from shared.models import cache
from spaces.prompting import choice as choosing
from spaces.prompting import measure as measuring
from spaces.prompting import tree as searching
from spaces.prompting.consistency import self_consistency as vote_of
from spaces.prompting.form import chat_model, whole
from spaces.prompting.lab import DEFAULT_ROLE, PromptParts, build_messages, check_length
from spaces.prompting.questions import PROBLEMS

DEFAULT_PROBLEM = PROBLEMS[0].en


def choose(messages: list[dict[str, str]], choices: list[str], model: str | None = None) -> dict[str, Any]:
    """Holds the answer to one of 2 to 9 choices, which the messages may or may not name.

    `choice`: the most probable one; `probabilities`: of each, among the choices alone (summing to 1);
    `logprobs`: the model's own, the sum over the choice's tokens at temperature 1; `numbered`: true where the
    engine cannot score given words, so that the choices were numbered in the prompt and the numbers read."""
    spec, checked, wanted = chat_model(model), check_messages(messages), choosing.read_choices(choices)
    with cache().lease(spec) as engine:
        chosen = choosing.choose(engine, checked, wanted)
    return {
        "choice": chosen.best,
        "probabilities": dict(zip(chosen.choices, chosen.shares, strict=True)),
        "logprobs": dict(zip(chosen.choices, chosen.logprobs, strict=True)),
        "numbered": chosen.numbered,
    }


def tree_of_thought(
    question: str | None = None,
    model: str | None = None,
    thoughts: int | None = None,
    beam: int | None = None,
    depth: int | None = None,
    seed: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Streams the search: the tree so far, the answer, model calls, tokens (read and written). Defaults: 3
    thoughts, a beam of 2, depth 2, seed 0. `kept` is null while a level is being thought; `why` is beam,
    duplicate or empty for what was pruned."""
    spec = chat_model(model)
    asked = check_length(DEFAULT_PROBLEM if question is None else question)
    defaults = searching.Plan()
    plan = searching.Plan(
        thoughts=defaults.thoughts if thoughts is None else whole(thoughts),
        beam=defaults.beam if beam is None else whole(beam),
        depth=defaults.depth if depth is None else whole(depth),
        seed=defaults.seed if seed is None else whole(seed),
    )
    with cache().lease(spec) as engine, closing(searching.tree_of_thought(engine, asked, plan)) as states:
        for state in states:
            yield {
                "nodes": [
                    {
                        name: value
                        for name, value in asdict(node).items()
                        if name in ("id", "parent", "depth", "thought", "score", "kept", "why")
                    }
                    for node in state.nodes
                ],
                "answer": state.answer,
                "calls": state.cost.calls,
                "tokens": state.cost.tokens,
            }


def self_consistency(
    question: str | None = None,
    model: str | None = None,
    samples: int | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Streams the vote over several samples of the question with “Let's think step by step.” Defaults: 5
    samples, temperature 0.7, seed 0, at most 200 tokens each. `answers` are null until they are there."""
    spec = chat_model(model)
    parts = PromptParts(
        check_length(DEFAULT_PROBLEM if question is None else question),
        role=DEFAULT_ROLE,
        strategy="cot_zero_shot",
    )
    messages = build_messages(parts)
    sampling = Sampling(
        temperature=0.7 if temperature is None else temperature,
        top_p=1.0,
        max_new_tokens=200,
        seed=0 if seed is None else whole(seed),
    )
    count = 5 if samples is None else whole(samples)
    with cache().lease(spec) as engine, closing(vote_of(engine, messages, sampling, count)) as votes:
        for vote in votes:
            yield {
                "answers": list(vote.extracted),
                "votes": vote.votes,
                "winner": vote.winner,
                "texts": [sample.text for sample in vote.samples],
                "tokens": vote.cost.tokens,
            }


def measure_prompts(
    strategies: list[str] | None = None,
    questions: int | None = None,
    model: str | None = None,
    language: str | None = None,
    seed: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Streams the table of the measurement after every answer: for each strategy the accuracy on the first
    `questions` word problems with its 95 % interval (Wilson), and the first strategy against each other one
    (exact McNemar). Defaults: zero_shot and cot_few_shot, 5 questions, English, seed 0."""
    spec = chat_model(model)
    chosen = measuring.check_strategies(["zero_shot", "cot_few_shot"] if strategies is None else strategies)
    if language not in ("zh", "en", None):
        raise HubError("prompting.unknown_language")
    count = 5 if questions is None else whole(questions)
    number = 0 if seed is None else whole(seed)
    lang = language or "en"
    finished = 0
    with cache().lease(spec) as engine:
        steps = measuring.measure(engine, chosen, count, lang, seed=number)  # type: ignore[arg-type]
        with closing(steps):
            for step in steps:
                if len(step.outcomes) > finished:
                    finished = len(step.outcomes)
                    yield {
                        "done": finished,
                        "of": count * len(chosen),
                        "rows": [_row(row) for row in measuring.summarize(step.outcomes)],
                        "pairs": [asdict(pair) for pair in measuring.pairs(step.outcomes)],
                    }


def _row(row: measuring.Row) -> dict[str, Any]:
    return {
        "strategy": row.strategy,
        "correct": row.correct,
        "asked": row.asked,
        "accuracy": row.accuracy,
        "interval": [row.low, row.high],
        "tokens": row.cost.tokens,
        "seconds": row.seconds,
    }
