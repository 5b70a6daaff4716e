"""The fifth tab: thinking as a search. A tree of thoughts that grows as one watches, or samples that vote."""

import itertools
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import gradio as gr

from shared import markup
from shared.engines.base import ChatEngine, Message, Sampling
from shared.i18n import Translator
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, current_lang, current_translator, handler
from spaces.prompting import search_views
from spaces.prompting.consistency import MAX_SAMPLES, self_consistency
from spaces.prompting.form import Form, chat_model, whole
from spaces.prompting.questions import PROBLEMS
from spaces.prompting.tree import MAX_BEAM, MAX_DEPTH, MAX_THOUGHTS, Plan, tree_of_thought
from spaces.prompting.ui_form import FormWidgets

EXAMPLES = (0, 7, 11)
"""Problems that one click puts into the question."""
_RUNS = itertools.count(1)


def draw(t: Translator, form: FormWidgets) -> tuple[Any, list[Any]]:
    """Draws the tab; returns the event that runs the model, and its settings."""
    mode = gr.Radio(
        [(t("mode_tree"), "tree"), (t("mode_votes"), "votes")],
        value="tree",
        label=t("search_mode"),
        interactive=True,
        elem_classes="prompting-mode",
    )
    small: dict[str, Any] = {"step": 1, "min_width": 130, "interactive": True}
    with gr.Row(elem_classes="prompting-sliders") as tree_settings:
        tree = [
            gr.Slider(1, MAX_THOUGHTS, 3, label=t("thoughts"), **small),
            gr.Slider(1, MAX_BEAM, 2, label=t("beam"), **small),
            gr.Slider(1, MAX_DEPTH, 2, label=t("depth"), **small),
        ]
    with gr.Row(visible=False, elem_classes="prompting-sliders") as vote_settings:
        votes = [
            gr.Slider(2, MAX_SAMPLES, 5, label=t("samples"), **small),
            gr.Slider(0.1, 2, 0.7, label=t("temperature"), **{**small, "step": 0.05}),
        ]
    gr.HTML(markup.heading(t("search_examples")))
    with gr.Row(elem_classes="lab-examples"):
        for index in EXAMPLES:
            button = gr.Button(t(f"search_example_{index}"), size="sm")
            button.click(handler(lambda index=index: _problem(index)), None, form.fields["question"], **LIGHT)
    note = gr.HTML(markup.note(t("tree_note")))
    progress = gr.HTML("")
    figures = gr.HTML("", elem_id="prompting-cost")
    drawing = gr.HTML(
        None,
        html_template="<div class='tree-drawing'></div>",
        js_on_load=Path(__file__).with_name("tree_view.js").read_text(encoding="utf-8"),
        elem_id="prompting-tree",
        texts={
            **{key: t(key) for key in ("tree_label", "tree_hint", "tree_empty", "node_answer", "value_note")},
            "values": [t(f"value_{name}") for name in ("sure", "maybe", "impossible")],
        },
    )
    ballot = gr.HTML(markup.empty(t("votes_empty")), visible=False, elem_id="prompting-votes")
    status = gr.HTML("")
    mode.change(
        handler(_show),
        mode,
        [tree_settings, vote_settings, note, drawing, ballot, progress, figures, status],
        **LIGHT,
    )
    settings = [mode, *tree, *votes]
    event = form.run["search"].click(
        handler(run), [*form.inputs, *settings], [progress, figures, drawing, ballot, status], **MODEL
    )
    return event, settings


def _show(mode: str) -> list[Any]:
    tree = mode == "tree"
    return [*(gr.update(visible=shown) for shown in (tree, not tree, tree, tree, not tree)), "", "", ""]


def _problem(index: int) -> str:
    return PROBLEMS[index].text(current_lang())


def run(*values: Any) -> Iterator[tuple[Any, ...]]:
    """What is going on, what it cost so far, the tree, the vote, and the line under it."""
    t = current_translator("prompting")
    form, settings = Form(*values[:-6]), values[-6:]
    spec = chat_model(form.model)
    if settings[0] == "tree":
        plan = Plan(*map(whole, (*settings[1:4], form.seed)))
        start = partial(_tree, t, form.question or "", plan)
    else:
        sampling = replace(form.sampling(), temperature=settings[5])
        start = partial(_votes, t, form.messages(), sampling, whole(settings[4]))
    if not cache().is_loaded(spec):
        loading = markup.progress(t("hub.loading_model", model=spec.name))
        yield loading, "", gr.skip(), gr.skip(), ""
    with cache().lease(spec) as engine:
        started = monotonic()
        with closing(start(engine)) as steps:
            for shown in steps:
                yield *shown, answered_by(t, engine.name, engine.device, monotonic() - started)


def _tree(
    t: Translator, question: str, plan: Plan, engine: ChatEngine
) -> Generator[tuple[Any, ...], None, None]:
    number = next(_RUNS)
    with closing(tree_of_thought(engine, question, plan)) as searches:
        for search in searches:
            yield (
                search_views.stage_line(t, search, plan),
                search_views.cost_figures(t, search.cost),
                search_views.tree_value(t, search, plan, number),
                gr.skip(),
            )


def _votes(
    t: Translator, messages: list[Message], sampling: Sampling, samples: int, engine: ChatEngine
) -> Generator[tuple[Any, ...], None, None]:
    with closing(self_consistency(engine, messages, sampling, samples)) as votes:
        for vote in votes:
            yield "", search_views.cost_figures(t, vote.cost), gr.skip(), search_views.vote(t, vote)
