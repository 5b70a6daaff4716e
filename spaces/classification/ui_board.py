"""The first tab: run the chosen methods, rows appear as they finish; two of them compared."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.markup import empty, heading, note
from shared.ui import (
    LIGHT,
    MODEL,
    answered_by,
    csv_text,
    current_lang,
    current_translator,
    handler,
    on_download,
)
from spaces.classification import views
from spaces.classification.background import Result, in_background
from spaces.classification.form import Board, Form, chosen_methods
from spaces.classification.measure import Figures, mcnemar, measure
from spaces.classification.run import METHODS, run
from spaces.classification.ui_data import Widgets

DOWNLOAD = "classification.csv"


@dataclass(frozen=True)
class BoardTab:
    """What the rest of the page needs: the state, the event that fills it, the event of live descriptions,
    and what is drawn of it."""

    board: gr.State
    event: Any
    live: Any
    drawn: list[Any]


def draw(t: Translator, widgets: Widgets) -> BoardTab:
    """Draws the tab inside the caller's."""
    board = gr.State(None)
    table = gr.HTML(empty(t("board_empty")), elem_id="classify-board", elem_classes="hub-plain")
    with gr.Row(elem_classes="lab-foot"):
        line = gr.HTML("", elem_classes="hub-plain")
        save = gr.Button(t("download"), size="sm", scale=0, min_width=90, visible=False)
        save_all = gr.Button(t("download_predictions"), size="sm", scale=0, min_width=190, visible=False)
    with gr.Column(visible=False) as compare:
        gr.HTML(heading(t("compare_title"), t("compare_detail")), elem_classes="hub-plain")
        with gr.Row():
            a = gr.Dropdown([], label=t("first"), interactive=True, min_width=160, elem_id="classify-a")
            b = gr.Dropdown([], label=t("second"), interactive=True, min_width=160, elem_id="classify-b")
        sentence = gr.HTML("", elem_id="classify-mcnemar", elem_classes="hub-plain")
    event = widgets.run.click(
        handler(run_methods), [board, widgets.methods, *widgets.inputs], [board, table, line], **MODEL
    )
    shown = event.then(handler(after), board, [save, save_all, compare, a, b], **LIGHT)
    shown.then(handler(compare_two), [board, a, b], sentence, **LIGHT)
    gr.on([a.input, b.input], handler(compare_two), [board, a, b], sentence, **LIGHT)
    live = widgets.fields["descriptions"].change(
        handler(live_descriptions),
        [board, widgets.fields["descriptions"]],
        [board, table, line],
        trigger_mode="always_last",
        **LIGHT,
    )
    live.then(handler(compare_two), [board, a, b], sentence, **LIGHT)
    on_download(save, leaderboard_csv, board, DOWNLOAD)
    on_download(save_all, predictions_csv, board, "predictions.csv")
    return BoardTab(board, event, live, [table, line])


def figures_of(board: Board) -> dict[str, Figures]:
    """The figures of everything on the board."""
    return {
        method: measure(
            [board.split.labels[i] for i in outcome.test], outcome.predicted, board.split.classes, board.seed
        )
        for method, outcome in board.outcomes.items()
    }


def run_methods(board: Board | None, names: list[str], *values: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The board after every method and, in between, how far the one that runs is. A method that cannot run
    says why in its row; the others go on."""
    t = current_translator("classification")
    lang = current_lang()
    form = Form(*values)
    methods, split, options = chosen_methods(names), form.split(), form.options()
    if board is None or board.split != split or board.seed != options.seed:
        board = Board(split, options.seed, {})
    figures = figures_of(board)
    failed: dict[str, str] = {}
    started = time.monotonic()
    for method in methods:
        yield gr.skip(), views.leaderboard(t, board, figures, method, None, failed), ""
        try:
            with closing(in_background(partial(run, method, split, options))) as events:
                for event in events:
                    if isinstance(event, Result):
                        board = board.plus(event.value)
                    else:
                        yield gr.skip(), views.leaderboard(t, board, figures, method, event, failed), ""
        except HubError as error:
            failed[method] = explain(error, lang)
            continue
        figures = figures_of(board)
        yield board, views.leaderboard(t, board, figures, None, None, failed), ""
    line = _line(t, board, time.monotonic() - started) if board.outcomes else ""
    yield board, views.leaderboard(t, board, figures, None, None, failed) + _remarks(t, board), line


def stopped(board: Board | None) -> tuple[str, str]:
    """What was finished when somebody pressed Stop."""
    t = current_translator("classification")
    if board is None or not board.outcomes:
        return empty(t("board_empty")), note(t("stopped"))
    return views.leaderboard(t, board, figures_of(board)) + _remarks(t, board), note(t("stopped"))


def _remarks(t: Translator, board: Board) -> str:
    said = note(t("interval_note", tests=f"{len(board.split.test):,}"))
    if any("sample" in outcome.detail for outcome in board.outcomes.values()):
        said += note(t("sample_note"))
    if any(outcome.method in ("centroid", "zero_shot") for outcome in board.outcomes.values()):
        said += note(t("speed_note"))
    return said


def _line(t: Translator, board: Board, seconds: float) -> str:
    models = dict.fromkeys(outcome.model for outcome in board.outcomes.values())
    devices = dict.fromkeys(outcome.device for outcome in board.outcomes.values())
    return answered_by(t, ", ".join(models), ", ".join(devices), seconds)


def after(board: Board | None) -> tuple[Any, ...]:
    """Shows what a board makes possible: downloads, and a comparison once there are two methods."""
    t = current_translator("classification")
    methods = list(board.outcomes) if board else []
    choices = [(t(method), method) for method in methods]
    ready = bool(methods)
    two = len(methods) > 1
    return (
        gr.update(visible=ready),
        gr.update(visible=ready),
        gr.update(visible=two),
        gr.update(choices=choices, value=methods[0] if two else None),
        gr.update(choices=choices, value=methods[-1] if two else None),
    )


def compare_two(board: Board | None, a: str | None, b: str | None) -> str:
    """McNemar's sentence, on the texts that both were asked."""
    if board is None or not a or not b or a not in board.outcomes or b not in board.outcomes:
        return ""
    t = current_translator("classification")
    if a == b:
        return note(t("compare_same"))
    first, second = board.outcomes[a], board.outcomes[b]
    said_a = dict(zip(first.test, first.predicted, strict=True))
    said_b = dict(zip(second.test, second.predicted, strict=True))
    both = [i for i in first.test if i in said_b]
    if not both:
        return note(t("compare_nothing"))
    found = mcnemar(
        [board.split.labels[i] for i in both], [said_a[i] for i in both], [said_b[i] for i in both]
    )
    return views.mcnemar_sentence(t, a, b, found)


def live_descriptions(board: Board | None, descriptions: str) -> tuple[Any, Any, Any]:
    """Zero-shot again with the words as they are now: only they are encoded, the texts are cached."""
    if board is None or "zero_shot" not in board.outcomes:
        return gr.skip(), gr.skip(), gr.skip()
    from spaces.classification.form import lines
    from spaces.classification.run import Options

    t = current_translator("classification")
    started = time.monotonic()
    try:
        outcome = run("zero_shot", board.split, Options(descriptions=lines(descriptions), seed=board.seed))
    except HubError as error:
        # half-written: a line is missing while one types
        return gr.skip(), gr.skip(), note(explain(error, current_lang()), warn=True)
    board = board.plus(outcome)
    shown = views.leaderboard(t, board, figures_of(board)) + _remarks(t, board)
    return board, shown, _line(t, board, time.monotonic() - started)


def leaderboard_csv(board: Board | None) -> str:
    """The board as a CSV."""
    header = ["method", "model", "macro_f1", "accuracy", "low", "high", "labels", "docs_per_s"]
    header += ["train_seconds", "model_bytes", "tests"]
    rows: list[list[Any]] = []
    if board is not None:
        for method, figures in figures_of(board).items():
            outcome = board.outcomes[method]  # type: ignore[index]
            rows.append(
                [
                    method,
                    outcome.model,
                    figures.macro_f1,
                    figures.accuracy,
                    *figures.interval,
                    outcome.labels_used,
                    outcome.docs_per_s,
                    outcome.train_seconds,
                    outcome.model_bytes,
                    figures.count,
                ]
            )
    return csv_text(header, rows)


def predictions_csv(board: Board | None) -> str:
    """Every test text with its label and what each method called it."""
    if board is None:
        return csv_text(["text", "label"], [])
    methods = [method for method in METHODS if method in board.outcomes]
    said = {m: dict(zip(board.outcomes[m].test, board.outcomes[m].predicted, strict=True)) for m in methods}
    rows = (
        [board.split.texts[i], board.split.labels[i], *(said[m].get(i, "") for m in methods)]
        for i in board.split.test
    )
    return csv_text(["text", "label", *methods], rows)
