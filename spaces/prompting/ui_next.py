"""The second tab: the distribution of the answer's first token, and what the sampling settings do to it."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

import gradio as gr

from shared.engines.base import NextToken
from shared.i18n import Translator
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler
from spaces.prompting import views
from spaces.prompting.form import Form, chat_model, whole
from spaces.prompting.sampling import adjust, trimmed
from spaces.prompting.ui_form import FormWidgets


def draw(t: Translator, form: FormWidgets) -> tuple[Any, list[Any]]:
    """Draws the tab; returns the event that runs the model, and the sliders."""
    with gr.Row(elem_classes="prompting-sliders"):
        sliders = [
            gr.Slider(0, 2, 1, step=0.05, label=t("temperature"), min_width=160, interactive=True),
            gr.Slider(0, 1, 1, step=0.01, label=t("top_p"), min_width=160, interactive=True),
            gr.Slider(0, 100, 0, step=1, label=t("top_k"), min_width=160, interactive=True),
        ]
    drawing = gr.HTML(views.empty(t("next_empty")))
    status = gr.HTML("")
    kept = gr.State(None)
    event = form.run["next"].click(handler(look), [*form.inputs, *sliders], [kept, drawing, status], **MODEL)
    gr.on(
        [slider.change for slider in sliders],
        handler(redraw),
        [kept, *sliders],
        drawing,
        trigger_mode="always_last",
        **LIGHT,
    )
    return event, sliders


def look(*values: Any) -> Iterator[tuple[Any, str, str]]:
    """One forward step over the prompt; what it gives is kept for the sliders."""
    t = current_translator("prompting")
    form, (temperature, top_p, top_k) = Form(*values[:-3]), values[-3:]
    spec = chat_model(form.model)
    messages = form.messages()
    if not cache().is_loaded(spec):
        yield None, views.empty(t("hub.loading_model", model=spec.name)), ""
    started = monotonic()
    with cache().lease(spec) as engine:
        next_token = trimmed(engine.next_token(messages))
        line = answered_by(t, engine.name, engine.device, monotonic() - started)
    yield next_token, _drawn(t, next_token, temperature, top_p, top_k), line


def redraw(kept: NextToken | None, temperature: float, top_p: float, top_k: float) -> Any:
    """The same distribution under other settings: arithmetic, no model."""
    if kept is None:
        return gr.skip()
    return _drawn(current_translator("prompting"), kept, temperature, top_p, top_k)


def _drawn(t: Translator, next_token: NextToken, temperature: float, top_p: float, top_k: float) -> str:
    adjusted = adjust(next_token, temperature, top_p, whole(top_k))
    return views.distribution(t, next_token, adjusted) + views.note(t("next_legend"))
