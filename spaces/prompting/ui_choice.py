"""Part of the fourth tab: an answer held to one of some choices, and the probability of each."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from shared import markup
from shared.i18n import Translator
from shared.models import cache
from shared.ui import LIGHT, answered_by, current_lang, current_translator, handler
from spaces.prompting import search_views, views
from spaces.prompting.choice import Choices, read_choices, schema, score_choices
from spaces.prompting.examples import CHOICES
from spaces.prompting.form import Form, chat_model
from spaces.prompting.generate import race
from spaces.prompting.ui_form import FormWidgets

OUTPUTS = 5


def draw(t: Translator, form: FormWidgets) -> tuple[list[Any], list[Any]]:
    """Draws the part; returns the choices and what `run` fills."""
    choices = gr.Textbox(
        t("choices_default"),
        label=t("choices"),
        lines=3,
        max_lines=9,
        interactive=True,
        elem_id="prompting-choices",
    )
    with gr.Row(elem_classes="lab-examples"):
        for key, example in CHOICES.items():
            button = gr.Button(t(f"choice_example_{key}"), size="sm")
            button.click(
                handler(lambda example=example: example["zh" if current_lang() == "zh" else "en"]),
                None,
                [form.fields["question"], choices],
                **LIGHT,
            )
    summary = gr.HTML(markup.empty(t("choice_empty")))
    with gr.Row(elem_classes="prompting-sides"):
        sides = [gr.HTML("", min_width=260), gr.HTML("", min_width=260)]
    shares, status = gr.HTML("", elem_id="prompting-shares"), gr.HTML("")
    return [choices], [summary, *sides, shares, status]


def run(*values: Any) -> Iterator[tuple[str, ...]]:
    """The held answer, the free one, then every choice's probability."""
    t = current_translator("prompting")
    form, choices = Form(*values[:-1]), read_choices(values[-1] or "")
    spec = chat_model(form.model)
    messages = form.messages()
    runs = [
        (messages, form.sampling(json_schema=schema(choices))),
        (messages, form.sampling()),
    ]
    if not cache().is_loaded(spec):
        yield markup.progress(t("hub.loading_model", model=spec.name)), "", "", "", ""
    with cache().lease(spec) as engine:
        with closing(race(engine, runs)) as states:
            for held, free in states:
                picked = _picked(held.text, choices)
                longest = max(held, free, key=lambda a: a.seconds)
                line = answered_by(t, engine.name, engine.device, longest.seconds)
                drawn = (
                    "",
                    views.side_title(t("choice_held"))
                    + views.answer_text(picked or held.text, writing=not held.finish_reason, small=True),
                    views.side_title(t("free"))
                    + views.answer_text(free.text, writing=not free.finish_reason, small=True),
                )
                yield *drawn, "", line
        with closing(score_choices(engine, [messages], choices)) as readings:
            for reading in readings:
                (logprobs,) = reading.logprobs
                if logprobs is not None:
                    chosen = Choices(choices, logprobs, reading.numbered)
                    yield *drawn, search_views.choice_bars(t, chosen, picked), line


def _picked(text: str, choices: tuple[str, ...]) -> str:
    """The choice that a held answer, a JSON string, is; empty while it is being written."""
    try:
        said = json.loads(text)
    except json.JSONDecodeError:
        return ""
    return said if said in choices else ""
