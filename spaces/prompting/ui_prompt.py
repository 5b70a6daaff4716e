"""The prompt as the model reads it, live while the visitor edits."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.models import cache
from shared.models.fetch import on_disk
from shared.token_view import token_view
from shared.ui import LIGHT, current_lang, current_translator, handler
from spaces.prompting import views
from spaces.prompting.form import Form, chat_model
from spaces.prompting.lab import render
from spaces.prompting.ui_form import FormWidgets

_SHOWS_IN_PROMPT = (
    "question",
    "strategy",
    "examples",
    "model",
    "role_on",
    "role",
    "instruction_on",
    "instruction",
    "context_on",
    "context",
    "format_on",
    "output_format",
)


def draw(t: Translator, form: FormWidgets) -> Callable[[Any], None]:
    """Draws the panel; returns what wires it to the end of an event (the model may be loaded by then)."""
    with gr.Accordion(t("prompt_panel"), open=True, elem_classes="prompting-prompt"):
        tokens = token_view()
        count = gr.HTML("")
    first = gr.Timer(0.2)
    first.tick(handler(lambda: gr.update(active=False)), None, first, **LIGHT)
    shows = {"fn": handler(preview), "inputs": form.inputs, "outputs": [tokens, count], **LIGHT}
    gr.on(
        [first.tick, *(form.fields[name].change for name in _SHOWS_IN_PROMPT)],
        trigger_mode="always_last",
        **shows,
    )
    return lambda event: event.then(**shows)


def preview(*values: Any) -> tuple[Any, str]:
    """The tokens and their count. A mistake is told in the panel, not in a pop-up at every key press."""
    t = current_translator("prompting")
    try:
        form = Form(*values)
        messages = form.messages()
        spec = chat_model(form.model)
        if not cache().is_loaded(spec) and (spec.embedded is None or on_disk(spec) is None):
            return None, views.note(t("prompt_later", model=spec.name))
        with cache().lease(spec) as engine:
            rendered = render(engine, messages)
            window = engine.context_length
    except HubError as error:
        return None, views.note(explain(error, current_lang()))
    special = sum(is_special for _, _, is_special in rendered.pieces)
    sentence = t("prompt_count", count=f"{rendered.tokens:,}", special=special)
    if rendered.tokens > views.MAX_SHOWN_TOKENS:
        sentence += t("prompt_cut", shown=f"{views.MAX_SHOWN_TOKENS:,}")
    over = rendered.tokens - window + 1
    if over > 0:
        return views.prompt_tokens(rendered), views.note(t("prompt_over", window=window, over=over), "warn")
    return views.prompt_tokens(rendered), views.note(sentence)
