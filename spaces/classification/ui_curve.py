"""The fourth tab: accuracy against the number of labels."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from shared import charts
from shared.data.embeddings import embed
from shared.i18n import Translator
from shared.markup import empty, note, progress, table
from shared.models import MODELS
from shared.models.registry import DEFAULT_EMBED
from shared.ui import MODEL, answered_by, csv_text, current_translator, handler, on_download
from spaces.classification.background import Result, in_background
from spaces.classification.curve import CURVE_METHODS, SEEDS, Curve, learning_curve
from spaces.classification.form import Form
from spaces.classification.labels import check_descriptions
from spaces.classification.ui_data import Widgets


def draw(t: Translator, widgets: Widgets) -> Any:
    """Draws the tab; returns the event that computes."""
    with gr.Row():
        run = gr.Button(
            t("curve_run"), variant="primary", scale=0, min_width=200, elem_id="classify-curve-run"
        )
    said = gr.HTML(empty(t("curve_empty")), elem_classes="hub-plain")
    plot = gr.Plot(visible=False, show_label=False, elem_id="classify-curve")
    kept = gr.State(None)
    with gr.Row(elem_classes="lab-foot"):
        line = gr.HTML("", elem_classes="hub-plain")
        save = gr.Button(t("download"), size="sm", scale=0, min_width=90, visible=False)
    numbers = gr.HTML("", elem_classes="hub-plain")
    event = run.click(handler(compute), widgets.inputs, [said, plot, kept, line, save, numbers], **MODEL)
    on_download(save, curve_csv, kept, "learning-curve.csv")
    return event


def compute(*values: Any) -> Iterator[tuple[Any, ...]]:
    """How far it is, then the drawing and its numbers."""
    t = current_translator("classification")
    form = Form(*values)
    split, options = form.split(), form.options()
    descriptions = check_descriptions(options.descriptions, split.classes)
    started = time.monotonic()

    def work(tell: Any) -> Curve:
        array = embed(split.texts, progress=lambda done, total: tell("embedding", done, total)).array
        directions = embed(descriptions, keep=False).array
        return learning_curve(
            array, split, directions, progress=lambda done, total: tell("curve", done, total)
        )

    with closing(in_background(work)) as events:
        for event in events:
            if isinstance(event, Result):
                curve = event.value
            else:
                sentence = t(f"step_{event.name}", done=f"{event.done:,}", total=f"{event.total:,}")
                yield progress(sentence, event.done / max(1, event.total)), *(gr.skip(),) * 5
    yield (
        note(t("curve_note", seeds=SEEDS, tests=f"{curve.tests:,}")),
        gr.update(value=drawing(t, curve), visible=True),
        curve,
        answered_by(t, MODELS[DEFAULT_EMBED].name, "CPU", time.monotonic() - started),
        gr.update(visible=True),
        _numbers(t, curve),
    )


def drawing(t: Translator, curve: Curve) -> Any:
    """The mean over the seeds as a line, the spread (lowest to highest) as a band, zero-shot as a level."""
    import plotly.graph_objects as go

    fig = charts.figure(x=t("curve_x"), y=t("col_accuracy"), height=380, legend=True)
    labels = list(curve.labels)
    for method, colour in zip(CURVE_METHODS, charts.CLASSES, strict=False):
        values = curve.accuracy[method]
        low, high = values.min(axis=0).tolist(), values.max(axis=0).tolist()
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        fig.add_trace(
            go.Scatter(
                x=labels + labels[::-1],
                y=high + low[::-1],
                mode="lines",
                fill="toself",
                fillcolor=f"rgba({red},{green},{blue},0.14)",
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        fig.add_trace(
            go.Scatter(
                x=labels,
                y=values.mean(axis=0).tolist(),
                name=t(method),
                mode="lines+markers",
                line={"color": colour, "width": 2},
                hovertemplate="%{x} · %{y:.3f}<extra></extra>",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=[labels[0], labels[-1]],
            y=[curve.zero_shot] * 2,
            name=t("zero_shot"),
            mode="lines",
            line={"color": charts.CLASSES[2], "width": 2, "dash": "dash"},
            hovertemplate="%{y:.3f}<extra></extra>",
        )
    )
    # the last doubling may lie so close to all labels that their numbers would overlap
    ticks = [n for n in labels[:-1] if n < 0.7 * labels[-1]] + labels[-1:]
    fig.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{n:,}" for n in ticks], tickangle=0)
    return fig


def _numbers(t: Translator, curve: Curve) -> str:
    header = [t("curve_x"), *(t(method) for method in CURVE_METHODS)]
    rows = []
    for column, count in enumerate(curve.labels):
        row: list[Any] = [count]
        for method in CURVE_METHODS:
            values = curve.accuracy[method][:, column]
            row.append(f"{values.mean():.3f}  ({values.min():.3f} – {values.max():.3f})")
        rows.append(row)
    return table(header, rows, caption=t("curve_zero_shot", accuracy=f"{curve.zero_shot:.3f}"))


def curve_csv(curve: Curve | None) -> str:
    """One row for each method, number of labels and seed."""
    rows: list[list[Any]] = []
    if curve is not None:
        for method, values in curve.accuracy.items():
            for seed, accuracies in enumerate(values):
                for count, accuracy in zip(curve.labels, accuracies, strict=True):
                    rows.append([method, count, seed, float(accuracy)])
    return csv_text(["method", "labels", "seed", "accuracy"], rows)
