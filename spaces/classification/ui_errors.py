"""The second tab: the confusion matrix of one method; a cell opens its texts, the surest mistakes first."""

from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.markup import empty, heading
from shared.ui import LIGHT, csv_text, current_translator, handler, on_download
from spaces.classification import views
from spaces.classification.form import Board
from spaces.classification.measure import Figures, measure
from spaces.classification.run import Outcome
from spaces.classification.ui_board import BoardTab

_JS = (Path(__file__).parent / "confusion.js").read_text(encoding="utf-8")


def draw(t: Translator, tab: BoardTab) -> None:
    """Draws the tab inside the caller's."""
    method = gr.Radio([], label=t("errors_of"), interactive=True, visible=False, elem_id="classify-errors-of")
    matrix = gr.HTML(
        empty(t("errors_empty")), js_on_load=_JS, elem_id="classify-confusion", elem_classes="hub-plain"
    )
    cell = gr.State(None)
    texts = gr.HTML("", elem_id="classify-texts", elem_classes="hub-plain")
    with gr.Row(elem_classes="lab-foot"):
        save = gr.Button(t("download_cell"), size="sm", scale=0, min_width=190, visible=False)
    details = gr.HTML("", elem_classes="hub-plain")
    outputs = [method, cell, matrix, texts, details, save]
    for event in (tab.event, tab.live):
        event.then(handler(refresh), [tab.board, method], outputs, **LIGHT)
    method.input(handler(refresh), [tab.board, method], outputs, **LIGHT)
    matrix.select(handler(open_cell), [tab.board, method], [cell, matrix, texts, save], **LIGHT)
    on_download(save, cell_csv, [tab.board, method, cell], "texts.csv")


def refresh(board: Board | None, method: str | None) -> tuple[Any, ...]:
    """The matrix of the chosen method and its largest mistake, opened."""
    if board is None or not board.outcomes:
        return (gr.skip(),) * 6
    t = current_translator("classification")
    if method not in board.outcomes:
        method = next(iter(board.outcomes))
    choices = [(t(name), name) for name in board.outcomes]
    outcome, figures = _found(board, method)
    wrong = [
        (n, -i, -j) for i, row in enumerate(figures.confusion) for j, n in enumerate(row) if i != j and n
    ]
    chosen = max(wrong, default=None)
    cell = (-chosen[1], -chosen[2]) if chosen else (0, 0)
    table = heading(t("per_class"), t("per_class_detail")) + views.per_class(t, figures)
    return (
        gr.update(choices=choices, value=method, visible=True),
        cell,
        heading(t("confusion"), t("confusion_hint")) + views.confusion(t, figures, cell),
        _texts(t, board, outcome, figures, cell),
        table,
        gr.update(visible=True),
    )


def open_cell(event: gr.EventData, board: Board | None, method: str | None) -> tuple[Any, ...]:
    """The texts of the pressed cell."""
    if board is None or method not in board.outcomes:
        return (gr.skip(),) * 4
    t = current_translator("classification")
    outcome, figures = _found(board, method)
    last = len(figures.classes) - 1
    cell = (min(last, max(0, int(event._data["row"]))), min(last, max(0, int(event._data["column"]))))
    shown = heading(t("confusion"), t("confusion_hint")) + views.confusion(t, figures, cell)
    return cell, shown, _texts(t, board, outcome, figures, cell), gr.update(visible=True)


def _found(board: Board, method: str) -> tuple[Outcome, Figures]:
    outcome = board.outcomes[method]  # type: ignore[index]
    true = [board.split.labels[i] for i in outcome.test]
    return outcome, measure(true, outcome.predicted, board.split.classes, board.seed)


def cell_rows(board: Board, outcome: Outcome, cell: tuple[int, int]) -> list[tuple[float, str]]:
    """(score of what it was called, text) of the cell, the surest first."""
    true, predicted = (board.split.classes[n] for n in cell)
    rows = [
        (float(outcome.scores[n, cell[1]]), board.split.texts[i])
        for n, i in enumerate(outcome.test)
        if board.split.labels[i] == true and outcome.predicted[n] == predicted
    ]
    return sorted(rows, key=lambda row: -row[0])


def _texts(t: Translator, board: Board, outcome: Outcome, figures: Figures, cell: tuple[int, int]) -> str:
    rows = cell_rows(board, outcome, cell)
    true, predicted = (figures.classes[n] for n in cell)
    key = "cell_right" if cell[0] == cell[1] else "cell_wrong"
    title = t(key, true=true, predicted=predicted, count=f"{len(rows):,}")
    return views.cell_texts(t, title, rows[: views.TEXTS_SHOWN], len(rows) - views.TEXTS_SHOWN)


def cell_csv(board: Board | None, method: str | None, cell: tuple[int, int] | None) -> str:
    """The texts of the open cell as a CSV."""
    rows: list[list[Any]] = []
    if board is not None and method in board.outcomes and cell is not None:
        true, predicted = (board.split.classes[n] for n in cell)
        found = cell_rows(board, board.outcomes[method], (cell[0], cell[1]))
        rows = [[true, predicted, score, text] for score, text in found]
    return csv_text(["label", "called", "score", "text"], rows)
