"""The third tab: the decoder reads the sentence and goes on; every token shows what it cost."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.markup import figures, note, progress
from shared.models import cache
from shared.token_view import token_view
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler
from spaces.families import views
from spaces.families.decoder import Step, continue_text, perplexity
from spaces.families.form import Form
from spaces.families.ui_form import FormWidgets
from spaces.families.ui_side import show_left


def draw(t: Translator, form: FormWidgets) -> Any:
    """Draws the tab; returns the event that continues."""
    kept = gr.State(None)
    line = gr.HTML(note(t("continue_note")), elem_classes="hub-plain")
    tokens = token_view(
        t("continue_empty"), elem_classes="hub-plain families-tokens", elem_id="families-continue"
    )
    legend = gr.HTML("", elem_classes="hub-plain")
    detail = gr.HTML("", elem_classes="hub-plain")
    status = gr.HTML("", elem_classes="hub-plain")
    event = form.run["continue"].click(
        handler(run), form.inputs, [kept, line, tokens, legend, detail, status], **MODEL
    )
    tokens.select(handler(show_left), kept, detail, **LIGHT)
    return event


def run(*values: Any) -> Iterator[list[Any]]:
    """Streams: the visitor's tokens at once, then one after another."""
    t = current_translator("families")
    form = Form(*values)
    spec = form.writer_spec
    yield [
        None,
        progress("…" if cache().is_loaded(spec) else t("hub.loading_model", model=spec.name)),
        None,
        "",
        "",
        "",
    ]
    steps: list[Step] = []
    started = monotonic()
    first = started
    with cache().lease(spec) as weights:
        going = continue_text(
            weights,
            form.text,
            max_new_tokens=int(form.max_new_tokens),
            temperature=float(form.temperature),
            seed=int(form.seed),
        )
        for steps in going:
            if not any(step.written for step in steps):
                first = monotonic()
            yield [
                steps,
                note(t("continue_note")),
                views.read_tokens(steps),
                note(t("continue_legend")),
                "",
                "",
            ]
        device = str(weights.model.device).upper()
    written = sum(step.written for step in steps)
    numbers = [
        (t("tokens_read"), len(steps) - written),
        (t("tokens_written"), written),
        (t("perplexity"), perplexity(steps)),
    ]
    rate = written / max(1e-6, monotonic() - first)
    line = answered_by(t, spec.name, device, monotonic() - started, rate)
    yield [
        steps,
        note(t("continue_note")),
        views.read_tokens(steps),
        note(t("continue_legend")),
        figures(numbers),
        line,
    ]
