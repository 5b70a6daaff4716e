"""What the hub adds to Gradio's web server: the page's language, the status chip, the Models table."""

import logging
from collections.abc import Callable
from html import escape
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import i18n, models_panel
from shared.i18n import COOKIE, Lang

log = logging.getLogger(__name__)

_HEAD_JS = (Path(__file__).parent / "static" / "head.js").read_text(encoding="utf-8")


def request_lang(request: Request) -> Lang:
    return i18n.choose_lang(request.cookies, request.headers.get("accept-language", ""))


class PageLanguage:
    """Puts one script right after `<head>` of HTML pages, so that Gradio's own strings are built in the
    visitor's
    language, and remembers that language in a cookie. Calls `on_page` after each page it served."""

    def __init__(self, app: ASGIApp, on_page: Callable[[], None]) -> None:
        self.app = app
        self.on_page = on_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        start: Message | None = None
        page = bytearray()

        async def send_page(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if kind.startswith("text/html") and "content-encoding" not in MutableHeaders(scope=message):
                    start = message  # held back: the length changes
                    return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            lang = request_lang(request)
            script = f"<script>{_HEAD_JS.replace('__LANG__', lang)}</script>".encode()
            body = bytes(page).replace(b"<head>", b"<head>" + script, 1)
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(body))
            headers.append("vary", "Cookie, Accept-Language")
            if request.cookies.get(COOKIE) != lang:
                crossing = (
                    "SameSite=None; Secure; Partitioned" if scope["scheme"] == "https" else "SameSite=Lax"
                )
                headers.append("set-cookie", f"{COOKIE}={lang}; Path=/; Max-Age=31536000; {crossing}")
            await send(start)
            await send({"type": "http.response.body", "body": body})
            if start["status"] == 200:
                self.on_page()

        await self.app(scope, receive, send_page)


def status_route(waiting: Callable[[], int]) -> Route:
    """`/hub/status`: what the chip says, in the visitor's language."""

    def status(request: Request) -> JSONResponse:
        return JSONResponse(models_panel.chip(request_lang(request), waiting()))

    return Route("/hub/status", status)


def models_route() -> Route:
    """`/hub/models`: the Models table as HTML, in the visitor's language."""

    def models(request: Request) -> HTMLResponse:
        return HTMLResponse(models_panel.table(request_lang(request)))

    return Route("/hub/models", models)


def middleware(on_page: Callable[[], None]) -> list[Middleware]:
    return [Middleware(PageLanguage, on_page=on_page)]


def error_box(sentence: str, reason: str) -> str:
    """A lab that did not load, as HTML."""
    return f"<div class='lab-error'><p>{escape(sentence)}</p><p><code>{escape(reason)}</code></p></div>"
