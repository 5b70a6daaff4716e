"""The left column: the data, its columns, the methods and what they are told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from shared.data.columns import guess_label_column, guess_text_column
from shared.data.tables import Table, read_table
from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.models import of_task
from shared.models.registry import DEFAULT_CHAT
from shared.ui import LIGHT, current_lang, current_translator, handler
from shared.uploads import take_upload
from spaces.classification import few_shot, generative, views
from spaces.classification.form import FIELDS, Form
from spaces.classification.labels import default_descriptions
from spaces.classification.reviews import CHINESE
from spaces.classification.run import METHODS
from spaces.classification.split import SEED, TEST_SIZE

DEFAULT_METHODS = ["embedding_classifier", "centroid", "zero_shot"]
LIMIT = 2000
SOURCES = ("pang-lee", CHINESE, "rotten_tomatoes", "emotion")
UPLOADED = ""
"""The value of the data set's box while the visitor's own file is used."""


@dataclass(frozen=True)
class Widgets:
    """By field of `Form`, and what is not a field."""

    fields: dict[str, Any]
    methods: gr.CheckboxGroup
    run: gr.Button
    stop: gr.Button
    note: gr.HTML

    @property
    def inputs(self) -> list[Any]:
        return [self.fields[name] for name in FIELDS]


def draw(t: Translator) -> Widgets:
    """Draws the column inside the caller's and wires what happens within it."""
    fields: dict[str, Any] = {"held": gr.State(None), "mapping": gr.State(None)}
    choices = [(t(f"source_{key}"), key) for key in SOURCES]
    fields["source"] = gr.Dropdown(
        choices,
        value="pang-lee",
        label=t("source"),
        info=t("source_hint"),
        allow_custom_value=True,
        elem_id="classify-source",
    )
    upload = gr.UploadButton(
        t("upload"), file_types=None, size="sm", elem_id="classify-upload", interactive=True
    )
    with gr.Row(elem_classes="classify-columns"):
        fields["text_column"] = gr.Dropdown(
            ["text", "label"], value="text", label=t("text_column"), min_width=120
        )
        fields["label_column"] = gr.Dropdown(
            ["text", "label"], value="label", label=t("label_column"), min_width=120
        )
    note = gr.HTML("", elem_id="classify-data", elem_classes="hub-plain")
    methods = gr.CheckboxGroup(
        [(t(method), method) for method in METHODS],
        value=DEFAULT_METHODS,
        label=t("methods"),
        elem_classes="classify-methods",
    )
    with gr.Row(elem_classes="classify-actions"):
        run = gr.Button(t("run"), variant="primary", elem_id="classify-run")
        stop = gr.Button(t("stop"), min_width=84, elem_id="classify-stop")
    fields["descriptions"] = gr.Textbox(
        "\n".join(default_descriptions(("neg", "pos"))),
        label=t("descriptions"),
        info=t("descriptions_hint", names="neg, pos"),
        lines=2,
        max_lines=8,
        elem_id="classify-descriptions",
    )
    with gr.Accordion(t("more"), open=False):
        _draw_more(t, fields)
    for widget in [*fields.values(), methods]:
        widget.interactive = True  # inside gr.render Gradio takes some of them for outputs
    widgets = Widgets(fields, methods, run, stop, note)
    _wire(widgets, upload)
    return widgets


def _draw_more(t: Translator, fields: dict[str, Any]) -> None:
    fields["test_size"] = gr.Slider(0.05, 0.95, TEST_SIZE, step=0.05, label=t("test_size"))
    fields["seed"] = gr.Number(SEED, precision=0, label=t("seed"), info=t("seed_hint"))
    fields["limit"] = gr.Number(LIMIT, precision=0, label=t("limit"), info=t("limit_hint"))
    fields["k"] = gr.Slider(1, 64, few_shot.K, step=1, label=t("k"), info=t("few_shot"))
    fields["steps"] = gr.Slider(1, 200, few_shot.STEPS, step=1, label=t("steps"), info=t("few_shot"))
    fields["chat"] = gr.Dropdown(
        [(spec.name, spec.key) for spec in of_task("chat")],
        value=DEFAULT_CHAT,
        label=t("chat"),
        info=t("generative"),
    )
    fields["sample"] = gr.Slider(4, 400, generative.SAMPLE, step=1, label=t("sample"), info=t("generative"))
    fields["names"] = gr.Textbox("", label=t("names"), info=t("names_hint"), lines=2)
    fields["prompt"] = gr.Textbox(generative.PROMPT, label=t("prompt"), info=t("prompt_hint"), lines=4)
    fields["sentiment"] = gr.Dropdown(
        [(t("sentiment_auto"), ""), *((spec.name, spec.key) for spec in of_task("sentiment"))],
        value="",
        label=t("sentiment"),
        info=t("task_model"),
    )


def _wire(widgets: Widgets, upload: gr.UploadButton) -> None:
    fields = widgets.fields
    filled = [fields[n] for n in ("held", "source", "text_column", "label_column")]
    filled += [fields["descriptions"], fields["mapping"], widgets.note]
    fields["source"].input(handler(open_source), fields["source"], filled, **LIGHT)
    upload.upload(handler(open_upload), upload, [upload, *filled], **LIGHT)
    told = [fields["descriptions"], fields["mapping"], widgets.note]
    fields["label_column"].input(handler(tell), widgets.inputs, told, **LIGHT)
    for name in ("text_column", "test_size", "seed", "limit"):
        fields[name].change(
            handler(lambda *values: tell(*values)[-1]),
            widgets.inputs,
            widgets.note,
            trigger_mode="always_last",
            **LIGHT,
        )
    first = gr.Timer(0.2)
    first.tick(
        handler(lambda *values: (gr.update(active=False), tell(*values)[-1])),
        widgets.inputs,
        [first, widgets.note],
        **LIGHT,
    )


def open_source(source: str) -> tuple[Any, ...]:
    """Another data set by name: its columns, its classes."""
    return (None, gr.skip(), *_opened(None, source or ""))


def open_upload(path: Any) -> tuple[Any, ...]:
    """The visitor's own file, out of Gradio's cache and into the session."""
    if not path:
        return (gr.skip(),) * 8
    table = read_table(take_upload(path), Path(str(path)).name)
    return (None, table, gr.update(value=UPLOADED), *_opened(table, UPLOADED))


def _opened(held: Table | None, source: str) -> tuple[Any, ...]:
    t = current_translator("classification")
    form = _form(held, source, None, None)
    data = form.table()
    names = list(data.columns)
    text_column = guess_text_column(data)
    label_column = guess_label_column(data, text_column)
    descriptions, sentence = _describe(t, data, _form(held, source, text_column, label_column))
    return (
        gr.update(choices=names, value=text_column),
        gr.update(choices=names, value=label_column),
        descriptions,
        None,
        sentence,
    )


def tell(*values: Any) -> tuple[Any, None, str]:
    """What the chosen columns hold. A mistake is told in the column, not in a pop-up at every change."""
    t = current_translator("classification")
    form = Form(*values)
    try:
        descriptions, sentence = _describe(t, form.table(), form)
        return descriptions, None, sentence
    except HubError as error:
        return gr.skip(), None, views.note(explain(error, current_lang()), warn=True)


def _describe(t: Translator, data: Table, form: Form) -> tuple[Any, str]:
    """The descriptions to start from, and what the data are."""
    own = ""
    if form.held is not None:
        own = views.note(t("uploaded", name=data.name, rows=f"{len(data):,}"))
    try:
        split = form.split()
    except HubError as error:
        return gr.skip(), own + views.data_note(t, data, None) + views.note(
            explain(error, current_lang()), warn=True
        )
    descriptions = gr.update(
        value="\n".join(default_descriptions(split.classes)),
        info=t("descriptions_hint", names=", ".join(split.classes)[:200]),
        lines=min(8, max(2, len(split.classes))),
    )
    return descriptions, own + views.data_note(t, data, split)


def _form(held: Table | None, source: str, text_column: str | None, label_column: str | None) -> Form:
    """A form with these data and everything else as it comes."""
    return Form(
        held, None, source, text_column, label_column, "", TEST_SIZE, SEED, LIMIT, few_shot.K,
        few_shot.STEPS, DEFAULT_CHAT, generative.SAMPLE, "", generative.PROMPT, "",
    )  # fmt: skip
