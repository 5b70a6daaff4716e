"""What a cell of the chapter's table shows, on the visitor's own sentence."""

import math
from html import escape

from shared.i18n import Translator
from shared.markup import note, table
from shared.models import cache, of_task
from shared.ui import significant
from spaces.families import encoder, views
from spaces.families.attention_masks import Family
from spaces.families.decoder import continue_text, read, text_of
from spaces.families.encoder import MASK
from spaces.families.form import Form
from spaces.families.run import judged, translated
from spaces.families.table import CELLS
from spaces.families.translate import Translation


def demonstrate(t: Translator, key: str, form: Form) -> str:
    """HTML for the cell `key` (`encoder.flow`). Raises HubError."""
    cell = CELLS[key]
    if cell.column == "examples":
        return _examples(t, cell.family)
    if cell.column in ("mechanism", "flow"):
        return _looking(t, cell.family, cell.column, form)
    return {"encoder": _encoder, "decoder": _decoder, "encoder-decoder": _both}[cell.family](
        t, cell.column, form
    )


def _looking(t: Translator, family: Family, column: str, form: Form) -> str:
    tokens, output = _tokens(family, form)
    if not tokens:
        return views.translation(t, translated(form), form.target)
    if column == "mechanism":
        return views.mask_figure(t, family, tokens, output, large=True)
    now = len(tokens) // 2
    if family == "encoder-decoder":
        now = len(output) // 2
        chips = views.flow(tokens, [True] * len(tokens), -1, output, now)
        return f"<p>{escape(t('demo_flow_encoder_decoder', token=output[now]))}</p>{chips}"
    seen = [family == "encoder" or n <= now for n in range(len(tokens))]
    return f"<p>{escape(t(f'demo_flow_{family}', token=tokens[now]))}</p>{views.flow(tokens, seen, now)}"


def _tokens(family: Family, form: Form) -> tuple[list[str], list[str]]:
    if family == "encoder":
        with cache().lease(form.mask_spec) as weights:
            return [p.text for p in encoder.pieces(weights, encoder.with_masks(weights, form.text))], []
    if family == "decoder":
        with cache().lease(form.writer_spec) as weights:
            return [step.text for step in read(weights, form.text)[0]], []
    found = translated(form)
    return source_tokens(found), output_tokens(found)


def source_tokens(found: Translation) -> list[str]:
    """The sentence without the task prompt and the end mark."""
    return [views.mark(x) for x in found.source[views.prompt_length(found.source) : -1]]


def output_tokens(found: Translation) -> list[str]:
    """Without SentencePiece's empty first token and the end mark."""
    return [views.mark(x) for x in found.output if x not in ("▁", "</s>")]


def _encoder(t: Translator, column: str, form: Form) -> str:
    if column == "good_at":
        return views.labels(judged(form)[0])
    with cache().lease(form.mask_spec) as weights:
        text = encoder.with_masks(weights, form.text)
        whole = [p for p in encoder.pieces(weights, text) if p.text.isalpha()] or encoder.pieces(
            weights, text
        )
        chosen = max(whole[len(whole) // 3 :], key=lambda p: len(p.text))
        hidden = text[: chosen.start] + MASK + text[chosen.end :]
        guesses = encoder.fill_mask(weights, hidden, len(weights.tokenizer))[0]
    prob = next((g.prob for g in guesses if g.id == chosen.id), 1e-9)
    words = t("demo_mlm", token=chosen.text, loss=significant(-math.log(prob)))
    rows = [(g.token, g.prob, g.id == chosen.id) for g in guesses[:5]]
    return f"<p>{escape(hidden)}</p><p>{escape(words)}</p>{views.bars(rows)}"


def _decoder(t: Translator, column: str, form: Form) -> str:
    with cache().lease(form.writer_spec) as weights:
        if column == "good_at":
            steps = list(continue_text(weights, form.text, max_new_tokens=16))[-1]
            return (
                f"<p>{escape(form.text)}<b class='families-written'>{escape(text_of(weights, steps))}</b></p>"
            )
        steps = read(weights, form.text)[0]
    at = max(1, 2 * len(steps) // 3)
    if at >= len(steps):
        return note(t("nothing_left"))
    step = steps[at]
    before = "".join(earlier.text for earlier in steps[:at])
    assert step.prob is not None
    words = t("demo_clm", token=step.text.strip(), loss=significant(-math.log(max(step.prob, 1e-9))))
    title = t("token_left", token=step.text.strip())
    instead = views.alternatives(t, step.text, step.prob, step.top, title)
    return f"<p>{escape(before)} …</p><p>{escape(words)}</p>{instead}"


def _both(t: Translator, column: str, form: Form) -> str:
    found = translated(form)
    if column == "good_at" or not found.known:
        return views.translation(t, found, form.target)
    rows = [(views.mark(x), p, False) for x, p in zip(found.output, found.probs, strict=True) if x != "▁"]
    return f"<p>{escape(t('demo_seq'))}</p>{views.bars(rows)}"


def _examples(t: Translator, family: Family) -> str:
    if family == "encoder":
        found = [*of_task("fill-mask"), *of_task("sentiment"), *of_task("embed"), *of_task("rerank")]
    elif family == "decoder":
        found = of_task("chat")
    else:
        found = of_task("seq2seq")
    rows = [
        (s.name, s.parameters, t("source_embedded" if s.embedded else "source_hub"))
        for s in found
        if s.parameters
    ]
    header = [t("col_model"), t("col_parameters"), t("col_source")]
    return f"<p>{escape(t('demo_models'))}</p>{table(header, rows)}"
