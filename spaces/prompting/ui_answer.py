"""The first tab: one answer, streamed, and how sure the model was of each of its tokens."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.models import cache
from shared.token_view import token_view
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler, on_copy, on_save
from spaces.prompting import views
from spaces.prompting.form import ALTERNATIVES, Form, chat_model
from spaces.prompting.generate import answer
from spaces.prompting.ui_form import CLICK_RUN, FormWidgets, new_seed


def draw(t: Translator, form: FormWidgets) -> Any:
    """Draws the tab; returns the event that runs the model."""
    text = gr.HTML(views.empty(t("answer_empty")), elem_id="prompting-answer")
    with gr.Row(elem_classes="prompting-footer"):
        status = gr.HTML("", scale=8, min_width=160)
        small: dict[str, Any] = {"size": "sm", "scale": 0, "min_width": 72}
        regenerate = gr.Button(t("regenerate"), size="sm", scale=0, min_width=104)
        copy = gr.Button(t("copy"), **small)
        download = gr.Button(t("download"), **small)
    gr.HTML(f"<h4 class='prompting-heading'>{t('tokens_title')}</h4>{views.note(t('tokens_hint'))}")
    tokens = token_view(placeholder=t("tokens_empty"), elem_classes="prompting-tokens")
    candidates = gr.HTML("")
    written = gr.State(())

    event = form.run["answer"].click(
        handler(run), form.inputs, [text, status, tokens, written, candidates], **MODEL
    )
    tokens.select(handler(show_candidates), written, candidates, **LIGHT)
    regenerate.click(
        handler(new_seed), form.fields["temperature"], form.fields["seed"], cancels=[event], **LIGHT
    ).then(None, None, None, js=CLICK_RUN, api_visibility="private")
    on_copy(copy, "#prompting-answer .answer-text")
    on_save(download, "#prompting-answer .answer-text", "answer.txt")
    return event


def run(*values: Any) -> Iterator[tuple[Any, ...]]:
    """The answer so far, the line under it, its tokens (drawn and kept); the old candidates go."""
    t = current_translator("prompting")
    form = Form(*values)
    spec = chat_model(form.model)
    messages, sampling = form.messages(), form.sampling(top_logprobs=ALTERNATIVES)
    if not cache().is_loaded(spec):
        yield views.answer_text(""), views.note(t("hub.loading_model", model=spec.name)), None, (), ""
    with cache().lease(spec) as engine:
        for so_far in answer(engine, messages, sampling):
            done = so_far.finish_reason is not None
            line = answered_by(t, engine.name, engine.device, so_far.seconds, so_far.tokens_per_second)
            if so_far.finish_reason == "length":
                line += views.note(t("cut_at_limit"), "warn")
            yield (
                views.answer_text(so_far.text, writing=not done),
                line,
                views.answer_tokens(so_far.tokens),
                so_far.tokens,
                "",
            )


def show_candidates(written: Any, event: gr.EventData) -> str:
    """The other tokens that could have stood where the visitor clicked."""
    t = current_translator("prompting")
    index = event._data.get("index")
    if not isinstance(index, int) or not 0 <= index < len(written):
        return ""
    return views.alternatives(t, written, index) + views.note(t("alternatives_hint"))
