"""The fifth tab: describe a task, see which family fits it, and why."""

from functools import partial
from time import monotonic

import gradio as gr

from shared.embedder import open_embedder
from shared.i18n import Translator
from shared.markup import empty
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler
from spaces.families import views
from spaces.families.chooser import choose, language_of

TASKS = ("task_1", "task_2", "task_3", "task_4")


def draw(t: Translator) -> gr.Textbox:
    """Draws the tab; returns the box with the task."""
    with gr.Row(elem_classes="families-second"):
        task = gr.Textbox(
            label=t("task"),
            placeholder=t("task_placeholder"),
            lines=1,
            max_lines=4,
            scale=4,
            interactive=True,
            elem_id="families-task",
        )
        button = gr.Button(
            t("choose"), variant="primary", scale=0, min_width=130, elem_classes="families-choose"
        )
    with gr.Row(elem_classes="lab-examples"):
        buttons = [gr.Button(t(key), size="sm") for key in TASKS]
    result = gr.HTML(empty(t("choose_empty")), elem_classes="hub-plain", elem_id="families-choice")
    gr.on([button.click, task.submit], handler(run), task, result, **MODEL)
    for example, key in zip(buttons, TASKS, strict=True):
        example.click(handler(partial(str, t(key))), None, task, **LIGHT).then(
            handler(run), task, result, **MODEL
        )
    return task


def run(task: str) -> str:
    """The family, why, and what it was compared with."""
    t = current_translator("families")
    started = monotonic()
    with open_embedder() as embedder:
        found = choose(task, embedder.encode)
        name = embedder.name if language_of(task) == "en" else "TF-IDF"
        return views.choice(t, found) + answered_by(t, name, embedder.device, monotonic() - started)
