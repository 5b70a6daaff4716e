"""From the four elements of a prompt and a strategy to the messages a chat model gets (chapter 2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from shared.engines.base import ChatEngine, Message
from shared.engines.validation import check_text
from shared.errors import HubError

Strategy = Literal["zero_shot", "one_shot", "few_shot", "cot_few_shot", "cot_zero_shot", "tree_of_thought"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
WITH_EXAMPLES: tuple[Strategy, ...] = ("one_shot", "few_shot", "cot_few_shot")

Language = Literal["zh", "en"]
Example = tuple[str, str]
"""What the user said, what the assistant answered."""

DEFAULT_ROLE = "You are a helpful assistant."
DEFAULT_QUESTION = "What is the capital of France?"
MAX_CHARACTERS = 200_000
"""Of one text. Far beyond every window here; it only keeps a pasted library from being tokenized."""

STEP_BY_STEP = {"en": "Let's think step by step.", "zh": "让我们一步一步地思考。"}
EXPERTS = {
    "en": (
        "Imagine that three different experts are answering this question. "
        "Each of them writes down the first step of their thinking and shares it with the group. "
        "Then they all go on to the next step, and so on. "
        "An expert who notices a mistake in their own thinking leaves. "
        "The question is: “{question}” Make sure to discuss the final result."
    ),
    "zh": (
        "想象有三位不同的专家在回答这个问题。每位专家先写下自己思考的第一步，并分享给大家；"
        "然后所有人一起进行下一步，依此类推。谁发现自己错了，谁就退出。"
        "问题是：“{question}”请务必讨论最终结果。"
    ),
}
_ROGER = {
    "en": (
        "Roger has 5 tennis balls and buys 2 cans with 3 balls in each. "
        "How many tennis balls does he have now?",
        "Roger starts with 5 balls. 2 cans with 3 balls each are 2 * 3 = 6 balls. 5 + 6 = 11. "
        "The answer is 11.",
    ),
    "zh": (
        "罗杰有5个网球，又买了2罐，每罐3个。他现在有多少个网球？",
        "罗杰开始有5个球。2罐、每罐3个，是 2 * 3 = 6 个球。5 + 6 = 11。答案是11。",
    ),
}
_CAPITALS = {
    "en": (
        ("What is the capital of Japan?", "Tokyo"),
        ("What is the capital of Italy?", "Rome"),
        ("What is the capital of Egypt?", "Cairo"),
    ),
    "zh": (("日本的首都是哪里？", "东京"), ("意大利的首都是哪里？", "罗马"), ("埃及的首都是哪里？", "开罗")),
}
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class PromptParts:
    """The elements of one prompt; an empty string is an element left out."""

    question: str
    role: str = ""
    instruction: str = ""
    context: str = ""
    output_format: str = ""
    examples: tuple[Example, ...] = ()
    strategy: Strategy = "zero_shot"


def language_of(text: str) -> Language:
    """The language of the words a strategy adds: that of what the visitor wrote."""
    return "zh" if _CJK.search(text) else "en"


def default_examples(strategy: str, language: Language) -> tuple[Example, ...]:
    """Examples to start from: plain ones, or worked ones for the chain of thought."""
    return (_ROGER[language],) if strategy == "cot_few_shot" else _CAPITALS[language]


def build_messages(parts: PromptParts) -> list[Message]:
    """The chat: the role as the system turn, each example as a user and an assistant turn, then the question
    with instruction, context and output format around it. Raises HubError when nothing is asked."""
    strategy = check_strategy(parts.strategy)
    for text in (parts.role, parts.instruction, parts.context, parts.output_format, parts.question):
        check_length(text)
    question = parts.question.strip()
    body = [part for part in (parts.instruction.strip(), parts.context.strip(), question) if part]
    if not body:
        raise HubError("hub.empty_prompt")
    language = language_of("".join(body))
    if strategy == "tree_of_thought":
        body = [*body[:-1], EXPERTS[language].format(question=body[-1])]
    if parts.output_format.strip():
        body.append(parts.output_format.strip())
    if strategy == "cot_zero_shot":
        body.append(STEP_BY_STEP[language])

    messages: list[Message] = []
    if parts.role.strip():
        messages.append({"role": "system", "content": parts.role.strip()})
    for asked, answered in _examples_for(strategy, parts.examples):
        messages.append({"role": "user", "content": asked})
        messages.append({"role": "assistant", "content": answered})
    messages.append({"role": "user", "content": "\n\n".join(body)})
    return messages


def _examples_for(strategy: Strategy, examples: Sequence[Example]) -> Sequence[Example]:
    if strategy not in WITH_EXAMPLES:
        return ()
    if not examples:
        raise HubError("prompting.needs_examples")
    return examples[:1] if strategy == "one_shot" else examples


def read_examples(rows: Any) -> tuple[Example, ...]:
    """Rows of [input, output] as a table or JSON gives them; empty rows are skipped.

    Raises HubError when a row is not two texts or only half filled."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise HubError("prompting.bad_examples")
    examples = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != 2:
            raise HubError("prompting.bad_examples")
        if not all(cell is None or isinstance(cell, str | int | float) for cell in row):
            raise HubError("prompting.bad_examples")
        asked, answered = ("" if cell is None else check_length(str(cell)).strip() for cell in row)
        if asked and answered:
            examples.append((asked, answered))
        elif asked or answered:
            raise HubError("prompting.half_example", row=number)
    return tuple(examples)


def check_strategy(strategy: Any) -> Strategy:
    """Raises HubError when there is no such strategy."""
    if strategy not in STRATEGIES:
        raise HubError("prompting.unknown_strategy", names=", ".join(STRATEGIES))
    return strategy


def check_length(text: Any) -> str:
    """Returns `text`. Raises HubError when it is no text, absurdly long, or cannot be encoded."""
    if not isinstance(text, str):
        raise HubError("prompting.not_text")
    if len(text) > MAX_CHARACTERS:
        raise HubError("prompting.too_many_characters", count=f"{len(text):,}", limit=f"{MAX_CHARACTERS:,}")
    return check_text(text)


@dataclass(frozen=True)
class Rendered:
    """A prompt as the model reads it. `pieces` are (id, bytes, special)."""

    text: str
    pieces: tuple[tuple[int, bytes, bool], ...]

    @property
    def tokens(self) -> int:
        return len(self.pieces)


_SPECIAL = re.compile(rb"<\|[^<>|\s]+\|>|</?s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>")


def render(engine: ChatEngine, messages: Sequence[Message]) -> Rendered:
    """Applies the chat template of `engine` and cuts the result into its tokens."""
    text = engine.render(messages)
    pieces = tuple(
        (piece.id, piece.bytes, _SPECIAL.fullmatch(piece.bytes) is not None)
        for piece in engine.tokenize(text)
    )
    return Rendered(text, pieces)
