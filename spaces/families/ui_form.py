"""The left column: the sentence, a model for each family, a run button for each tab."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.models import ModelSpec, of_task
from shared.ui import LIGHT, handler
from spaces.families import examples
from spaces.families.choose_model import DEFAULT_MASK, DEFAULT_TRANSLATOR, REVIEWS, writers
from spaces.families.form import FIELDS

RUNS = ("side", "fill", "continue", "translate")
"""The tabs with a main button in the left column."""


@dataclass(frozen=True)
class FormWidgets:
    fields: dict[str, Any]
    run: dict[str, gr.Button]
    stop: gr.Button
    column: gr.Column

    @property
    def inputs(self) -> list[Any]:
        """In the order of `Form`."""
        return [self.fields[name] for name in FIELDS]


def draw_form(t: Translator) -> FormWidgets:
    """Draws the column and wires its examples."""
    with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs families-form") as column:
        text = gr.Textbox(
            examples.DEFAULT,
            label=t("sentence"),
            info=t("sentence_hint"),
            lines=2,
            max_lines=8,
            interactive=True,
            elem_id="families-sentence",
        )
        with gr.Row(elem_classes="lab-examples"):
            buttons = {key: gr.Button(t(key), size="sm") for key in examples.SENTENCES}
        with gr.Row(elem_classes="families-actions"):
            run = {
                name: gr.Button(
                    t(f"run_{name}"), variant="primary", visible=name == "side", elem_classes="families-run"
                )
                for name in RUNS
            }
            stop = gr.Button(t("stop"), elem_classes="families-stop")
        fields: dict[str, Any] = {"text": text}
        fields["target"] = gr.Radio(
            [(t("target_de"), "de"), (t("target_zh"), "zh")], value="de", label=t("target"), interactive=True
        )
        with gr.Accordion(t("more_settings"), open=False):
            fields["mask"] = _models(t, "mask_model", of_task("fill-mask"), DEFAULT_MASK)
            fields["sentiment"] = gr.Dropdown(
                [(t("reviews_model"), REVIEWS), *(_named(t, spec) for spec in of_task("sentiment"))],
                value=REVIEWS,
                label=t("sentiment_model"),
                interactive=True,
            )
            fields["writer"] = _models(t, "writer_model", writers(), writers()[0].key)
            fields["translator"] = _models(t, "translator_model", of_task("seq2seq"), DEFAULT_TRANSLATOR)
            fields["max_new_tokens"] = gr.Slider(
                4, 96, 20, step=1, label=t("max_new_tokens"), interactive=True
            )
            fields["temperature"] = gr.Slider(0, 2, 0.7, step=0.05, label=t("temperature"), interactive=True)
            fields["seed"] = gr.Number(0, label=t("seed"), precision=0, minimum=0, interactive=True)
            fields["top_k"] = gr.Slider(3, 15, 6, step=1, label=t("top_k"), interactive=True)
    for key, button in buttons.items():
        button.click(handler(partial(_example, key)), None, text, **LIGHT)
    return FormWidgets(fields, run, stop, column)


def _example(key: str) -> str:
    return examples.SENTENCES[key]


def _models(t: Translator, label: str, specs: list[ModelSpec], value: str) -> gr.Dropdown:
    return gr.Dropdown([_named(t, spec) for spec in specs], value=value, label=t(label), interactive=True)


def _named(t: Translator, spec: ModelSpec) -> tuple[str, str]:
    return (spec.name if spec.embedded else f"{spec.name} · {t('from_hub')}"), spec.key
