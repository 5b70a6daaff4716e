"""Things made once and kept: one making per key however many threads ask, the oldest dropped."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memo(Generic[Key, Value]):
    """`memo.get(key)` makes the value at the first call; a failed making is not remembered."""

    def __init__(self, make: Callable[[Key], Value], limit: int) -> None:
        self._make = make
        self._limit = limit
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._making: dict[Key, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: Key) -> Value:
        with self._guard:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._guard:
                if key in self._values:
                    return self._values[key]
            try:
                value = self._make(key)
                with self._guard:
                    self._values[key] = value
                    while len(self._values) > self._limit:
                        self._values.popitem(last=False)
            finally:
                with self._guard:
                    self._making.pop(key, None)
            return value
