"""The lab on one page: the data and the methods on the left, five instruments for them on the right."""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.classification import ui_board, ui_curve, ui_data, ui_errors, ui_one, ui_trap
from spaces.classification.form import Form
from spaces.classification.snippet import snippet

SHOW_RESULT = """() => { if (window.innerWidth < 700)
  document.querySelector('.classify-result')?.scrollIntoView({behavior: 'smooth'}); }"""


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, Path(__file__).with_name("README.md"))
    open_tab = gr.State("board")
    with gr.Row(elem_classes="lab-body classify"):
        with gr.Column(scale=1, min_width=320, elem_classes="lab-inputs"):
            widgets = ui_data.draw(t)
        with (
            gr.Column(scale=2, min_width=320, elem_classes="lab-result classify-result"),
            gr.Tabs(elem_classes="lab-tabs", selected="board", overflow_behavior="wrap") as tabs,
        ):
            drawn = {}
            with gr.Tab(t("tab_board"), id="board") as drawn["board"]:
                board = ui_board.draw(t, widgets)
            with gr.Tab(t("tab_errors"), id="errors") as drawn["errors"]:
                ui_errors.draw(t, board)
            with gr.Tab(t("tab_one"), id="one") as drawn["one"]:
                asking = ui_one.draw(t, widgets)
            with gr.Tab(t("tab_curve"), id="curve") as drawn["curve"]:
                curving = ui_curve.draw(t, widgets)
            with gr.Tab(t("tab_trap"), id="trap") as drawn["trap"]:
                trapping = ui_trap.draw(t, widgets)

    events = [board.event, asking, curving, *trapping]
    stop = widgets.stop.click(None, None, None, cancels=events, api_visibility="private")
    stop.then(handler(ui_board.stopped), board.board, board.drawn, **LIGHT)
    widgets.run.click(lambda: gr.Tabs(selected="board"), None, tabs, **LIGHT)
    widgets.run.click(None, None, None, js=SHOW_RESULT, api_visibility="private")
    for name, tab in drawn.items():
        tab.select(handler(partial(str, name)), None, open_tab, **LIGHT)
    show_code(head, _snippet, [open_tab, widgets.methods, *widgets.inputs])


def _snippet(open_tab: str, methods: list[str], *values: Any) -> str:
    return snippet(open_tab, methods or [], Form(*values))
