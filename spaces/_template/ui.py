"""Widgets and wiring; if it computes, it belongs in lab.py."""

from pathlib import Path

import gradio as gr

from shared.i18n import Translator
from shared.ui import API_LIGHT, LIGHT, handler, lab_head, show_code
from spaces._template.lab import count_characters
from spaces._template.snippet import snippet


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, Path(__file__).with_name("README.md"))
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=320, elem_classes="lab-inputs"):
            sentence = gr.Textbox(label=t("sentence"))
            count = gr.Button(t("count"), variant="primary")
        with gr.Column(scale=2, min_width=320, elem_classes="lab-result"):
            result = gr.Number(label=t("result"), interactive=False)
    gr.on([count.click, sentence.submit], handler(count_characters), sentence, result, **LIGHT)
    show_code(head, snippet, [sentence])


def api() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(count_characters), api_name="count_characters", **API_LIGHT)
