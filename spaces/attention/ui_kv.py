"""The view on the KV cache: a race, drawn as it runs, and what the cache weighs."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.markup import empty, note
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, csv_text, current_translator, handler, on_download
from spaces.attention import drawings_kv as drawings
from spaces.attention.causal import causal_spec, encode, whole
from spaces.attention.kv_cache import DEFAULT_NEW, MAX_NEW, MAX_PROMPT, MIN_NEW, Race, cache_shape, race

EXAMPLES = {
    "kv_example": "请详细解释一下黑洞的奇点、事件视界和霍金辐射这三个核心概念，并说明它们之间的关系。",
    "kv_example_long": (
        "A library in a small town by the sea kept the diaries of every captain who had sailed from its "
        "harbour. The oldest of them was three hundred years old and told of a winter so cold that the ships "
        "stood in the ice until April. The crews walked home over the frozen bay, carrying flour, salt and "
        "candles on their backs, and when spring came they walked back again, because a ship that nobody "
        "watches is soon a ship without sails. The librarian, who had read all of the diaries, said that the "
        "captains seldom wrote about storms. They wrote about the price of rope, about letters that did not "
        "arrive, and about the light on the water in the last hour before they reached the harbour. One "
        "evening in October"
    ),
}
_INTERVAL = 0.3
"""Seconds between two drawings: often enough to look live, seldom enough not to slow the race."""


def draw(t: Translator, inputs: Any) -> list[Any]:
    """Draws the tab; returns the slider (new tokens), which Show code reads."""
    with gr.Row(elem_classes="attention-views-actions"):
        new_tokens = gr.Slider(
            MIN_NEW, MAX_NEW, DEFAULT_NEW, step=1, label=t("kv_new"), min_width=200, interactive=True
        )
        run = gr.Button(
            t("kv_run"), variant="primary", scale=0, min_width=160, elem_classes="attention-kv-run"
        )
        stop = gr.Button(t("kv_stop"), scale=0, min_width=84, elem_classes="attention-kv-stop")
    with gr.Row(elem_classes="lab-examples"):
        examples = [
            (gr.Button(t(key), size="sm", scale=0, min_width=0), text) for key, text in EXAMPLES.items()
        ]
    kept = gr.State(None)
    lanes = gr.HTML(empty(t("kv_empty")), elem_id="attention-kv", elem_classes="hub-plain")
    with gr.Column(visible=False) as body:
        curve = gr.Plot(show_label=False)
        outcome = gr.HTML("", elem_classes="hub-plain")
        size = gr.HTML("", elem_classes="hub-plain attention-kv-size")
        with gr.Row(elem_classes="lab-foot attention-views-foot"):
            status = gr.HTML("", elem_classes="hub-plain")
            download = gr.Button(t("kv_download"), size="sm", scale=0, min_width=230)

    outputs = [kept, lanes, body, curve, outcome, size, status]
    source = [inputs.text, inputs.model, new_tokens]
    running: list[Any] = [run.click(handler(start), source, outputs, **MODEL)]
    for button, text in examples:
        filled = button.click(lambda text=text: text, None, inputs.text, **LIGHT)
        running.append(filled.then(handler(start), source, outputs, **MODEL))
    stop.click(None, None, None, cancels=running, api_visibility="private")
    on_download(download, times_csv, kept, "kv-cache.csv")
    return [new_tokens]


def start(text: str, model: str, new_tokens: float) -> Iterator[Sequence[Any]]:
    """The race, drawn about three times a second. Closing the iterator stops it."""
    t = current_translator("attention")
    spec = causal_spec(model)
    total = whole("new_tokens", new_tokens, MIN_NEW, MAX_NEW)
    if not cache().is_loaded(spec):
        loading = empty(t("hub.loading_model", model=spec.name))
        yield [None, loading, gr.update(visible=False), *[gr.skip()] * 4]
    started = time.monotonic()
    with cache().lease(spec) as weights:
        tokenizer, device = weights.tokenizer, weights.model.device.type
        prompt = encode(tokenizer, text, MAX_PROMPT)
        shape = cache_shape(weights.model)
        context = spec.context_length or weights.model.config.get_text_config().max_position_embeddings
        cut = (
            note(t("kv_cut", kept=len(prompt.ids), total=f"{prompt.total:,}"))
            if prompt.total > len(prompt.ids)
            else ""
        )
        result, shown = Race(len(prompt.ids)), float("-inf")
        with closing(race(weights.model, prompt.ids, total)) as laps:
            for lap in laps:
                result = replace(result, laps=(*result.laps, lap))
                over = len(result.laps) == total
                if not over and time.monotonic() - shown < _INTERVAL:
                    continue
                shown = time.monotonic()
                written = tokenizer.decode([lap.cached_id for lap in result.laps])
                line = answered_by(
                    t, spec.name, "GPU" if device == "cuda" else device.upper(), shown - started
                )
                yield [
                    result,
                    drawings.lanes(t, result, total, written) + cut,
                    gr.update(visible=True),
                    drawings.curve(t, result, total),
                    drawings.outcome(t, result, total),
                    drawings.size(t, result, shape, context) if over else "",
                    line if over else "",
                ]


def times_csv(result: Race | None) -> str:
    header = ["token", "cached_ms", "uncached_ms", "cached_positions", "uncached_positions", "cache_bytes"]
    rows = [
        [
            lap.index + 1,
            1000 * lap.cached_s,
            1000 * lap.uncached_s,
            lap.cached_tokens,
            lap.uncached_tokens,
            lap.cache_bytes,
        ]
        for lap in (result.laps if result else ())
    ]
    return csv_text(header, rows)
