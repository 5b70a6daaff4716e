"""The view on one token: look at it from text to token, turn the sliders, append, write on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator
from shared.markup import empty, heading
from shared.models import cache
from shared.ui import LIGHT, MODEL, answered_by, csv_text, current_translator, handler, on_copy, on_download
from spaces.attention import drawings_next as drawings
from spaces.attention.causal import causal_spec, encode, whole
from spaces.attention.next_token import MAX_TOKENS, STEPS, Step, distribution
from spaces.attention.next_token import draw as draw_token

EXAMPLES = {
    "next_example": "The capital of France is",
    "next_example_fox": "The quick brown fox jumps over the lazy",
}


@dataclass(frozen=True)
class Writing:
    """What one visitor is writing: the prompt's ids, how long the text was, the step now looked at."""

    model: str | None
    prompt: tuple[int, ...]
    total: int
    step: Step

    @property
    def written(self) -> int:
        return len(self.step.ids) - len(self.prompt)


def draw(t: Translator, inputs: Any) -> list[Any]:
    """Draws the tab; returns the sliders (temperature, top_k, top_p), which Show code reads."""
    with gr.Row(elem_classes="attention-views-actions"):
        run = gr.Button(t("next_run"), variant="primary", min_width=160, elem_classes="attention-next-run")
        undo = gr.Button(t("next_undo"), min_width=90, scale=0)
        restart = gr.Button(t("next_restart"), min_width=140, scale=0)
    with gr.Row(elem_classes="lab-examples"):
        examples = [
            (gr.Button(t(key), size="sm", scale=0, min_width=0), text) for key, text in EXAMPLES.items()
        ]
    state = gr.State(None)
    said = gr.HTML(empty(t("next_empty")), elem_id="attention-next-text", elem_classes="hub-plain")
    with gr.Column(visible=False, elem_classes="attention-next-body") as body:
        stages = gr.HTML("", elem_classes="hub-plain")
        gr.HTML(heading(t("next_chances"), t("next_chances_detail")), elem_classes="hub-plain")
        with gr.Row(elem_classes="attention-views-sliders"):
            sliders = [
                gr.Slider(0, 2, 1, step=0.05, label=t("next_temperature"), min_width=150, interactive=True),
                gr.Slider(0, 100, 0, step=1, label=t("next_top_k"), min_width=150, interactive=True),
                gr.Slider(0, 1, 1, step=0.01, label=t("next_top_p"), min_width=150, interactive=True),
            ]
        chances = gr.HTML("", js_on_load=drawings.PICK, elem_classes="hub-plain attention-next-chances")
        with gr.Row(elem_classes="attention-views-actions"):
            greedy = gr.Button(t("next_greedy"), min_width=150, elem_classes="attention-next-greedy")
            sample = gr.Button(t("next_sample"), min_width=150, elem_classes="attention-next-sample")
            seed = gr.Number(
                0, label=t("next_seed"), precision=0, minimum=0, min_width=90, scale=0, interactive=True
            )
        lens_head = gr.HTML("", elem_classes="hub-plain")
        curve = gr.Plot(show_label=False)
        lens = gr.HTML("", elem_classes="hub-plain")
        with gr.Row(elem_classes="lab-foot attention-views-foot"):
            status = gr.HTML("", elem_classes="hub-plain")
            copy = gr.Button(t("next_copy"), size="sm", scale=0, min_width=120)
            download = gr.Button(t("next_download"), size="sm", scale=0, min_width=230)

    outputs = [state, said, body, stages, chances, lens_head, curve, lens, status]
    source = [inputs.text, inputs.model, *sliders]
    run.click(handler(start), source, outputs, **MODEL)
    for button, text in examples:
        filled = button.click(lambda text=text: text, None, inputs.text, **LIGHT)
        filled.then(handler(start), source, outputs, **MODEL)
    undo.click(handler(go_back), [state, *sliders], outputs, **MODEL)
    restart.click(handler(start_over), [state, *sliders], outputs, **MODEL)
    greedy.click(handler(append_best), [state, *sliders], outputs, **MODEL)
    sample.click(handler(append_drawn), [state, seed, *sliders], outputs, **MODEL)
    chances.select(handler(append_picked), [state, *sliders], outputs, **MODEL)
    changes = [slider.change for slider in sliders]
    gr.on(changes, handler(redraw), [state, *sliders], chances, trigger_mode="always_last", **LIGHT)
    on_copy(copy, "#attention-next-text .attention-next-sentence")
    on_download(download, lens_csv, state, "logit-lens.csv")
    return sliders


def start(text: str, model: str, *sliders: float) -> Iterator[Sequence[Any]]:
    """The visitor's text under the model, one forward pass."""
    t = current_translator("attention")
    spec = causal_spec(model)
    if not cache().is_loaded(spec):
        loading = empty(t("hub.loading_model", model=spec.name))
        yield [None, loading, gr.update(visible=False), *[gr.skip()] * 6]
    with cache().lease(spec) as weights:
        prompt = encode(weights.tokenizer, text, MAX_TOKENS)
    yield _looked(t, model, prompt.ids, prompt.total, prompt.ids, sliders)


def go_back(writing: Writing | None, *sliders: float) -> Any:
    """Without the last token that was appended."""
    writing = _begun(writing)
    return _extended(writing, writing.step.ids[:-1] if writing.written else writing.prompt, sliders)


def start_over(writing: Writing | None, *sliders: float) -> Any:
    """Back to the prompt."""
    writing = _begun(writing)
    return _extended(writing, writing.prompt, sliders)


def append_best(writing: Writing | None, *sliders: float) -> Any:
    writing = _begun(writing)
    return _extended(writing, (*writing.step.ids, writing.step.top[0][0]), sliders)


def append_drawn(writing: Writing | None, seed: float | None, *sliders: float) -> Any:
    """A token drawn from the distribution that the sliders leave."""
    writing = _begun(writing)
    chances = distribution(writing.step.logits, *sliders)
    seed = whole("seed", 0 if seed is None else seed, 0, 2**32 - 1)
    return _extended(writing, (*writing.step.ids, draw_token(chances, seed, len(writing.step.ids))), sliders)


def append_picked(event: gr.EventData, writing: Writing | None, *sliders: float) -> Any:
    """The token whose bar was clicked."""
    writing = _begun(writing)
    picked = event._data.get("token")
    if not isinstance(picked, int) or not 0 <= picked < len(writing.step.logits):
        raise HubError("attention.next_bad_token")
    return _extended(writing, (*writing.step.ids, picked), sliders)


def redraw(writing: Writing | None, *sliders: float) -> Any:
    """The same logits under other settings: arithmetic, no model."""
    if writing is None:
        return gr.skip()
    t = current_translator("attention")
    return drawings.bars(t, writing.step, distribution(writing.step.logits, *sliders))


def lens_csv(writing: Writing | None) -> str:
    t = current_translator("attention")
    step = _begun(writing).step
    return csv_text(drawings.lens_header(t), drawings.lens_rows(t, step))


def _begun(writing: Writing | None) -> Writing:
    if writing is None:
        raise HubError("attention.next_first")
    return writing


def _extended(writing: Writing, ids: tuple[int, ...], sliders: Sequence[float]) -> list[Any]:
    t = current_translator("attention")
    return _looked(t, writing.model, writing.prompt, writing.total, ids, sliders)


def _looked(
    t: Translator,
    model: str | None,
    prompt: tuple[int, ...],
    total: int,
    ids: tuple[int, ...],
    sliders: Sequence[float],
) -> list[Any]:
    """All outputs for the step over `ids`."""
    spec = causal_spec(model)
    chances_of = [float(slider) for slider in sliders]
    with cache().lease(spec) as weights:
        step, known = STEPS.get(spec, weights, ids)
        ended = ids != prompt and ids[-1] in _ends(weights.model)
        device = "GPU" if weights.model.device.type == "cuda" else weights.model.device.type.upper()
    writing = Writing(model, prompt, total, step)
    notes = [
        t("next_cut", kept=len(prompt), total=f"{total:,}") if total > len(prompt) else "",
        t("next_ended") if ended else "",
        t("next_fragments")
        if any(len(token) > 3 and "<" in token and _fragment(token) for token in step.tokens)
        else "",
    ]
    line = answered_by(t, spec.name, device, step.seconds)
    if known:
        line = line.replace("</p>", f" · {t('next_kept_pass')}</p>")
    final = drawings.visible(step.top[0][1])
    return [
        writing,
        drawings.sentence(t, step, writing.written, notes),
        gr.update(visible=True),
        drawings.stages(t, step),
        drawings.bars(t, step, distribution(step.logits, *chances_of)),
        heading(t("next_lens"), t("next_lens_detail", token=final)),
        drawings.lens_curve(t, step),
        drawings.lens_table(t, step),
        line,
    ]


def _ends(model: Any) -> list[int]:
    """The ids that end a text, by the model's own settings."""
    end = model.generation_config.eos_token_id
    return end if isinstance(end, list) else [] if end is None else [end]


def _fragment(token: str) -> bool:
    """Whether a token shows bytes that are no whole character."""
    return any(part[:2].isalnum() and part[2:3] == ">" for part in token.split("<")[1:])
