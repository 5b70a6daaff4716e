"""What the view on one token draws, as HTML. Everything a visitor or a model wrote is escaped here."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from shared.i18n import Translator
from shared.markup import figures, table
from shared.ui import significant
from spaces.attention.causal import visible
from spaces.attention.next_token import Distribution, Step, softmax


def sentence(t: Translator, step: Step, written: int, notes: Sequence[str]) -> str:
    """The text so far; the last `written` tokens were appended."""
    start = len(step.ids) - written
    parts = [f"<span class='given'>{escape(''.join(step.texts[:start]))}</span>"]
    for text, token_id in zip(step.texts[start:], step.ids[start:], strict=True):
        if text:
            shown = escape(text).replace("\n", "⏎\n")
            parts.append(f"<span class='written' title='id {token_id}'>{shown}</span>")
    said = "".join(f"<p class='lab-note'>{escape(note)}</p>" for note in notes if note)
    return f"<div class='attention-next-sentence'>{''.join(parts)}<i></i></div>{said}"


def stages(t: Translator, step: Step) -> str:
    """The five stages of one step, each with its shape and some of its numbers."""
    probs = softmax(step.logits)
    best = int(step.logits.argmax())
    name = {token_id: token for token_id, token in step.top}
    last = list(zip(step.tokens, step.ids, strict=True))[-3:]
    ids = "".join(f"<li><code>{escape(visible(token))}</code> {token_id}</li>" for token, token_id in last)
    more = "<li>…</li>" if len(step.ids) > 3 else ""
    top = "".join(
        f"<li><code>{escape(visible(token))}</code> {significant(float(probs[token_id]))}</li>"
        for token_id, token in step.top[:3]
    )
    layers = step.shapes["hidden_states"][0] - 1
    cards = [
        (
            t("next_stage_encode"),
            "input_ids = tokenizer(text)",
            _shape(step.shapes["input_ids"]),
            t("next_stage_encode_note", n=len(step.ids)),
            f"<ul>{more}{ids}</ul>",
        ),
        (
            t("next_stage_hidden"),
            "h = model.model(input_ids)",
            _shape(step.shapes["last_hidden_state"]) + f" × {layers + 1}",
            t("next_stage_hidden_note", layers=layers),
            _glimpse(step.hidden[-1]),
        ),
        (
            t("next_stage_logits"),
            "logits = model.lm_head(h[:, -1:])",
            _shape(step.shapes["logits"]),
            t("next_stage_logits_note"),
            _glimpse(step.logits),
        ),
        (
            t("next_stage_probs"),
            "probs = softmax(logits)",
            _shape(step.shapes["logits"]),
            t("next_stage_probs_note"),
            f"<ul>{top}</ul>",
        ),
        (
            t("next_stage_token"),
            "token = argmax(probs)",
            f"id {best}",
            t("next_stage_token_note"),
            f"<p class='token'>{escape(visible(name[best]))}</p>",
        ),
    ]
    items = "".join(
        f"<li><h5>{escape(title)}</h5><code class='call'>{escape(call)}</code><b>{escape(shape)}</b>"
        f"<small>{escape(note)}</small>{glimpse}</li>"
        for title, call, shape, note, glimpse in cards
    )
    return f"<ol class='attention-next-stages'>{items}</ol>"


def _shape(shape: tuple[int, ...]) -> str:
    return "[" + ", ".join(f"{size:,}" for size in shape) + "]"


def _glimpse(vector: np.ndarray) -> str:
    numbers = " ".join(f"{value:.2f}" for value in vector[:4])
    return f"<p class='numbers'>{numbers.replace('-', '−')} …</p>"


def bars(t: Translator, step: Step, chances: Distribution) -> str:
    """The `SHOWN` largest logits before and after the sliders, and everything else in one bar. A click on a
    bar is the script's (`PICK`) business."""
    own = softmax(step.logits)
    shown = [token_id for token_id, _ in step.top]
    rows = [
        (token_id, token, float(own[token_id]), float(chances.probs[token_id]))
        for token_id, token in step.top
    ]
    others = len(step.logits) - len(shown)
    rest = max(0.0, 1 - sum(row[2] for row in rows)), max(0.0, 1 - float(chances.probs[shown].sum()))
    longest = max([before for *_, before, _ in rows] + [after for *_, after in rows] + [*rest]) or 1.0
    lines = []
    for token_id, token, before, after in rows:
        label = escape(t("next_append", token=visible(token)), quote=True)
        lines.append(
            f"<li data-token='{token_id}' role='button' tabindex='0' title='{label} (id {token_id})'"
            f"{' class=cut' if after == 0 else ''}><code>{escape(visible(token))}</code>"
            f"{_track(before, after, longest)}</li>"
        )
    if others > 0:
        rest_name = escape(t("next_rest", count=f"{others:,}"))
        lines.append(f"<li class='rest'><span class='name'>{rest_name}</span>{_track(*rest, longest)}</li>")
    named = figures(
        [
            (t("next_kept"), f"{chances.kept:,} / {len(step.logits):,}"),
            (t("next_mass"), percent(chances.mass)),
            (t("next_entropy"), f"{significant(round(chances.entropy, 3))} bit"),
        ]
    )
    return f"{named}<ol class='attention-next-bars'>{''.join(lines)}</ol>"


def _track(before: float, after: float, longest: float) -> str:
    return (
        f"<span class='track'><i class='ghost' style='width:{100 * before / longest:.2f}%'></i>"
        f"<i class='fill' style='width:{100 * after / longest:.2f}%'></i></span>"
        f"<span class='value'>{percent(after)}</span><span class='before'>{percent(before)}</span>"
    )


def percent(value: float) -> str:
    """A probability with three significant digits: 42.7 %, 0.0123 %."""
    if value <= 1e-12:
        return "0 %"
    if value < 1e-6:
        return "<0.0001 %"
    return f"{significant(min(100.0, 100 * value))} %"


PICK = """
const pick = (event) => {
  const row = event.target.closest('[data-token]');
  if (row) { event.preventDefault(); trigger('select', {token: Number(row.dataset.token)}); }
};
element.addEventListener('click', pick);
element.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' || event.key === ' ') pick(event);
});
"""


def lens_curve(t: Translator, step: Step) -> Any:
    """The rank of the final answer after every layer, logarithmic, 1 on top."""
    import plotly.graph_objects as go

    from shared.charts import CLASSES, figure

    fig = figure(x=t("next_lens_layer"), y=t("next_lens_rank"), height=250)
    fig.add_trace(
        go.Scatter(
            x=[row.layer for row in step.lens],
            y=[row.rank_of_final for row in step.lens],
            mode="lines+markers",
            line={"color": CLASSES[0], "width": 2},
            customdata=[[visible(row.token), row.prob] for row in step.lens],
            hovertemplate="%{x}: %{y:,}<br>%{customdata[0]} %{customdata[1]:.3g}<extra></extra>",
        )
    )
    fig.update_yaxes(type="log", autorange="reversed", dtick=1, tickformat=",d")
    return fig


def lens_rows(t: Translator, step: Step) -> list[list[Any]]:
    """One row a layer: layer, answer, its probability, rank and probability of the final answer."""
    return [[row.layer, row.token, row.prob, row.rank_of_final, row.prob_of_final] for row in step.lens]


def lens_header(t: Translator) -> list[str]:
    keys = ("layer", "token", "prob", "rank", "prob_final")
    return [t(f"next_lens_{key}") for key in keys]


def lens_table(t: Translator, step: Step) -> str:
    """The lens as a table, last layer first: there the answer is."""
    rows = [
        [
            t("next_lens_embedding") if layer == 0 else str(layer),
            visible(token),
            percent(prob),
            rank,
            percent(own),
        ]
        for layer, token, prob, rank, own in reversed(lens_rows(t, step))
    ]
    return f"<div class='attention-next-lens'>{table(lens_header(t), rows, highlight=0)}</div>"
