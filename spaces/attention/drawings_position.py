"""What the view on positions draws: charts, and the two arrows of rotary embedding as SVG."""

from html import escape
from typing import Any

import numpy as np

from shared.i18n import Translator
from shared.markup import figures, note, table
from shared.ui import significant
from spaces.attention.causal import visible
from spaces.attention.drawings_next import percent
from spaces.attention.position import Equivariance, OrderTest, Turn, turn


def sinusoid_map(t: Translator, values: np.ndarray) -> Any:
    """Positions down, dimensions across; the ends of the scale are -1 and 1."""
    from shared.charts import heatmap

    rounded: Any = np.round(values, 4).astype(np.float32)
    fig = heatmap(
        rounded, x=t("position_axis_dim"), y=t("position_axis_position"), diverging=True, height=340
    )
    fig.update_traces(zmin=-1, zmax=1, hovertemplate="%{y} · %{x}<br>%{z:.4f}<extra></extra>")
    return fig


def vector_curve(t: Translator, values: np.ndarray, position: int, interleaved: bool) -> Any:
    """One row of the table, its sines and its cosines."""
    import plotly.graph_objects as go

    from shared.charts import CLASSES, figure

    dim = values.shape[1]
    numbers = np.arange(dim)
    sines = numbers % 2 == 0 if interleaved else numbers < dim // 2
    fig = figure(x=t("position_axis_dim"), y=t("position_axis_value"), height=260, legend=True)
    for mask, key, colour in ((sines, "sine", CLASSES[0]), (~sines, "cosine", CLASSES[1])):
        fig.add_trace(
            go.Scatter(
                x=numbers[mask],
                y=values[position][mask],
                mode="lines+markers",
                name=t(f"position_{key}"),
                marker={"size": 4},
                line={"color": colour, "width": 1.5},
                hovertemplate="%{x}: %{y:.4f}<extra>%{fullData.name}</extra>",
            )
        )
    fig.update_yaxes(range=[-1.08, 1.08])
    return fig


def dot_curve(t: Translator, values: np.ndarray, position: int) -> Any:
    """The chosen position's dot product with every other, against their distance; 1 is with itself."""
    import plotly.graph_objects as go

    from shared.charts import CLASSES, figure

    distances = np.arange(len(values)) - position
    products = values @ values[position] / (values.shape[1] / 2)
    fig = figure(x=t("position_axis_distance"), y=t("position_axis_dot"), height=260)
    fig.add_trace(
        go.Scatter(
            x=distances,
            y=products,
            mode="lines+markers" if len(values) <= 128 else "lines",
            marker={"size": 4},
            line={"color": CLASSES[0], "width": 1.5},
            hovertemplate="%{x}: %{y:.4f}<extra></extra>",
        )
    )
    return fig


def dot_map(t: Translator, values: np.ndarray) -> Any:
    """Every position times every other."""
    from shared.charts import heatmap

    products: Any = np.round(values @ values.T / (values.shape[1] / 2), 4).astype(np.float32)
    axis = t("position_axis_position")
    return heatmap(products, x=axis, y=axis, diverging=True, height=340)


def arrows(t: Translator, made: Turn) -> str:
    """q and k in one plane: thin where they were, bold where their positions turned them."""
    size, radius = 260, 104
    middle = size / 2

    def at(vector: np.ndarray, length: float = radius) -> tuple[float, float]:
        return middle + length * float(vector[0]), middle - length * float(vector[1])

    def arrow(vector: np.ndarray, kind: str, name: str) -> str:
        x, y = at(vector)
        label_x, label_y = at(vector, radius + 14)
        return (
            f"<line class='{kind}' x1='{middle}' y1='{middle}' x2='{x:.2f}' y2='{y:.2f}'/>"
            f"<circle class='{kind}' cx='{x:.2f}' cy='{y:.2f}' r='4'/>"
            f"<text class='{kind}' x='{label_x:.2f}' y='{label_y + 4:.2f}'>{name}</text>"
        )

    return (
        f"<svg class='attention-rope' viewBox='0 0 {size} {size}' role='img' "
        f"aria-label='{escape(t('position_rope_drawing'), quote=True)}'>"
        f"<circle class='ring' cx='{middle}' cy='{middle}' r='{radius}'/>"
        f"<path class='ring' d='M{middle - radius} {middle}H{middle + radius}M{middle} {middle - radius}"
        f"V{middle + radius}'/>"
        f"{arrow(made.q, 'q before', '')}{arrow(made.k, 'k before', '')}"
        f"{arrow(made.turned_q, 'q', 'q')}{arrow(made.turned_k, 'k', 'k')}</svg>"
        f"<p class='lab-note'>{escape(t('position_rope_drawing'))}</p>"
    )


SHIFTS = (0, 1, 10, 100)


def rotation_numbers(t: Translator, m: int, n: int, pair: int, dim: int, base: float) -> str:
    """The dot product before and after, and again with both positions moved on."""
    made = turn(m, n, pair, dim, base)
    named = figures(
        [
            (t("position_rope_theta"), f"{made.theta:.4g}"),
            (t("position_rope_before"), f"{made.before:.4f}"),
            (t("position_rope_after"), f"{made.after:.4f}"),
        ]
    )
    rows = []
    for shift in SHIFTS:
        moved = turn(m + shift, n + shift, pair, dim, base)
        rows.append([f"+{shift}", f"{m + shift}, {n + shift}", f"{n - m}", f"{moved.after:.6f}"])
    header = [t(f"position_rope_{key}") for key in ("shift", "where", "distance", "dot")]
    return named + table(header, rows)


def order_table(t: Translator, test: OrderTest) -> str:
    """What the model says next under each kind of position ids."""
    header = [t(f"position_order_{key}") for key in ("col", "col_top", "col_kl", "col_previous")]
    rows = [
        [
            t(f"position_order_{ordering.name}"),
            "   ".join(
                f"{visible(token)} {percent(prob)}".replace(" ", "\u00a0") for token, prob in ordering.top
            ),
            significant(round(ordering.kl, 3)),
            percent(ordering.previous),
        ]
        for ordering in test.orderings
    ]
    return table(header, rows, caption=t("position_order_caption"))


def order_maps(t: Translator, test: OrderTest) -> Any:
    """The attention of one head, positions as they are, shuffled, all zero; rows look at columns."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    from shared.charts import SEQUENTIAL, figure

    titles = [t(f"position_order_{ordering.name}") for ordering in test.orderings]
    fig = make_subplots(rows=1, cols=3, subplot_titles=titles, horizontal_spacing=0.04)
    fig.layout.update(figure(height=300).layout.to_plotly_json() | {"annotations": fig.layout.annotations})
    names = [visible(token) for token in test.tokens]
    for column, ordering in enumerate(test.orderings, start=1):
        fig.add_trace(
            go.Heatmap(
                z=np.round(ordering.weights, 4).astype(np.float32),
                colorscale=[list(stop) for stop in SEQUENTIAL],
                zmin=0,
                zmax=1,
                showscale=False,
                customdata=[[[query, key] for key in names] for query in names],
                hovertemplate="%{customdata[0]} → %{customdata[1]}<br>%{z:.4f}<extra></extra>",
            ),
            row=1,
            col=column,
        )
    labelled = len(names) <= 24
    ticks = (
        {"tickvals": list(range(len(names))), "ticktext": names, "tickfont": {"size": 10}} if labelled else {}
    )
    fig.update_xaxes(
        showgrid=False, showticklabels=False, title=t("position_order_axis_key"), title_standoff=4
    )
    fig.update_yaxes(showgrid=False, autorange="reversed", **ticks)
    for column in (2, 3):
        fig.update_yaxes(showticklabels=False, row=1, col=column)
    fig.update_layout(margin={"t": 30, "b": 30, "l": 60 if labelled else 40})
    return fig


def exact_table(t: Translator, gaps: Equivariance) -> str:
    """How far shuffling before and after attention are apart."""
    rows = [
        [
            t(f"position_exact_{name}"),
            f"{getattr(gaps, name):.1e}" if getattr(gaps, name) < 1e-3 else f"{getattr(gaps, name):.3f}",
        ]
        for name in ("plain", "masked", "encoded")
    ]
    return table([t("position_exact_col"), t("position_exact_gap")], rows) + note(t("position_exact_note"))
