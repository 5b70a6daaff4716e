"""Ways of prompting on the same questions: accuracy, its interval, and whether a difference is chance."""

import math
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from shared.engines.base import ChatEngine, Message, Sampling
from shared.errors import HubError
from spaces.prompting.consistency import final_number, self_consistency
from spaces.prompting.generate import Cost, answer
from spaces.prompting.lab import (
    DEFAULT_ROLE,
    STRATEGIES,
    WITH_EXAMPLES,
    Language,
    PromptParts,
    build_messages,
)
from spaces.prompting.questions import PROBLEMS, Problem, examples_for
from spaces.prompting.tree import Plan, tree_of_thought

MEASURABLE = (*STRATEGIES, "self_consistency", "tree_search")
"""The strategies of the lab, and the two searches: self-consistency votes over `SAMPLES` chains of thought by
example, the tree search has the default plan."""
SAMPLES = 5
SAMPLE_TEMPERATURE = 0.7
Z = 1.959963984540054
"""The normal distribution's 97.5th percentile: intervals are 95 %."""


@dataclass(frozen=True)
class Outcome:
    """One question under one strategy. `question` counts from 0."""

    question: int
    strategy: str
    text: str
    """The answer; for self-consistency all of them."""
    number: str | None
    """The number it ends on."""
    correct: bool
    cut: bool
    """Stopped at the length limit."""
    cost: Cost
    seconds: float


@dataclass(frozen=True)
class Progress:
    """What is finished, and what is being written."""

    outcomes: tuple[Outcome, ...]
    question: int
    strategy: int
    """Both count from 0 and say where the measurement is."""
    writing: str = ""


@dataclass(frozen=True)
class Row:
    """A strategy's result. `low` and `high` bound the accuracy (Wilson, 95 %)."""

    strategy: str
    correct: int
    asked: int
    accuracy: float
    low: float
    high: float
    cut: int
    cost: Cost
    seconds: float


@dataclass(frozen=True)
class Pair:
    """Two strategies on the questions both answered. `only_a`: questions that A alone got right."""

    a: str
    b: str
    asked: int
    only_a: int
    only_b: int
    p: float
    """Exact McNemar, two-sided."""


def wilson(correct: int, asked: int) -> tuple[float, float]:
    """The 95 % interval of a share, after Wilson (1927): unlike the usual one it stays inside 0 to 1 and
    works for few questions and for none right."""
    if asked == 0:
        return 0.0, 1.0
    share, z2 = correct / asked, Z * Z
    middle = (share + z2 / (2 * asked)) / (1 + z2 / asked)
    half = Z / (1 + z2 / asked) * math.sqrt(share * (1 - share) / asked + z2 / (4 * asked * asked))
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(only_a: int, only_b: int) -> float:
    """How probable it is that chance alone splits the questions that exactly one strategy got right at least
    this unevenly (exact, two-sided: a fair coin for each)."""
    total, fewer = only_a + only_b, min(only_a, only_b)
    tail = sum(math.comb(total, i) for i in range(fewer + 1)) / 2**total
    return min(1.0, 2 * tail)


def summarize(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row for each strategy, in the order they came."""
    rows = []
    for strategy in dict.fromkeys(outcome.strategy for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.strategy == strategy]
        right = sum(outcome.correct for outcome in own)
        rows.append(
            Row(
                strategy,
                right,
                len(own),
                right / len(own),
                *wilson(right, len(own)),
                sum(outcome.cut for outcome in own),
                sum((outcome.cost for outcome in own), Cost()),
                sum(outcome.seconds for outcome in own),
            )
        )
    return rows


def compare(outcomes: Sequence[Outcome], a: str, b: str) -> Pair:
    """The paired comparison of two strategies."""
    right = {
        strategy: {o.question: o.correct for o in outcomes if o.strategy == strategy} for strategy in (a, b)
    }
    both = right[a].keys() & right[b].keys()
    only_a = sum(right[a][q] and not right[b][q] for q in both)
    only_b = sum(right[b][q] and not right[a][q] for q in both)
    return Pair(a, b, len(both), only_a, only_b, mcnemar(only_a, only_b))


def pairs(outcomes: Sequence[Outcome]) -> list[Pair]:
    """The first strategy against each of the others."""
    first, *others = dict.fromkeys(outcome.strategy for outcome in outcomes) or [""]
    return [compare(outcomes, first, other) for other in others]


def messages_for(strategy: str, problem: Problem, language: Language) -> list[Message]:
    """The prompt of one of the lab's own strategies."""
    return build_messages(
        PromptParts(
            problem.text(language),
            role=DEFAULT_ROLE,
            examples=examples_for(strategy, language) if strategy in WITH_EXAMPLES else (),
            strategy=strategy,  # type: ignore[arg-type]  # check_strategies did
        )
    )


def check_strategies(strategies: object) -> tuple[str, ...]:
    """Raises HubError unless it is a list of strategies that can be measured; doubles count once."""
    if not isinstance(strategies, Sequence) or isinstance(strategies, str) or not strategies:
        raise HubError("prompting.no_strategies", names=", ".join(MEASURABLE))
    if any(not isinstance(name, str) or name not in MEASURABLE for name in strategies):
        raise HubError("prompting.no_strategies", names=", ".join(MEASURABLE))
    return tuple(dict.fromkeys(strategies))


def measure(
    engine: ChatEngine,
    strategies: Sequence[str],
    questions: int,
    language: Language,
    max_new_tokens: int = 160,
    seed: int = 0,
) -> Generator[Progress, None, None]:
    """Asks the first `questions` problems under every strategy, question by question. Closing it stops the
    model.

    Greedy, one answer after another: answers that share a batch add up differently, and a close choice could
    then fall the other way."""
    chosen = check_strategies(strategies)
    if isinstance(questions, bool) or not isinstance(questions, int) or not 1 <= questions <= len(PROBLEMS):
        raise HubError("hub.out_of_range", name="questions", low=1, high=len(PROBLEMS))
    so_far = Progress((), 0, 0)
    for q, problem in enumerate(PROBLEMS[:questions]):
        for s, strategy in enumerate(chosen):
            so_far = replace(so_far, question=q, strategy=s, writing="")
            yield so_far
            sampling = Sampling(temperature=0.0, max_new_tokens=max_new_tokens, seed=seed, top_logprobs=0)
            with closing(_asked(engine, q, problem, strategy, language, sampling)) as steps:
                for step in steps:
                    if isinstance(step, Outcome):
                        so_far = replace(so_far, outcomes=(*so_far.outcomes, step), writing="")
                    else:
                        so_far = replace(so_far, writing=step)
                    yield so_far


def _asked(
    engine: ChatEngine, index: int, problem: Problem, strategy: str, language: Language, sampling: Sampling
) -> Generator[str | Outcome, None, None]:
    """The answer so far, and at last the outcome."""
    started = time.monotonic()
    cut = False
    number: str | None = None
    if strategy == "self_consistency":
        voters = messages_for("cot_few_shot", problem, language)
        warm = replace(sampling, temperature=SAMPLE_TEMPERATURE)
        with closing(self_consistency(engine, voters, warm, SAMPLES)) as votes:
            for vote in votes:
                yield (text := "\n\n".join(f"[{i}] {a.text}" for i, a in enumerate(vote.samples, start=1)))
        number, cost = vote.winner, vote.cost
        cut = any(sample.finish_reason == "length" for sample in vote.samples)
    elif strategy == "tree_search":
        plan = Plan(seed=sampling.seed or 0)
        with closing(tree_of_thought(engine, problem.text(language), plan)) as searches:
            for search in searches:
                steps = search.path(search.best) if search.best is not None else []
                yield (text := "\n".join([*steps, search.answer]))
        number, cost = final_number(search.answer), search.cost
    else:
        for so_far in answer(engine, messages_for(strategy, problem, language), sampling):
            yield (text := so_far.text)
        number, cost = final_number(so_far.text), Cost.of([so_far])
        cut = so_far.finish_reason == "length"
    seconds = time.monotonic() - started
    yield Outcome(index, strategy, text, number, number == str(problem.answer), cut, cost, seconds)
