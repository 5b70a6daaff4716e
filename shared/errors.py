"""The one exception whose message a visitor reads: a text key, so the sentence exists in every language."""

from typing import Any


class HubError(Exception):
    """Something the visitor can act on. `key` names a text (`hub.prompt_too_long`), `values` fill its
    braces."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return f"{self.key} {self.values}" if self.values else self.key
