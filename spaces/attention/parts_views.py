"""Drawings of the view "A Transformer from its parts": a part's numbers, the training's curve, the maps."""

from collections.abc import Sequence
from html import escape
from typing import Any

from shared.charts import CLASSES, figure, heatmap
from shared.i18n import Translator
from shared.markup import figures, heading, note, progress, table
from shared.ui import answered_by, significant
from spaces.attention import parts
from spaces.attention.date_reader import Reading, picked
from spaces.attention.date_rules import read_by_rules
from spaces.attention.parts import Size

_ROWS = 18
_WEIGHTS = [[0.0, "rgba(27,148,137,0.04)"], [1.0, "rgb(27,148,137)"]]
"""One hue whose strong end stands out from the white and from the dark ground."""


def part_head(t: Translator, part: str) -> str:
    """What the part is for."""
    return heading(t(f"parts_name_{part}"), t(f"parts_about_{part}"))


def part_numbers(t: Translator, part: str, size: Size) -> str:
    """Shapes that go through, parameters, and a row for each tensor."""
    shapes = parts.parameters(part, size)
    inside, outside = parts.flow(part, size)
    total, all_of_it = parts.count(shapes), parts.count(parts.parameters("model", size))
    pairs: list[tuple[str, Any]] = [(t("parts_parameters"), total)]
    if part != "model" and total:
        pairs.append((t("parts_share"), f"{100 * total / all_of_it:.1f} %"))
    pairs.append((t("parts_shapes"), t("parts_flow", inside=inside, outside=outside)))
    rows = [(name, str(list(shape)), parts.count({name: shape})) for name, shape in shapes.items()]
    drawn = figures(pairs) + note(t("parts_letters"))
    if not rows:
        return drawn + note(t("parts_no_parameters"))
    rest = len(rows) - _ROWS
    drawn += table((t("parts_parameter"), t("parts_shape"), t("parts_count")), rows[:_ROWS])
    return drawn + (note(t("parts_rest", n=rest)) if rest > 0 else "")


def curve(t: Translator, points: Sequence[Any]) -> Any:
    """The loss (log axis, left) and the exact match (right) over the steps."""
    fig = figure(x=t("parts_step"), y=t("parts_loss_axis"), height=300, legend=True)
    steps = [point.step for point in points]
    fig.add_scatter(
        x=steps,
        y=[point.loss for point in points],
        name=t("parts_loss"),
        mode="lines",
        line={"color": CLASSES[7], "width": 1.6},
        hovertemplate="%{x}: %{y:.3g}<extra></extra>",
    )
    fig.add_scatter(
        x=steps,
        y=[point.exact_match for point in points],
        name=t("parts_exact"),
        yaxis="y2",
        mode="lines",
        line={"color": CLASSES[2], "width": 2.4},
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    fig.update_layout(
        yaxis={"type": "log", "dtick": "D2", "tickformat": ".1~g"},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, 1.02],
            "tickformat": ".0%",
            "title": t("parts_exact_axis"),
            "showgrid": False,
            "automargin": True,
        },
        margin={"l": 56, "r": 56, "t": 12, "b": 44},
    )
    return fig


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def training_line(t: Translator, training: Any, ending: str = "") -> str:
    """Where the training is, with a bar; at the end what it came to and the line under every result."""
    if not training.points:
        return progress(t("parts_starting"))
    point, plan = training.points[-1], training.plan
    said = t(
        "parts_going",
        step=f"{point.step:,}",
        steps=f"{plan.steps:,}",
        loss=significant(point.loss),
        exact=percent(point.exact_match),
        rate=f"{point.examples_per_second:,.0f}",
    )
    if not ending:
        return progress(said, point.step / plan.steps)
    size = Size(plan.width, plan.heads, plan.layers)
    name = t("parts_model_name", parameters=f"{parts.count(parts.parameters('model', size)):,}")
    diverged = note(t("parts_diverged"), warn=True) if point.step > 300 and point.loss > 1.2 else ""
    return (
        note(f"{t(ending)} {said}", warn=ending == "parts_failed")
        + diverged
        + answered_by(t, name, "CPU", point.seconds)
    )


def answers(t: Translator, given: Sequence[Any]) -> str:
    """The nine samples: what was written, what the model answers, wrong characters marked."""
    if not given:
        return ""
    judged = [(a, "right" if a.written == a.iso else "wrong") for a in given]
    rows = "".join(
        f"<tr class='{verdict}'><td>{escape(a.text)}</td>"
        f"<td class='parts-iso'>{_marked(a.written, a.iso)}</td>"
        f"<td class='parts-verdict'>{escape(t(f'parts_is_{verdict}'))}</td></tr>"
        for a, verdict in judged
    )
    names = ("parts_written_as", "parts_answer", "parts_judged")
    header = "".join(f"<th>{escape(t(name))}</th>" for name in names)
    return (
        heading(t("parts_samples"), given[0].iso)
        + "<div class='lab-table-wrap'><table class='lab-table parts-answers'>"
        + f"<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div>"
        + note(t("parts_held_out"))
    )


def _marked(written: str, true: str) -> str:
    """Characters that are not those of the truth, in `<mark>`."""
    shown = []
    for n, character in enumerate(written):
        right = n < len(true) and true[n] == character
        shown.append(escape(character) if right else f"<mark>{escape(character)}</mark>")
    return "".join(shown) or "<mark>∅</mark>"


def reading(t: Translator, result: Reading, about: str) -> str:
    """The input as the model read it, the date it wrote, and what to think of it."""
    expected = ""
    if result.verdict == "wrong":
        year, month, day = read_by_rules(result.text) or (0, 0, 0)
        expected = f"{year:04d}-{month:02d}-{day:02d}"
    said = t(f"parts_{result.verdict}", expected=expected)
    warn = result.verdict != "right"
    return (
        f"<p class='parts-reading'><span>{escape(result.text)}</span> <i>→</i> "
        f"<b id='parts-iso'>{escape(result.written)}</b></p>"
        + note(said, warn=warn)
        + note(f"{t('parts_surest', share=percent(min(result.confidence)))} {about}")
    )


def visible(text: str) -> list[str]:
    """The characters, a space as ␣."""
    return ["␣" if character == " " else character for character in text]


def attention_map(t: Translator, result: Reading, kind: str, layer: int, head: int) -> Any:
    """Rows look, columns are looked at."""
    columns = visible(result.text)
    if kind == "encoder":
        rows, weights, y = columns, picked(result.encoder, layer, head), t("parts_looking_axis")
    else:
        rows = [*visible(result.written), t("parts_end")][: result.cross.shape[2]]
        weights, y = picked(result.cross, layer, head), t("parts_output_axis")
    fig = heatmap(weights.tolist(), x=t("parts_input_axis"), y=y, height=110 + 26 * min(len(rows), 18))
    # positions, not characters, are the categories: the same character may come twice
    ticks = {"tickmode": "array", "tickangle": 0, "showgrid": False, "zeroline": False}
    fig.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns, **ticks)
    fig.update_yaxes(tickvals=list(range(len(rows))), ticktext=rows, **ticks)
    names = [[f"{row} ← {column}" for column in columns] for row in rows]
    fig.update_traces(
        customdata=names,
        hovertemplate="%{customdata}<br>%{z:.4f}<extra></extra>",
        colorscale=_WEIGHTS,
        xgap=1,
        ygap=1,
        zmin=0,
    )
    return fig
