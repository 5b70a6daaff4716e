"""Tree of thought as a search (Yao et al. 2023, arXiv 2305.10601): breadth first, with a beam.

A state is a question and the steps thought so far. Every kept state proposes k next steps (samples of one
prompt); the model itself values each new state; the best b of a level go on. After d levels the answer is
written from the best state."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from shared.engines.base import ChatEngine, Message, Sampling
from shared.errors import HubError
from spaces.prompting.choice import normalised, score_choices
from spaces.prompting.generate import Cost, race
from spaces.prompting.thoughts import answering, proposing, same_thought, thought_of, values_in, valuing

MAX_THOUGHTS, MAX_BEAM, MAX_DEPTH = 5, 4, 4
WIDTH = 4
"""Thoughts written at the same time: half of the embedded engine's slots, so that others are served too."""
TEMPERATURE = 0.8
"""Of the proposals: at 0 the k of them would be the same."""
THOUGHT_TOKENS = 48
ANSWER_TOKENS = 64
WEIGHTS = (1.0, 0.5, 0.0)
"""Of sure, maybe and impossible: the score is their mean under the model's probabilities."""


@dataclass(frozen=True)
class Plan:
    """How wide and deep to search. Raises HubError when a value is out of range."""

    thoughts: int = 3
    beam: int = 2
    depth: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        limits = (
            ("thoughts", 1, MAX_THOUGHTS),
            ("beam", 1, MAX_BEAM),
            ("depth", 1, MAX_DEPTH),
            ("seed", 0, 2**32 - 1),
        )
        for name, low, high in limits:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise HubError("hub.out_of_range", name=name, low=low, high=high)


@dataclass(frozen=True)
class Node:
    """A thought and what became of it. Node 0 is the question."""

    id: int
    parent: int | None
    depth: int
    thought: str = ""
    score: float | None = None
    """0 to 1; None before it is valued, and for what is not worth it."""
    values: tuple[float, ...] = ()
    """The probabilities of sure, maybe and impossible."""
    kept: bool | None = None
    """None until its level is over."""
    why: str = ""
    """Why it was pruned: `beam`, `duplicate` or `empty`."""
    rank: int = 0
    """Its place in its level, from 1; the twin's id for a duplicate."""


@dataclass(frozen=True)
class Search:
    """The tree so far."""

    nodes: tuple[Node, ...]
    stage: str
    """`proposing`, `valuing`, `answering` or `done`."""
    depth: int
    cost: Cost
    best: int | None = None
    """The leaf that the answer is written from."""
    answer: str = ""

    def path(self, node: int) -> list[str]:
        """The thoughts from the question to `node`."""
        return steps_to(self.nodes, node)


def steps_to(nodes: Sequence[Node], node: int) -> list[str]:
    steps: list[str] = []
    at = nodes[node]
    while at.parent is not None:
        steps.append(at.thought)
        at = nodes[at.parent]
    return steps[::-1]


def tree_of_thought(engine: ChatEngine, question: str, plan: Plan) -> Generator[Search, None, None]:
    """The search as it goes. Closing it stops the model."""
    if not question.strip():
        raise HubError("hub.empty_prompt")
    nodes = [Node(0, None, 0, question.strip(), kept=True)]
    frontier, cost = [0], Cost()
    for depth in range(1, plan.depth + 1):
        level = range(len(nodes), len(nodes) + plan.thoughts * len(frontier))
        nodes += [
            Node(level[0] + i, frontier[i // plan.thoughts], depth) for i in range(len(level))
        ]  # the k children of a state stand side by side
        yield Search(tuple(nodes), "proposing", depth, cost)
        runs = [_proposal(nodes, i, plan.seed) for i in level]
        with closing(race(engine, runs, width=WIDTH)) as states:
            for answers in states:
                for i, answer in zip(level, answers, strict=True):
                    nodes[i] = replace(nodes[i], thought=thought_of(answer.text))
                spent = Cost.of(answers)
                yield Search(tuple(nodes), "proposing", depth, cost + spent)
        cost += spent

        _drop_worthless(nodes, level)
        worth = [i for i in level if nodes[i].kept is None]
        if not worth:
            break
        prompts = [valuing(question, steps_to(nodes, i)) for i in worth]
        with closing(score_choices(engine, prompts, values_in(question))) as readings:
            for reading in readings:
                for i, logprobs in zip(worth, reading.logprobs, strict=True):
                    if logprobs is not None:
                        nodes[i] = _valued(nodes[i], logprobs)
                yield Search(tuple(nodes), "valuing", depth, cost + reading.cost)
        cost += reading.cost

        ranked = sorted(worth, key=lambda i: (-(nodes[i].score or 0.0), i))
        for rank, i in enumerate(ranked, start=1):
            kept = rank <= plan.beam
            nodes[i] = replace(nodes[i], kept=kept, why="" if kept else "beam", rank=rank)
        frontier = ranked[: plan.beam]
        yield Search(tuple(nodes), "valuing", depth, cost)
    yield from _answer(engine, nodes, frontier[0], cost)


def _proposal(nodes: Sequence[Node], node: int, seed: int) -> tuple[list[Message], Sampling]:
    parent = nodes[node].parent
    assert parent is not None
    sampling = Sampling(
        temperature=TEMPERATURE,
        top_p=0.95,
        max_new_tokens=THOUGHT_TOKENS,
        seed=(seed + node) % 2**32,
        stop=("\n",),
        top_logprobs=1,
    )
    return proposing(nodes[0].thought, steps_to(nodes, parent)), sampling


def _drop_worthless(nodes: list[Node], level: Sequence[int]) -> None:
    """Empty thoughts, and those that a sibling had already, are pruned before they cost a valuation."""
    for i in level:
        node = nodes[i]
        siblings = [j for j in level if j < i and nodes[j].parent == node.parent and nodes[j].kept is None]
        twin = next((j for j in siblings if same_thought(nodes[j].thought, node.thought)), None)
        if not node.thought:
            nodes[i] = replace(node, kept=False, why="empty")
        elif twin is not None:
            nodes[i] = replace(node, kept=False, why="duplicate", rank=twin)


def _valued(node: Node, logprobs: Sequence[float]) -> Node:
    values = normalised(logprobs)
    score = sum(value * weight for value, weight in zip(values, WEIGHTS, strict=True))
    return replace(node, values=values, score=score)


def _answer(engine: ChatEngine, nodes: list[Node], leaf: int, cost: Cost) -> Generator[Search, None, None]:
    prompt = answering(nodes[0].thought, steps_to(nodes, leaf))
    sampling = Sampling(temperature=0.0, max_new_tokens=ANSWER_TOKENS, seed=0, top_logprobs=1)
    so_far = Search(tuple(nodes), "answering", nodes[leaf].depth, cost, best=leaf)
    yield so_far
    with closing(race(engine, [(prompt, sampling)])) as states:
        for answers in states:
            so_far = replace(so_far, answer=answers[0].text.strip(), cost=cost + Cost.of(answers))
            yield so_far
    yield replace(so_far, stage="done")
