"""Results kept by what they were made from, in so many bytes; and work that many wait for together."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
HEARTBEAT = 0.2
"""Seconds after which a waiting visitor's handler looks up, so that its Stop is heard."""


class ByteCache(Generic[Value]):
    """Least recently used goes first. A value larger than the budget is not kept."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._guard:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        if nbytes > self._budget:
            return
        with self._guard:
            self._values[key] = (value, nbytes)
            self._values.move_to_end(key)
            while self.nbytes > self._budget:
                self._values.popitem(last=False)

    def remove(self, key: Hashable) -> None:
        with self._guard:
            self._values.pop(key, None)

    @property
    def nbytes(self) -> int:
        return sum(size for _, size in self._values.values())

    def __len__(self) -> int:
        return len(self._values)


Work = Callable[[Callable[[Any], None], threading.Event], Any]
"""`work(report, stop)`: tells of its progress, ends early when `stop` is set, returns the result."""


class _Flight:
    """One piece of work in a thread of its own."""

    def __init__(self, work: Work) -> None:
        self.watchers = 0
        self.stop = threading.Event()
        self.done = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.latest: Any = None
        self.changed = threading.Condition()
        self._work = work

    def run(self) -> None:
        try:
            self.value = self._work(self._report, self.stop)
        except BaseException as error:  # handed to those who wait
            self.error = error
        with self.changed:
            self.done = True
            self.changed.notify_all()

    def _report(self, progress: Any) -> None:
        with self.changed:
            self.latest = progress
            self.changed.notify_all()


class Flights:
    """A class that presses Train with the same settings waits for one training. The work ends early when the
    last of those who wait has left."""

    def __init__(self) -> None:
        self._running: dict[Hashable, _Flight] = {}
        self._guard = threading.Lock()

    def follow(self, key: Hashable, work: Work) -> Generator[Any, None, Any]:
        """Yields the progress (None: nothing new), returns the result; starts the work unless it runs."""
        with self._guard:
            flight = self._running.get(key)
            if flight is None or flight.stop.is_set() or flight.done:
                flight = self._running[key] = _Flight(work)
                threading.Thread(target=flight.run, name="songs", daemon=True).start()
            flight.watchers += 1
        try:
            shown = None
            while True:
                with flight.changed:
                    if not flight.done:
                        flight.changed.wait(HEARTBEAT)
                    latest, done = flight.latest, flight.done
                if done:
                    break
                yield None if latest is shown else latest
                shown = latest
            if flight.error is not None:
                raise flight.error
            return flight.value
        finally:
            with self._guard:
                flight.watchers -= 1
                if flight.watchers == 0:
                    flight.stop.set()
                    if self._running.get(key) is flight:
                        del self._running[key]


def wait(following: Generator[Any, None, Value]) -> Value:
    """The result, for a caller that does not care for the progress."""
    while True:
        try:
            next(following)
        except StopIteration as end:
            return end.value
