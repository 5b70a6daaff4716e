"""The lab on one page: the sentence on the left, the families on the right."""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.families import ui_choose, ui_continue, ui_fill, ui_side, ui_translate
from spaces.families.form import FIELDS, Form
from spaces.families.snippet import snippet
from spaces.families.ui_form import RUNS, draw_form

SCRIPT = Path(__file__).with_name("grid.js").read_text(encoding="utf-8")


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, Path(__file__).with_name("README.md"))
    open_tab = gr.State("side")
    with gr.Row(elem_classes="lab-body families"):
        form = draw_form(t)
        with (
            gr.Column(scale=3, min_width=320, elem_classes="lab-result families-result"),
            gr.Tabs(elem_classes="lab-tabs", overflow_behavior="wrap"),
        ):
            tabs = {}
            with gr.Tab(t("tab_side"), id="side") as tabs["side"]:
                events = [ui_side.draw(t, form, SCRIPT)]
            with gr.Tab(t("tab_fill"), id="fill") as tabs["fill"]:
                filling, second = ui_fill.draw(t, form)
                events.append(filling)
            with gr.Tab(t("tab_continue"), id="continue") as tabs["continue"]:
                events.append(ui_continue.draw(t, form))
            with gr.Tab(t("tab_translate"), id="translate") as tabs["translate"]:
                events.append(ui_translate.draw(t, form, SCRIPT))
            with gr.Tab(t("tab_choose"), id="choose") as tabs["choose"]:
                task = ui_choose.draw(t)
    form.stop.click(None, None, None, cancels=events, api_visibility="private")
    for name, tab in tabs.items():
        tab.select(handler(partial(_open, name)), None, [open_tab, form.column, *form.run.values()], **LIGHT)
    show_code(head, _snippet, [open_tab, *form.inputs, second, task])


def _open(name: str) -> list[Any]:
    """Each tab has its own main button; choosing a family needs no sentence."""
    return [name, gr.update(visible=name != "choose"), *(gr.update(visible=tab == name) for tab in RUNS)]


def _snippet(open_tab: str, *values: Any) -> str:
    *fields, second, task = values
    return snippet(open_tab, Form(**dict(zip(FIELDS, fields, strict=True))), second, task)
