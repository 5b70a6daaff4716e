"""What the KV cache view draws, as HTML and as a chart. What a model wrote is escaped here."""

from html import escape
from typing import Any

from shared.i18n import Translator
from shared.markup import figures, heading, note, table
from shared.models.memory import human_bytes
from shared.ui import significant
from spaces.attention.kv_cache import CacheShape, Race


def lanes(t: Translator, result: Race, total: int, text: str) -> str:
    """Two bars: the time each side has spent so far; the slower one is as long as the lane."""
    longest = max(result.cached_s, result.uncached_s) or 1.0
    sides = [
        ("cached", result.cached_s, sum(lap.cached_tokens for lap in result.laps)),
        ("uncached", result.uncached_s, sum(lap.uncached_tokens for lap in result.laps)),
    ]
    rows = "".join(
        f"<li class='{side}'><span>{escape(t(f'kv_{side}'))}</span>"
        f"<span class='track'><i style='width:{100 * seconds / longest:.2f}%'></i></span>"
        f"<small>{escape(t('kv_lane', seconds=significant(seconds), tokens=f'{tokens:,}'))}</small></li>"
        for side, seconds, tokens in sides
    )
    done = escape(t("kv_running", done=len(result.laps), total=total))
    return (
        f"<ol class='attention-kv-lanes'>{rows}</ol><p class='lab-note' role='status'>{done}</p>"
        f"<div class='attention-kv-text'><h5>{escape(t('kv_written'))}</h5><p>{escape(text)}</p></div>"
    )


def curve(t: Translator, result: Race, total: int) -> Any:
    """Milliseconds of every new token, both ways. The axes do not move while the race runs, but to grow."""
    import plotly.graph_objects as go

    from shared.charts import CLASSES, figure

    fig = figure(x=t("kv_axis_token"), y=t("kv_axis_ms"), height=300, legend=True)
    for side, colour in (("uncached", CLASSES[1]), ("cached", CLASSES[0])):
        fig.add_trace(
            go.Scatter(
                x=[lap.index + 1 for lap in result.laps],
                y=[1000 * getattr(lap, f"{side}_s") for lap in result.laps],
                mode="lines+markers",
                name=t(f"kv_{side}"),
                line={"color": colour, "width": 2},
                marker={"size": 5},
                hovertemplate="%{x}: %{y:.1f} ms<extra>%{fullData.name}</extra>",
            )
        )
    fig.update_xaxes(range=[0.5, total + 0.5])
    fig.update_yaxes(rangemode="tozero", tickformat=",d")
    return fig


def outcome(t: Translator, result: Race, total: int) -> str:
    """Totals, the speed-up, and whether both wrote the same."""
    if not result.laps:
        return ""
    named = [
        (t("kv_total_cached"), t("kv_seconds", value=significant(result.cached_s))),
        (t("kv_total_uncached"), t("kv_seconds", value=significant(result.uncached_s))),
        (t("kv_speedup"), t("kv_times", value=significant(result.speedup))),
    ]
    differ = next((lap.index + 1 for lap in result.laps if lap.cached_id != lap.uncached_id), None)
    same = t("kv_same", n=len(result.laps)) if differ is None else t("kv_differ", n=differ)
    return (
        figures(named)
        + (note(same, warn=differ is not None) if len(result.laps) > 1 else "")
        + note(t("kv_how", prompt=result.prompt_tokens))
    )


def size(t: Translator, result: Race, shape: CacheShape, context: int) -> str:
    """The formula with this model's numbers, what was measured, and what more tokens would take."""
    if not result.laps:
        return ""
    tokens = result.cache_tokens
    by_formula = shape.bytes_for(tokens)
    factors = " × ".join(
        f"{value:,}"
        for value in (2, shape.layers, shape.kv_heads, shape.head_dim, tokens, shape.bytes_per_value)
    )
    windows = [window for window in shape.windows if window is not None]
    windowed = (
        note(t("kv_formula_window", layers=len(windows), window=f"{max(windows):,}")) if windows else ""
    )
    bound = any(tokens > window for window in windows)
    sum_line = "" if bound else f"<p class='attention-kv-formula'>= {factors} = <b>{by_formula:,}</b></p>"
    named = figures(
        [
            (t("kv_by_formula"), f"{by_formula:,} B"),
            (t("kv_measured"), f"{result.cache_bytes:,} B"),
        ]
    )
    grouped = shape.kv_heads != shape.heads
    header = [t("kv_formula_col"), t("kv_col_tokens"), t("kv_col_size")]
    rows = []
    for key, count in (("kv_row_one", 1), ("kv_row_now", tokens), ("kv_row_window", context)):
        row: list[Any] = [t(key), count, human_bytes(shape.bytes_for(count))]
        if grouped:
            row.append(human_bytes(shape.bytes_for(count, shape.heads)))
        rows.append(row)
    if grouped:
        header.append(t("kv_col_no_gqa", heads=shape.heads))
        share = f"{shape.kv_heads}/{shape.heads}"
        said = t("kv_gqa", heads=shape.heads, kv_heads=shape.kv_heads, share=share)
    else:
        said = t("kv_mha", heads=shape.heads)
    return (
        heading(t("kv_size"))
        + f"<p class='attention-kv-formula'>{escape(t('kv_formula'))}</p>{sum_line}{windowed}{named}"
        + table(header, rows)
        + note(said)
    )
