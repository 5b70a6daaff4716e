"""The sixth view on one page: a Transformer's parts to click, to train, and to ask for a date."""

from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, current_translator, handler
from spaces.attention import parts, parts_views, ui_parts_read, ui_parts_train
from spaces.attention.parts import HEADS, LAYERS, WIDTHS, Size, check_size
from spaces.attention.parts_figure import SCRIPT, figure

_FIRST = "multi_head"


def draw(t: Translator) -> list[Any]:
    """Draws the view; returns the inputs of `snippet_parts.snippet`."""
    with gr.Column(elem_classes="parts"):
        gr.HTML(f"<p class='lab-note'>{t('parts_intro')}</p>", elem_classes="hub-plain")
        with gr.Row(elem_classes="parts-size"):
            size = [
                _choice(t("parts_width"), WIDTHS, 64, "parts-width"),
                _choice(t("parts_heads"), HEADS, 4, "parts-heads"),
                _choice(t("parts_layers"), LAYERS, 2, "parts-layers"),
            ]
        with gr.Tabs(elem_classes="lab-tabs parts-tabs", overflow_behavior="wrap"):
            with gr.Tab(t("parts_tab_parts"), id="parts_code"):
                _draw_parts(t, size)
            with gr.Tab(t("parts_tab_train"), id="parts_train"):
                trained, settings = ui_parts_train.draw(t, size)
            with gr.Tab(t("parts_tab_read"), id="parts_read"):
                text = ui_parts_read.draw(t, trained)
    return [*size, *settings, text]


def _choice(label: str, values: tuple[int, ...], value: int, name: str) -> gr.Radio:
    return gr.Radio(
        [(str(v), v) for v in values],
        value=value,
        label=label,
        interactive=True,
        elem_id=name,
        min_width=140,
    )


def _draw_parts(t: Translator, size: list[gr.Radio]) -> None:
    start = Size()
    chosen = gr.State(_FIRST)
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=5, min_width=320):
            drawing = gr.HTML(figure(t, start, _FIRST), js_on_load=SCRIPT, elem_classes="hub-plain")
        with gr.Column(scale=6, min_width=320):
            head = gr.HTML(parts_views.part_head(t, _FIRST), elem_classes="hub-plain", elem_id="parts-about")
            code = gr.Code(
                parts.code(_FIRST),
                language="python",
                show_label=False,
                interactive=False,
                max_lines=24,
                elem_id="parts-code",
            )
            numbers = gr.HTML(
                parts_views.part_numbers(t, _FIRST, start), elem_classes="hub-plain parts-numbers"
            )
    drawing.select(handler(show), size, [chosen, drawing, head, code, numbers], **LIGHT)
    gr.on(
        [radio.change for radio in size],
        handler(resize),
        [chosen, *size],
        [drawing, numbers],
        trigger_mode="always_last",
        **LIGHT,
    )


def show(width: Any, heads: Any, layers: Any, event: gr.EventData) -> tuple[str, str, str, str, str]:
    """The part that was clicked."""
    t = current_translator("attention")
    part = event._data.get("part") if isinstance(event._data, dict) else None
    if part not in parts.PARTS:
        part = _FIRST
    size = check_size(width, heads, layers)
    return (
        part,
        figure(t, size, part),
        parts_views.part_head(t, part),
        parts.code(part),
        parts_views.part_numbers(t, part, size),
    )


def resize(part: str, width: Any, heads: Any, layers: Any) -> tuple[str, str]:
    """The same part in another size."""
    t = current_translator("attention")
    size = check_size(width, heads, layers)
    return figure(t, size, part), parts_views.part_numbers(t, part, size)
