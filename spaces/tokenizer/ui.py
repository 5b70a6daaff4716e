"""Widgets and wiring of the tokenizer lab."""

import json
import time
from pathlib import Path
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.token_view import token_view, token_view_script
from shared.ui import LIGHT, handler, lab_head, show_code
from spaces.tokenizer import board, examples, lab, merges, sources, vectors
from spaces.tokenizer.endpoints import TABLES, TOKENIZERS, TOP_K
from spaces.tokenizer.snippet import snippet
from spaces.tokenizer.texts import TEXTS

HERE = Path(__file__).parent
LATEST: dict[str, Any] = {**LIGHT, "trigger_mode": "always_last"}
"""While one answer is on its way only the newest input waits for the next."""


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    head = lab_head(t, HERE / "README.md")
    with gr.Tabs(elem_classes="tokenizer-tabs"):
        with gr.Tab(t("tab_tokens")):
            inputs = _tokens_tab(t)
        with gr.Tab(t("tab_merges")):
            _merges_tab(t)
        with gr.Tab(t("tab_vectors")):
            _lookup(t)
            _arithmetic(t)
    show_code(head, snippet, inputs)


def _drawing(script: str, t: Translator, empty: str = "") -> gr.HTML:
    """A `gr.HTML` that one of this folder's scripts draws. Its value is a JSON string, which Gradio passes on
    as it is; through long lists it would walk item by item."""
    return gr.HTML(
        None,
        html_template="<div class='tokenizer-drawing'></div>",
        js_on_load=token_view_script() + (HERE / script).read_text(encoding="utf-8"),
        elem_classes="hub-plain",
        texts={key: t(key) for key in TEXTS},
        empty=empty and t(empty),
    )


def _value(drawing: dict[str, Any]) -> dict[str, str]:
    return {"json": json.dumps(drawing, ensure_ascii=False, separators=(",", ":"))}


def _buttons(labels: list[str]) -> list[gr.Button]:
    with gr.Row(elem_classes="tokenizer-examples"):
        return [gr.Button(label, size="sm", scale=0, min_width=0) for label in labels]


def _tokens_tab(t: Translator) -> list[Any]:
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            text = gr.Textbox(label=t("text"), placeholder=t("text_placeholder"), lines=5, max_lines=14)
            buttons = _buttons([t(key) for key in examples.TOKENS])
            names = gr.CheckboxGroup(
                [(f"{name} · {t(source.kind)}", name) for name, source in sources.EMBEDDED.items()],
                value=list(sources.DEFAULT),
                label=t("tokenizers"),
                elem_classes="tokenizer-names",
            )
            special = gr.Checkbox(label=t("special"), container=False)
            chat = gr.Checkbox(label=t("chat"), container=False)
            with gr.Accordion(t("more_settings"), open=False):
                repo = gr.Textbox(label=t("hub_id"), placeholder=t("hub_placeholder"), max_lines=1)
                add = gr.Button(t("add"), size="sm")
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            drawing = _drawing("board.js", t)
    added = gr.State([])
    inputs = [text, names, special, chat]
    # change, not input: Textbox.input hears keys only, so neither a mouse's paste nor a Chinese input method.
    changes = [text.change, names.change, special.change, chat.change]
    gr.on(changes, handler(draw_tokens), inputs, drawing, **LATEST)
    for button, example in zip(buttons, examples.TOKENS.values(), strict=True):
        button.click(lambda example=example: example, None, text, **LIGHT)
    # ?tab=tokenizer&text=... : the drawing's script reads the address
    drawing.opened(handler(text_of_link), None, text, **LIGHT)

    def add_repository(repo: str, chosen: list[str], known: list[str]) -> tuple[Any, list[str], str]:
        name = repo.strip()
        TOKENIZERS.get(name)
        known = list(dict.fromkeys([*known, name]))
        embedded = [(f"{n} · {t(source.kind)}", n) for n, source in sources.EMBEDDED.items()]
        choices = [*embedded, *((n, n) for n in known if n not in sources.EMBEDDED)]
        return gr.update(choices=choices, value=list(dict.fromkeys([*chosen, name]))), known, ""

    gr.on(
        [add.click, repo.submit], handler(add_repository), [repo, names, added], [names, added, repo], **LIGHT
    )
    return inputs


def draw_tokens(text: str, names: list[str], special: bool, chat: bool) -> dict[str, str]:
    """The drawing of the Tokens tab."""
    tokenizers = {name: TOKENIZERS.get(name) for name in sources.check_names(names)}
    began = time.perf_counter()
    drawing = board.tokens_board(tokenizers, lab.check_text(text or ""), special, chat)
    return _value(drawing | {"milliseconds": 1000 * (time.perf_counter() - began)})


def text_of_link(event: gr.EventData) -> str:
    """The text in the address of the page."""
    return lab.check_text(event._data["text"])


def _merges_tab(t: Translator) -> None:
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            text = gr.Textbox(label=t("merges_text"), lines=2, max_lines=4)
            buttons = _buttons(list(examples.MERGES))
            name = gr.Dropdown(
                [(f"{n} · {t(source.kind)}", n) for n, source in sources.EMBEDDED.items()],
                value="smollm2",
                label=t("merges_tokenizer"),
                allow_custom_value=True,
            )
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            drawing = _drawing("replay.js", t)
    gr.on([text.change, name.change], handler(draw_replay), [text, name], drawing, **LATEST)
    for button, example in zip(buttons, examples.MERGES, strict=True):
        button.click(lambda example=example: example, None, text, **LIGHT)


def draw_replay(text: str, name: str) -> dict[str, str] | None:
    """The drawing of the Merges tab."""
    if not text:
        return None
    tokenizer = TOKENIZERS.get(name.strip())
    return _value(board.replay_board(tokenizer, merges.replay(tokenizer, lab.check_text(text))))


def _tables(t: Translator) -> gr.Dropdown:
    return gr.Dropdown([(t(f"table_{name}"), name) for name in vectors.TABLES], label=t("table"))


def _lookup(t: Translator) -> None:
    gr.Markdown(f"### {t('lookup')}")
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            word = gr.Textbox(label=t("lookup_word"), max_lines=1)
            buttons = _buttons(["king", "Berlin", "tokenization", "bank"])
            table = _tables(t)
            run = gr.Button(t("look_up"), variant="primary")
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            with gr.Column(visible=False) as pieces_panel:
                said = gr.Markdown()
                pieces = token_view(elem_classes="hub-plain")
            drawing = _drawing("vectors.js", t, "lookup_empty")
    ids = gr.State([])

    def look_up(word: str, name: str) -> tuple[Any, ...]:
        found = TABLES.get(name)
        chosen = vectors.find_token(found, word or "")
        cut = vectors.pieces(found, word, chosen)
        view = {
            "tokens": [{"text": found.tokenizer.entry(i).text} for i in cut],
            "whitespace": True,
            "selected": 0,
        }
        several = len(cut) > 1
        shown = _value(board.lookup_board(vectors.nearest_tokens(found, chosen, TOP_K)))
        return cut, gr.update(visible=several), t("lookup_pieces", n=len(cut)), view, shown

    def look_up_piece(event: gr.EventData, cut: list[int], name: str) -> dict[str, str]:
        found = TABLES.get(name)
        return _value(board.lookup_board(vectors.nearest_tokens(found, cut[event._data["index"]], TOP_K)))

    outputs = [ids, pieces_panel, said, pieces, drawing]
    gr.on([run.click, word.submit], handler(look_up), [word, table], outputs, **LIGHT)
    for button in buttons:
        filled = button.click(lambda word=button.value: word, None, word, **LIGHT)
        filled.then(handler(look_up), [word, table], outputs, **LIGHT)
    pieces.select(handler(look_up_piece), [ids, table], drawing, **LIGHT)


def _arithmetic(t: Translator) -> None:
    gr.Markdown(f"### {t('arithmetic')}")
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            positive = gr.Textbox(label=t("positive"), placeholder=t("words_placeholder"), max_lines=1)
            negative = gr.Textbox(label=t("negative"), placeholder=t("words_placeholder"), max_lines=1)
            buttons = _buttons(list(examples.ARITHMETIC))
            table = _tables(t)
            run = gr.Button(t("compute"), variant="primary")
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            drawing = _drawing("vectors.js", t, "arithmetic_empty")
            gr.Markdown(t("table_note"), elem_classes="tokenizer-note")
    inputs = [positive, negative, table]
    gr.on([run.click, positive.submit, negative.submit], handler(draw_arithmetic), inputs, drawing, **LIGHT)
    for button, (plus, minus, _) in zip(buttons, examples.ARITHMETIC.values(), strict=True):
        filled = button.click(lambda words=(plus, minus): words, None, [positive, negative], **LIGHT)
        filled.then(handler(draw_arithmetic), inputs, drawing, **LIGHT)


def draw_arithmetic(positive: str, negative: str, name: str) -> dict[str, str]:
    """The drawing of word arithmetic. The examples know which answer one hopes for."""
    plus, minus = vectors.split_words(positive), vectors.split_words(negative)
    hoped = {(frozenset(vectors.split_words(a)), b): answer for a, b, answer in examples.ARITHMETIC.values()}
    expected = hoped.get((frozenset(plus), ", ".join(minus)), "")
    result = vectors.word_arithmetic(TABLES.get(name), plus, minus, TOP_K)
    return _value(board.arithmetic_board(result, expected))
