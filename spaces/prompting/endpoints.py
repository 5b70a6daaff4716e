"""The lab's endpoints for gradio_client; null means the default."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.engines.base import Sampling
from shared.engines.validation import check_messages
from shared.models import cache
from shared.ui import API_MODEL, handler
from spaces.prompting.form import chat_model, whole
from spaces.prompting.generate import answer
from spaces.prompting.lab import (
    DEFAULT_QUESTION,
    DEFAULT_ROLE,
    PromptParts,
    build_messages,
    check_length,
    check_strategy,
    default_examples,
    language_of,
    read_examples,
    render,
)
from spaces.prompting.sampling import adjust, readable
from spaces.prompting.search_endpoints import choose, measure_prompts, self_consistency, tree_of_thought


def build_prompt(
    role: str | None = None,
    instruction: str | None = None,
    context: str | None = None,
    examples: list[list[str]] | None = None,
    output_format: str | None = None,
    question: str | None = None,
    strategy: str | None = None,
) -> dict[str, Any]:
    """The messages of a prompt, the text the model reads (chat template applied) and how many tokens that is.

    strategy: zero_shot, one_shot, few_shot, cot_few_shot, cot_zero_shot or tree_of_thought; examples: [input,
    output] pairs, null for the lab's own."""
    chosen = check_strategy("zero_shot" if strategy is None else strategy)
    asked = check_length(DEFAULT_QUESTION if question is None else question)
    pairs = default_examples(chosen, language_of(asked)) if examples is None else read_examples(examples)
    parts = PromptParts(
        question=asked,
        role=DEFAULT_ROLE if role is None else role,
        instruction="" if instruction is None else instruction,
        context="" if context is None else context,
        output_format="" if output_format is None else output_format,
        examples=pairs,
        strategy=chosen,
    )
    messages = build_messages(parts)
    with cache().lease(chat_model(None)) as engine:
        rendered = render(engine, messages)
    return {"messages": messages, "rendered": rendered.text, "tokens": rendered.tokens}


def prompt(
    messages: list[dict[str, str]],
    model: str | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    max_new_tokens: int | None = None,
    seed: int | None = None,
) -> Iterator[str]:
    """Streams the answer so far. Defaults: the embedded model, temperature 0, top_p 0.9, 256 tokens,
    seed 0."""
    spec = chat_model(model)
    checked = check_messages(messages)
    sampling = Sampling(
        temperature=0.0 if temperature is None else temperature,
        top_p=0.9 if top_p is None else top_p,
        max_new_tokens=256 if max_new_tokens is None else whole(max_new_tokens),
        seed=0 if seed is None else whole(seed),
    )
    with cache().lease(spec) as engine:
        for so_far in answer(engine, checked, sampling):
            yield so_far.text


def next_token(
    messages: list[dict[str, str]],
    model: str | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
) -> list[dict[str, Any]]:
    """The tokens the answer can start with, most probable first: `logprob` is the model's own (at temperature
    1), `prob` what is left after temperature, top_k and top_p. Defaults: temperature 1, top_p 1, top_k 20;
    top_k 0 is the whole vocabulary."""
    spec = chat_model(model)
    checked = check_messages(messages)
    with cache().lease(spec) as engine:
        distribution = engine.next_token(checked)
    adjusted = adjust(
        distribution,
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        top_k=20 if top_k is None else whole(top_k),
    )
    return [
        {
            "token": readable(distribution.bytes[i]),
            "id": int(distribution.ids[i]),
            "logprob": float(distribution.logprobs[i]),
            "prob": float(adjusted.probs[i]),
        }
        for i in range(adjusted.kept)
    ]


def api() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(build_prompt), api_name="build_prompt", **API_MODEL)
    gr.api(handler(prompt), api_name="prompt", **API_MODEL)
    gr.api(handler(next_token), api_name="next_token", **API_MODEL)
    for endpoint in (choose, tree_of_thought, self_consistency, measure_prompts):
        gr.api(handler(endpoint), api_name=endpoint.__name__, **API_MODEL)
