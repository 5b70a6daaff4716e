"""The lab on one page: the prompt on the left, four instruments for it on the right."""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.prompting import ui_answer, ui_compare, ui_json, ui_next, ui_prompt
from spaces.prompting.form import Form
from spaces.prompting.snippet import snippet
from spaces.prompting.ui_form import RUNS, draw_form


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, Path(__file__).with_name("README.md"))
    open_tab = gr.State("answer")
    with gr.Row(elem_classes="lab-body prompting"):
        with gr.Column(scale=1, min_width=320, elem_classes="lab-inputs"):
            form = draw_form(t)
        with gr.Column(scale=2, min_width=320, elem_classes="lab-result prompting-result"):
            refresh = ui_prompt.draw(t, form)
            with gr.Tabs(overflow_behavior="wrap"):
                tabs = {}
                with gr.Tab(t("tab_answer"), id="answer") as tabs["answer"]:
                    answering = ui_answer.draw(t, form)
                with gr.Tab(t("tab_next"), id="next") as tabs["next"]:
                    looking, next_inputs = ui_next.draw(t, form)
                with gr.Tab(t("tab_compare"), id="compare") as tabs["compare"]:
                    comparing, compare_inputs = ui_compare.draw(t, form)
                with gr.Tab(t("tab_json"), id="json") as tabs["json"]:
                    holding, json_inputs = ui_json.draw(t, form)

    events = [answering, looking, comparing, holding]
    form.stop.click(None, None, None, cancels=events, api_visibility="private")
    for event in events:
        refresh(event)
    for name, tab in tabs.items():
        tab.select(handler(partial(_open, name)), None, [open_tab, *form.run.values()], **LIGHT)
    show_code(head, _snippet, [open_tab, *form.inputs, *next_inputs, *compare_inputs, *json_inputs])


def _open(name: str) -> list[Any]:
    """Each tab has its own main button in the left column."""
    return [name, *(gr.update(visible=tab == name) for tab in RUNS)]


def _snippet(open_tab: str, *values: Any) -> str:
    form_values, extra = values[:-8], values[-8:]
    return snippet(open_tab, Form(*form_values), extra[:3], extra[3:6], extra[6:])
