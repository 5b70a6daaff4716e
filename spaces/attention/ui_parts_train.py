"""Training live: a thread of its own learns, this watches it twice a second and can stop it."""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator
from shared.markup import empty, progress
from shared.ui import LIGHT, MODEL, current_translator, handler
from spaces.attention import parts_views
from spaces.attention.parts import check_size

RATES = (3e-4, 1e-3, 3e-3, 1e-2)
STEPS = (300, 4000)
TRAINING: dict[str, Any] = {
    **MODEL,
    "concurrency_id": "attention-training",
    "concurrency_limit": max(1, os.cpu_count() or 1),
}
"""One training per core: more would only make all of them slow. Who waits sees the place in the queue."""
_WATCH = 0.6
"""Seconds between two drawings."""


def draw(t: Translator, size: list[gr.Radio]) -> tuple[gr.State, list[Any]]:
    """Draws the tab; returns the session's training and the settings."""
    trained = gr.State(None)
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=260, elem_classes="lab-inputs"):
            rate = gr.Radio(
                [(f"{r:g}", r) for r in RATES],
                value=3e-3,
                label=t("parts_rate"),
                interactive=True,
                elem_id="parts-rate",
            )
            norm = gr.Radio(
                [(t("parts_pre"), True), (t("parts_post"), False)],
                value=True,
                label=t("parts_norm"),
                interactive=True,
                elem_id="parts-norm",
            )
            steps = gr.Slider(
                *STEPS,
                value=2400,
                step=100,
                label=t("parts_steps"),
                info=t("parts_steps_hint"),
                interactive=True,
                elem_id="parts-steps",
            )
            with gr.Row(elem_classes="parts-buttons"):
                go = gr.Button(t("parts_train"), variant="primary", elem_id="parts-train", min_width=100)
                halt = gr.Button(t("parts_stop"), elem_id="parts-stop", min_width=80)
        with gr.Column(scale=2, min_width=320, elem_classes="lab-result"):
            status = gr.HTML(empty(t("parts_train_empty")), elem_classes="hub-plain", elem_id="parts-status")
            plot = gr.Plot(visible=False, show_label=False, elem_id="parts-curve")
            samples = gr.HTML("", elem_classes="hub-plain", elem_id="parts-samples")
    settings = [rate, norm, steps]
    shown = [status, plot, samples]
    event = go.click(handler(train), [*size, *settings, trained], [trained, *shown], **TRAINING)
    halt.click(handler(stop), trained, shown, cancels=[event], **LIGHT)
    return trained, settings


def train(
    width: Any, heads: Any, layers: Any, rate: Any, norm: Any, steps: Any, before: Any
) -> Iterator[tuple[Any, ...]]:
    """Starts a training and draws it as it goes. Ends with it, however this generator ends."""
    t = current_translator("attention")
    size = check_size(width, heads, layers)
    if rate not in RATES or not isinstance(steps, int | float) or not STEPS[0] <= steps <= STEPS[1]:
        raise HubError("attention.parts_bad_size")
    if before is not None:
        before.stopping = True
    if "torch" not in sys.modules:
        yield None, progress(t("parts_starting")), gr.update(visible=False), ""
    from spaces.attention.train_dates import Plan, start

    training = start(
        Plan(size.width, size.heads, size.layers, bool(norm), learning_rate=float(rate), steps=int(steps))
    )
    try:
        while not training.ended:
            yield training, *_drawn(t, training)
            time.sleep(_WATCH)
        yield training, *_drawn(t, training, _ending(training))
    finally:
        training.stopping = True


def stop(training: Any) -> tuple[Any, ...]:
    """Ends the training of this session and draws where it stopped."""
    t = current_translator("attention")
    if training is None:
        return empty(t("parts_train_empty")), gr.update(), gr.update()
    finished = training.ended
    training.stopping = True
    end = time.monotonic() + 5
    while not training.ended and time.monotonic() < end:
        time.sleep(0.02)
    return _drawn(t, training, _ending(training) if finished else "parts_stopped")


def _ending(training: Any) -> str:
    if training.failed or not training.points:
        return "parts_failed"
    if training.points[-1].step == training.plan.steps:
        return "parts_done"
    from spaces.attention.train_dates import LIMIT_SECONDS

    return "parts_limit" if training.points[-1].seconds > LIMIT_SECONDS else "parts_stopped"


def _drawn(t: Translator, training: Any, ending: str = "") -> tuple[Any, ...]:
    points = list(training.points)
    if not points:
        return parts_views.training_line(t, training), gr.update(visible=False), ""
    return (
        parts_views.training_line(t, training, ending),
        gr.update(value=parts_views.curve(t, points), visible=True),
        parts_views.answers(t, points[-1].answers),
    )
