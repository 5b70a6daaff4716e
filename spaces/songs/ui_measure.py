"""The measuring tab: three seeds against popularity and co-occurrence, and the curve against epochs."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from shared.charts import CLASSES, figure
from shared.i18n import Translator
from shared.markup import empty, heading, note, progress, table
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler, on_save
from spaces.songs import lab
from spaces.songs.evaluate import METHODS, TEST_SHARE
from spaces.songs.lab import CURVE, SEEDS, Choice, Point, Spread
from spaces.songs.ui import Session, told

COLOURS = dict(zip(METHODS, CLASSES, strict=False))


def draw(t: Translator, session: Session) -> None:
    """Draws the tab inside the caller's Tab."""
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            gr.HTML(note(t("measure_how", share=f"{TEST_SHARE:.0%}")), elem_classes="hub-plain")
            compare = gr.Button(t("compare", n=SEEDS), variant="primary", elem_id="songs-compare")
            curve = gr.Button(t("curve"), elem_id="songs-curve")
            gr.HTML(note(t("curve_how", epochs=", ".join(map(str, CURVE)))), elem_classes="hub-plain")
            stop = gr.Button(t("stop"))
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            state = gr.HTML(
                empty(t("measure_empty")), elem_classes="hub-plain", elem_id="songs-measure-state"
            )
            chart = gr.Plot(visible=False, show_label=False, elem_id="songs-measure-chart")
            shown = gr.HTML("", elem_classes="hub-plain", elem_id="songs-measured")
            with gr.Row(elem_classes="lab-foot"):
                said = gr.HTML("", elem_classes="hub-plain")
                save = gr.Button(t("csv"), size="sm", scale=0, min_width=96)
    outputs = [state, chart, shown, said]
    events: list[Any] = [
        compare.click(handler(compared), session.choice, outputs, **MODEL),
        curve.click(handler(curved), session.choice, outputs, **MODEL),
    ]
    # the sentence comes after the end: a last step of the cancelled event would else write over it
    stopped = stop.click(None, None, None, cancels=events, api_visibility="private")
    stopped.then(handler(lambda: note(current_translator("songs")("stopped"))), None, state, **LIGHT)
    on_save(save, "#songs-measured .songs-csv", "recall.csv")


def compared(choice: Choice) -> Iterator[tuple[Any, ...]]:
    """Three seeds, or why not."""
    yield from told(run_compare(choice), 4, 0)


def curved(choice: Choice) -> Iterator[tuple[Any, ...]]:
    """The curve, or why there is none."""
    yield from told(run_curve(choice), 4, 0)


def run_compare(choice: Choice) -> Iterator[tuple[Any, ...]]:
    """The chosen number of epochs, three seeds, three methods."""
    t = current_translator("songs")
    began, total, last = time.perf_counter(), SEEDS, -1
    for done, points in lab.measuring(choice, [choice.params.epochs]):
        if done == last:
            yield (gr.skip(),) * 4  # lets Stop in
            continue
        last = done
        state = progress(t("measure_progress", n=min(done + 1, total), of=total), done / total)
        shown = _compared(t, points[0], choice) if points else ""
        chart = gr.Plot(_bars(t, points[0]), visible=True) if points else gr.skip()
        yield state if done < total else "", chart, shown, ""
    yield "", gr.skip(), gr.skip(), _said(t, began)


def run_curve(choice: Choice) -> Iterator[tuple[Any, ...]]:
    """Each number of epochs with each seed."""
    t = current_translator("songs")
    began, total, last = time.perf_counter(), SEEDS * len(CURVE), -1
    for done, points in lab.measuring(choice, CURVE):
        if done == last:
            yield (gr.skip(),) * 4
            continue
        last = done
        state = progress(t("measure_progress", n=min(done + 1, total), of=total), done / total)
        chart = gr.Plot(_lines(t, points), visible=True) if points else gr.skip()
        yield state if done < total else "", chart, _curve_table(t, points), ""
    yield "", gr.skip(), gr.skip(), _said(t, began)


def _said(t: Translator, began: float) -> str:
    return answered_by(t, "Word2Vec", "CPU", time.perf_counter() - began)


def _plus_minus(spread: Spread) -> str:
    return f"{spread.mean:.3f} ± {spread.sd:.3f}"


def _csv(rows: list[list[Any]]) -> str:
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    return f"<pre class='songs-csv' hidden>{text}</pre>"


def _compared(t: Translator, point: Point, choice: Choice) -> str:
    rows = [[t(f"method_{m}"), _plus_minus(point.recall[m]), _plus_minus(point.mrr[m])] for m in METHODS]
    best = max(range(len(METHODS)), key=lambda i: point.recall[METHODS[i]].mean)
    seeds = len(point.recall["word2vec"].values)
    first = choice.params.seed
    head = heading(t("compared"), t("compared_detail", n=seeds, first=first, last=first + seeds - 1))
    header = (t("method"), "recall@10", "MRR")
    csv: list[list[Any]] = [["method", "measure", "mean", "sd", *(f"seed_{first + i}" for i in range(seeds))]]
    for name, spreads in (("recall_at_10", point.recall), ("mrr", point.mrr)):
        csv += [[m, name, spreads[m].mean, spreads[m].sd, *spreads[m].values] for m in METHODS]
    return head + table(header, rows, highlight=best) + note(_verdict(t, point)) + _csv(csv)


def _verdict(t: Translator, point: Point) -> str:
    w, c, p = (point.recall[m].mean for m in METHODS)
    said = t("beats_popularity", times=f"{w / p:.1f}") if p and w > p else t("loses_popularity")
    return said + t("loses_together" if c > w else "beats_together")


def _curve_table(t: Translator, points: Sequence[Point]) -> str:
    if not points:
        return ""
    header = (t("epochs"), *(f"{t(f'method_{m}')} recall@10" for m in METHODS), "Word2Vec MRR")
    rows = [
        [p.epochs, *(_plus_minus(p.recall[m]) for m in METHODS), _plus_minus(p.mrr["word2vec"])]
        for p in points
    ]
    best = max(range(len(points)), key=lambda i: points[i].recall["word2vec"].mean)
    csv: list[list[Any]] = [["epochs", *(f"{m}_{x}" for m in METHODS for x in ("mean", "sd"))]]
    csv += [[p.epochs, *(x for m in METHODS for x in (p.recall[m].mean, p.recall[m].sd))] for p in points]
    said = ""
    if len(points) == len(CURVE) and best < len(points) - 1:
        said = note(t("over_training", best=points[best].epochs, last=points[-1].epochs))
    return heading(t("curve_title")) + table(header, rows, highlight=best) + said + _csv(csv)


def _bars(t: Translator, point: Point) -> Any:
    import plotly.graph_objects as go

    fig = figure(y="recall@10", height=260)
    spreads = [point.recall[m] for m in METHODS]
    fig.add_trace(
        go.Bar(
            x=[t(f"method_{m}") for m in METHODS],
            y=[s.mean for s in spreads],
            error_y={"array": [s.sd for s in spreads], "thickness": 1.4},
            marker={"color": [COLOURS[m] for m in METHODS]},
            width=0.5,
            hovertemplate="%{x}: %{y:.3f}<extra></extra>",
        )
    )
    fig.update_yaxes(rangemode="tozero")
    return fig


def _lines(t: Translator, points: Sequence[Point]) -> Any:
    import plotly.graph_objects as go

    fig = figure(x=t("epochs"), y="recall@10", height=340, legend=True)
    for method in METHODS:
        spreads = [p.recall[method] for p in points]
        fig.add_trace(
            go.Scatter(
                x=[p.epochs for p in points],
                y=[s.mean for s in spreads],
                error_y={"array": [s.sd for s in spreads], "thickness": 1.2},
                mode="lines+markers" if method == "word2vec" else "lines",
                line={
                    "color": COLOURS[method],
                    "width": 2,
                    "dash": "solid" if method == "word2vec" else "dot",
                },
                name=t(f"method_{method}"),
                hovertemplate="%{x}: %{y:.3f}<extra>%{fullData.name}</extra>",
            )
        )
    fig.update_xaxes(type="log", tickvals=list(CURVE), ticktext=[str(n) for n in CURVE])
    fig.update_yaxes(rangemode="tozero")
    return fig
