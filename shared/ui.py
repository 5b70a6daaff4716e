"""The few widgets and wires that every lab shares. Labs call these; nothing here knows a lab."""

import csv
import functools
import html
import inspect
import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from shared import i18n
from shared.errors import HubError
from shared.i18n import Lang, Translator
from shared.settings import settings

log = logging.getLogger(__name__)

LIGHT: dict[str, Any] = {
    "concurrency_id": "light",
    "concurrency_limit": 32,
    "api_visibility": "private",
    "show_progress": "hidden",
}
"""For events that cost milliseconds: `button.click(handler(fn), inputs, outputs, **LIGHT)`."""

MODEL: dict[str, Any] = {
    "concurrency_id": "model",
    "concurrency_limit": settings().slots,
    "api_visibility": "private",
    "show_progress": "minimal",
}
"""For events that keep a model busy; they share one queue, as wide as the chat engine has slots."""

_SAVE = """
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'text/plain;charset=utf-8'}));
  link.download = %s; link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
_READ = "document.querySelector(%s)?.textContent ?? '';"
# navigator.clipboard is missing on plain http, which is how a class reaches the hub
_COPY = (
    "async () => { const text = "
    + _READ
    + """
  try { await navigator.clipboard.writeText(text); } catch {
    const area = document.createElement('textarea');
    area.value = text; document.body.append(area); area.select(); document.execCommand('copy'); area.remove();
  }
}"""
)

API_LIGHT = {"concurrency_id": "light", "concurrency_limit": 32}
API_MODEL = {"concurrency_id": "model", "concurrency_limit": settings().slots}
"""The same two groups for `gr.api(fn, api_name=..., **API_MODEL)`."""


def current_lang() -> Lang:
    """The language of the visitor whose request is being handled."""
    request = LocalContext.request.get(None)
    if request is None:
        return "en"
    return i18n.choose_lang(dict(request.cookies), request.headers.get("accept-language", ""))


def current_translator(namespace: str) -> Translator:
    """Looks up `namespace`'s texts in the language of the visitor whose request is being handled."""
    return i18n.translator(namespace, current_lang())


def _as_gradio_error(error: Exception, lang: Lang) -> gr.Error:
    if isinstance(error, HubError):
        log.info("refused: %s", error)
        return gr.Error(
            html.escape(i18n.explain(error, lang)), title=i18n.text(lang, "hub.error_title"), duration=8
        )
    log.error("a handler failed", exc_info=error)
    return gr.Error(i18n.text(lang, "hub.unexpected"), title=i18n.text(lang, "hub.error_title"), duration=8)


def handler(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps what an event or an endpoint calls: HubError becomes one sentence in the visitor's language,
    anything
    else a log entry and a general sentence. Works for functions and generators and keeps the signature."""
    if inspect.isgeneratorfunction(fn):

        @functools.wraps(fn)
        def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
            lang = current_lang()
            try:
                yield from fn(*args, **kwargs)
            except gr.Error:
                raise
            except Exception as error:
                raise _as_gradio_error(error, lang) from None

        return stream

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        lang = current_lang()
        try:
            return fn(*args, **kwargs)
        except gr.Error:
            raise
        except Exception as error:
            raise _as_gradio_error(error, lang) from None

    return call


@dataclass(frozen=True)
class LabHead:
    """The line on top of a lab: what one can find out here, the lesson, the code."""

    code_button: gr.Button
    code: gr.Code
    code_panel: gr.Column


def lab_head(t: Translator, readme: Path) -> LabHead:
    """Draws the lab's sentence (`summary`), the Lesson button (from `readme`) and the Show code button."""
    with gr.Row(elem_classes="lab-head"):
        gr.HTML(f"<p class='lab-summary'>{html.escape(t('summary'))}</p>", scale=8, elem_classes="hub-plain")
        lesson_button = gr.Button(t("hub.lesson"), size="sm", variant="secondary", scale=0, min_width=96)
        code_button = gr.Button(t("hub.show_code"), size="sm", variant="secondary", scale=0, min_width=96)
    lesson_open = gr.State(False)
    with gr.Column(visible=False, elem_classes="lesson") as lesson_panel:
        lesson_text = gr.Markdown()

    def toggle_lesson(is_open: bool) -> tuple[bool, Any, Any]:
        if is_open:
            return False, gr.update(visible=False), gr.update()
        return True, gr.update(visible=True), lesson(readme, current_lang())

    lesson_button.click(
        handler(toggle_lesson), lesson_open, [lesson_open, lesson_panel, lesson_text], **LIGHT
    )
    with gr.Column(visible=False, elem_classes="code-panel") as code_panel:
        code = gr.Code(language="python", label=t("hub.code_label"), interactive=False, lines=8, max_lines=28)
    return LabHead(code_button, code, code_panel)


def show_code(head: LabHead, snippet: Callable[..., str], inputs: Sequence[Any]) -> None:
    """Wires Show code: `snippet(*inputs)` is the script; a second click closes it."""
    is_open = gr.State(False)

    def toggle(opened: bool, *values: Any) -> tuple[bool, Any, Any]:
        if opened:
            return False, gr.update(visible=False), gr.update()
        return True, gr.update(visible=True), snippet(*values)

    head.code_button.click(
        handler(toggle), [is_open, *inputs], [is_open, head.code_panel, head.code], **LIGHT
    )


def lesson(readme: Path, lang: Lang) -> str:
    """The lesson in `lang`: what stands between `<!-- zh -->` / `<!-- en -->` and the next such mark (or
    the end)."""
    parts = readme.read_text(encoding="utf-8").split(f"<!-- {lang} -->")
    if len(parts) < 2:
        return ""
    other = "en" if lang == "zh" else "zh"
    return parts[1].split(f"<!-- {other} -->")[0].strip()


def on_copy(button: Any, selector: str) -> None:
    """`button` puts the text of the first element that matches the CSS `selector` on the clipboard."""
    button.click(None, None, None, js=_COPY % json.dumps(selector), api_visibility="private")


def on_save(button: Any, selector: str, filename: str) -> None:
    """`button` downloads the text of the first element that matches the CSS `selector`."""
    js = "() => { const text = " + _READ % json.dumps(selector) + _SAVE % json.dumps(filename)
    button.click(None, None, None, js=js, api_visibility="private")


def on_download(button: Any, produce: Callable[..., str], inputs: Any, filename: str) -> None:
    """`button` downloads what `produce(*inputs)` returns (text: CSV, JSON, SVG, a transcript) as `filename`.

    The browser makes the file: nothing is written on the server."""
    text = gr.Textbox(visible="hidden")
    button.click(handler(produce), inputs, text, **LIGHT).then(
        None, text, None, js="(text) => {" + _SAVE % json.dumps(filename), api_visibility="private"
    )


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV that spreadsheets open: a byte order mark, and no cell that they would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell for cell in row]
        )
    return "\ufeff" + out.getvalue()


def significant(value: float) -> str:
    """Three significant digits, no exponent: 0.0123, 1.20, 61.4, 1230."""
    if value == 0:
        return "0"
    text = f"{value:.3g}"
    return f"{value:.0f}" if "e" in text else text


def answered_by(
    t: Translator, model: str, device: str, seconds: float, tokens_per_second: float | None = None
) -> str:
    """The line under every result, as HTML: which model answered, where, in how long."""
    line = t(
        "hub.answered_by", model=html.escape(model), device=html.escape(device), seconds=significant(seconds)
    )
    if tokens_per_second is not None:
        line += " · " + t("hub.tokens_per_second", rate=significant(tokens_per_second))
    return f"<p class='answered-by'>{line}</p>"
