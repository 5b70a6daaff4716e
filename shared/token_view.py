"""The token view: text cut into coloured tokens that can be hovered and clicked. Drawn in the browser."""

from pathlib import Path
from typing import Any, TypedDict

import gradio as gr

_JS = Path(__file__).parent / "static" / "token_view.js"


class ViewToken(TypedDict, total=False):
    """One token as the browser gets it. Only `text` is required.

    `title` is the hover text, `special` marks control tokens, `byte` marks fragments of a character (shown as
    `<E4>`), `shade` in [0, 1] tints by a value (a probability) instead of the two alternating colours,
    `before`
    and `after` are marks drawn faintly beside the text (`##`, `</w>`)."""

    text: str
    title: str
    special: bool
    byte: bool
    shade: float
    before: str
    after: str


def token_view(placeholder: str = "", **kwargs: Any) -> gr.HTML:
    """A `gr.HTML` whose value is `{"tokens": list[ViewToken], "whitespace": bool, "selected": int | None}`.

    `.select(fn)` fires on click and on Enter; `event._data["index"]` is the token's index. While a generator
    appends tokens only the new ones are drawn. `placeholder` is the empty state's sentence; `more` (a
    keyword)
    names the button that draws the next 2,000 of a long text, `{n}` in it becomes how many are left."""
    return gr.HTML(
        None,
        html_template="<div class='token-view' tabindex='0'></div>",
        js_on_load=_JS.read_text(encoding="utf-8"),
        placeholder=placeholder,
        **kwargs,
    )


def token_view_script() -> str:
    """The drawing code (`createTokenView`) for a lab whose own script draws several views."""
    return _JS.read_text(encoding="utf-8")
