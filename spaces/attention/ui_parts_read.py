"""Asking a trained model: a date in free form, its ISO form, and the map of what was looked at."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator
from shared.markup import empty, note, progress
from shared.ui import LIGHT, answered_by, csv_text, current_translator, handler, on_download
from spaces.attention import date_reader, parts, parts_views
from spaces.attention.date_reader import Reading
from spaces.attention.parts import Size

EXAMPLES = (
    "March 4, 2026",
    "Wed, 4th of March 2026",
    "3/4/2026",
    "4. 3. 2026",
    "2026年3月4日",
    "二〇二六年三月四日",
    "February 30, 2026",
)


def draw(t: Translator, trained: gr.State) -> gr.Textbox:
    """Draws the tab; returns the box with the date."""
    kept = gr.State(None)
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=260, elem_classes="lab-inputs"):
            text = gr.Textbox(
                EXAMPLES[1],
                label=t("parts_date"),
                info=t("parts_date_hint"),
                lines=1,
                max_lines=3,
                interactive=True,
                elem_id="parts-date",
            )
            with gr.Row(elem_classes="lab-examples"):
                examples = [gr.Button(example, size="sm", scale=0, min_width=0) for example in EXAMPLES]
            which = gr.Radio(
                [(t("parts_checkpoint"), "checkpoint"), (t("parts_mine"), "mine")],
                value="checkpoint",
                label=t("parts_which"),
                interactive=True,
                elem_id="parts-which",
            )
            go = gr.Button(t("parts_read"), variant="primary", elem_id="parts-read")
        with gr.Column(scale=2, min_width=320, elem_classes="lab-result"):
            answer = gr.HTML(empty(t("parts_read_empty")), elem_classes="hub-plain", elem_id="parts-answer")
            with gr.Column(visible=False) as panel:
                with gr.Row(elem_classes="parts-picks"):
                    kind = gr.Radio(
                        [(t("parts_cross"), "cross"), (t("parts_encoder"), "encoder")],
                        value="cross",
                        label=t("parts_map"),
                        interactive=True,
                        min_width=220,
                    )
                    layer = gr.Dropdown(
                        _numbers(t, 2), value=-1, label=t("parts_layer"), interactive=True, min_width=90
                    )
                    head = gr.Dropdown(
                        _numbers(t, 4), value=-1, label=t("parts_head"), interactive=True, min_width=90
                    )
                plot = gr.Plot(show_label=False, elem_id="parts-map")
                gr.HTML(note(t("parts_map_hint")), elem_classes="hub-plain")
                with gr.Row(elem_classes="lab-foot"):
                    line = gr.HTML("", elem_classes="hub-plain")
                    save = gr.Button(t("parts_csv"), size="sm", scale=0, min_width=120)
    picks: list[Any] = [kind, layer, head]
    outputs = [kept, answer, panel, layer, head, plot, line]
    gr.on([go.click, text.submit], handler(ask), [text, which, trained, *picks], outputs, **LIGHT)
    for button, example in zip(examples, EXAMPLES, strict=True):
        filled = button.click(lambda example=example: example, None, text, **LIGHT)
        filled.then(handler(ask), [text, which, trained, *picks], outputs, **LIGHT)
    gr.on(
        [pick.change for pick in picks],
        handler(redraw),
        [kept, *picks],
        plot,
        trigger_mode="always_last",
        **LIGHT,
    )
    on_download(save, csv_of, [kept, *picks], "attention.csv")
    return text


def _numbers(t: Translator, count: int) -> list[tuple[str, int]]:
    return [(t("parts_mean"), -1), *((str(n), n) for n in range(count))]


def ask(text: str, which: str, training: Any, kind: str, layer: int, head: int) -> Iterator[list[Any]]:
    """Reads one date and draws what the model looked at."""
    import sys

    t = current_translator("attention")
    if "torch" not in sys.modules:
        yield [None, progress(t("parts_starting")), gr.update(visible=False), *[gr.skip()] * 4]
    mine = which == "mine"
    if mine and training is None:
        raise HubError("attention.parts_untrained")
    if mine:
        model, about = training.model, ""
    else:
        model, measured = date_reader.checkpoint()
        about = t(
            "parts_measured",
            exact=f"{100 * measured['exact_match']:.2f} %",
            count=f"{measured['held_out_texts']:,}",
        )
    started = time.monotonic()
    result = date_reader.read(model, text)
    seconds = time.monotonic() - started
    config = model.config
    layer, head = min(layer, config.layers - 1), min(head, config.heads - 1)
    size = Size(config.width, config.heads, config.layers)
    name = t("parts_model_name", parameters=f"{parts.count(parts.parameters('model', size)):,}")
    yield [
        result,
        parts_views.reading(t, result, about),
        gr.update(visible=True),
        gr.update(choices=_numbers(t, config.layers), value=layer),
        gr.update(choices=_numbers(t, config.heads), value=head),
        parts_views.attention_map(t, result, kind, layer, head),
        answered_by(t, name, "CPU", seconds),
    ]


def redraw(kept: Reading | None, kind: str, layer: int, head: int) -> Any:
    """Another map of the same reading: no model."""
    if kept is None:
        return gr.skip()
    return parts_views.attention_map(current_translator("attention"), kept, kind, layer, head)


def csv_of(kept: Reading | None, kind: str, layer: int, head: int) -> str:
    """The map as numbers; rows look, columns are looked at."""
    t = current_translator("attention")
    if kept is None:
        return ""
    columns = parts_views.visible(kept.text)
    rows = columns if kind == "encoder" else [*kept.written, t("parts_end")]
    weights = date_reader.picked(kept.encoder if kind == "encoder" else kept.cross, layer, head)
    return csv_text(
        ["", *columns],
        ([row, *(round(float(w), 6) for w in line)] for row, line in zip(rows, weights, strict=False)),
    )
