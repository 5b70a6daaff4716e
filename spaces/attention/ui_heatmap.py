"""The first tab: all heads as thumbnails, the chosen one large, which heads link one word to another."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from shared import i18n
from shared.errors import HubError
from shared.i18n import Translator
from shared.models import cache
from shared.ui import MODEL, current_lang, current_translator, handler, significant
from spaces.attention import board, heads
from spaces.attention.forward import look, opened
from spaces.attention.inputs import Inputs
from spaces.attention.texts import TEXTS

HERE = Path(__file__).parent


def drawing(t: Translator, scripts: list[str], functions: list[Callable[..., Any]]) -> gr.HTML:
    """A `gr.HTML` that the scripts of this folder draw; they may ask the server `functions`."""
    return gr.HTML(
        None,
        html_template="<div class='attention-drawing'></div>",
        js_on_load="\n".join((HERE / name).read_text(encoding="utf-8") for name in scripts),
        server_functions=functions,
        elem_classes="hub-plain",
        texts={key: t(key) for key in TEXTS},
    )


def draw(t: Translator) -> gr.HTML:
    """Draws the tab."""
    scripts = ["paint.js", "grid.js", "heatmap.js", "lines.js", "attention.js"]
    return drawing(t, scripts, [matrix, ranking])


def wire(event: Any, inputs: Inputs, drawings: list[Any]) -> Any:
    """`event` runs the model over the inputs and gives all `drawings` the result."""

    def run(*values: Any) -> Iterator[list[Any]]:
        # Gradio walks through lists and dicts, but passes a string on as it is
        yield from (
            [{"json": json.dumps(found, ensure_ascii=False)}] * len(drawings) for found in _look(*values)
        )

    return event(handler(run), inputs.components, drawings, **MODEL)


def _look(text: str, pair: str, model: str) -> Iterator[dict[str, Any]]:
    t = current_translator("attention")
    spec = opened(model)
    if not cache().is_loaded(spec):
        gr.Info(t("hub.loading_model", model=spec.name), duration=4, title=t("model"))
    done = heads.check(look(text or "", pair or "", model))
    seconds = significant(done.seconds)
    line = t("hub.answered_by", model=done.model, device=done.device, seconds=seconds)
    yield board.board(done) | {"line": line}


def answering(fn: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """For functions that a drawing calls: a HubError becomes `{"error": sentence}` in the visitor's
    language."""

    def answer(request: Any) -> dict[str, Any]:
        try:
            return fn(**request) if isinstance(request, dict) else {"error": ""}
        except HubError as error:
            return {"error": i18n.explain(error, current_lang())}
        except TypeError:
            # not what our own script sends
            return {"error": i18n.text(current_lang(), "hub.unexpected")}

    answer.__name__ = fn.__name__
    return answer


@answering
def matrix(key: Any, part: Any, layer: Any, head: Any, mean: Any = "") -> dict[str, Any]:
    """One head's weights."""
    return board.matrix(key, part, layer, head, mean)


@answering
def ranking(key: Any, part: Any, queries: Any, keys: Any) -> dict[str, Any]:
    """The heads that link some tokens to others."""
    return {"heads": board.ranking(key, part, queries, keys)}
