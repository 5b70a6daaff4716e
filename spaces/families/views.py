"""What the lab draws: bars, masks, cross-attention, the table. Everything from a visitor or a model is
escaped here."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from shared.i18n import Translator
from shared.markup import heading, note
from shared.token_view import ViewToken
from shared.ui import significant
from spaces.families import attention_masks
from spaces.families.attention_masks import Family
from spaces.families.chooser import Choice
from spaces.families.decoder import Step
from spaces.families.encoder import Guess, Piece
from spaces.families.sentiment import Label
from spaces.families.table import CELLS, COLUMNS
from spaces.families.translate import Translation

MOST_BITS = 14.0
"""Surprisal at which the shade is full."""


def percent(value: float) -> str:
    return f"{significant(round(100 * value, 4))} %" if value >= 1e-5 else "<0.001 %"


def bars(rows: Iterable[tuple[str, float, bool]], *, unit: bool = True) -> str:
    """(name, value, chosen) as bars, as long as their share of the largest."""
    rows = list(rows)
    largest = max((value for _, value, _ in rows), default=1) or 1
    lines = []
    for name, value, chosen in rows:
        shown = percent(value) if unit else significant(round(value, 3))
        width = 100 * max(0.0, value) / largest
        lines.append(
            f"<li class='{'chosen' if chosen else ''}'><code>{escape(visible(name))}</code>"
            f"<span class='track'><i style='width:{width:.1f}%'></i></span>"
            f"<span class='value'>{shown}</span></li>"
        )
    return f"<ol class='families-bars'>{''.join(lines)}</ol>"


def visible(token: str) -> str:
    """A token whose white space can be seen."""
    return token.replace(" ", "␣").replace("\n", "⏎") or "∅"


def mask_figure(
    t: Translator, family: Family, tokens: Sequence[str], output: Sequence[str] = (), *, large: bool = False
) -> str:
    """The attention mask with a sentence under it that follows the pointer."""
    if not tokens:
        return ""
    cut = len(tokens) > attention_masks.MAX_TOKENS or len(output) > attention_masks.MAX_TOKENS
    drawing = attention_masks.draw(family, tokens, output, label=t(f"mask_{key(family)}"))
    kept = t("mask_cut", n=attention_masks.MAX_TOKENS) if cut else ""
    hint = t(f"mask_{key(family)}")
    return (
        f"<figure class='families-figure{' large' if large else ''}'>{drawing}"
        f"<figcaption class='families-readout' data-open='{_attr(t('reads'))}' "
        f"data-shut='{_attr(t('reads_not'))}'>"
        f"{escape(hint)}</figcaption>{note(kept)}</figure>"
    )


def key(family: Family) -> str:
    return family.replace("-", "_")


def guessed_tokens(
    rows: Sequence[tuple[Piece, float, list[tuple[str, float]]]], selected: int | None = None
) -> dict[str, Any]:
    """Each token shaded by how unlikely it was, given both sides."""
    tokens: list[ViewToken] = [
        {
            "text": piece.text.removeprefix("##"),
            "before": "##" if piece.text.startswith("##") else "",
            "title": percent(prob),
            "shade": shade(prob),
        }
        for piece, prob, _ in rows
    ]
    return {"tokens": spaced(tokens), "whitespace": False, "selected": selected}


def spaced(tokens: list[ViewToken]) -> list[ViewToken]:
    """WordPiece leaves no spaces: a thin one between the chips."""
    return [{**token, "after": " "} for token in tokens]


def shade(prob: float | None) -> float:
    """0 for a certain token, 1 for one in 2^14."""
    return 0.0 if prob is None else round(min(1.0, -math.log2(max(prob, 1e-9)) / MOST_BITS), 4)


def read_tokens(steps: Sequence[Step], selected: int | None = None) -> dict[str, Any]:
    """Each token shaded by its surprisal, given its left."""
    tokens: list[ViewToken] = []
    for number, step in enumerate(steps):
        first = step.written and (number == 0 or not steps[number - 1].written)
        cost = "" if step.prob is None else f"{percent(step.prob)} · {step.surprisal:.1f} bit"
        view: ViewToken = {"text": step.text, "title": cost, "shade": shade(step.prob)}
        if first:
            view["before"] = "▸"
        tokens.append(view)
    return {"tokens": tokens, "whitespace": False, "selected": selected}


def written_tokens(found: Translation) -> dict[str, Any]:
    """The translation's tokens, shaded by how unlikely each was given the source and the output left of
    it."""
    tokens: list[ViewToken] = [
        {"text": mark(token), "title": percent(prob), "shade": shade(prob)}
        for token, prob in zip(found.output, found.probs, strict=True)
        if token not in ("▁", "</s>")
    ]
    return {"tokens": spaced(tokens), "whitespace": False, "selected": None}


def alternatives(
    t: Translator, token: str, prob: float | None, top: Sequence[tuple[str, float]], title: str
) -> str:
    """What could have stood there."""
    if prob is None:
        return note(t("nothing_left"))
    rows = [(name, p, name.strip() == token.strip()) for name, p in top]
    if not any(chosen for _, _, chosen in rows):
        rows.append((token, prob, True))
    return heading(title) + bars(rows)


def blanks(t: Translator, found: Sequence[Sequence[Guess]], was: Sequence[str]) -> str:
    """The guesses for each blank; `was`: what stood there (empty: the visitor wrote the blank)."""
    parts = []
    for number, guesses in enumerate(found):
        stood = was[number] if number < len(was) else ""
        title = t("blank_title", n=number + 1) if len(found) > 1 else t("blank_one")
        detail = t("blank_was", token=stood) if stood else ""
        rows = [(g.token, g.prob, bool(stood) and g.token == stood) for g in guesses]
        sequence = f"<p class='families-sequence'>{escape(guesses[0].sequence)}</p>"
        parts.append(f"<div>{heading(title, detail)}{bars(rows)}{sequence}</div>")
    return f"<div class='families-blanks'>{''.join(parts)}</div>"


def labels(found: Sequence[Label]) -> str:
    return bars([(label.label, label.prob, n == 0) for n, label in enumerate(found)])


def translation(t: Translator, found: Translation, target: str) -> str:
    """The translation, or why there is none."""
    if not found.known:
        words = ", ".join(found.unknown[:12]) + ("…" if len(found.unknown) > 12 else "")
        return refused(t("unknown_words", words=words))
    lang = "de" if target == "de" else "zh-CN"
    warn = "" if found.familiar else note(t("unfamiliar"), warn=True)
    return f"<p class='families-translation' lang='{lang}'>{escape(found.text)}</p>{warn}"


def refused(sentence: str) -> str:
    """A polite no, in the place of the result."""
    return f"<div class='families-refused' role='status'><p>{escape(sentence)}</p></div>"


def attention_grid(t: Translator, found: Translation, layer: int = 0, *, prompt: bool = False) -> str:
    """The cross-attention as a grid: rows are output tokens, columns source tokens. `layer` 0: the mean of
    all."""
    weights = mean_attention(found, layer)
    first = 0 if prompt else prompt_length(found.source)
    last = len(found.source) if prompt else len(found.source) - 1
    columns, rows = [mark(x) for x in found.source[first:last]], [mark(x) for x in found.output]
    top = max((max(row[first:last]) for row in weights), default=1) or 1
    cell, left, head = 30, 116, 92
    width, height = left + cell * len(columns) + 8, head + cell * len(rows) + 4
    parts = [
        f"<text class='key' transform='translate({left + cell * n + cell / 2:.0f} {head - 8}) rotate(-50)'>"
        f"{escape(name)}</text>"
        for n, name in enumerate(columns)
    ]
    for i, name in enumerate(rows):
        y = head + cell * i
        parts.append(
            f"<text class='query' x='{left - 8}' y='{y + cell / 2 + 4:.0f}' text-anchor='end'>"
            f"{escape(name)}</text>"
        )
        for j, other in enumerate(columns):
            weight = weights[i][first + j]
            parts.append(
                f"<rect class='weight' x='{left + cell * j}' y='{y}' width='{cell - 2}' height='{cell - 2}' "
                f"fill-opacity='{0.03 + 0.92 * weight / top:.3f}' data-q='{_attr(name)}' "
                f"data-k='{_attr(other)}' data-w='{weight:.3f}'/>"
            )
    return (
        f"<figure class='families-figure families-cross'><div class='scroll'>"
        f"<svg viewBox='0 0 {width} {height}' width='{width}' height='{height}' role='img' "
        f"aria-label='{_attr(t('cross_title'))}'>{''.join(parts)}</svg></div>"
        f"<figcaption class='families-readout' data-weight='{_attr(t('looked'))}'>"
        f"{escape(t('cross_hint'))}</figcaption></figure>"
    )


def mean_attention(found: Translation, layer: int = 0) -> list[list[float]]:
    """Over heads, and over layers too when `layer` is 0."""
    import numpy as np

    weights = np.array(found.attention)
    chosen = weights.mean(axis=1)
    return (chosen.mean(axis=0) if layer == 0 else chosen[layer - 1]).tolist()


def prompt_length(source: Sequence[str]) -> int:
    """Tokens of "translate English to German:" before the sentence."""
    return next((n + 1 for n, token in enumerate(source[:10]) if token.endswith(":")), 0)


def mark(token: str) -> str:
    """A SentencePiece token without its mark of a word's beginning."""
    return token.removeprefix("▁") or "␣"


def table(t: Translator) -> str:
    """The chapter's table; each cell is a button."""
    head = "".join(f"<th scope='col'>{escape(t(f'col_{column}'))}</th>" for column in COLUMNS)
    rows = []
    for family in attention_masks.FAMILIES:
        cells = "".join(
            f"<td data-label='{_attr(t(f'col_{c.column}'))}'>"
            f"<button type='button' data-cell='{c.key}' aria-pressed='false'>"
            f"{escape(t(c.text))}</button></td>"
            for c in CELLS.values()
            if c.family == family
        )
        rows.append(f"<tr><th scope='row'>{escape(t(key(family)))}</th>{cells}</tr>")
    body = f"<tbody>{''.join(rows)}</tbody>"
    return f"<table class='families-table'><thead><tr><td></td>{head}</tr></thead>{body}</table>"


def flow(
    tokens: Sequence[str], seen: Sequence[bool], now: int, output: Sequence[str] = (), out_seen: int = 0
) -> str:
    """Tokens that inform one token: seen ones solid, hidden ones faint, the one in question framed."""

    def chip(text: str, state: str) -> str:
        return f"<span class='{state}'>{escape(text)}</span>"

    top = "".join(
        chip(x, "now" if n == now else "seen" if seen[n] else "hidden") for n, x in enumerate(tokens)
    )
    bottom = "".join(
        chip(x, "now" if n == out_seen else "seen" if n < out_seen else "hidden")
        for n, x in enumerate(output)
    )
    second = f"<p class='families-flow'>{bottom}</p>" if output else ""
    return f"<p class='families-flow'>{top}</p>{second}"


def choice(t: Translator, found: Choice) -> str:
    """The family that fits, why, and what it was compared with."""
    family = key(found.family)
    rows = [(t(key(f)), score, f == found.family) for f, score in found.scores.items()]
    told = ", ".join(f"“{word}”" for word in found.words[found.family])
    reasons = [t(f"why_{family}")]
    reasons.append(t("why_words", words=told) if told else t("why_no_words"))
    if not found.clear:
        reasons.append(t("why_close"))
    near = "".join(
        f"<li><span>{escape(n.task)}</span>"
        f"<small>{escape(t(key(n.family)))} · {significant(round(n.likeness, 3))}</small></li>"
        for n in found.nearest
    )
    return (
        f"<div class='families-choice'><p class='families-verdict'>{escape(t(f'verdict_{family}'))}</p>"
        f"{''.join(f'<p>{escape(reason)}</p>' for reason in reasons)}{bars(rows, unit=False)}"
        f"{heading(t('nearest'))}<ul class='families-near'>{near}</ul>"
        f"{note(t('measured_' + found.language))}</div>"
    )


def _attr(text: str) -> str:
    return escape(text, quote=True)
