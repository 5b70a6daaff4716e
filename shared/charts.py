"""Charts for every lab: one look for Plotly's figures, light and dark, and the palettes of data."""

from collections.abc import Sequence
from typing import Any

CLASSES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d3b", "#7f7f7f")
"""Eight colours that colour-blind people tell apart (Okabe and Ito 2008; yellow and black, which vanish on
one of our grounds, replaced)."""
SEQUENTIAL = ((0.0, "rgba(33,127,121,0.04)"), (1.0, "rgb(33,127,121)"))
"""Single hue, transparent = 0, for heatmaps of weights and probabilities: seen on both grounds."""
DIVERGING = ((0.0, "#b4571b"), (0.5, "rgba(128,128,122,0.08)"), (1.0, "#12665f"))
"""Negative, zero, positive."""

_INK = "#7a7a73"
"""Grey that can be read on both grounds: Plotly draws one colour for light and dark."""
_GRID = "rgba(128,128,122,0.22)"


def figure(*, x: str = "", y: str = "", height: int = 340, legend: bool = False, **layout: Any) -> Any:
    """An empty `plotly.graph_objects.Figure` in the hub's look; `x` and `y` name the axes (with units)."""
    import plotly.graph_objects as go

    fig = go.Figure()
    fig.update_layout(
        template="none",
        height=height,
        margin={"l": 56, "r": 16, "t": 12, "b": 44},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, PingFang SC, Noto Sans CJK SC, sans-serif", "size": 12.5, "color": _INK},
        colorway=list(CLASSES),
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "bgcolor": "rgba(0,0,0,0)"},
        hoverlabel={"font": {"size": 12.5}},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": _INK, "activecolor": "#12665f"},
        **layout,
    )
    axis = {
        "gridcolor": _GRID,
        "zerolinecolor": _GRID,
        "linecolor": _GRID,
        "automargin": True,
        "title_standoff": 8,
    }
    fig.update_xaxes(title=x, **axis)
    fig.update_yaxes(title=y, **axis)
    return fig


def heatmap(
    values: Sequence[Sequence[float]],
    *,
    x: str = "",
    y: str = "",
    x_labels: Sequence[str] | None = None,
    y_labels: Sequence[str] | None = None,
    diverging: bool = False,
    **layout: Any,
) -> Any:
    """A heatmap, first row on top; hover gives the exact value. `diverging`: zero in the middle."""
    import plotly.graph_objects as go

    fig = figure(x=x, y=y, **layout)
    scale = DIVERGING if diverging else SEQUENTIAL
    fig.add_trace(
        go.Heatmap(
            z=values,
            x=None if x_labels is None else list(x_labels),
            y=None if y_labels is None else list(y_labels),
            colorscale=[list(stop) for stop in scale],
            zmid=0 if diverging else None,
            colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.9},
            hovertemplate="%{y} · %{x}<br>%{z:.4g}<extra></extra>",
        )
    )
    fig.update_yaxes(autorange="reversed")
    return fig
