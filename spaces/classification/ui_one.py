"""The third tab: one text, and what every method says of it."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.markup import empty, note
from shared.ui import LIGHT, MODEL, answered_by, current_lang, current_translator, handler
from spaces.classification import few_shot, views
from spaces.classification.classify import check_texts, classify
from spaces.classification.form import Form, chosen_methods
from spaces.classification.run import few_shot_examples
from spaces.classification.ui_data import Widgets

EXAMPLES = {
    "plain": "A warm, funny film with two wonderful leads.",
    "irony": "If you enjoy watching paint dry, this masterpiece is for you.",
    "negation": "Not nearly as bad as everyone says; I even laughed.",
    "chinese": "剧情拖沓，演员也没有感情，唯一的优点是片尾曲。",
}


def draw(t: Translator, widgets: Widgets) -> Any:
    """Draws the tab; returns the event that asks the models."""
    text = gr.Textbox(
        label=t("one_label"),
        info=t("one_hint"),
        lines=2,
        max_lines=6,
        interactive=True,
        elem_id="classify-one",
    )
    with gr.Row(elem_classes="lab-examples"):
        buttons = {key: gr.Button(t(f"one_{key}"), size="sm", scale=0, min_width=40) for key in EXAMPLES}
    with gr.Row():
        ask = gr.Button(t("one_run"), variant="primary", scale=0, min_width=200, elem_id="classify-ask")
    result = gr.HTML(empty(t("one_empty")), elem_id="classify-opinions", elem_classes="hub-plain")
    event = gr.on(
        [ask.click, text.submit],
        handler(opinions),
        [text, widgets.methods, *widgets.inputs],
        result,
        **MODEL,
    )
    for key, button in buttons.items():
        button.click(lambda key=key: EXAMPLES[key], None, text, **LIGHT)
    return event


def opinions(text: str, names: list[str], *values: Any) -> Iterator[str]:
    """One panel a method, as they come."""
    t = current_translator("classification")
    lang = current_lang()
    form = Form(*values)
    texts = check_texts([text or ""])
    methods, split, options = chosen_methods(names), form.split(), form.options()
    started = time.monotonic()
    panels: list[str] = []
    models: dict[str, None] = {}
    for method in methods:
        yield _panels([*panels, note(t("one_asking", method=t(method)))])
        try:
            if method == "few_shot":
                examples = few_shot_examples(split, options)
                if few_shot.kept(few_shot.key_of(*examples, options.steps, options.seed)) is None:
                    raise HubError("classification.one_not_trained")
            found = classify(method, texts, split, options)
        except HubError as error:
            panels.append(views.silent_row(t, method, explain(error, lang)))
            continue
        scores = {name: float(found.scores[0, n]) for n, name in enumerate(found.classes)}
        panels.append(views.opinion_row(t, method, found.model, found.predicted[0], scores))
        models[found.model] = None
    line = answered_by(t, ", ".join(models), "CPU", time.monotonic() - started) if models else ""
    yield _panels(panels) + note(t("one_scores")) + line


def _panels(panels: list[str]) -> str:
    return f"<div class='classify-opinions'>{''.join(panels)}</div>"
