"""The fourth tab: an answer held to a form, a JSON schema or one of some choices, beside the same prompt left
free."""

from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, MODEL, handler
from spaces.prompting import ui_choice, ui_json
from spaces.prompting.ui_form import FormWidgets


def draw(t: Translator, form: FormWidgets) -> tuple[Any, list[Any]]:
    """Draws the tab; returns the event that runs the model, and the tab's settings."""
    mode = gr.Radio(
        [(t("mode_json"), "json"), (t("mode_choice"), "choice")],
        value="json",
        label=t("constrain_to"),
        interactive=True,
        elem_classes="prompting-mode",
    )
    with gr.Column(elem_classes="prompting-part") as json_part:
        json_inputs, json_outputs = ui_json.draw(t)
    with gr.Column(visible=False, elem_classes="prompting-part") as choice_part:
        choice_inputs, choice_outputs = ui_choice.draw(t, form)
    mode.change(
        handler(lambda chosen: [gr.update(visible=chosen == name) for name in ("json", "choice")]),
        mode,
        [json_part, choice_part],
        **LIGHT,
    )
    inputs = [mode, *json_inputs, *choice_inputs]
    event = form.run["constrain"].click(
        handler(run), [*form.inputs, *inputs], [*json_outputs, *choice_outputs], **MODEL
    )
    return event, inputs


def run(*values: Any) -> Any:
    """Runs the open mode; the other one's results stay as they are."""
    form_values, (mode, schema, in_words, choices) = values[:-4], values[-4:]
    if mode == "choice":
        for shown in ui_choice.run(*form_values, choices):
            yield *(gr.skip() for _ in range(ui_json.OUTPUTS)), *shown
    else:
        for shown in ui_json.run(*form_values, schema, in_words):
            yield *shown, *(gr.skip() for _ in range(ui_choice.OUTPUTS))
