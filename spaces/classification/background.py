"""Work in a thread of its own, so that a handler can show how far it is and stop it."""

import queue
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

INTERVAL = 0.15
"""Seconds between two messages of progress."""


class Stopped(Exception):
    """Raised inside the work, at its next word of progress, when nobody waits for it any more."""


@dataclass(frozen=True)
class Step:
    """What the work is doing and how far it is; `total` 0: nobody knows."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class Result:
    """What the work returned."""

    value: Any


def in_background(work: Callable[[Callable[[str, int, int], None]], Any]) -> Generator[Step | Result]:
    """Yields the newest `Step` a few times a second and `Result` at the end; raises what `work` raised.

    Closing the generator (a stop button) ends the work at its next word of progress."""
    events: queue.SimpleQueue[Step | Result | Exception] = queue.SimpleQueue()
    stopped = threading.Event()

    def progress(name: str, done: int, total: int) -> None:
        if stopped.is_set():
            raise Stopped
        events.put(Step(name, done, total))

    def run() -> None:
        try:
            events.put(Result(work(progress)))
        except Stopped:
            pass
        except Exception as error:
            events.put(error)

    threading.Thread(target=run, name="classification", daemon=True).start()
    try:
        while True:
            event = events.get()
            while isinstance(event, Step):
                yield event
                stopped.wait(INTERVAL)
                event = _newest(events)
            if isinstance(event, Exception):
                raise event
            yield event
            return
    finally:
        stopped.set()


def _newest(events: "queue.SimpleQueue[Step | Result | Exception]") -> Step | Result | Exception:
    """The last step in the queue, or what ended the work; waits when there is nothing yet."""
    event = events.get()
    while isinstance(event, Step):
        try:
            event = events.get_nowait()
        except queue.Empty:
            break
    return event
