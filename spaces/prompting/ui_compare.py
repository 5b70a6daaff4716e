"""The third tab: two settings answer the same question side by side; differences are marked at the end."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.models import cache
from shared.ui import MODEL, answered_by, current_translator, handler
from spaces.prompting import views
from spaces.prompting.diff import compare
from spaces.prompting.form import Form, chat_model
from spaces.prompting.generate import race
from spaces.prompting.lab import DEFAULT_ROLE, STRATEGIES
from spaces.prompting.ui_form import FormWidgets


def draw(t: Translator, form: FormWidgets) -> tuple[Any, list[Any]]:
    """Draws the tab; returns the event that runs the model, and B's settings."""
    gr.HTML(f"<h4 class='prompting-heading'>{t('side_b')}</h4>")
    with gr.Row(elem_classes="prompting-sliders"):
        settings = [
            gr.Dropdown(
                [(t(name), name) for name in STRATEGIES],
                value="zero_shot",
                label=t("strategy"),
                min_width=180,
                interactive=True,
            ),
            gr.Slider(0, 2, 1, step=0.05, label=t("temperature"), min_width=160, interactive=True),
            gr.Textbox(DEFAULT_ROLE, label=t("role"), max_lines=4, min_width=180, interactive=True),
        ]
    summary = gr.HTML(views.empty(t("compare_empty")))
    with gr.Row(elem_classes="prompting-sides"):
        sides = [gr.HTML("", min_width=260), gr.HTML("", min_width=260)]
    event = form.run["compare"].click(handler(run), [*form.inputs, *settings], [summary, *sides], **MODEL)
    return event, settings


def run(*values: Any) -> Iterator[tuple[str, ...]]:
    """Both answers so far; marked when both are finished."""
    t = current_translator("prompting")
    form, (strategy, temperature, role) = Form(*values[:-3]), values[-3:]
    forms = (form, form.other(strategy, temperature, role or ""))
    spec = chat_model(form.model)
    titles = [_title(t, name, side) for name, side in zip("AB", forms, strict=True)]
    runs = [(side.messages(), side.sampling()) for side in forms]
    if not cache().is_loaded(spec):
        yield views.note(t("hub.loading_model", model=spec.name)), "", ""
    with cache().lease(spec) as engine:
        for answers in race(engine, runs):
            texts = [views.answer_text(a.text, writing=a.finish_reason is None, small=True) for a in answers]
            lines = [
                answered_by(t, engine.name, engine.device, a.seconds, a.tokens_per_second) for a in answers
            ]
            yield "", *(title + text + line for title, text, line in zip(titles, texts, lines, strict=True))
    marked = compare(answers[0].text, answers[1].text)
    if answers[0].text == answers[1].text:
        sentence = t("same_answer")
    else:
        sentence = t("difference", same=marked.same, longest=marked.longest)
    shown = [views.differences(marked.a), views.differences(marked.b)]
    yield (
        views.note(sentence),
        *(title + text + line for title, text, line in zip(titles, shown, lines, strict=True)),
    )


def _title(t: Translator, name: str, form: Form) -> str:
    sentence = t("side_line", side=name, strategy=t(form.strategy), temperature=f"{form.temperature:g}")
    role = form.role if form.role_on and form.role.strip() else t("no_role")
    return views.side_title(sentence, role)
