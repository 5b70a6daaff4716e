"""The left column: the prompt's elements, the strategy, the model and its settings."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from shared.i18n import Translator
from shared.models import default_chat, of_task
from shared.ui import LIGHT, current_lang, current_translator, handler
from spaces.prompting import views
from spaces.prompting.examples import PRESETS, Preset
from spaces.prompting.form import FIELDS, table
from spaces.prompting.lab import (
    DEFAULT_QUESTION,
    DEFAULT_ROLE,
    MAX_CHARACTERS,
    STRATEGIES,
    WITH_EXAMPLES,
    Language,
    default_examples,
    language_of,
)

ELEMENTS = ("role", "instruction", "context", "output_format")
RUNS = ("answer", "next", "compare", "constrain", "search", "measure")
"""The ids of the result tabs; each has its own main button."""

CLICK_RUN = "() => { document.querySelector('.prompting-run')?.click(); }"
SHOW_RESULT = """() => { if (window.innerWidth < 700)
  document.querySelector('.prompting-result')?.scrollIntoView({behavior: 'smooth'}); }"""


@dataclass(frozen=True)
class FormWidgets:
    """The widgets by field of `Form`, and the buttons."""

    fields: dict[str, Any]
    run: dict[str, gr.Button]
    stop: gr.Button

    @property
    def inputs(self) -> list[Any]:
        """In the order of `Form`."""
        return [self.fields[name] for name in FIELDS]


def draw_form(t: Translator) -> FormWidgets:
    """Draws the column inside the caller's Column and wires what happens within it."""
    language, presets, note = _draw_presets(t)
    fields: dict[str, Any] = {
        "question": gr.Textbox(
            _asked(),
            label=t("question"),
            info=t("question_hint"),
            lines=1,
            max_lines=8,
            max_length=MAX_CHARACTERS,
            elem_id="prompting-question",
        )
    }
    with gr.Row(elem_classes="prompting-actions"):
        run = {
            tab: gr.Button(
                t("run" if tab == "answer" else f"run_{tab}"),
                variant="primary",
                visible=tab == "answer",
                elem_classes="prompting-run",
            )
            for tab in RUNS
        }
        stop = gr.Button(t("stop"), elem_classes="prompting-stop")
    fields["strategy"] = gr.Radio(
        [(t(name), name) for name in STRATEGIES],
        value="zero_shot",
        label=t("strategy"),
        elem_classes="prompting-strategy",
    )
    fields["examples"] = gr.Dataframe(
        table(default_examples("few_shot", "en")),
        headers=[t("example_input"), t("example_output")],
        column_count=2,
        type="array",
        label=t("examples"),
        interactive=True,
        wrap=True,
        column_widths=["50%", "50%"],
        buttons=[],
        visible=False,
        elem_classes="prompting-examples",
    )
    gr.HTML(f"<h4 class='prompting-heading'>{t('elements')}</h4>")
    with gr.Group(elem_classes="prompting-elements"):
        for name in ELEMENTS:
            _draw_element(t, name, fields)
    fields["temperature"] = gr.Slider(0, 2, 0, step=0.05, label=t("temperature"), info=t("temperature_hint"))
    fields["model"] = gr.Dropdown(
        [(spec.name, spec.key) for spec in of_task("chat")], value=default_chat().key, label=t("model")
    )
    with gr.Accordion(t("more"), open=False):
        fields["top_p"] = gr.Slider(0, 1, 0.9, step=0.01, label=t("top_p"))
        fields["top_k"] = gr.Slider(0, 200, 0, step=1, label=t("top_k"))
        fields["max_new_tokens"] = gr.Slider(1, 1024, 256, step=1, label=t("max_new_tokens"))
        fields["seed"] = gr.Number(0, precision=0, label=t("seed"))
        fields["stop"] = gr.Textbox("", lines=2, label=t("stop_words"))

    for widget in fields.values():
        widget.interactive = True  # inside gr.render Gradio takes some of them for outputs
    widgets = FormWidgets(fields, run, stop)
    _wire(widgets, language, presets, note)
    return widgets


def new_seed(temperature: float) -> int:
    """Another seed, for Regenerate; says so where it will change nothing."""
    if temperature == 0:
        gr.Info(current_translator("prompting")("greedy_repeats"))
    return random.randrange(2**31)


def _asked() -> str:
    """The question in the address (`?q=`), else the default one."""
    request = LocalContext.request.get(None)
    params = getattr(request, "query_params", None) or {}
    return str(params.get("q") or DEFAULT_QUESTION)[:MAX_CHARACTERS]


def _draw_presets(t: Translator) -> tuple[gr.Radio, dict[str, gr.Button], gr.HTML]:
    with gr.Row(elem_classes="prompting-presets-head"):
        gr.HTML(f"<h4 class='prompting-heading'>{t('try')}</h4>")
        language = gr.Radio(
            [("中文", "zh"), ("English", "en")],
            value=current_lang(),
            label=t("example_language"),
            container=False,
            min_width=140,
            interactive=True,
            elem_classes="prompting-language",
        )
    with gr.Row(elem_classes="prompting-presets"):
        presets = {
            preset.key: gr.Button(t(f"example_{preset.key}"), size="sm", min_width=40, scale=0)
            for preset in PRESETS
        }
    return language, presets, gr.HTML("", elem_classes="prompting-preset-note")


def _draw_element(t: Translator, name: str, fields: dict[str, Any]) -> None:
    """A switch and its text, e.g. `role_on` and `role`."""
    switch = "format_on" if name == "output_format" else f"{name}_on"
    on = name == "role"
    value = DEFAULT_ROLE if on else t(f"{switch.removesuffix('_on')}_default")
    fields[switch] = gr.Checkbox(on, label=t(name), elem_classes="prompting-switch")
    fields[name] = gr.Textbox(
        value,
        label=t(name),
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        visible=on,
        elem_classes="prompting-element",
    )
    fields[switch].change(
        handler(lambda shown: gr.update(visible=shown)), fields[switch], fields[name], **LIGHT
    )


def _wire(widgets: FormWidgets, language: gr.Radio, presets: dict[str, gr.Button], note: gr.HTML) -> None:
    fields = widgets.fields
    fields["strategy"].input(
        handler(_table_for),
        [fields["strategy"], fields["examples"], fields["question"]],
        fields["examples"],
        **LIGHT,
    )
    filled = [
        fields[name]
        for name in (
            "question",
            "strategy",
            "examples",
            "max_new_tokens",
            "temperature",
            "role_on",
            "role",
            "instruction_on",
            "context_on",
            "format_on",
        )
    ]
    for preset in PRESETS:
        presets[preset.key].click(handler(_fill(preset)), language, [*filled, note], **LIGHT)
    fields["question"].submit(None, None, None, js=CLICK_RUN, api_visibility="private")
    for button in widgets.run.values():
        button.click(None, None, None, js=SHOW_RESULT, api_visibility="private")


def _table_for(strategy: str, rows: list[list[str]], question: str) -> Any:
    """Shows the table where the strategy uses one; rows nobody touched become the strategy's own."""
    if strategy not in WITH_EXAMPLES:
        return gr.update(visible=False)
    languages: tuple[Language, ...] = ("zh", "en")
    ours = [
        table(default_examples(kind, lang)) for kind in ("few_shot", "cot_few_shot") for lang in languages
    ]
    now = [[cell or "" for cell in row] for row in rows or []]
    if now in ours or not any(cell for row in now for cell in row):
        return gr.update(visible=True, value=table(default_examples(strategy, language_of(question))))
    return gr.update(visible=True)


def _fill(preset: Preset) -> Callable[[Language], list[Any]]:
    def fill(language: Language) -> list[Any]:
        chosen: Language = "zh" if language == "zh" else "en"
        t = current_translator("prompting")
        return [
            preset.question[chosen],
            preset.strategy,
            gr.update(value=table(preset.rows(chosen)), visible=preset.strategy in WITH_EXAMPLES),
            preset.max_new_tokens,
            0,
            True,
            DEFAULT_ROLE,
            False,
            False,
            False,
            views.note(t(f"example_{preset.key}_note_{chosen}")),
        ]

    return fill
