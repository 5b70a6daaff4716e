"""The sixth tab: ways of prompting on the same word problems, counted."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import gradio as gr

from shared import markup
from shared.i18n import Translator
from shared.models import cache
from shared.ui import MODEL, answered_by, csv_text, current_lang, current_translator, handler, on_download
from spaces.prompting import search_views, views
from spaces.prompting.form import Form, chat_model, whole
from spaces.prompting.lab import Language
from spaces.prompting.measure import MEASURABLE, Outcome, check_strategies, measure
from spaces.prompting.questions import PROBLEMS
from spaces.prompting.ui_form import FormWidgets

DEFAULT = ("zero_shot", "cot_few_shot")
HEADER = (
    "question",
    "strategy",
    "asked",
    "expected",
    "number",
    "correct",
    "cut",
    "tokens_written",
    "tokens_read",
    "seconds",
    "answer",
)


def draw(t: Translator, form: FormWidgets) -> tuple[Any, list[Any]]:
    """Draws the tab; returns the event that runs the model, and its settings."""
    strategies = gr.CheckboxGroup(
        [(t(name), name) for name in MEASURABLE],
        value=list(DEFAULT),
        label=t("measured_strategies"),
        interactive=True,
        elem_classes="prompting-mode",
    )
    small: dict[str, Any] = {"min_width": 150, "interactive": True}
    with gr.Row(elem_classes="prompting-sliders"):
        questions = gr.Slider(1, len(PROBLEMS), 10, step=1, label=t("question_count"), **small)
        tokens = gr.Slider(16, 512, 160, step=16, label=t("measure_tokens"), **small)
        language = gr.Radio(
            [("中文", "zh"), ("English", "en")],
            value=current_lang(),
            label=t("question_language"),
            elem_classes="prompting-mode",
            **small,
        )
    gr.HTML(markup.note(t("measure_note")))
    progress = gr.HTML(markup.empty(t("measure_empty")), elem_id="prompting-progress")
    table = gr.HTML("", elem_id="prompting-measured")
    grid = gr.HTML(
        None,
        html_template="<div class='grid-drawing'></div>",
        js_on_load=Path(__file__).with_name("measure_grid.js").read_text(encoding="utf-8"),
        elem_id="prompting-grid",
        texts={
            key: t(key) for key in ("grid_title", "grid_hint", "grid_right", "grid_wrong", "grid_pending")
        },
    )
    with gr.Row(elem_classes="prompting-footer"):
        status = gr.HTML("", scale=8, min_width=160)
        csv = gr.Button(t("csv"), size="sm", scale=0, min_width=120)
    kept = gr.State(((), "en"))
    settings = [strategies, questions, tokens, language]
    event = form.run["measure"].click(
        handler(run), [*form.inputs, *settings], [progress, table, grid, status, kept], **MODEL
    )
    on_download(csv, as_csv, kept, "prompts.csv")
    return event, settings


def run(*values: Any) -> Iterator[tuple[Any, ...]]:
    """Where the measurement is, the table, the grid, the line under it, and what was measured."""
    t = current_translator("prompting")
    form, (strategies, questions, tokens, language) = Form(*values[:-4]), values[-4:]
    chosen = check_strategies(strategies)
    count, spec, asked = whole(questions), chat_model(form.model), _language(language)
    if not cache().is_loaded(spec):
        yield markup.progress(t("hub.loading_model", model=spec.name)), "", None, "", gr.skip()
    with cache().lease(spec) as engine:
        started = monotonic()
        finished: int | None = None
        steps = measure(engine, chosen, count, asked, whole(tokens), whole(form.seed))
        with closing(steps):
            for step in steps:
                line = answered_by(t, engine.name, engine.device, monotonic() - started)
                where = t(
                    "measure_progress",
                    question=step.question + 1,
                    questions=count,
                    strategy=step.strategy + 1,
                    strategies=len(chosen),
                    name=t(chosen[step.strategy]),
                )
                share = len(step.outcomes) / (count * len(chosen))
                writing = views.answer_text(step.writing, writing=True, small=True)
                shown = f"{markup.progress(where, share)}<div class='measure-writing'>{writing}</div>"
                if finished == len(step.outcomes):
                    yield shown, gr.skip(), gr.skip(), line, gr.skip()
                    continue
                finished = len(step.outcomes)
                grid = search_views.grid_value(t, step.outcomes, chosen, count, asked)
                yield shown, search_views.measured(t, step.outcomes), grid, line, (step.outcomes, asked)
        done = markup.note(t("measure_done", questions=count, strategies=len(chosen)))
        yield done, gr.skip(), gr.skip(), line, gr.skip()


def as_csv(kept: tuple[tuple[Outcome, ...], Language]) -> str:
    """Every answer of the measurement."""
    outcomes, language = kept
    return csv_text(
        HEADER,
        (
            (
                o.question + 1,
                o.strategy,
                PROBLEMS[o.question].text(language),
                PROBLEMS[o.question].answer,
                o.number,
                o.correct,
                o.cut,
                o.cost.new_tokens,
                o.cost.prompt_tokens,
                round(o.seconds, 2),
                o.text,
            )
            for o in outcomes
        ),
    )


def _language(value: Any) -> Language:
    return "zh" if value == "zh" else "en"
