"""The view on positions: sinusoids, rotary embedding, and a real model whose order is taken away."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator
from shared.markup import empty, heading, note
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, csv_text, current_translator, handler, on_download
from spaces.attention import drawings_position as drawings
from spaces.attention.causal import causal_spec, encode, whole
from spaces.attention.position import MAX_ORDER_TOKENS, equivariance, order_test, sinusoids, turn

EXAMPLE = "The capital of France is Paris. The capital of Germany is Berlin. The capital of Italy is"
_POSITIONS, _DIM, _BASE, _PICK = 64, 64, 10_000, 20
_M, _N, _PAIR = 8, 3, 4


def draw(t: Translator, inputs: Any) -> list[Any]:
    """Draws the tab; returns what Show code reads: positions, dimensions, base, layout."""
    table = _draw_sinusoids(t)
    _draw_rotation(t, table[1], table[2])
    _draw_order(t, inputs)
    with gr.Column(elem_classes="attention-position-part"):
        exact = heading(t("position_exact_title"), t("position_exact_detail"))
        gr.HTML(exact + drawings.exact_table(t, equivariance()), elem_classes="hub-plain")
    return table


def _draw_sinusoids(t: Translator) -> list[Any]:
    gr.HTML(heading(t("position_sin_title"), t("position_sin_detail")), elem_classes="hub-plain")
    with gr.Row(elem_classes="attention-views-sliders"):
        positions = gr.Slider(
            8, 256, _POSITIONS, step=1, label=t("position_count"), min_width=150, interactive=True
        )
        dim = gr.Slider(4, 256, _DIM, step=2, label=t("position_dim"), min_width=150, interactive=True)
        base = gr.Slider(
            10, 100_000, _BASE, step=10, label=t("position_base"), min_width=150, interactive=True
        )
    layout = gr.Radio(
        [(t("position_interleaved"), "interleaved"), (t("position_concatenated"), "concatenated")],
        value="interleaved",
        label=t("position_layout"),
        interactive=True,
        elem_classes="attention-position-layout",
    )
    first = _sinusoids(t, _POSITIONS, _DIM, _BASE, "interleaved", _PICK)
    said = gr.HTML(first[0], elem_classes="hub-plain")
    table = gr.Plot(first[1], show_label=False, elem_classes="attention-position-map")
    pick = gr.Slider(0, _POSITIONS - 1, _PICK, step=1, label=t("position_pick"), interactive=True)
    with gr.Row(elem_classes="attention-views-pair"):
        with gr.Column(min_width=300):
            vector_title = gr.HTML(first[2], elem_classes="hub-plain")
            vector = gr.Plot(first[3], show_label=False)
        with gr.Column(min_width=300):
            dots_title = gr.HTML(first[4], elem_classes="hub-plain")
            dots = gr.Plot(first[5], show_label=False)
    with gr.Accordion(t("position_map_title"), open=False):
        products = gr.Plot(first[6], show_label=False)
    download = gr.Button("CSV", size="sm", scale=0, min_width=80)
    inputs = [positions, dim, base, layout, pick]
    outputs = [said, table, vector_title, vector, dots_title, dots, products]
    picture = outputs[2:6]
    changed = [component.change for component in (positions, dim, base, layout)]
    gr.on(changed, handler(redraw), inputs, [*outputs, pick], trigger_mode="always_last", **LIGHT)
    pick.change(handler(repick), inputs, picture, trigger_mode="always_last", **LIGHT)
    on_download(download, table_csv, inputs[:4], "positional-encoding.csv")
    return inputs[:4]


def redraw(positions: int, dim: int, base: float, layout: str, pick: int) -> list[Any]:
    pick = min(pick, positions - 1)
    drawn = _sinusoids(current_translator("attention"), positions, dim, base, layout, pick)
    return [*drawn, gr.update(maximum=positions - 1, value=pick)]


def repick(positions: int, dim: int, base: float, layout: str, pick: int) -> list[Any]:
    """Another position of the same table."""
    return redraw(positions, dim, base, layout, pick)[2:6]


def table_csv(positions: int, dim: int, base: float, layout: str) -> str:
    values = sinusoids(positions, dim, base, interleaved=layout == "interleaved")
    header = ["position", *(str(i) for i in range(values.shape[1]))]
    return csv_text(header, ([i, *(round(float(v), 6) for v in row)] for i, row in enumerate(values)))


def _sinusoids(t: Translator, positions: int, dim: int, base: float, layout: str, pick: int) -> list[Any]:
    interleaved = layout == "interleaved"
    values = sinusoids(positions, dim, base, interleaved=interleaved)
    chosen = whole("position", pick, 0, len(values) - 1)
    return [
        note(t("position_layout_note_interleaved" if interleaved else "position_layout_note_concatenated")),
        drawings.sinusoid_map(t, values),
        heading(t("position_vector_title", position=chosen)),
        drawings.vector_curve(t, values, chosen, interleaved),
        heading(t("position_dot_title", position=chosen), t("position_dot_detail")),
        drawings.dot_curve(t, values, chosen),
        drawings.dot_map(t, values),
    ]


def _draw_rotation(t: Translator, dim: Any, base: Any) -> None:
    with gr.Column(elem_classes="attention-position-part"):
        gr.HTML(heading(t("position_rope_title"), t("position_rope_detail")), elem_classes="hub-plain")
        first = _rotation(t, _M, _N, _PAIR, _DIM, _BASE)
        with gr.Row(elem_classes="attention-views-pair"):
            with gr.Column(min_width=280):
                m = gr.Slider(0, 64, _M, step=1, label=t("position_m"), interactive=True)
                n = gr.Slider(0, 64, _N, step=1, label=t("position_n"), interactive=True)
                pair = gr.Slider(0, 31, _PAIR, step=1, label=t("position_pair"), interactive=True)
            arrows = gr.HTML(first[0], elem_classes="hub-plain attention-rope-drawing")
        numbers = gr.HTML(first[1], elem_classes="hub-plain")
        gr.HTML(note(t("position_rope_note")), elem_classes="hub-plain")
    inputs = [m, n, pair, dim, base]
    changed = [component.change for component in inputs]
    gr.on(changed, handler(rotate), inputs, [arrows, numbers, pair], trigger_mode="always_last", **LIGHT)


def rotate(m: int, n: int, pair: int, dim: int, base: float) -> list[Any]:
    last = int(dim) // 2 - 1
    pair = min(pair, last)
    drawn = _rotation(current_translator("attention"), m, n, pair, dim, base)
    return [*drawn, gr.update(maximum=last, value=pair)]


def _rotation(t: Translator, m: int, n: int, pair: int, dim: int, base: float) -> list[str]:
    pair = whole("i", pair, 0, int(dim) // 2 - 1)
    made = turn(m, n, pair, int(dim), base)
    return [drawings.arrows(t, made), drawings.rotation_numbers(t, m, n, pair, int(dim), base)]


def _draw_order(t: Translator, inputs: Any) -> None:
    with gr.Column(elem_classes="attention-position-part"):
        detail = t("position_order_detail", limit=MAX_ORDER_TOKENS)
        gr.HTML(heading(t("position_order_title"), detail), elem_classes="hub-plain")
        with gr.Row(elem_classes="attention-views-actions"):
            run = gr.Button(
                t("position_order_run"),
                variant="primary",
                scale=0,
                min_width=120,
                elem_classes="attention-order-run",
            )
            example = gr.Button(t("position_order_example"), size="sm", scale=0, min_width=150)
        said = gr.HTML(empty(t("position_order_empty")), elem_id="attention-order", elem_classes="hub-plain")
        with gr.Column(visible=False) as body:
            maps = gr.Plot(show_label=False)
        status = gr.HTML("", elem_classes="hub-plain")
    source, outputs = [inputs.text, inputs.model], [said, body, maps, status]
    run.click(handler(try_orders), source, outputs, **MODEL)
    filled = example.click(lambda: EXAMPLE, None, inputs.text, **LIGHT)
    filled.then(handler(try_orders), source, outputs, **MODEL)


def try_orders(text: str, model: str) -> Iterator[Sequence[Any]]:
    """The real model with its positions as they are, shuffled, and all zero."""
    t = current_translator("attention")
    spec = causal_spec(model)
    if not cache().is_loaded(spec):
        loading = empty(t("hub.loading_model", model=spec.name))
        yield [loading, gr.update(visible=False), gr.skip(), ""]
    started = time.monotonic()
    with cache().lease(spec) as weights:
        prompt = encode(weights.tokenizer, text, MAX_ORDER_TOKENS)
        if len(prompt.ids) < 2:
            raise HubError("attention.position_one_token")
        test = order_test(weights.model, weights.tokenizer, prompt.ids)
        device = weights.model.device.type
    line = answered_by(
        t, spec.name, "GPU" if device == "cuda" else device.upper(), time.monotonic() - started
    )
    cut = ""
    if prompt.total > len(prompt.ids):
        cut = note(t("position_order_cut", kept=len(prompt.ids), total=f"{prompt.total:,}"))
    head = heading(t("position_order_head", layer=test.head[0], head=test.head[1]))
    yield [
        drawings.order_table(t, test) + cut + head,
        gr.update(visible=True),
        drawings.order_maps(t, test),
        line,
    ]
