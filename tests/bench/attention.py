"""The attention lab in Chromium: until its views are ready, and from one head to another."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from shared.models import MODELS, cache, white_box
from tests.bench.result import Result, median
from tests.conftest import CHROMIUM, Hub

_WORDS = """
time people way day man thing woman life child world school state family student group country
problem hand part place case week company system program question work number night point home water
room mother area money story fact month lot right study book eye job word business issue side kind
head house service friend father power hour game line end member law car city
"""
ROUNDS = 5

_SWITCH = """([layer, head]) => new Promise((done) => {
  const root = document.querySelector('.attention-drawing[data-shown]');
  const canvas = document.querySelector('.attention-grid canvas');
  const box = canvas.getBoundingClientRect();
  const tile = (box.width - 24) / 30;
  const began = performance.now();
  new MutationObserver((_, observer) => {
    if (!root.dataset.shown.includes(` ${layer} ${head} `)) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  }).observe(root, {attributes: true});
  const at = [box.left + 24 + tile * (layer + 0.5), box.top + 18 + tile * (head + 0.5)];
  canvas.dispatchEvent(new MouseEvent('click', {clientX: at[0], clientY: at[1], bubbles: true}));
})"""
_DRAWING = """(name) => new Promise((done) => {
  const began = performance.now();
  document.querySelector(`.attention-option[data-value="${name}"]`).click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""
_HOVER = """(at) => new Promise((done) => {
  const over = document.querySelector('.attention-over');
  const box = over.getBoundingClientRect();
  const began = performance.now();
  over.dispatchEvent(new PointerEvent('pointermove',
    {clientX: box.left + at, clientY: box.top + at, bubbles: true}));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""


def text_of(tokens: int, turn: int) -> str:
    """Words of one token each, another text at every turn."""
    words = _WORDS.split()
    return " ".join((words * (tokens // len(words) + 2))[turn : turn + tokens])


def measure() -> Iterator[Result]:
    bare = _bare()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        hub = Hub(Path(folder) / "hub.log", HUB_WARM="0")
        try:
            hub.wait()
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{hub.url}/?tab=attention")
            page.wait_for_selector(".attention-run", timeout=60_000)
            _ready(page, text_of(64, 60))  # loads the model
            ready = [_ready(page, text_of(64, turn)) for turn in range(ROUNDS)]
            switch = _switches(page, 64)
            _ready(page, text_of(256, 3))
            long = _switches(page, 256)
        finally:
            hub.stop()
            browser.close()
    yield Result(
        "64 tokens, 270 heads: from Run to the views, against 1.3 x the bare eager forward pass",
        "s",
        median(ready),
        1.3 * median(bare),
        "difference_at_most",
        0.5,
        f"SmolLM2-135M in float32; the bare pass itself takes {median(bare):.3g} s",
    )
    yield Result("64 tokens: another head, slowest of 12", "ms", max(switch["head"]), None, "at_most", 100)
    yield Result("64 tokens: the other drawing", "ms", max(switch["drawing"]), None, "at_most", 100)
    slowest = {name: max(times) for name, times in long.items()}
    note = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in slowest.items())
    yield Result("256 tokens: slowest interaction", "ms", max(slowest.values()), None, "at_most", 200, note)


def _ready(page: Page, text: str) -> float:
    """Seconds from the click on Run to the chosen head on the screen."""
    page.fill("#attention-text textarea", text)
    page.evaluate("() => delete document.querySelector('.attention-drawing')?.dataset.shown")
    began = time.perf_counter()
    page.click(".attention-run")
    page.wait_for_selector(".attention-drawing[data-shown]", timeout=120_000)
    return time.perf_counter() - began


def _switches(page: Page, tokens: int) -> dict[str, list[float]]:
    """Milliseconds of heads never asked for, of the drawings, of pointing at cells."""
    page.wait_for_timeout(500)
    heads = [(layer, (3 * layer + tokens) % 9) for layer in range(1, 25, 2)]
    found: dict[str, list[Any]] = {"head": [page.evaluate(_SWITCH, list(head)) for head in heads]}
    found["hover"] = [page.evaluate(_HOVER, at) for at in (150, 200, 260, 320)]
    found["drawing"] = [page.evaluate(_DRAWING, name) for name in ("lines", "heat", "lines", "heat")]
    return found


def _bare() -> list[float]:
    """Seconds of the forward pass that gives all attention weights and hidden states, without the hub."""
    import torch

    times = []
    with cache().lease(replace(white_box(MODELS["smollm2-135m"]), dtype="float32")) as weights:
        for turn in range(ROUNDS + 1):
            encoding = weights.tokenizer(text_of(64, turn), return_tensors="pt")
            assert encoding["input_ids"].shape == (1, 64)
            began = time.perf_counter()
            with torch.inference_mode():
                weights.model(**encoding, output_attentions=True, output_hidden_states=True, use_cache=False)
            times.append(time.perf_counter() - began)
    return times[1:]
