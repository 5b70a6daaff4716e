"""Work that reports progress through a callback, turned into a generator that a page can stream and stop."""

import queue
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """Raised inside the work, at its next report, when nobody waits for it any more."""


def watch(
    work: Callable[[Callable[..., None]], T], every: float = 0.2
) -> Generator[tuple[Any, ...], None, T]:
    """Runs `work(report)` in a thread and yields what it last reported, at most once per `every` seconds.

    The generator's return value (`result = yield from watch(...)`) is the work's; what the work raises is
    raised here. Closing the generator ends the work at its next report."""
    events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    stop = threading.Event()

    def report(*what: Any) -> None:
        if stop.is_set():
            raise Stopped
        events.put(("report", what))

    def run() -> None:
        try:
            events.put(("result", work(report)))
        except Stopped:
            events.put(("error", None))
        except BaseException as error:  # handed to whoever waits
            events.put(("error", error))

    threading.Thread(target=run, name="watched-work", daemon=True).start()
    try:
        while True:
            kind, value = events.get()
            if kind == "report":
                yield value
                # what comes while the page draws is told once, in its newest state
                deadline = time.monotonic() + every
                latest = None
                while kind == "report" and (left := deadline - time.monotonic()) > 0:
                    try:
                        kind, value = events.get(timeout=left)
                    except queue.Empty:
                        break
                    latest = value if kind == "report" else latest
                if latest is not None:
                    yield latest
            if kind == "result":
                return value
            if kind == "error" and value is not None:
                raise value
    finally:
        stop.set()
