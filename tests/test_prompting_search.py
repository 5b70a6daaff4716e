"""Search, vote, choose and measure: against scripted engines, arithmetic, scipy, transformers, the model."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import ast
import csv
import io
import math
import operator
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client
from playwright.sync_api import expect

from shared import i18n
from shared.engines.base import Candidate, Delta, Message, Sampling, Token
from shared.errors import HubError
from shared.models import MODELS, cache, white_box
from spaces.prompting import SPACE, search_views, thoughts
from spaces.prompting.choice import Choices, choose, read_choices
from spaces.prompting.consistency import final_answer, final_number, self_consistency
from spaces.prompting.generate import Cost, race
from spaces.prompting.lab import DEFAULT_ROLE, language_of
from spaces.prompting.measure import (
    MEASURABLE,
    Outcome,
    check_strategies,
    compare,
    mcnemar,
    measure,
    messages_for,
    summarize,
    wilson,
)
from spaces.prompting.questions import PROBLEMS, WORKED, examples_for
from spaces.prompting.snippet import snippet
from spaces.prompting.tree import Plan, Search, tree_of_thought
from spaces.prompting.ui_measure import as_csv
from tests.test_prompting import EVIL, call, the_form
import itertools

i18n.register("prompting", SPACE.texts)

FRANCE: list[Message] = [{"role": "user", "content": "What is the capital of France?"}]
QUESTION = "How many?"


# A chat engine that says what it is told


class Scripted:
    """`say(messages, sampling)` is the answer; `values[thought]` are the probabilities of sure, maybe and
    impossible for a state whose last thought it is."""

    name, device, context_length = "scripted", "paper", 2048

    def __init__(
        self,
        say: Callable[[Sequence[Message], Sampling], str] = lambda *_: "x",
        values: dict[str, tuple[float, float, float]] | None = None,
        words: bool = True,
    ) -> None:
        self.say, self.values, self.words = say, values or {}, words
        self.open = self.most = self.scored = 0
        self.asked: list[str] = []

    @property
    def active(self) -> int:
        return self.open

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        self.asked.append(messages[-1]["content"])
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            text = self.say(messages, sampling)
            for character in text:
                yield Delta(character, (Token(1, character, character.encode(), -0.1),))
            yield Delta(finish_reason="stop", prompt_tokens=10, new_tokens=len(text))
        finally:
            self.open -= 1

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        if not self.words:
            raise HubError("hub.needs_local_weights", model=self.name)
        self.scored += 1
        last = last_thought(messages[-1]["content"])
        share = self.values[last][thoughts.VALUES_IN["en"].index(answer)]
        token = Token(1, answer, answer.encode(), math.log(share))
        return Delta(answer, (token,), prompt_tokens=5)


def last_thought(prompt: str) -> str:
    return re.findall(r"^\d+\. (.*)$", prompt, re.M)[-1]


def proposals(*texts: str) -> Callable[[Sequence[Message], Sampling], str]:
    """The thoughts in the order of their nodes (seed = the node's number), then the answer."""

    def say(messages: Sequence[Message], sampling: Sampling) -> str:
        if sampling.temperature == 0:
            return "The answer is 7."
        assert sampling.seed is not None
        return texts[sampling.seed - 1]

    return say


def score_of(sure: float, maybe: float, impossible: float) -> float:
    return (sure + maybe / 2) / (sure + maybe + impossible)


def last(states: Iterator[Search]) -> Search:
    *_, end = states
    return end


# The tree


VALUES = {
    "a": (0.6, 0.3, 0.1),
    "b": (0.1, 0.2, 0.7),
    "c": (0.5, 0.1, 0.4),
    "aa": (0.2, 0.2, 0.6),
    "ab": (0.3, 0.3, 0.4),
    "ac": (0.1, 0.1, 0.8),
    "ca": (0.9, 0.05, 0.05),
    "cb": (0.2, 0.1, 0.7),
    "cc": (0.1, 0.2, 0.7),
}


def test_the_scores_decide_what_is_kept_at_every_level():
    engine = Scripted(proposals("a", "b", "c", "aa", "ab", "ac", "ca", "cb", "cc"), VALUES)
    end = last(tree_of_thought(engine, QUESTION, Plan(3, 2, 2, 0)))
    for node in end.nodes[1:]:
        assert node.score == pytest.approx(score_of(*VALUES[node.thought]))
        assert sum(node.values) == pytest.approx(1)
    # by hand: a .75, c .55, b .2; then ca .925, ab .45, aa .3, cb .25, cc .2, ac .15
    assert [n.thought for n in end.nodes if n.depth == 1 and n.kept] == ["a", "c"]
    assert {n.thought: n.rank for n in end.nodes if n.depth == 2} == {
        "ca": 1,
        "ab": 2,
        "aa": 3,
        "cb": 4,
        "cc": 5,
        "ac": 6,
    }
    assert [(n.thought, n.why) for n in end.nodes if n.kept is False] == [
        ("b", "beam"),
        *((thought, "beam") for thought in ("aa", "ac", "cb", "cc")),
    ]
    assert end.best is not None and end.path(end.best) == ["c", "ca"]
    assert end.answer == "The answer is 7." and end.stage == "done"


@pytest.mark.parametrize(("k", "b", "d"), [(1, 1, 1), (3, 1, 3), (2, 4, 2), (5, 4, 1)])
def test_width_beam_and_depth_are_kept_to(k, b, d):
    texts = [f"t{i}" for i in range(200)]
    engine = Scripted(proposals(*texts), {text: (0.5, 0.25, 0.25) for text in texts})
    end = last(tree_of_thought(engine, QUESTION, Plan(k, b, d)))
    frontier = 1
    for depth in range(1, d + 1):
        level = [node for node in end.nodes if node.depth == depth]
        assert len(level) == k * frontier
        frontier = sum(bool(node.kept) for node in level)
        assert frontier == min(b, len(level))
        for node in level:
            assert node.parent is not None and end.nodes[node.parent].kept
    assert max(node.depth for node in end.nodes) == d


def test_equal_scores_keep_the_thought_that_came_first():
    engine = Scripted(proposals("a", "b"), {"a": (0.5, 0.2, 0.3), "b": (0.5, 0.2, 0.3)})
    end = last(tree_of_thought(engine, QUESTION, Plan(2, 1, 1)))
    assert [node.kept for node in end.nodes[1:]] == [True, False]


def test_a_thought_a_sibling_had_is_pruned_before_it_is_valued():
    engine = Scripted(
        proposals("2 + 3 = 5.", "2 + 3 = 5", "", "2 - 3 = 5"),
        {"2 + 3 = 5.": (0.5, 0.3, 0.2), "2 - 3 = 5": (0.1, 0.1, 0.8)},
    )
    end = last(tree_of_thought(engine, QUESTION, Plan(4, 4, 1)))
    assert [(n.kept, n.why) for n in end.nodes[1:]] == [
        (True, ""),
        (False, "duplicate"),
        (False, "empty"),
        (True, ""),
    ]
    assert end.nodes[2].rank == 1  # the twin
    assert engine.scored == 2 * 3  # three words for each of the two that are worth it


def test_the_same_thought_under_another_parent_is_another_state():
    texts = ("a", "b", "z", "y", "z", "x")
    engine = Scripted(proposals(*texts), {text: (0.5, 0.3, 0.2) for text in texts})
    end = last(tree_of_thought(engine, QUESTION, Plan(2, 2, 2)))
    assert [node.why for node in end.nodes if node.thought == "z"] == ["", "beam"]


def test_the_answer_is_written_from_the_question_when_every_thought_is_empty():
    engine = Scripted(proposals("", ""))
    end = last(tree_of_thought(engine, QUESTION, Plan(2, 1, 2)))
    assert end.best == 0 and end.answer == "The answer is 7." and engine.scored == 0


def test_calls_and_tokens_add_up():
    engine = Scripted(proposals("aa", "bbb"), {"aa": (0.5, 0.3, 0.2), "bbb": (0.1, 0.1, 0.8)})
    end = last(tree_of_thought(engine, QUESTION, Plan(2, 1, 1)))
    # two proposals, three words for each, one answer; scores read 5 tokens each, answers 10
    assert end.cost == Cost(2 + 6 + 1, 2 * 10 + 6 * 5 + 10, 2 + 3 + len("The answer is 7."))


def test_every_state_grows_from_the_one_before():
    engine = Scripted(
        proposals("a", "b", "c", *("x" * n for n in range(1, 7))),
        {
            **VALUES,
            **{"x" * n: (0.5, 0.3, 0.2) for n in range(1, 7)},
        },
    )
    calls = nodes = 0
    for state in tree_of_thought(engine, QUESTION, Plan(3, 2, 2)):
        assert state.cost.calls >= calls and len(state.nodes) >= nodes
        calls, nodes = state.cost.calls, len(state.nodes)


def test_stop_in_the_middle_closes_every_stream():
    engine = Scripted(proposals(*["long " * 50] * 9))
    states = tree_of_thought(engine, QUESTION, Plan(5, 2, 2))
    while engine.open < 4:
        next(states)
    states.close()
    assert engine.open == 0


def test_no_more_runs_at_once_than_the_width():
    engine = Scripted(lambda *_: "abc")
    runs = [(FRANCE, Sampling(seed=i)) for i in range(9)]
    *_, answers = race(engine, runs, width=4)
    assert engine.most == 4 and [answer.text for answer in answers] == ["abc"] * 9


@pytest.mark.parametrize(
    "values", [(0, 2, 2, 0), (3, 9, 2, 0), (3, 2, 99, 0), (3, 2, 2, -1), (2.5, 2, 2, 0), ("3", 2, 2, 0)]
)
def test_a_plan_out_of_range_is_refused(values):
    with pytest.raises(HubError) as caught:
        Plan(*values)
    assert caught.value.key == "hub.out_of_range"


@pytest.mark.parametrize(
    ("written", "thought"),
    [
        ("1. Add them.", "Add them."),
        ("Step 2: 3 + 4 = 7", "3 + 4 = 7"),
        ("第二步：先减。", "先减。"),
        ("- 5 left", "5 left"),
        ("3 apples are left", "3 apples are left"),
        ("20 - 6 = 14", "20 - 6 = 14"),
        ("1.5 kg each", "1.5 kg each"),
    ],
)
def test_a_thought_loses_its_number_and_no_arithmetic(written, thought):
    assert thoughts.thought_of(written) == thought


@pytest.mark.parametrize("question", ["How many?", "有多少个？"])
def test_the_three_prompts_speak_the_questions_language(question):
    for build in (thoughts.proposing, thoughts.valuing, thoughts.answering):
        content = build(question, ["one", "two"])[-1]["content"]
        assert question in content and "1. one\n2. two" in content
        assert language_of(content.replace(question, "")) == language_of(question)


# The vote


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The answer is 9.", "9"),
        ("The answer is 23 - 20 + 6 = 9 apples.", "9"),
        ("The answer is 9 because 23 - 20 = 3.", "9"),
        ("The answer is 5 apples + 6 = 11.", "11"),
        ("23 - 20 = 3. 3 + 6 = 9", "9"),
        ("It costs $1,200.", "1200"),
        ("$1,200.50 in all", "1200.5"),
        ("3.50 metres", "3.5"),
        ("-5", "-5"),
        ("The answer is -$5.", "-5"),
        ("The temperature is −7", "-7"),
        ("23-20", "20"),
        ("答案是9个。", "9"),
        ("答案：１２", "12"),
        ("所以答案是 5 + 6 = 11。", "11"),
        ("先减20，还剩 3 个，再加 6 个，一共９个", "9"),
        ("#### 42", "42"),
        (r"\boxed{7}", "7"),
        ("**Answer:** 14", "14"),
        ("The answer is 8. No wait, the answer is 9. Checked 3 times.", "9"),
        ("12,5", "5"),
        ("None at all.", None),
        ("", None),
        ("没有数字", None),
    ],
)
def test_the_number_an_answer_ends_on(text, number):
    assert final_number(text) == number


def test_an_answer_in_words_can_be_voted_on():
    assert final_answer("So the answer is Paris.") == "paris"
    assert final_answer("答案是巴黎。") == "巴黎"
    assert final_answer("word " * 40) is None
    assert final_answer("  ") is None


def voting(*answers: str) -> Scripted:
    return Scripted(lambda _, sampling: answers[sampling.seed])  # type: ignore[index]


def test_the_most_frequent_answer_wins():
    engine = voting(
        "It is 8.",
        "It is 9.",
        "nothing but words that go on and on and lead to nowhere at all " * 2,
        "9",
        "7",
    )
    *_, vote = self_consistency(engine, FRANCE, Sampling(temperature=0.7, seed=0), 5)
    assert vote.extracted == ("8", "9", None, "9", "7")
    assert vote.votes == {"9": 2, "8": 1, "7": 1} and vote.winner == "9" and vote.done


def test_among_equals_the_first_sample_wins_and_nobody_wins_without_answers():
    *_, vote = self_consistency(voting("5", "4", "4", "5"), FRANCE, Sampling(temperature=0.7, seed=0), 4)
    assert vote.winner == "5"
    *_, vote = self_consistency(voting("", ""), FRANCE, Sampling(temperature=0.7, seed=0), 2)
    assert vote.winner is None and vote.votes == {}


def test_a_vote_of_identical_samples_is_refused():
    with pytest.raises(HubError) as caught:
        next(self_consistency(voting("5"), FRANCE, Sampling(temperature=0.0, seed=0), 3))
    assert caught.value.key == "prompting.same_samples"


def test_leaving_a_vote_closes_every_sample():
    engine = Scripted(lambda *_: "word " * 50)
    votes = self_consistency(engine, FRANCE, Sampling(temperature=1.0, seed=0), 8)
    next(votes)
    assert engine.open == 4
    votes.close()
    assert engine.open == 0


# The choice


class Counting(Scripted):
    """Cannot score words; the numbers' probabilities at the first token are given."""

    def __init__(self, told: dict[str, float], held: dict[int, float]) -> None:
        super().__init__(words=False)
        self.told, self.held = told, held

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        if sampling.json_schema is None:
            top = tuple(Candidate(1, t, t.encode(), math.log(p)) for t, p in self.told.items())
            yield Delta("The", (Token(2, "The", b"The", -1.0, top),))
        else:
            number = sampling.json_schema["const"]
            written = str(number)
            yield Delta(written, (Token(3, written, written.encode(), math.log(self.held[number])),))
        yield Delta(finish_reason="length", prompt_tokens=7, new_tokens=1)


def test_an_engine_that_cannot_score_words_is_read_by_number():
    engine = Counting({"1": 0.2, "3": 0.1, "Yes": 0.3}, {2: 0.004})
    chosen = choose(engine, FRANCE, ["Rome", "Oslo", "Paris"])
    assert chosen.numbered and chosen.best == "Rome"
    assert [math.exp(logprob) for logprob in chosen.logprobs] == pytest.approx([0.2, 0.004, 0.1])
    assert chosen.shares == pytest.approx([0.2 / 0.304, 0.004 / 0.304, 0.1 / 0.304])
    assert chosen.mass == pytest.approx(0.304)


def test_a_state_can_be_valued_by_number_too():
    engine = Counting({"1": 0.5, "2": 0.3, "3": 0.2}, {})
    engine.say = proposals("a")
    plain, engine.stream = engine.stream, None  # type: ignore[method-assign,assignment]

    def stream(messages, sampling):
        one = sampling.max_new_tokens == 1
        return plain(messages, sampling) if one else Scripted.stream(engine, messages, sampling)

    engine.stream = stream  # type: ignore[method-assign]
    end = last(tree_of_thought(engine, QUESTION, Plan(1, 1, 1)))
    assert end.nodes[1].values == pytest.approx((0.5, 0.3, 0.2))
    assert end.nodes[1].score == pytest.approx(0.65)


@pytest.mark.parametrize(
    "bad", ["", "one", ["a"], ["a", "a"], [str(i) for i in range(10)], "x\n" + "y" * 400, 7, [1, 2]]
)
def test_bad_choices_are_one_sentence(bad):
    with pytest.raises(HubError) as caught:
        read_choices(bad)
    assert caught.value.key == "prompting.bad_choices"


def test_choices_are_one_a_line_without_doubles():
    assert read_choices(" yes \n\nno\nyes\n") == ("yes", "no")


@pytest.fixture(scope="module")
def engine():
    with cache().lease(MODELS["smollm2-135m"]) as engine:
        yield engine


@pytest.fixture(scope="module")
def weights():
    with cache().lease(white_box(MODELS["smollm2-135m"])) as weights:
        yield weights


def direct(weights, messages: list[Message], choice: str) -> float:
    """The chain rule by one forward pass of transformers."""
    import torch

    system: Message = {"role": "system", "content": str(MODELS["smollm2-135m"].system_prompt)}
    text = weights.tokenizer.apply_chat_template(
        [system, *messages], tokenize=False, add_generation_prompt=True
    )
    prompt = weights.tokenizer(text, add_special_tokens=False).input_ids
    answer = weights.tokenizer(choice, add_special_tokens=False).input_ids
    with torch.inference_mode():
        logits = weights.model(torch.tensor([prompt + answer])).logits[0].float()
    logprobs = logits.log_softmax(-1)
    return sum(float(logprobs[len(prompt) - 1 + i, token]) for i, token in enumerate(answer))


CITIES = ["Paris", "Berlin", "The capital of France is Paris.", "巴黎"]


def test_choice_probabilities_are_transformers_chain_rule(engine, weights):
    chosen = choose(engine, FRANCE, CITIES)
    expected = [direct(weights, FRANCE, city) for city in CITIES]
    # llama.cpp multiplies in 8 bits where transformers has float32: a few percent a token
    assert chosen.logprobs == pytest.approx(expected, abs=0.5, rel=0.05)
    assert sum(chosen.shares) == pytest.approx(1) and not chosen.numbered
    assert choose(engine, FRANCE, ["Berlin", "Madrid", "Paris", "Rome"]).best == "Paris"
    assert choose(engine, FRANCE, ["Paris", "Rome", "Madrid", "Berlin"]).best == "Paris"


def test_the_transformers_engine_gives_transformers_chain_rule(weights):
    from shared.engines.local import LocalEngine

    local = LocalEngine(MODELS["smollm2-135m"], weights, batch=False)
    chosen = choose(local, FRANCE, CITIES)
    expected = [direct(weights, FRANCE, city) for city in CITIES]
    # the weights are bfloat16: one pass and a step for each token round differently
    assert chosen.logprobs == pytest.approx(expected, abs=0.25, rel=0.01)
    assert len(local.score(FRANCE, "Berlin").tokens) == len(weights.tokenizer("Berlin").input_ids)


@pytest.fixture(scope="module")
def remote():
    from shared.engines.remote import RemoteEngine
    from shared.models.fetch import fetch
    from tests.openai_server import KEY, LlamaServer

    spec = MODELS["smollm2-135m"]
    server = LlamaServer(fetch(spec) / str(spec.gguf))
    engine = RemoteEngine(server.url, key=KEY)
    yield engine
    engine.close()
    server.kill()


def test_a_remote_llama_cpp_scores_as_the_embedded_one(engine, remote):
    system: Message = {"role": "system", "content": str(MODELS["smollm2-135m"].system_prompt)}
    assert choose(remote, [system, *FRANCE], CITIES).logprobs == pytest.approx(
        choose(engine, FRANCE, CITIES).logprobs, abs=0.05
    )


def test_the_real_model_grows_a_small_tree(engine):
    states = list(tree_of_thought(engine, PROBLEMS[0].en, Plan(2, 1, 1, 3)))
    end = states[-1]
    assert end.stage == "done" and end.answer.startswith("The answer is")
    assert all(node.score is None or 0 <= node.score <= 1 for node in end.nodes)
    assert any(0 < len(state.nodes[1].thought) < len(end.nodes[1].thought) for state in states)  # live
    again = last(tree_of_thought(engine, PROBLEMS[0].en, Plan(2, 1, 1, 3)))
    assert end.cost.calls == again.cost.calls
    assert engine.active == 0


# The measurement


@pytest.mark.parametrize(("right", "asked"), [(0, 20), (20, 20), (1, 20), (7, 20), (3, 5), (1, 1), (0, 1)])
def test_interval_is_scipys_wilson(right, asked):
    from scipy.stats import binomtest

    expected = binomtest(right, asked).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(right, asked) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 0), (5, 0), (6, 0), (3, 3), (9, 1), (2, 11)])
def test_mcnemar_is_scipys_binomial_test(b, c):
    from scipy.stats import binomtest

    expected = binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    assert mcnemar(b, c) == pytest.approx(expected)


def outcome(question: int, strategy: str, correct: bool) -> Outcome:
    return Outcome(question, strategy, "text", "1", correct, False, Cost(1, 10, 5), 0.5)


def test_pairs_count_the_questions_only_one_got_right():
    marks = {"a": "1100110", "b": "1010000"}
    outcomes = [outcome(q, s, m == "1") for s, row in marks.items() for q, m in enumerate(row)]
    pair = compare(outcomes[:-1], "a", "b")
    assert (pair.only_a, pair.only_b, pair.asked) == (3, 1, 6)
    rows = summarize(outcomes)
    assert [(row.correct, row.asked) for row in rows] == [(4, 7), (2, 7)]
    assert rows[0].cost == Cost(7, 70, 35)


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def work_out(node: ast.expr) -> float:
    if isinstance(node, ast.Constant):
        return node.value  # type: ignore[return-value]
    assert isinstance(node, ast.BinOp)
    return OPERATORS[type(node.op)](work_out(node.left), work_out(node.right))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.sum)
def test_every_answer_is_its_sum_and_every_number_is_told_in_both_languages(problem):
    assert work_out(ast.parse(problem.sum, mode="eval").body) == problem.answer
    wanted = set(re.findall(r"\d+", problem.sum))
    for text in (problem.en, problem.zh):
        assert wanted <= set(re.findall(r"\d+", text)), text
    assert not re.search(r"[\u3400-\u9fff]", problem.en) and re.search(r"[\u3400-\u9fff]", problem.zh)


def test_there_are_twenty_different_problems_and_the_worked_ones_are_others():
    assert len({problem.en for problem in PROBLEMS}) == len({problem.zh for problem in PROBLEMS}) == 20
    for language in ("en", "zh"):
        assert not {asked for asked, _, _ in WORKED[language]} & {p.text(language) for p in PROBLEMS}
        for (_, answered), (_, _, answer) in zip(
            examples_for("cot_few_shot", language), WORKED[language], strict=True
        ):
            assert final_number(answered) == str(answer)


def solver(correct: set[int]) -> Scripted:
    """Right on the questions named, 0 elsewhere."""
    answers = {problem.en: problem.answer for problem in PROBLEMS}
    order = [problem.en for problem in PROBLEMS]

    def say(messages: Sequence[Message], _: Sampling) -> str:
        asked = next(text for text in order if text in messages[-1]["content"])
        return f"The answer is {answers[asked] if order.index(asked) in correct else 0}."

    return Scripted(say)


def test_measurement_counts_what_is_right_and_says_where_it_is():
    states = list(measure(solver({0, 2, 3}), ["zero_shot", "cot_zero_shot"], 4, "en"))
    places = list(dict.fromkeys((state.question, state.strategy) for state in states))
    assert places == [(q, s) for q in range(4) for s in range(2)]
    rows = summarize(states[-1].outcomes)
    assert [(row.strategy, row.correct) for row in rows] == [("zero_shot", 3), ("cot_zero_shot", 3)]
    assert (rows[0].low, rows[0].high) == wilson(3, 4)


def test_every_strategy_can_be_measured():
    values = {"The answer is 9.": (0.5, 0.3, 0.2)}
    engine = solver({0})
    engine.values = values
    *_, end = measure(engine, MEASURABLE, 1, "en")
    assert [o.strategy for o in end.outcomes] == list(MEASURABLE) and all(o.correct for o in end.outcomes)


def test_stopping_a_measurement_closes_its_streams():
    engine = Scripted(lambda *_: "word " * 400)
    for strategy in ("zero_shot", "self_consistency", "tree_search"):
        steps = measure(engine, [strategy], 3, "en")
        while engine.open == 0:
            next(steps)
        steps.close()
        assert engine.open == 0


def test_few_shot_shows_answers_and_chain_of_thought_the_steps():
    bare = messages_for("few_shot", PROBLEMS[0], "en")
    worked = messages_for("cot_few_shot", PROBLEMS[0], "en")
    assert bare[0] == {"role": "system", "content": DEFAULT_ROLE}
    assert next(m["content"] for m in bare if m["role"] == "assistant") == "The answer is 11."
    assert "2 * 3 = 6" in next(m["content"] for m in worked if m["role"] == "assistant")
    assert len(messages_for("one_shot", PROBLEMS[0], "en")) == 4


@pytest.mark.parametrize("bad", [[], None, "zero_shot", ["magic"], [1], {}])
def test_unknown_strategies_are_one_sentence(bad):
    with pytest.raises(HubError) as caught:
        check_strategies(bad)
    assert caught.value.key == "prompting.no_strategies"


def test_csv_has_a_row_for_every_answer_and_no_formulas():
    evil = replace(outcome(0, "zero_shot", True), text="=1+1")
    rows = list(csv.reader(io.StringIO(as_csv(((evil, outcome(1, "few_shot", False)), "en")))))
    assert len(rows) == 3 and rows[1][-1] == "'=1+1" and rows[1][2] == PROBLEMS[0].en


# What is drawn


def test_what_people_and_models_wrote_is_escaped():
    t = i18n.translator("prompting", "en")
    *_, vote = self_consistency(
        voting(f"the answer is {EVIL[:30]}", EVIL), FRANCE, Sampling(temperature=1, seed=0), 2
    )
    pages = [
        search_views.vote(t, vote),
        search_views.choice_bars(t, Choices((EVIL, "b"), (-1.0, -2.0)), EVIL + "x"),
    ]
    for page in pages:
        assert "<script" not in page and "<img" not in page and "&lt;" in page


def test_a_pair_is_said_in_a_sentence_that_follows_the_p_value():
    outcomes = [outcome(q, s, s == "zero_shot") for q in range(8) for s in ("zero_shot", "few_shot")]
    english = search_views.measured(i18n.translator("prompting", "en"), outcomes)
    assert "8 right only by the first, 0 only by the second" in english
    assert "0.00781" in english and "hardly chance" in english  # 2 / 2**8
    chinese = search_views.measured(i18n.translator("prompting", "zh"), outcomes[:4])
    assert "可能只是偶然" in chinese  # 2 / 2**2 = 0.5


# Show code


def run_snippet(code: str) -> str:
    assert "shared" not in code and "spaces." not in code and "@" not in code.replace("@ ", "")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_snippet_of_the_choices_prints_the_labs_probabilities(engine):
    form = the_form()
    choices = ["Paris", "Rome", "巴黎"]
    printed = run_snippet(snippet("constrain", form, ("choice", "", False, "\n".join(choices)))).splitlines()
    chosen = choose(engine, form.messages(), choices)
    assert printed[0] == chosen.best
    for line, choice, share, logprob in zip(
        printed[1:], choices, chosen.shares, chosen.logprobs, strict=True
    ):
        first, second, name = line.split(None, 2)
        assert name == choice and float(first) == pytest.approx(share, abs=1e-3)
        assert float(second) == pytest.approx(math.exp(logprob), rel=0.05)


@pytest.mark.parametrize("question", [PROBLEMS[1].en, PROBLEMS[1].zh], ids=["en", "zh"])
def test_snippet_of_the_tree_prints_a_tree(question):
    form = the_form(question=question)
    printed = run_snippet(snippet("search", form, ("tree", 2, 1, 1, 5, 0.7))).splitlines()
    levels = [line for line in printed if line.startswith("step 1")]
    assert 1 <= len(levels) <= 2 and levels[0].split()[2] == "kept"
    assert all(0 <= float(line.split()[3]) <= 1 for line in levels)
    assert len(printed) > len(levels)


def test_snippet_of_the_vote_prints_samples_and_votes():
    form = the_form(question=PROBLEMS[0].en, strategy="cot_zero_shot", max_new_tokens=48)
    printed = run_snippet(snippet("search", form, ("votes", 3, 2, 2, 2, 0.7)))
    assert "sample 1:" in printed and "sample 2:" in printed
    answers = re.findall(r"sample \d: (.*)", printed)
    votes = re.findall(r"(\d) of 2: (.*)", printed)
    assert sum(int(n) for n, _ in votes) == sum(answer != "None" for answer in answers)


def test_snippet_of_the_measurement_prints_the_labs_counts(engine):
    form = the_form()
    printed = run_snippet(snippet("measure", form, (["zero_shot", "few_shot"], 2, 32, "en")))
    *_, end = measure(engine, ["zero_shot", "few_shot"], 2, "en", 32)
    for row in summarize(end.outcomes):
        assert f"{row.strategy}: {row.correct} of 2, 95 % interval {row.low:.2f} to {row.high:.2f}" in printed


# Endpoints


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with gr.Blocks() as demo:
        SPACE.api()
    _, url, _ = demo.queue(api_open=False).launch(prevent_thread_lock=True, quiet=True)
    yield url
    demo.close()


@pytest.fixture(scope="module")
def client(server) -> Client:
    return Client(server, verbose=False)


def test_choose_endpoint(client):
    answered = client.predict(FRANCE, ["Berlin", "Paris"], None, api_name="/choose")
    assert answered["choice"] == "Paris" and sum(answered["probabilities"].values()) == pytest.approx(1)
    shares = np.exp(list(answered["logprobs"].values()))
    assert list(answered["probabilities"].values()) == pytest.approx(list(shares / shares.sum()))


def test_tree_endpoint_streams_a_growing_tree(client):
    job = client.submit(PROBLEMS[0].en, None, 2, 1, 1, 0, api_name="/tree_of_thought")
    end = job.result(timeout=120)
    assert [set(node) for node in end["nodes"]] == [
        {"id", "parent", "depth", "thought", "score", "kept", "why"}
    ] * 3
    assert end["answer"] and end["calls"] >= 2 + 3 + 1 and end["tokens"] > 100
    outputs = job.outputs()
    assert len(outputs) > 3 and outputs[0]["answer"] == ""
    assert all(a["calls"] <= b["calls"] for a, b in itertools.pairwise(outputs))


def test_self_consistency_endpoint(client):
    job = client.submit("What is 2 + 2? Answer with a number.", None, 2, 0.7, 0, api_name="/self_consistency")
    end = job.result(timeout=120)
    assert len(end["answers"]) == len(end["texts"]) == 2
    assert end["winner"] == (max(end["votes"], key=end["votes"].get) if end["votes"] else None)


def test_measure_endpoint(client):
    job = client.submit(["few_shot", "one_shot"], 1, None, "en", 0, api_name="/measure_prompts")
    end = job.result(timeout=120)
    assert (end["done"], end["of"]) == (2, 2)
    assert [row["strategy"] for row in end["rows"]] == ["few_shot", "one_shot"]
    for row in end["rows"]:
        assert row["interval"] == pytest.approx(wilson(row["correct"], 1))
    assert end["pairs"][0]["p"] == 1.0


BAD = [
    ("choose", [FRANCE, ["one"], None]),
    ("choose", [FRANCE, None, None]),
    ("choose", [[], ["a", "b"], None]),
    ("choose", [FRANCE, ["a", "b"], "no-such-model"]),
    ("choose", [FRANCE, ["a\ud800", "b"], None]),
    ("choose", [[{"role": "user", "content": "word " * 10_000}], ["a", "b"], None]),
    ("tree_of_thought", ["", None, None, None, None, None]),
    ("tree_of_thought", ["q", None, 99, None, None, None]),
    ("tree_of_thought", ["q", None, None, "two", None, None]),
    ("tree_of_thought", ["x" * 300_000, None, None, None, None, None]),
    ("tree_of_thought", ["word " * 10_000, None, None, None, None, None]),
    ("self_consistency", ["q", None, 0, None, None]),
    ("self_consistency", ["q", None, 3, 0, None]),
    ("self_consistency", [7, None, 3, None, None]),
    ("self_consistency", ["q", None, 3, "hot", None]),
    ("measure_prompts", [[], 1, None, None, None]),
    ("measure_prompts", [["zero_shot"], 99, None, None, None]),
    ("measure_prompts", [["zero_shot"], 1, None, "fr", None]),
    ("measure_prompts", [["zero_shot"], 1, None, "en", -3]),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "data"), BAD, ids=range(len(BAD)))
def test_bad_input_is_one_sentence_in_the_visitors_language(server, name, data, language):
    _, error = call(server, name, data, language)
    unexpected = i18n.text("zh" if language == "zh" else "en", "hub.unexpected")
    assert error and error != unexpected
    assert "\n" not in error and len(error) < 400
    assert bool(re.search(r"[\u4e00-\u9fff]", error)) == (language == "zh")


def test_cancelling_the_tree_leaves_no_answer_running(client, engine):
    job = client.submit(PROBLEMS[2].en, None, 5, 4, 4, 0, api_name="/tree_of_thought")
    end = time.monotonic() + 60
    while not job.outputs() and time.monotonic() < end:
        time.sleep(0.05)
    job.cancel()
    while (engine.active or not threading.active_count()) and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1)
    assert engine.active == 0


# The page

NAMES = {
    "en-US": {"search": "Search", "measure": "Measure", "example": "Canteen apples", "zero": "Zero-shot"},
    "zh-CN": {"search": "搜索", "measure": "测量", "example": "食堂的苹果", "zero": "零样本"},
}


def open_tab(page, name: str) -> None:
    expect(page.locator("button.prompting-run:visible")).to_be_visible(timeout=60_000)
    tab = page.get_by_role("tab", name=name, exact=True)
    if tab.count() and tab.first.is_visible():
        tab.first.click()
    else:  # on a phone the last tabs are in a menu
        page.locator(".prompting-result .overflow-menu > button").click()
        page.locator(".prompting-result .overflow-dropdown button", has_text=name).click()
    page.wait_for_timeout(400)


@pytest.mark.parametrize("lang", ["en-US", "zh-CN"])
def test_the_tree_grows_in_the_page_and_a_node_tells_why_it_was_pruned(open_page, lang):
    page = open_page("?tab=prompting", lang=lang)
    names = NAMES[lang]
    open_tab(page, names["search"])
    page.get_by_role("button", name=names["example"], exact=True).click()
    expect(page.locator("#prompting-question textarea")).to_have_value(re.compile("23"), timeout=20_000)
    for index, value in enumerate(("2", "1", "1")):  # k, b, d
        box = page.locator(".prompting-sliders:visible input[type=number]").nth(index)
        box.fill(value)
        box.blur()
    page.locator("button.prompting-run:visible").click()
    expect(page.locator(".tree-node")).to_have_count(3, timeout=60_000)
    expect(page.locator(".tree-node.answer")).to_have_count(1, timeout=200_000)
    expect(page.locator("#prompting-cost")).to_contain_text(re.compile(r"\d"))
    pruned = page.locator(".tree-node.pruned").first
    pruned.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tree-detail")).to_contain_text("pruned" if lang == "en-US" else "剪掉")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.node") == "0"


def test_stop_ends_a_search_in_the_page(open_page):
    page = open_page("?tab=prompting", lang="en-US")
    open_tab(page, "Search")
    page.locator("button.prompting-run:visible").click()
    page.wait_for_function(
        "[...document.querySelectorAll('.tree-node .tree-text')].filter((e) => e.textContent).length > 1",
        timeout=90_000,
    )
    page.locator("button.prompting-stop:visible").click()
    page.wait_for_timeout(1500)
    before = page.locator("#prompting-tree").inner_text()
    page.wait_for_timeout(2000)
    assert page.locator("#prompting-tree").inner_text() == before
    assert page.locator(".tree-node.answer").count() == 0


@pytest.mark.parametrize("lang", ["en-US", "zh-CN"])
def test_measurement_fills_the_grid_and_a_cell_tells_its_answer(open_page, lang):
    page = open_page("?tab=prompting", lang=lang)
    names = NAMES[lang]
    open_tab(page, names["measure"])
    page.locator("button.prompting-run:visible").click()
    done = page.locator(".grid-cell.right, .grid-cell.wrong")
    expect(done.nth(1)).to_be_visible(timeout=120_000)
    expect(page.locator("#prompting-measured")).to_contain_text(names["zero"])
    page.locator("button.prompting-stop:visible").click()
    done.first.click()
    expect(page.locator(".grid-detail")).to_contain_text("23")
    expect(page.locator(".grid-detail .answer-text")).not_to_be_empty()


@pytest.mark.parametrize("name", ["search", "measure"])
def test_phone_scrolls_nothing_sideways_but_the_tree(open_page, name):
    page = open_page("?tab=prompting", lang="en-US", width=390, height=844)
    open_tab(page, NAMES["en-US"][name])
    page.locator("button.prompting-run:visible").click()
    drawn = {"search": ".tree-node", "measure": ".grid-cell"}[name]
    expect(page.locator(drawn).first).to_be_visible(timeout=90_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("button.prompting-stop:visible").click()
