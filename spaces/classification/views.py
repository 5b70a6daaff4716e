"""What the lab draws, as HTML. Everything a visitor or a model wrote is escaped here."""

from collections.abc import Mapping, Sequence
from html import escape

from shared.data.tables import Table
from shared.i18n import Translator
from shared.markup import heading, note, table
from shared.models.memory import human_bytes
from shared.ui import significant
from spaces.classification.background import Step
from spaces.classification.form import Board
from spaces.classification.measure import Figures, McNemar
from spaces.classification.run import Outcome
from spaces.classification.split import Split

TEXTS_SHOWN = 50
TEXT_CHARACTERS = 400


def data_note(t: Translator, data: Table, split: Split | None) -> str:
    """What was read and how it was cut; every oddity in a sentence."""
    said: list[str] = []
    warnings: list[str] = []
    if split is not None:
        counts = {name: split.labels.count(name) for name in split.classes}
        shown = ", ".join(f"{name} {count:,}" for name, count in list(counts.items())[:8])
        said.append(t("data_counts", rows=f"{len(split.texts):,}", classes=len(counts), counts=shown))
        key = "data_obeyed" if split.obeyed else "data_drawn"
        said.append(t(key, train=f"{len(split.train):,}", test=f"{len(split.test):,}"))
        if split.left_out:
            said.append(t("data_left_out", count=f"{split.left_out:,}"))
        if split.no_label:
            warnings.append(t("data_no_label", count=f"{split.no_label:,}"))
        if split.no_text:
            warnings.append(t("data_no_text", count=f"{split.no_text:,}"))
        if split.repeated:
            warnings.append(t("data_repeated", count=f"{split.repeated:,}", leaked=f"{split.leaked:,}"))
    if data.encoding and not data.encoding.startswith("utf-8"):
        said.append(t("data_encoding", encoding=data.encoding))
    if data.cut:
        warnings.append(t("data_cut", count=f"{len(data):,}"))
    if not data.header and data.format in ("csv", "tsv"):
        warnings.append(t("data_headerless"))
    if data.damaged:
        warnings.append(t("data_damaged_characters", count=f"{data.damaged:,}"))
    html = "".join(note(sentence) for sentence in said) + "".join(note(w, warn=True) for w in warnings)
    if data.bad_count:
        rows = "".join(f"<li><b>{bad.line}</b> {escape(bad.text)}</li>" for bad in data.bad)
        sentence = escape(t("data_bad_rows", count=f"{data.bad_count:,}", shown=len(data.bad)))
        html += f"<details class='classify-bad'><summary>{sentence}</summary><ol>{rows}</ol></details>"
    return html


def leaderboard(
    t: Translator,
    board: Board,
    figures: Mapping[str, Figures],
    running: str | None = None,
    now: Step | None = None,
    failed: Mapping[str, str] | None = None,
) -> str:
    """A row for each method, best macro F1 on top of nothing but marked; the one that is running shows how
    far it is."""
    best = max(figures, key=lambda m: figures[m].macro_f1, default=None)
    rows = [
        _row(t, outcome, figures[method], method == best and len(figures) > 1)
        for method, outcome in board.outcomes.items()
        if method != running
    ]
    for method, sentence in (failed or {}).items():
        rows.append(
            f"<tr><th scope='row'>{escape(t(method))}</th>"
            f"<td colspan='6' class='failed'>{escape(sentence)}</td></tr>"
        )
    if running is not None:
        rows.append(
            f"<tr class='running'><th scope='row'>{escape(t(running))}</th>"
            f"<td colspan='6'>{_progress(t, now)}</td></tr>"
        )
    columns = ("col_method", "col_f1", "col_accuracy", "col_learned", "col_speed", "col_training", "col_size")
    head = "".join(f"<th>{escape(t(name))}</th>" for name in columns)
    return (
        "<div class='lab-table-wrap'><table class='lab-table classify-board'>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(t: Translator, outcome: Outcome, figures: Figures, best: bool) -> str:
    low, high = figures.interval
    bar = (
        "<span class='classify-interval'>"
        f"<i style='left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%'></i>"
        f"<b style='left:{100 * figures.accuracy:.1f}%'></b></span>"
    )
    detail = [outcome.model, *(t(f"detail_{key}", value=value) for key, value in outcome.detail.items())]
    small = "".join(f"<small>{escape(part)}</small>" for part in detail)
    return (
        f"<tr class='{'best' if best else ''}'><th scope='row'>{escape(t(outcome.method))}{small}</th>"
        f"<td class='num'>{figures.macro_f1:.3f}</td>"
        f"<td class='accuracy'><span class='num'>{figures.accuracy:.3f}</span>"
        f"<small>[{low:.2f}, {high:.2f}]</small>{bar}</td>"
        f"<td class='num'>{outcome.labels_used:,}</td>"
        f"<td class='num'>{significant(outcome.docs_per_s)}</td>"
        f"<td class='num'>{outcome.train_seconds:.2f}</td>"
        f"<td class='num'>{human_bytes(outcome.model_bytes)}</td></tr>"
    )


def _progress(t: Translator, now: Step | None) -> str:
    from shared.markup import progress

    if now is None:
        return progress(t("step_start"))
    if not now.total:
        return progress(t(f"step_{now.name}_start"))
    return progress(t(f"step_{now.name}", done=f"{now.done:,}", total=f"{now.total:,}"), now.done / now.total)


def mcnemar_sentence(t: Translator, a: str, b: str, found: McNemar) -> str:
    """McNemar's test in one sentence."""
    values = {
        "a": t(a),
        "b": t(b),
        "only_a": found.only_a,
        "only_b": found.only_b,
        "count": found.count,
        "p": "< 0.001" if found.p < 0.001 else f"= {found.p:.3f}",
    }
    key = "mcnemar_same" if found.only_a == found.only_b == 0 else "mcnemar_sure"
    if key == "mcnemar_sure" and found.p >= 0.05:
        key = "mcnemar_unsure"
    return note(t(key, **values))


def confusion(t: Translator, figures: Figures, chosen: tuple[int, int] | None = None) -> str:
    """The matrix: rows are what a text is, columns what it was called; every cell is a button."""
    most = max((n for row in figures.confusion for n in row), default=1) or 1
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in figures.classes)
    body = []
    for i, (name, row) in enumerate(zip(figures.classes, figures.confusion, strict=True)):
        cells = []
        for j, n in enumerate(row):
            kind = "right" if i == j else "wrong"
            pressed = "true" if chosen == (i, j) else "false"
            label = escape(
                t("cell_label", true=name, predicted=figures.classes[j], count=f"{n:,}"), quote=True
            )
            cells.append(
                f"<td><button type='button' class='{kind}' style='--share:{n / most:.3f}' data-row='{i}'"
                f" data-column='{j}' aria-pressed='{pressed}' aria-label='{label}'>{n:,}</button></td>"
            )
        body.append(f"<tr><th scope='row'>{escape(name)}</th>{''.join(cells)}</tr>")
    return (
        f"<div class='lab-table-wrap'><table class='classify-confusion'><thead><tr>"
        f"<th class='corner'>{escape(t('true_by_predicted'))}</th>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def per_class(t: Translator, figures: Figures) -> str:
    header = [t("col_class"), t("col_precision"), t("col_recall"), "F1", t("col_support")]
    rows = [
        (row.label, f"{row.precision:.3f}", f"{row.recall:.3f}", f"{row.f1:.3f}", row.support)
        for row in figures.per_class
    ]
    return table(header, rows)


def cell_texts(t: Translator, title: str, rows: Sequence[tuple[float, str]], more: int) -> str:
    """The texts of a cell, each with its score."""
    items = "".join(
        f"<li><span class='score'>{score:.3f}</span><span>{escape(_short(text))}</span></li>"
        for score, text in rows
    )
    rest = note(t("more_texts", count=f"{more:,}")) if more > 0 else ""
    return heading(title) + f"<ol class='classify-texts'>{items}</ol>" + rest


def _short(text: str) -> str:
    return text if len(text) <= TEXT_CHARACTERS else text[: TEXT_CHARACTERS - 1] + "…"


def opinion_row(t: Translator, method: str, model: str, label: str, scores: Mapping[str, float]) -> str:
    """What one method says of one text: the label, and a bar for each class."""
    most = max(max(scores.values(), default=0.0), 1e-9)
    bars = "".join(
        f"<li class='{'chosen' if name == label else ''}'><span>{escape(name)}</span>"
        f"<i style='--share:{max(0.0, score) / most:.3f}'></i><b>{score:.3f}</b></li>"
        for name, score in list(scores.items())[:12]
    )
    return (
        f"<section class='classify-opinion'><h4>{escape(t(method))}<small>{escape(model)}</small></h4>"
        f"<p class='label'>{escape(label)}</p><ul>{bars}</ul></section>"
    )


def silent_row(t: Translator, method: str, sentence: str) -> str:
    """A method that has no opinion, and why."""
    return (
        f"<section class='classify-opinion silent'><h4>{escape(t(method))}</h4>"
        f"<p class='lab-note'>{escape(sentence)}</p></section>"
    )
