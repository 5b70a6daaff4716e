"""What the lab draws, as HTML and as token views. Everything a visitor or a model wrote is escaped here."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from shared.engines.base import NextToken, Token
from shared.i18n import Translator
from shared.token_view import ViewToken
from shared.ui import significant
from spaces.prompting.diff import Span
from spaces.prompting.lab import Rendered
from spaces.prompting.sampling import SHOWN, Adjusted, readable

MAX_SHOWN_TOKENS = 1_500
"""Of a prompt; more would make typing slow in the browser."""


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart. Values are probabilities; `ghost` is the one before the settings."""

    token: bytes
    value: float
    ghost: float | None = None
    chosen: bool = False


def empty(sentence: str) -> str:
    """What a result area says before there is a result."""
    return f"<div class='lab-empty'>{escape(sentence)}</div>"


def note(sentence: str, kind: str = "") -> str:
    return f"<p class='prompting-note {kind}'>{escape(sentence)}</p>" if sentence else ""


def answer_text(text: str, writing: bool = False, small: bool = False) -> str:
    """The answer as text, line breaks kept; `writing` shows the caret of a stream."""
    classes = "answer-text" + (" writing" if writing else "") + (" small" if small else "")
    return f"<div class='{classes}'>{escape(text)}</div>"


def differences(spans: Iterable[Span]) -> str:
    """An answer with what the other one does not have marked."""
    inside = "".join(f"<mark>{escape(s.text)}</mark>" if s.changed else escape(s.text) for s in spans)
    return f"<div class='answer-text small'>{inside}</div>"


def badge(sentence: str, good: bool) -> str:
    return f"<p class='prompting-badge {'good' if good else 'bad'}'>{escape(sentence)}</p>"


def prompt_tokens(rendered: Rendered) -> dict[str, Any]:
    """The prompt as the model reads it, for the token view."""
    tokens: list[ViewToken] = [
        {
            "text": readable(piece),
            "title": f"id {token_id}",
            "special": special,
            "byte": _fragment(piece),
        }
        for token_id, piece, special in rendered.pieces[:MAX_SHOWN_TOKENS]
    ]
    return {"tokens": tokens, "whitespace": True, "selected": None}


def answer_tokens(tokens: Sequence[Token], selected: int | None = None) -> dict[str, Any]:
    """The written tokens, tinted by the probability the model gave them."""
    shown: list[ViewToken] = [
        {
            "text": readable(token.bytes),
            "title": f"{percent(math.exp(token.logprob))} · id {token.id}",
            "byte": _fragment(token.bytes),
            "shade": round(math.exp(token.logprob), 4),
        }
        for token in tokens
    ]
    return {"tokens": shown, "whitespace": True, "selected": selected}


def alternatives(t: Translator, tokens: Sequence[Token], index: int) -> str:
    """The tokens that could have stood at `index`, with the one that was written marked."""
    token = tokens[index]
    rows = [Bar(c.bytes, math.exp(c.logprob), chosen=c.id == token.id) for c in token.top]
    if not any(row.chosen for row in rows):
        rows.append(Bar(token.bytes, math.exp(token.logprob), chosen=True))
    before = "".join(readable(earlier.bytes) for earlier in tokens[max(0, index - 12) : index])
    title = t("alternatives_title", number=index + 1)
    context = f"<span class='tail'>{escape(before)}</span><b>{escape(visible(token.bytes))}</b>"
    return (
        f"<div class='prompting-alternatives'><h4>{escape(title)}</h4>"
        f"<p class='context'>…{context}</p>{bars(rows)}</div>"
    )


def distribution(t: Translator, next_token: NextToken, adjusted: Adjusted) -> str:
    """The first token's distribution: the model's own outlined, the adjusted one filled, and its figures."""
    own = np.exp(next_token.logprobs[:SHOWN].astype(np.float64))
    rows = [
        Bar(token, float(adjusted.probs[i]), ghost=float(own[i]))
        for i, token in enumerate(next_token.bytes[:SHOWN])
    ]
    rest = float(adjusted.probs[SHOWN:].sum())
    figures = (
        (t("kept_tokens"), f"{adjusted.kept:,} / {len(next_token.logprobs):,}"),
        (t("kept_mass"), percent(adjusted.mass)),
        (t("entropy"), f"{significant(round(adjusted.entropy, 3))} bit"),
        (t("rest", count=SHOWN), percent(rest)),
    )
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in figures)
    return f"<dl class='prompting-figures'>{items}</dl>{bars(rows)}"


def bars(rows: Sequence[Bar]) -> str:
    """A horizontal bar for each token, as long as its share of the longest."""
    longest = max((max(row.value, row.ghost or 0.0) for row in rows), default=0.0) or 1.0
    lines = []
    for row in rows:
        classes = "bar" + (" chosen" if row.chosen else "") + (" cut" if row.value == 0 else "")
        ghost = before = ""
        if row.ghost is not None:
            ghost = f"<i class='ghost' style='width:{100 * row.ghost / longest:.2f}%'></i>"
            before = f"<span class='before'>{percent(row.ghost)}</span>"
        fill = f"<i class='fill' style='width:{100 * row.value / longest:.2f}%'></i>"
        lines.append(
            f"<li class='{classes}'><code>{escape(visible(row.token))}</code>"
            f"<span class='track'>{ghost}{fill}</span>"
            f"<span class='value'>{percent(row.value)}</span>{before}</li>"
        )
    return f"<ol class='prompting-bars'>{''.join(lines)}</ol>"


def percent(value: float) -> str:
    """A probability with three significant digits: 42.7 %, 0.0123 %."""
    if value <= 0:
        return "0 %"
    if value < 1e-6:
        return "<0.0001 %"
    return f"{min(100.0, 100 * value):.3g} %".replace("1e+02", "100")


def visible(token: bytes) -> str:
    """A token with its white space written out."""
    text = readable(token).replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")
    return text or "∅"


def _fragment(token: bytes) -> bool:
    try:
        token.decode()
    except UnicodeDecodeError:
        return True
    return False


def side_title(title: str, detail: str = "") -> str:
    """The heading of one side of a comparison."""
    more = f"<small>{escape(detail)}</small>" if detail else ""
    return f"<h4 class='prompting-heading'>{escape(title)}{more}</h4>"
