"""The fourth tab: translate, and see where the decoder looked; what the small model knows, and what it
does not."""

import functools
import json
from functools import partial
from html import escape
from pathlib import Path
from time import monotonic
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.markup import empty, heading, note
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, csv_text, current_translator, handler, on_copy, on_download
from spaces.families import examples, views
from spaces.families.choose_model import DEFAULT_TRANSLATOR
from spaces.families.form import Form
from spaces.families.translate import Translation, translate
from spaces.families.ui_form import FormWidgets


@functools.cache
def training(name: str) -> dict[str, Any]:
    """What the training script of a checkpoint of this lab wrote down."""
    path = Path(__file__).parent / "checkpoints" / name / "training.json"
    return json.loads(path.read_text(encoding="utf-8"))


def draw(t: Translator, form: FormWidgets, script: str) -> Any:
    """Draws the tab; returns the event that translates."""
    kept = gr.State(None)
    gr.HTML(note(t("translate_examples")), elem_classes="hub-plain")
    with gr.Row(elem_classes="lab-examples"):
        buttons = [gr.Button(text, size="sm") for text in examples.TRANSLATE]
    result = gr.HTML(empty(t("translate_empty")), elem_classes="hub-plain", elem_id="families-translation")
    with gr.Column(visible=False) as panel:
        gr.HTML(heading(t("cross_title")), elem_classes="hub-plain")
        with gr.Row(elem_classes="families-cross-controls"):
            layer = gr.Dropdown(
                [(t("layer_mean"), 0)], value=0, label=t("layer"), interactive=True, min_width=180
            )
            prompt = gr.Checkbox(False, label=t("show_prompt"), interactive=True, min_width=180)
        grid = gr.HTML("", js_on_load=script, elem_classes="hub-plain")
    with gr.Row(elem_classes="lab-foot"):
        status = gr.HTML("", scale=8, elem_classes="hub-plain")
        copy = gr.Button(t("copy"), size="sm", scale=0, min_width=150)
        download = gr.Button(t("download_csv"), size="sm", scale=0, min_width=120)
    gr.HTML(_knows(t), elem_classes="hub-plain families-knows")

    outputs = [kept, result, panel, layer, grid, status]
    event = form.run["translate"].click(handler(run), [*form.inputs, prompt], outputs, **MODEL)
    text = form.fields["text"]
    for button, example in zip(buttons, examples.TRANSLATE, strict=True):
        chosen = button.click(handler(partial(_first, example)), None, text, **LIGHT)
        chosen.then(handler(run), [*form.inputs, prompt], outputs, **MODEL)
    gr.on([layer.change, prompt.change], handler(redraw), [kept, layer, prompt], grid, **LIGHT)
    on_copy(copy, ".families-translation")
    on_download(download, handler(csv), [kept, layer], "cross-attention.csv")
    return event


def _first(example: str) -> str:
    return example


def run(*values: Any) -> list[Any]:
    """The translation and its map."""
    t = current_translator("families")
    form, prompt = Form(*values[:-1]), values[-1]
    spec = form.translator_spec
    started = monotonic()
    with cache().lease(spec) as weights:
        found = translate(spec, weights, form.text, form.target)
        device = str(weights.model.device).upper()
    drawn = views.translation(t, found, form.target)
    if not found.known:
        return [None, drawn, gr.update(visible=False), gr.update(), "", ""]
    layers = [(t("layer_mean"), 0), *((t("layer_n", n=n), n) for n in range(1, len(found.attention) + 1))]
    grid = views.attention_grid(t, found, 0, prompt=bool(prompt))
    line = answered_by(t, spec.name, device, monotonic() - started)
    return [found, drawn, gr.update(visible=True), gr.update(choices=layers, value=0), grid, line]


def redraw(found: Translation | None, layer: int, prompt: bool) -> Any:
    """The same attention, another layer: no model."""
    if found is None:
        return gr.skip()
    return views.attention_grid(current_translator("families"), found, int(layer), prompt=bool(prompt))


def csv(found: Translation | None, layer: int) -> str:
    """The map as numbers: a row for each output token."""
    if found is None:
        return ""
    weights = views.mean_attention(found, int(layer))
    return csv_text(
        ["", *found.source], [[o, *map(float, row)] for o, row in zip(found.output, weights, strict=True)]
    )


def _knows(t: Translator) -> str:
    """The small translator's accuracy and vocabulary, to be opened."""
    facts = training(DEFAULT_TRANSLATOR)
    words = [word for word in facts["words"]["en"] if word.isalpha()]
    lower = sorted(
        {word if word in ("I", "German", "Monday", "Sunday") else word.lower() for word in words},
        key=str.lower,
    )
    said = t(
        "knows_accuracy",
        n=f"{facts['held_out_sentences']:,}",
        **{
            key: views.percent(facts[name])
            for key, name in (
                ("de", "exact_de"),
                ("zh", "exact_zh"),
                ("token_de", "token_de"),
                ("token_zh", "token_zh"),
            )
        },
    )
    listed = " ".join(f"<code>{escape(word)}</code>" for word in lower)
    return (
        f"<details><summary>{escape(t('knows'))}</summary><p>{escape(said)}</p>"
        f"<p>{escape(t('knows_words', n=len(lower)))}</p><p class='families-words'>{listed}</p></details>"
    )
