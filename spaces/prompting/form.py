"""What the visitor filled in, in the order of the widgets, and what it means."""

from dataclasses import dataclass, fields, replace
from typing import Any

from shared.engines.base import Message, Sampling
from shared.errors import HubError
from shared.models import MODELS, ModelSpec, default_chat
from spaces.prompting.lab import (
    WITH_EXAMPLES,
    Example,
    PromptParts,
    build_messages,
    default_examples,
    language_of,
    read_examples,
)
from spaces.prompting.schema import describe

ALTERNATIVES = 10
"""Other tokens kept with every token of an answer."""


@dataclass(frozen=True)
class Form:
    """The left column. The elements count only where they are switched on."""

    question: str
    strategy: str
    role_on: bool
    role: str
    instruction_on: bool
    instruction: str
    context_on: bool
    context: str
    format_on: bool
    output_format: str
    examples: Any
    temperature: float
    model: str
    top_p: float
    top_k: int
    max_new_tokens: int
    seed: int
    stop: str

    def parts(self) -> PromptParts:
        """The prompt's elements. Raises HubError."""
        return PromptParts(
            question=self.question or "",
            role=self.role if self.role_on else "",
            instruction=self.instruction if self.instruction_on else "",
            context=self.context if self.context_on else "",
            output_format=self.output_format if self.format_on else "",
            examples=read_examples(self.examples or []) if self.strategy in WITH_EXAMPLES else (),
            strategy=self.strategy,  # type: ignore[arg-type]  # build_messages checks it
        )

    def messages(self) -> list[Message]:
        return build_messages(self.parts())

    def sampling(self, **more: Any) -> Sampling:
        """The settings; the engine checks their ranges."""
        return Sampling(
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=whole(self.top_k),
            max_new_tokens=whole(self.max_new_tokens),
            seed=whole(self.seed),
            stop=stop_words(self.stop or ""),
            **more,
        )

    def other(self, strategy: str, temperature: float, role: str) -> "Form":
        """The same form with the settings of the second side of a comparison."""
        examples = self.examples
        if strategy != self.strategy and not {strategy, self.strategy} <= {"one_shot", "few_shot"}:
            examples = default_examples(strategy, language_of(self.question))
        return replace(
            self,
            strategy=strategy,
            temperature=temperature,
            role=role,
            role_on=bool(role.strip()),
            examples=examples,
        )

    def asking_for(self, schema: dict[str, Any]) -> "Form":
        """The same form with the keys of `schema` asked for in words."""
        wanted = self.output_format if self.format_on else ""
        return replace(self, format_on=True, output_format=f"{wanted or ''}\n{describe(schema)}".strip())


FIELDS = tuple(field.name for field in fields(Form))


def chat_model(key: str | None) -> ModelSpec:
    """The chat model `key`; None is the embedded one. Raises HubError when there is none of that name."""
    spec = default_chat() if key is None else MODELS.get(key) if isinstance(key, str) else None
    if spec is None or spec.task != "chat":
        raise HubError("hub.unknown_model", model=str(key)[:80])
    return spec


def stop_words(text: str) -> tuple[str, ...]:
    r"""One a line; `\n` in a line is a line break."""
    return tuple(line.replace("\\n", "\n") for line in text.split("\n") if line)


def whole(value: Any) -> Any:
    """JSON and sliders write 256 as 256.0; anything else is left for the range check to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def table(examples: tuple[Example, ...]) -> list[list[str]]:
    """Examples as rows of the editable table, with an empty one to go on writing."""
    return [*(list(row) for row in examples), ["", ""]]
