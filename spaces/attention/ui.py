"""The lab on one page: text and model on the left, six views of the model's attention on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from shared.i18n import Translator
from shared.models import MODELS
from shared.models.registry import DEFAULT_CHAT
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.attention import ui_heatmap, ui_kv, ui_next, ui_parts, ui_position, ui_steps
from spaces.attention.examples import EXAMPLES
from spaces.attention.forward import MAX_CHARACTERS, choices, kind_of
from spaces.attention.inputs import Inputs
from spaces.attention.snippet import snippet
from spaces.attention.snippet_parts import snippet as parts_snippet
from spaces.attention.snippet_views import kv_snippet, next_snippet, position_snippet

CLICK_RUN = """() => {
  [...document.querySelectorAll('.attention-run, .attention-next-run, .attention-kv-run')]
    .find((button) => button.offsetParent)?.click();
}"""
"""Enter in the text does what the open view's main button does."""
REDRAW = "() => { setTimeout(() => window.dispatchEvent(new Event('resize')), 60); }"
"""Plotly measured the place of its charts while their tab was hidden."""
SHOW_RESULT = """() => { if (window.innerWidth < 700)
  document.querySelector('.attention-result')?.scrollIntoView({behavior: 'smooth'}); }"""


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, Path(__file__).with_name("README.md"))
    open_tab = gr.State("heatmap")
    with gr.Row(elem_classes="lab-body attention"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs") as left:
            inputs, examples, run, looking = _draw_inputs(t)
        with (
            gr.Column(scale=3, min_width=320, elem_classes="lab-result attention-result"),
            gr.Tabs(elem_classes="lab-tabs", overflow_behavior="wrap"),
        ):
            tabs = {}
            with gr.Tab(t("tab_heatmap"), id="heatmap") as tabs["heatmap"]:
                heatmap = ui_heatmap.draw(t)
            with gr.Tab(t("tab_steps"), id="steps") as tabs["steps"]:
                steps = ui_steps.draw(t)
            settings = {}
            with gr.Tab(t("position_tab"), id="position") as tabs["position"]:
                settings["position"] = ui_position.draw(t, inputs)
            with gr.Tab(t("next_tab"), id="next") as tabs["next"]:
                settings["next"] = ui_next.draw(t, inputs)
            with gr.Tab(t("kv_tab"), id="kv") as tabs["kv"]:
                settings["kv"] = ui_kv.draw(t, inputs)
            with gr.Tab(t("parts_tab"), id="parts") as tabs["parts"]:
                settings["parts"] = ui_parts.draw(t)

    looked = [heatmap, steps]
    events = [ui_heatmap.wire(run.click, inputs, looked)]
    for button, example in zip(examples, EXAMPLES.values(), strict=True):
        values = [example.text, example.pair, example.model]
        filled = button.click(handler(_fill(values)), inputs.model, inputs.components, **LIGHT)
        events.append(ui_heatmap.wire(filled.then, inputs, looked))
    run.click(None, None, None, js=SHOW_RESULT, api_visibility="private")
    inputs.text.submit(None, None, None, js=CLICK_RUN, api_visibility="private")
    inputs.model.change(handler(_pair_for), inputs.model, inputs.text_pair, **LIGHT)
    for name, tab in tabs.items():
        tab.select(handler(partial(_open, name)), None, [open_tab, left, looking], **LIGHT)
        tab.select(None, None, None, js=REDRAW, api_visibility="private")
    widgets = [widget for view in settings.values() for widget in view]
    show_code(
        head, _snippet({k: len(v) for k, v in settings.items()}), [open_tab, *inputs.components, *widgets]
    )


def _snippet(counts: dict[str, int]) -> Callable[..., str]:
    """Show code for the open view: `counts` says how many of the last values belong to which view."""

    def of_open_tab(open_tab: str, text: str, text_pair: str, model: str, *values: Any) -> str:
        start = 0
        mine: dict[str, tuple[Any, ...]] = {}
        for name, count in counts.items():
            mine[name] = values[start : start + count]
            start += count
        if open_tab == "position":
            return position_snippet(*mine["position"])
        if open_tab == "next":
            return next_snippet(text, model, *mine["next"])
        if open_tab == "kv":
            return kv_snippet(text, model, *mine["kv"])
        if open_tab == "parts":
            return parts_snippet(*mine["parts"])
        return snippet(open_tab, text, text_pair, model)

    return of_open_tab


def _open(name: str) -> list[Any]:
    """All views but the first two have their own button and examples; the last reads no text."""
    return [name, gr.update(visible=name != "parts"), gr.update(visible=name in ("heatmap", "steps"))]


def _draw_inputs(t: Translator) -> tuple[Inputs, list[gr.Button], gr.Button, gr.Column]:
    text = gr.Textbox(
        _asked(),
        label=t("text"),
        placeholder=t("text_placeholder"),
        lines=3,
        max_lines=10,
        max_length=MAX_CHARACTERS,
        interactive=True,
        elem_id="attention-text",
    )
    pair = gr.Textbox(
        "",
        label=t("text_pair"),
        info=t("text_pair_hint"),
        lines=2,
        max_lines=6,
        max_length=MAX_CHARACTERS,
        visible=False,
        interactive=True,
        elem_id="attention-pair",
    )
    model = gr.Dropdown(
        [(spec.name, spec.key) for spec in choices()],
        value=choices()[0].key,
        label=t("model"),
        interactive=True,
    )
    with gr.Column(elem_classes="attention-looking") as looking:
        run = gr.Button(t("run"), variant="primary", elem_classes="attention-run")
        gr.HTML(f"<h4 class='lab-heading'>{t('examples')}</h4>", elem_classes="hub-plain")
        with gr.Row(elem_classes="lab-examples"):
            examples = [gr.Button(t(key), size="sm", scale=0, min_width=0) for key in EXAMPLES]
    gr.HTML(f"<p class='lab-note'>{t('model_note')}</p>", elem_classes="hub-plain")
    return Inputs(text, pair, model), examples, run, looking


def _asked() -> str:
    """The text in the address (`?text=`), else the first example's."""
    request = LocalContext.request.get(None)
    params = getattr(request, "query_params", None) or {}
    return str(params.get("text") or next(iter(EXAMPLES.values())).text)[:MAX_CHARACTERS]


def _fill(values: list[str]) -> Any:
    text, pair, model = values

    def fill(chosen: str) -> list[Any]:
        # an example that says nothing of a model leaves the visitor's, but for a pair, which needs an encoder
        key = model or chosen
        return [text, gr.update(value=pair, visible=_reads_pairs(key)), key]

    return fill


def _reads_pairs(key: str) -> bool:
    spec = MODELS.get(key or DEFAULT_CHAT)
    return spec is not None and kind_of(spec) != "causal"


def _pair_for(key: str) -> Any:
    """A causal model reads one text: the second box goes, and with it what was in it."""
    return gr.update(visible=True) if _reads_pairs(key) else gr.update(visible=False, value="")
