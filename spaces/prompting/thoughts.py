"""The three prompts of a tree search: propose the next step, value the steps so far, write the answer."""

import re
from collections.abc import Sequence

from shared.engines.base import Message
from spaces.prompting.lab import Language, language_of

VALUES_IN: dict[Language, tuple[str, str, str]] = {
    "en": ("Sure", "Maybe", "Impossible"),
    "zh": ("肯定", "也许", "不可能"),
}
"""What a state can be valued as: worth 1, a half, nothing."""
STEPS = {
    "en": "Question: {question}\nSteps so far:\n{steps}\n\n{task}",
    "zh": "问题：{question}\n已有的步骤：\n{steps}\n\n{task}",
}
NONE = {"en": "(none)", "zh": "（无）"}
PROPOSE = {
    "en": "Write the next step only, in one short sentence with its sum.",
    "zh": "只写下一步，用一句短话，写出算式。",
}
VALUE = {
    "en": "Can these steps lead to the right answer? Answer with one word: Sure, Maybe or Impossible.",
    "zh": "照这些步骤能得到正确答案吗？只回答一个词：肯定、也许、不可能。",
}
ANSWER = {
    "en": "Finish: write “The answer is” and the answer.",
    "zh": "请收尾：写“答案是”，再写答案。",
}
ROGER: dict[Language, tuple[str, str, str]] = {
    "en": (
        "Roger has 5 tennis balls and buys 2 cans with 3 balls in each. "
        "How many tennis balls does he have now?",
        "2 cans with 3 balls each are 2 * 3 = 6 balls.",
        "The answer is 5 + 6 = 11.",
    ),
    "zh": (
        "罗杰有5个网球，又买了2罐，每罐3个。他现在有多少个网球？",
        "2罐、每罐3个，是 2 * 3 = 6 个球。",
        "答案是 5 + 6 = 11。",
    ),
}
NUMBERED = re.compile(
    r"^\s*(?:(?:step|next step|第?\s*[一二三四五\d]+\s*步|步骤)\s*\d*\s*[:：.、]|\d+[.)、]\s|[-*]\s)\s*", re.I
)


def proposing(question: str, steps: Sequence[str]) -> list[Message]:
    """Asks for one more step, after an example of one."""
    language = language_of(question)
    asked, step, _ = ROGER[language]
    return [
        _user(asked, (), PROPOSE[language]),
        {"role": "assistant", "content": step},
        _user(question, steps, PROPOSE[language]),
    ]


def valuing(question: str, steps: Sequence[str]) -> list[Message]:
    """Asks whether the steps lead anywhere; to be answered with one of `values_in`."""
    return [_user(question, steps, VALUE[language_of(question)])]


def values_in(question: str) -> tuple[str, str, str]:
    """Sure, maybe and impossible in the question's language."""
    return VALUES_IN[language_of(question)]


def answering(question: str, steps: Sequence[str]) -> list[Message]:
    """Asks for the answer, after an example of one."""
    language = language_of(question)
    asked, step, answer = ROGER[language]
    return [
        _user(asked, (step,), ANSWER[language]),
        {"role": "assistant", "content": answer},
        _user(question, steps, ANSWER[language]),
    ]


def thought_of(text: str) -> str:
    """A proposal as one thought: without the number that models like to put before a step."""
    return NUMBERED.sub("", " ".join(text.split())).strip()


def same_thought(a: str, b: str) -> bool:
    """Whether two thoughts differ in letter case, spaces and punctuation only."""
    return _bare(a) == _bare(b)


def _bare(thought: str) -> str:
    # signs of arithmetic stay: 3 + 2 is not 3 - 2, and 1.5 is not 15
    return re.sub(r"(?<!\d)[.,](?!\d)|[^\w+\-*/=%.,<>×÷−]|(?<=\d)[.,](?!\d)", "", thought.casefold())


def _user(question: str, steps: Sequence[str], task: str) -> Message:
    language = language_of(question)
    listed = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1)) or NONE[language]
    return {
        "role": "user",
        "content": STEPS[language].format(question=question.strip(), steps=listed, task=task),
    }
