"""Results kept by content: one making per key however many threads ask, the oldest dropped by bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What can be kept: it knows its bytes."""

    @property
    def nbytes(self) -> int: ...


Value = TypeVar("Value", bound=Sized)


class Passes(Generic[Value]):
    """At most `limit` bytes, but always the newest value, however large."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    @property
    def nbytes(self) -> int:
        with self._guard:
            return sum(value.nbytes for value in self._values.values())

    def find(self, key: str) -> Value | None:
        """The value, if it is still here."""
        with self._guard:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """The value of `key`, made by the first who asks; the others wait. A failed making is not kept."""
        found = self.find(key)
        if found is not None:
            return found
        with self._guard:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.find(key)
            if found is not None:
                return found
            try:
                value = make()
                with self._guard:
                    self._values[key] = value
                    self._drop()
            finally:
                with self._guard:
                    self._making.pop(key, None)
            return value

    def _drop(self) -> None:
        """Down to the limit, oldest first. The guard is held."""
        total = sum(value.nbytes for value in self._values.values())
        while total > self.limit and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            total -= dropped.nbytes
