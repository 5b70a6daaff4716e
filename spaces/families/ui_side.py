"""The first tab: the three families side by side on one sentence, and the chapter's table to click."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

import gradio as gr

from shared import i18n
from shared.errors import HubError
from shared.i18n import Translator
from shared.markup import empty, figures, heading, note, progress
from shared.models import cache
from shared.token_view import token_view
from shared.ui import LIGHT, MODEL, answered_by, current_lang, current_translator, handler
from spaces.families import demos, encoder, views
from spaces.families.attention_masks import FAMILIES
from spaces.families.decoder import Step, continue_text, perplexity, text_of
from spaces.families.encoder import Piece
from spaces.families.form import Form
from spaces.families.run import judged, translated
from spaces.families.translate import Translation
from spaces.families.ui_form import FormWidgets

Guesses = list[tuple[Piece, float, list[tuple[str, float]]]]
SHORT = 12
"""Tokens that are continued here: the tab of its own continues further."""


def draw(t: Translator, form: FormWidgets, script: str) -> Any:
    """Draws the tab; returns the event that runs the three."""
    guessed, read, kept = gr.State(None), gr.State(None), gr.State(None)
    progress_line = gr.HTML(empty(t("side_empty")), elem_classes="hub-plain")
    masks, tokens, details, outcomes = [], [], [], []
    with gr.Row(elem_classes="families-three"):
        for family in FAMILIES:
            key = views.key(family)
            with gr.Column(min_width=230):
                gr.HTML(heading(t(key), t(f"lead_{key}")), elem_classes="hub-plain families-lead")
                masks.append(gr.HTML("", js_on_load=script, elem_classes="hub-plain"))
                tokens.append(token_view(elem_classes="hub-plain families-tokens"))
                details.append(gr.HTML("", elem_classes="hub-plain"))
                outcomes.append(gr.HTML("", elem_classes="hub-plain"))
    status = gr.HTML("", elem_classes="hub-plain")
    gr.HTML(heading(t("table_title")), elem_classes="hub-plain families-table-title")
    table = gr.HTML(views.table(t), js_on_load=script, elem_classes="hub-plain families-table-wrap")
    demo = gr.HTML(empty(t("demo_empty")), js_on_load=script, elem_classes="hub-plain families-demo")

    outputs = [progress_line, *masks, *tokens, *details, *outcomes, guessed, read, kept, status]
    event = form.run["side"].click(handler(run), form.inputs, outputs, **MODEL)
    tokens[0].select(handler(show_both), guessed, details[0], **LIGHT)
    tokens[1].select(handler(show_left), read, details[1], **LIGHT)
    tokens[2].select(handler(show_source), kept, details[2], **LIGHT)
    table.select(handler(demonstrate), form.inputs, demo, **MODEL)
    return event


def run(*values: Any) -> Iterator[list[Any]]:
    """The encoder first, then the encoder-decoder, then the decoder, which streams."""
    t = current_translator("families")
    form = Form(*values)
    shown: dict[str, Any] = {
        "progress": "",
        "masks": ["", "", ""],
        "tokens": [None, None, None],
        "details": ["", "", ""],
        "outcomes": ["", "", ""],
        "guessed": None,
        "read": None,
        "kept": None,
        "status": "",
    }

    def now(sentence: str = "") -> list[Any]:
        return [
            progress(sentence) if sentence else "",
            *shown["masks"],
            *shown["tokens"],
            *shown["details"],
            *shown["outcomes"],
            shown["guessed"],
            shown["read"],
            shown["kept"],
            shown["status"],
        ]

    specs = [form.mask_spec, form.writer_spec, form.translator_spec]
    started = monotonic()
    yield now(_loading(t, specs[0]))
    with cache().lease(specs[0]) as weights:
        guesses: Guesses = encoder.guess_each(weights, form.text)
    found, trained, _ = judged(form)
    measured = (
        t("reviews_measured", n=trained.reviews, accuracy=views.percent(trained.accuracy)) if trained else ""
    )
    names = [piece.text for piece, _, _ in guesses]
    shown["masks"][0] = views.mask_figure(t, "encoder", names)
    shown["tokens"][0] = views.guessed_tokens(guesses)
    shown["guessed"] = guesses
    with cache().lease(specs[0]) as weights:
        all_of_them = len(encoder.pieces(weights, encoder.with_masks(weights, form.text)))
    cut = t("guess_cut", n=len(guesses)) if len(guesses) < all_of_them else ""
    shown["details"][0] = note(cut or t("click_token"))
    shown["outcomes"][0] = heading(t("sentiment_title")) + views.labels(found[:3]) + note(measured)
    yield now(_loading(t, specs[2]))

    refusal = ""
    plain = replace(form, text=form.text.replace(encoder.MASK, "").strip() or form.text)
    try:
        translation = translated(plain)
    except HubError as error:  # one family's refusal is no reason to hide the other two
        translation = Translation("", known=False)
        refusal = i18n.explain(error, current_lang())
    source, output = demos.source_tokens(translation), demos.output_tokens(translation)
    shown["masks"][2] = views.mask_figure(t, "encoder-decoder", source, output)
    drawn = views.refused(refusal) if refusal else views.translation(t, translation, form.target)
    shown["outcomes"][2] = heading(t("translation_title")) + drawn
    shown["tokens"][2] = views.written_tokens(translation)
    shown["kept"] = translation
    shown["details"][2] = note(t("click_output")) if output else ""
    yield now(_loading(t, specs[1]))

    steps: list[Step] = []
    with cache().lease(specs[1]) as weights:
        for steps in continue_text(
            weights, plain.text, max_new_tokens=SHORT, temperature=form.temperature, seed=int(form.seed)
        ):
            if not shown["masks"][1]:
                shown["masks"][1] = views.mask_figure(t, "decoder", [step.text for step in steps])
                shown["details"][1] = note(t("click_token"))
            shown["tokens"][1] = views.read_tokens([step for step in steps if not step.written])
            title = heading(t("continuation_title"))
            written = f"<p class='families-written'>{views.escape(text_of(weights, steps))}</p>"
            shown["outcomes"][1] = title + written
            shown["read"] = [step for step in steps if not step.written]
            yield now("…")
        device = str(weights.model.device).upper()
    value = perplexity(steps)
    if value is not None:
        shown["outcomes"][1] += figures([(t("perplexity"), value)])
    shown["status"] = answered_by(t, ", ".join(spec.name for spec in specs), device, monotonic() - started)
    yield now()


def _loading(t: Translator, spec: Any) -> str:
    return "…" if cache().is_loaded(spec) else t("hub.loading_model", model=spec.name)


def show_both(event: gr.EventData, guessed: Guesses | None) -> str:
    """What could stand in the place of a token, for the encoder."""
    t = current_translator("families")
    index = int(event._data["index"])
    if not guessed or not 0 <= index < len(guessed):
        return ""
    piece, prob, top = guessed[index]
    return views.alternatives(t, piece.text.removeprefix("##"), prob, top, t("token_both", token=piece.text))


def show_left(event: gr.EventData, read: list[Step] | None) -> str:
    """What could stand in the place of a token, for the decoder."""
    t = current_translator("families")
    index = int(event._data["index"])
    if not read or not 0 <= index < len(read):
        return ""
    step = read[index]
    return views.alternatives(t, step.text, step.prob, step.top, t("token_left", token=step.text.strip()))


def show_source(event: gr.EventData, found: Translation | None) -> str:
    """Where the decoder looked when it wrote a token."""
    t = current_translator("families")
    index = int(event._data["index"])
    written = [n for n, token in enumerate(found.output) if token not in ("▁", "</s>")] if found else []
    if found is None or not 0 <= index < len(written):
        return ""
    first = views.prompt_length(found.source)
    row = views.mean_attention(found)[written[index]][first:-1]
    pairs = zip(found.source[first:-1], row, strict=True)
    named = [(views.mark(token), weight, weight == max(row)) for token, weight in pairs]
    best = sorted(named, key=lambda pair: -pair[1])[:5]
    return heading(t("looked_at", token=views.mark(found.output[written[index]]))) + views.bars(
        best, unit=False
    )


def demonstrate(event: gr.EventData, *values: Any) -> Iterator[str]:
    """A cell of the table."""
    t = current_translator("families")
    cell = str(event._data["cell"])
    if cell not in demos.CELLS:
        return
    yield progress("…")
    words = heading(t(demos.CELLS[cell].text), t(views.key(demos.CELLS[cell].family)))
    try:
        yield words + demos.demonstrate(t, cell, Form(*values))
    except HubError:
        yield ""
        raise
