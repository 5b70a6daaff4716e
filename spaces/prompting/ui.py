"""The lab on one page: the prompt on the left, six instruments for it on the right."""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.prompting import ui_answer, ui_compare, ui_constrain, ui_measure, ui_next, ui_prompt, ui_search
from spaces.prompting.form import FIELDS, Form
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
                tabs: dict[str, Any] = {}
                settings: dict[str, list[Any]] = {}
                with gr.Tab(t("tab_answer"), id="answer") as tabs["answer"]:
                    events, settings["answer"] = [ui_answer.draw(t, form)], []
                with gr.Tab(t("tab_next"), id="next") as tabs["next"]:
                    looking, settings["next"] = ui_next.draw(t, form)
                with gr.Tab(t("tab_compare"), id="compare") as tabs["compare"]:
                    comparing, settings["compare"] = ui_compare.draw(t, form)
                events += [looking, comparing]
                for name, module in (
                    ("constrain", ui_constrain),
                    ("search", ui_search),
                    ("measure", ui_measure),
                ):
                    with gr.Tab(t(f"tab_{name}"), id=name) as tabs[name]:
                        event, settings[name] = module.draw(t, form)
                    events.append(event)

    form.stop.click(None, None, None, cancels=events, api_visibility="private")
    for event in events:
        refresh(event)
    for name, tab in tabs.items():
        tab.select(handler(partial(_open, name)), None, [open_tab, *form.run.values()], **LIGHT)
    inputs = [open_tab, *form.inputs, *(widget for widgets in settings.values() for widget in widgets)]
    sizes = {name: len(widgets) for name, widgets in settings.items()}
    show_code(head, partial(_snippet, sizes), inputs)


def _open(name: str) -> list[Any]:
    """Each tab has its own main button in the left column."""
    return [name, *(gr.update(visible=tab == name) for tab in RUNS)]


def _snippet(sizes: dict[str, int], open_tab: str, *values: Any) -> str:
    """The script of the open tab, from the form and, of what follows, that tab's own settings."""
    form, rest = Form(*values[: len(FIELDS)]), values[len(FIELDS) :]
    names = list(sizes)
    before = sum(sizes[name] for name in names[: names.index(open_tab)])
    return snippet(open_tab, form, rest[before : before + sizes[open_tab]])
