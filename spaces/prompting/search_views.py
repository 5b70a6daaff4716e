"""What the Search and Measure tabs draw: the values of their scripts, and HTML with everything escaped."""

import json
import math
from collections.abc import Sequence
from html import escape
from typing import Any

from shared import markup
from shared.i18n import Translator
from shared.ui import significant
from spaces.prompting import views
from spaces.prompting.choice import Choices
from spaces.prompting.consistency import Vote
from spaces.prompting.generate import Cost
from spaces.prompting.lab import Language
from spaces.prompting.measure import Outcome, Pair, Row, pairs, summarize
from spaces.prompting.questions import PROBLEMS
from spaces.prompting.tree import Node, Plan, Search

MAX_SHOWN = 1_500
"""Characters of an answer in the grid: all answers of a measurement travel to the browser together."""


def tree_value(t: Translator, search: Search, plan: Plan, run: int) -> dict[str, str]:
    """The tree for `tree_view.js`; `run` tells a new search from the same one grown."""
    best = [] if search.best is None else _ancestors(search, search.best)
    return _packed(
        {
            "run": run,
            "nodes": [_node(t, node, plan, search.stage) for node in search.nodes],
            "columns": plan.depth + 1,
            "best": search.best,
            "path": best,
            "answer": search.answer,
        }
    )


def _node(t: Translator, node: Node, plan: Plan, stage: str) -> dict[str, Any]:
    if node.parent is None:
        state, note, short, title = "question", "", "", t("node_question")
    else:
        title = f"{t('node_step', depth=node.depth)} · {node.id}"
        scored = "" if node.score is None else t("node_score", score=_score(node.score))
        if node.kept is None:
            waiting = "node_valuing" if stage == "valuing" else "node_writing"
            state = "open"
            note = short = scored or t(waiting)
        elif node.kept:
            state = "kept"
            note = short = f"{scored} · {t('node_kept', rank=node.rank)}"
        else:
            reason = t(f"why_{node.why}", rank=node.rank, beam=plan.beam)
            state, note = "pruned", f"{scored} · {reason}" if scored else reason
            short = f"{scored} · {t('node_pruned', rank=node.rank)}" if scored else reason
    return {
        "id": node.id,
        "parent": node.parent,
        "depth": node.depth,
        "title": title,
        "text": node.thought,
        "score": node.score,
        "values": list(node.values),
        "state": state,
        "note": note,
        "short": short,
    }


def _score(value: float) -> str:
    return f"{value:.3f}"


def _ancestors(search: Search, leaf: int) -> list[int]:
    path, at = [], search.nodes[leaf]
    while at.parent is not None:
        path.append(at.id)
        at = search.nodes[at.parent]
    return [0, *path[::-1]]


def stage_line(t: Translator, search: Search, plan: Plan) -> str:
    """What the search is doing, and how far it is."""
    steps = 2 * plan.depth + 1
    at = {"proposing": 2 * search.depth - 2, "valuing": 2 * search.depth - 1, "answering": 2 * plan.depth}
    sentence = t(f"stage_{search.stage}", depth=search.depth, of=plan.depth)
    if search.stage == "done":
        return ""
    return markup.progress(sentence, at[search.stage] / steps)


def cost_figures(t: Translator, cost: Cost) -> str:
    return markup.figures(
        (
            (t("calls"), cost.calls),
            (t("tokens_written"), cost.new_tokens),
            (t("tokens_read"), cost.prompt_tokens),
        )
    )


def vote(t: Translator, result: Vote) -> str:
    """The vote as bars, then the samples with what was taken out of each."""
    count = len(result.samples)
    winner = result.winner
    lines = []
    for answer, votes in result.votes.items():
        label = f"<code title='{escape(answer)}'>{escape(answer)}</code>"
        chosen = " chosen" if answer == winner else ""
        lines.append(
            f"<li class='bar{chosen}'>{label}<span class='track'>"
            f"<i class='fill' style='width:{100 * votes / count:.1f}%'></i></span>"
            f"<span class='value'>{escape(t('vote_count', votes=votes, of=count))}</span></li>"
        )
    samples = []
    for number, (sample, extracted) in enumerate(zip(result.samples, result.extracted, strict=True), start=1):
        writing = sample.finish_reason is None
        if writing:
            said = t("sample_writing")
        elif extracted is None:
            said = t("sample_none")
        else:
            said = t("sample_extracted", answer=extracted)
        agrees = " agrees" if extracted is not None and extracted == winner else ""
        text = views.answer_text(sample.text, writing=writing, small=True)
        samples.append(
            f"<li class='vote-sample{agrees}'><p class='said'><b>{number}</b> {escape(said)}</p>{text}</li>"
        )
    sentence = ""
    if result.done:
        sentence = t("vote_nobody")
        if winner is not None:
            sentence = t("vote_line", answer=winner, votes=result.votes[winner], of=count)
    return (
        f"{markup.heading(t('votes_title'))}<ol class='prompting-bars votes'>{''.join(lines)}</ol>"
        f"{markup.note(sentence)}"
        f"{markup.heading(t('samples_title'))}<ol class='vote-samples'>{''.join(samples)}</ol>"
    )


def choice_bars(t: Translator, chosen: Choices, picked: str) -> str:
    """The shares of the choices as bars, with the model's own probability of each in grey. `picked`: what the
    schema held the sampled answer to."""
    lines = []
    for choice, share, logprob in zip(chosen.choices, chosen.shares, chosen.logprobs, strict=True):
        mark = " chosen" if choice == chosen.best else ""
        own = views.percent(math.exp(logprob))
        lines.append(
            f"<li class='bar{mark}'><code title='{escape(choice)}'>{escape(choice)}</code>"
            f"<span class='track'><i class='fill' style='width:{100 * share:.2f}%'></i></span>"
            f"<span class='value'>{views.percent(share)}</span><span class='before'>{own}</span></li>"
        )
    named = ((t("choice_best"), chosen.best), (t("choice_mass"), views.percent(chosen.mass)))
    differs = "" if picked in ("", chosen.best) else t("choice_differs", picked=picked, best=chosen.best)
    return (
        f"{markup.heading(t('choice_shares'))}<ol class='prompting-bars choices'>{''.join(lines)}</ol>"
        f"{markup.figures(named)}{markup.note(differs, warn=True)}"
        f"{markup.note(t('choice_numbered' if chosen.numbered else 'choice_legend'))}"
    )


def measured(t: Translator, outcomes: Sequence[Outcome]) -> str:
    """The table, its interval drawn, and the paired comparisons in a sentence each."""
    rows = summarize(outcomes)
    if not rows:
        return ""
    header = (
        t("strategy"),
        t("column_right"),
        t("column_accuracy"),
        t("column_interval"),
        t("column_cut"),
        t("column_written"),
        t("column_read"),
        t("column_seconds"),
    )
    best = max(range(len(rows)), key=lambda i: rows[i].accuracy) if len(rows) > 1 else None
    table = markup.table(header, [_cells(t, row) for row in rows], highlight=best, caption=t("interval_note"))
    lines = "".join(markup.note(_pair(t, pair)) for pair in pairs(outcomes))
    return f"{_intervals(t, rows)}{table}{lines}"


def _cells(t: Translator, row: Row) -> tuple[Any, ...]:
    return (
        t(row.strategy),
        f"{row.correct} / {row.asked}",
        views.percent(row.accuracy),
        f"{100 * row.low:.0f} – {100 * row.high:.0f} %",
        row.cut,
        row.cost.new_tokens,
        row.cost.prompt_tokens,
        row.seconds,
    )


def _intervals(t: Translator, rows: Sequence[Row]) -> str:
    """A dot for the accuracy on a line for its interval, from 0 to 100 %."""
    lines = "".join(
        f"<li><span class='name'>{escape(t(row.strategy))}</span><span class='track'>"
        f"<i class='range' style='left:{100 * row.low:.1f}%;width:{100 * (row.high - row.low):.1f}%'></i>"
        f"<i class='dot' style='left:{100 * row.accuracy:.1f}%'></i></span>"
        f"<span class='value'>{views.percent(row.accuracy)}</span></li>"
        for row in rows
    )
    return f"<ol class='measure-intervals'>{lines}</ol>"


def _pair(t: Translator, pair: Pair) -> str:
    verdict = "verdict_none" if pair.only_a == pair.only_b == 0 else "verdict_chance"
    if pair.p < 0.05:
        verdict = "verdict_real"
    return t(
        "pair_line",
        a=t(pair.a),
        b=t(pair.b),
        only_a=pair.only_a,
        only_b=pair.only_b,
        asked=pair.asked,
        p=significant(pair.p),
        verdict=t(verdict),
    )


def grid_value(
    t: Translator, outcomes: Sequence[Outcome], strategies: Sequence[str], questions: int, language: Language
) -> dict[str, str]:
    """The grid for `measure_grid.js`."""
    cells = {}
    for o in outcomes:
        got = t("grid_nothing") if o.number is None else o.number
        verdict = t("grid_expected", answer=PROBLEMS[o.question].answer, got=got)
        cells[f"{strategies.index(o.strategy)}:{o.question}"] = {
            "correct": o.correct,
            "text": o.text[:MAX_SHOWN],
            "verdict": verdict,
        }
    return _packed(
        {
            "rows": [t(strategy) for strategy in strategies],
            "questions": [problem.text(language) for problem in PROBLEMS[:questions]],
            "cells": cells,
        }
    )


def _packed(drawing: dict[str, Any]) -> dict[str, str]:
    # one string: through long lists Gradio would walk item by item
    return {"json": json.dumps(drawing, ensure_ascii=False, separators=(",", ":"))}
