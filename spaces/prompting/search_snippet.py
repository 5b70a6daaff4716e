"""The scripts of the Constrain, Search and Measure tabs: the same algorithms, written out."""

import inspect
import re
from typing import Any

from spaces.prompting import consistency, thoughts
from spaces.prompting import tree as search
from spaces.prompting.choice import read_choices
from spaces.prompting.form import Form, chat_model, whole
from spaces.prompting.lab import Language, language_of
from spaces.prompting.measure import SAMPLE_TEMPERATURE, SAMPLES, Z, check_strategies, messages_for
from spaces.prompting.questions import PROBLEMS, Problem
from spaces.prompting.search_scripts import ASK, CHOICE, MEASURE, SCORE, TREE, VOTES
from spaces.prompting.snippet_parts import head, literal, with_system


def choice(form: Form, choices_text: str) -> str:
    """Prints the choice and the probability of each."""
    choices = read_choices(choices_text or "")
    messages = with_system(chat_model(form.model), form.messages())
    return head(form, _SCORING) + _filled(
        SCORE + CHOICE, MESSAGES=literal(messages), CHOICES=literal(list(choices))
    )


def tree(form: Form, k: int, b: int, d: int) -> str:
    """Prints the tree level by level, then the answer."""
    plan = search.Plan(k, b, d, whole(form.seed))
    language = language_of(form.question)
    return head(form, (*_SCORING, "import re")) + _filled(
        ASK + SCORE + TREE,
        QUESTION=literal(form.question.strip()),
        PLAN=f"{plan.thoughts}, {plan.beam}, {plan.depth}, {plan.seed}",
        SYSTEM=literal(with_system(chat_model(form.model), [{"role": "user", "content": ""}])[:-1]),
        EXAMPLE=literal(thoughts.ROGER[language]),
        TASKS=literal((thoughts.PROPOSE[language], thoughts.VALUE[language], thoughts.ANSWER[language])),
        VALUES=literal(thoughts.VALUES_IN[language]),
        NONE=literal(thoughts.NONE[language]),
        STEPS=literal(thoughts.STEPS[language]),
        NUMBERED=f"r{thoughts.NUMBERED.pattern!r}".replace("\\\\", "\\"),
        TEMPERATURE=str(search.TEMPERATURE),
        THOUGHT_TOKENS=str(search.THOUGHT_TOKENS),
        ANSWER_TOKENS=str(search.ANSWER_TOKENS),
    )


def votes(form: Form, samples: int, temperature: float) -> str:
    """Prints each sample's answer and the vote."""
    sampling = form.sampling()
    settings: dict[str, Any] = {
        "temperature": temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "max_tokens": sampling.max_new_tokens,
    }
    if sampling.stop:
        settings["stop"] = list(sampling.stop)
    return head(form, _FINDING) + _filled(
        ASK + _finder() + VOTES,
        MESSAGES=literal(with_system(chat_model(form.model), form.messages())),
        SETTINGS=literal(settings),
        SAMPLES=str(samples),
        SEED=str(sampling.seed or 0),
    )


def measure(form: Form, strategies: Any, questions: Any, tokens: Any, language: Language) -> str:
    """Prints the table. The tree search has a script of its own and is left out here."""
    asked = check_strategies(strategies)
    chosen = [name for name in asked if name != "tree_search"]
    if not chosen:
        return tree(form, 3, 2, 2)
    place = "{问题}" if language == "zh" else "{question}"
    blank = Problem(place, place, "0", 0)
    prompts = {
        name: with_system(
            chat_model(form.model),
            messages_for("cot_few_shot" if name == "self_consistency" else name, blank, language),
        )
        for name in chosen
    }
    problems = [(problem.text(language), problem.answer) for problem in PROBLEMS[: whole(questions)]]
    return head(form, (*_FINDING, "import math")) + _filled(
        ASK + _finder() + MEASURE,
        PROMPTS=literal(prompts),
        PROBLEMS=literal(problems),
        PLACE=place,
        PLACE_LITERAL=literal(place),
        TOKENS=str(whole(tokens)),
        SAMPLES=str(SAMPLES),
        TEMPERATURE=str(SAMPLE_TEMPERATURE),
        SEED=str(whole(form.seed) or 0),
        Z=str(Z),
    )


_SCORING = ("import json", "import math", "import urllib.request")
_FINDING = ("import re", "from collections import Counter", "from decimal import Decimal")


def _finder() -> str:
    """The lab's own functions that find the number an answer ends on."""
    patterns = "".join(
        f"{name} = re.compile({pattern.pattern!r}, {int(pattern.flags)})\n"
        for name, pattern in (
            ("_NUMBER", consistency._NUMBER),
            ("_SAID", consistency._SAID),
            ("_SUM", consistency._SUM),
            ("_SENTENCE_END", consistency._SENTENCE_END),
        )
    )
    constants = f"_WIDE = {consistency._WIDE!r}\nLONGEST_ANSWER = {consistency.LONGEST_ANSWER}\n"
    functions = (consistency.numbers, consistency.final_number, consistency.final_answer, consistency._plain)
    return f"\n{constants}{patterns}" + "".join(
        f"\n\n{inspect.getsource(function)}" for function in functions
    )


def _filled(script: str, **values: str) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], script)
