"""The fifth tab: what labels are called, and what goes wrong when a program reads them carelessly."""

import time
from collections.abc import Iterator
from html import escape
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.markup import empty, heading, note
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, current_lang, current_translator, handler
from spaces.classification import task_model
from spaces.classification.form import Form
from spaces.classification.labels import LEFT_OUT, check_mapping, polarity
from spaces.classification.trap import NAMINGS, RULES, Trap, spring_trap
from spaces.classification.ui_data import Widgets

MOST_LABELS = 6
"""Labels of a task model that can be mapped by hand."""
SHOWN = 8
"""Reviews under the table."""


def draw(t: Translator, widgets: Widgets) -> list[Any]:
    """Draws the tab; returns the events that ask a model."""
    gr.HTML(heading(t("trap_title"), t("trap_detail")), elem_classes="hub-plain")
    with gr.Row():
        spring = gr.Button(
            t("trap_run"), variant="primary", scale=0, min_width=200, elem_id="classify-trap-run"
        )
    result = gr.HTML(empty(t("trap_empty")), elem_id="classify-trap", elem_classes="hub-plain")
    sprung = spring.click(handler(show_trap), None, result, **MODEL)

    gr.HTML(heading(t("mapping_title"), t("mapping_detail")), elem_classes="hub-plain")
    with gr.Row():
        look = gr.Button(t("mapping_run"), scale=0, min_width=200, elem_id="classify-mapping-run")
    said = gr.HTML("", elem_id="classify-mapping", elem_classes="hub-plain")
    with gr.Row(elem_classes="classify-mapping"):
        boxes = [
            gr.Dropdown([], label=str(n), visible=False, interactive=True, min_width=160)
            for n in range(MOST_LABELS)
        ]
    count = gr.State(0)
    looked = look.click(handler(show_mapping), widgets.inputs, [said, count, *boxes], **MODEL)
    for box in boxes:
        box.input(handler(remember), [count, *boxes], widgets.fields["mapping"], **LIGHT)
    return [sprung, looked]


def show_trap() -> Iterator[str]:
    """The table of rules and namings, and some reviews read both ways."""
    t = current_translator("classification")
    yield note(t("trap_running"))
    started = time.monotonic()
    trap = spring_trap()
    source = note(t("trap_real", model=trap.model)) if trap.real else note(t("trap_stand_in"), warn=True)
    line = answered_by(t, trap.model, trap.device, time.monotonic() - started)
    yield source + _readings(t, trap) + note(t("trap_lesson")) + _reviews(t, trap) + line


def _readings(t: Translator, trap: Trap) -> str:
    head = ""
    for naming, names in NAMINGS.items():
        title = escape(t(f"naming_{naming.replace('-', '_')}"))
        head += f"<th>{title}<small>{escape(' / '.join(names))}</small></th>"
    total = len(trap.good)
    body = []
    for rule, (code, _) in RULES.items():
        cells = ""
        for reading in (reading for reading in trap.readings if reading.rule == rule):
            kind = "bad" if reading.positive in (0, total) else "good"
            called = escape(t("called_positive", count=reading.positive, total=total))
            cells += f"<td class='{kind}'>{reading.accuracy:.3f}<small>{called}</small></td>"
        said = escape(t(f"rule_{rule}"))
        body.append(f"<tr><th scope='row'><code>{escape(code)}</code><small>{said}</small></th>{cells}</tr>")
    corner = escape(t("rule_by_naming"))
    return (
        "<div class='lab-table-wrap'><table class='lab-table classify-trap'><thead>"
        f"<tr><th>{corner}</th>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _reviews(t: Translator, trap: Trap) -> str:
    rows = []
    for text, good, score in list(zip(trap.texts, trap.good, trap.scores, strict=True))[:SHOWN]:
        says = NAMINGS["dianping"][score > 0.5]
        true, right = t("good" if good else "bad"), t("good" if polarity(says) == "positive" else "bad")
        rows.append(
            f"<tr><td>{escape(text)}</td><td>{escape(true)}</td>"
            f"<td class='said'><code>{escape(says)}</code></td>"
            f"<td>{max(score, 1 - score):.3f}</td><td class='bad'>{escape(t('bad'))}</td>"
            f"<td>{escape(right)}</td></tr>"
        )
    names = ("col_review", "col_true", "col_says", "col_score", "col_read_wrong", "col_read_right")
    head = "".join(f"<th>{escape(t(name))}</th>" for name in names)
    return (
        heading(t("trap_reviews"), t("trap_reviews_detail"))
        + f"<div class='lab-table-wrap'><table class='lab-table classify-trap'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def show_mapping(*values: Any) -> tuple[Any, ...]:
    """The task model's own labels, and for each a box with the class it stands for."""
    t = current_translator("classification")
    form = Form(*values)
    split = form.split()
    try:
        spec = task_model.choose_model(form.sentiment or None, split.part(split.test)[0])
        with cache().lease(spec) as weights:
            own = task_model.model_labels(weights)[:MOST_LABELS]
    except HubError as error:
        hidden = [gr.update(visible=False)] * MOST_LABELS
        return note(explain(error, current_lang()), warn=True), 0, *hidden
    try:
        mapping = check_mapping(form.mapping, own, split.classes)
    except HubError:
        # nothing can be guessed: the visitor fills every box
        mapping = (LEFT_OUT,) * len(own)
    choices = [*((name, name) for name in split.classes), (t("left_out"), LEFT_OUT)]
    boxes = [
        gr.update(label=label, choices=choices, value=mapping[n], visible=True) for n, label in enumerate(own)
    ]
    boxes += [gr.update(visible=False)] * (MOST_LABELS - len(own))
    return note(t("mapping_said", model=spec.name, count=len(own))), len(own), *boxes


def remember(count: int, *chosen: str | None) -> tuple[str, ...]:
    """The mapping that Run will use."""
    return tuple(name or LEFT_OUT for name in chosen[: int(count)])
