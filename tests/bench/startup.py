"""From process start to the first page, and to a page that can be used, against a bare Gradio app."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.bench.result import Result, median
from tests.conftest import CHROMIUM, Hub, free_port

BARE = """
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    name = gr.Textbox(label="Name")
    hello = gr.Textbox(label="Hello")
    name.submit(lambda who: f"Hello, {who}", name, hello)
demo.launch(server_port=PORT)
"""
ROUNDS = 5


def measure() -> Iterator[Result]:
    pages: dict[str, list[float]] = {"hub": [], "bare": []}
    usable: dict[str, list[float]] = {"hub": [], "bare": []}
    size = torch_loaded = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        for round_ in range(ROUNDS):
            hub = Hub(Path(folder) / f"hub{round_}.log", HUB_WARM="0")
            hub.wait()
            pages["hub"].append(time.monotonic() - hub.started)
            size = len(httpx.get(hub.url).content)
            torch_loaded += "libtorch" in Path(f"/proc/{hub.process.pid}/maps").read_text()
            usable["hub"].append(_usable(browser, hub.url, ".lab-head button"))
            hub.stop()
            bare, port = _start_bare()
            try:
                pages["bare"].append(_first_page(port))
                usable["bare"].append(_usable(browser, f"http://127.0.0.1:{port}", "textarea"))
            finally:
                bare.terminate()
                bare.wait()
        browser.close()
    yield Result(
        "process start to first page",
        "s",
        median(pages["hub"]),
        median(pages["bare"]),
        "difference_at_most",
        2.0,
    )
    yield Result("torch loaded by then", "of 5 starts", torch_loaded, None, "at_most", 0)
    yield Result("served HTML with all labs", "KB", size / 1000, None, "at_most", 500)
    yield Result(
        "usable in Chromium",
        "s",
        median(usable["hub"]),
        median(usable["bare"]),
        "difference_at_most",
        1.5,
        "the first lab drawn, its buttons visible",
    )


def _start_bare() -> tuple[subprocess.Popen, int]:
    port = free_port()
    script = BARE.replace("PORT", str(port))
    started = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return started, port


def _first_page(port: int) -> float:
    started = time.monotonic()
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}", timeout=5).status_code == 200:
                return time.monotonic() - started
        except httpx.TransportError:
            time.sleep(0.05)


def _usable(browser: Browser, url: str, selector: str) -> float:
    page = browser.new_page()
    started = time.monotonic()
    page.goto(url)
    page.locator(selector).first.wait_for(state="visible", timeout=60_000)
    seconds = time.monotonic() - started
    page.close()
    return seconds
