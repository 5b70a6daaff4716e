"""The second tab: hide tokens and let the encoder guess; compare two sentences; judge a mood."""

from time import monotonic
from typing import Any

import gradio as gr

from shared.embedder import open_embedder
from shared.i18n import Translator
from shared.markup import empty, figures, heading, note
from shared.models import cache
from shared.token_view import ViewToken, token_view
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler
from spaces.families import encoder, examples, views
from spaces.families.choose_model import DEFAULT_MASK, sentence
from spaces.families.encoder import MASK, Piece
from spaces.families.form import Form
from spaces.families.run import judged
from spaces.families.sentiment import cosine
from spaces.families.ui_form import FormWidgets
from spaces.families.ui_translate import training


def draw(t: Translator, form: FormWidgets) -> tuple[Any, gr.Textbox]:
    """Draws the tab; returns the event that fills, and the second sentence."""
    hidden = gr.State([])
    gr.HTML(note(t("fill_lead")), elem_classes="hub-plain")
    tokens = token_view(t("fill_empty"), elem_classes="hub-plain families-tokens", elem_id="families-fill")
    guesses = gr.HTML("", elem_classes="hub-plain")
    status = gr.HTML("", elem_classes="hub-plain")
    mood = gr.HTML("", elem_classes="hub-plain")
    with gr.Row(elem_classes="families-second"):
        second = gr.Textbox(
            examples.SECOND, label=t("second"), lines=1, max_lines=4, scale=4, interactive=True
        )
        compare = gr.Button(t("compare"), scale=0, min_width=110)
    alike = gr.HTML("", elem_classes="hub-plain")
    outputs = [hidden, tokens, guesses, mood, status]
    event = form.run["fill"].click(handler(fill), form.inputs, outputs, **MODEL)
    # another sentence has other tokens: what was hidden in the old one means nothing
    form.fields["text"].change(handler(nothing_hidden), None, hidden, **LIGHT)
    tokens.select(handler(toggle), [hidden, *form.inputs], [hidden, tokens, guesses, status], **MODEL)
    compare.click(handler(similarity), [form.fields["text"], second], alike, **MODEL)
    return event, second


def nothing_hidden() -> list[int]:
    return []


def fill(*values: Any) -> list[Any]:
    """The main button: the blanks the visitor wrote, else the longest word."""
    t = current_translator("families")
    form = Form(*values)
    with cache().lease(form.mask_spec) as weights:
        found = encoder.pieces(weights, encoder.with_masks(weights, form.text))
    hidden = []
    if not any(piece.masked for piece in found):
        words = [n for n, piece in enumerate(found) if piece.text.isalpha()] or list(range(len(found)))
        hidden = [max(words, key=lambda n: len(found[n].text))]
    kept, tokens, guesses, status = _filled(t, form, hidden)
    labels, trained, who = judged(form)
    measured = (
        t("reviews_measured", n=trained.reviews, accuracy=views.percent(trained.accuracy)) if trained else ""
    )
    mood = heading(t("sentiment_title"), who) + views.labels(labels[:3]) + note(measured)
    return [kept, tokens, guesses, mood, status]


def toggle(event: gr.EventData, hidden: list[int], *values: Any) -> list[Any]:
    """A click on a token hides it, a second one shows it again."""
    index = int(event._data["index"])
    chosen = sorted(set(hidden) ^ {index})
    return _filled(current_translator("families"), Form(*values), chosen)


def _filled(t: Translator, form: Form, hidden: list[int]) -> list[Any]:
    spec = form.mask_spec
    started = monotonic()
    with cache().lease(spec) as weights:
        text = encoder.with_masks(weights, form.text)
        found = encoder.pieces(weights, text)
        hidden = [n for n in hidden if n < len(found) and not found[n].masked]
        blank = hide(text, found, hidden)
        masked = sorted({n for n, p in enumerate(found) if p.masked} | set(hidden))
        tokens = {
            "tokens": [_chip(p, n in masked) for n, p in enumerate(found)],
            "whitespace": False,
            "selected": None,
        }
        if not masked:
            return [hidden, tokens, empty(t("fill_lead")), ""]
        guesses = encoder.fill_mask(weights, blank, int(form.top_k))
        device = str(weights.model.device).upper()
    was = ["" if found[n].masked else found[n].text.removeprefix("##") for n in masked]
    facts = training("minilm-mlm") if spec.key == DEFAULT_MASK else {}
    measured = (
        t("mlm_measured", top1=views.percent(facts["top1"]), top5=views.percent(facts["top5"]))
        if facts
        else ""
    )
    drawn = views.blanks(t, guesses, was) + note(measured)
    return [hidden, tokens, drawn, answered_by(t, spec.name, device, monotonic() - started)]


def hide(text: str, found: list[Piece], hidden: list[int]) -> str:
    """`text` with the pieces numbered in `hidden` as [MASK]."""
    for number in sorted(hidden, reverse=True):
        text = text[: found[number].start] + MASK + text[found[number].end :]
    return text


def _chip(piece: Piece, masked: bool) -> ViewToken:
    name = piece.text.removeprefix("##")
    return {
        "text": MASK if masked else name,
        "title": piece.text,
        "special": masked,
        "before": "##" if piece.text.startswith("##") and not masked else "",
        "after": " ",
    }


def similarity(text: str, second: str) -> str:
    """How alike the two sentences' vectors are."""
    t = current_translator("families")
    first, other = sentence(text), sentence(second)
    started = monotonic()
    with open_embedder() as embedder:
        vectors = embedder.encode([first, other])
        line = answered_by(t, embedder.name, embedder.device, monotonic() - started)
    head = ", ".join(f"{value:.3f}" for value in vectors[0][:8])
    said = note(t("vector_head", dim=vectors.shape[1], values=head))
    return figures([(t("similarity"), cosine(vectors[0], vectors[1]))]) + said + line
