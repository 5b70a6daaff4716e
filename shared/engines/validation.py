"""What a visitor may ask of any chat engine; everything else is refused before the model is touched."""

import math
from collections.abc import Sequence
from typing import Any

from shared.engines.base import Message, Sampling
from shared.errors import HubError

ROLES = ("system", "user", "assistant")


def check_text(text: str) -> str:
    """Returns `text`. Raises HubError when it has half a surrogate pair, which no tokenizer can encode."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise HubError("hub.bad_unicode", position=error.start + 1) from error
    return text


def check_messages(messages: Any) -> list[Message]:
    """A list of `{"role", "content"}` with a known role and text, at least one of them not empty."""
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        raise HubError("hub.bad_messages")
    checked: list[Message] = []
    for message in messages:
        if (
            not isinstance(message, dict)
            or message.get("role") not in ROLES
            or not isinstance(message.get("content"), str)
        ):
            raise HubError("hub.bad_messages")
        checked.append({"role": message["role"], "content": check_text(message["content"])})
    if not any(message["content"].strip() for message in checked if message["role"] != "system"):
        raise HubError("hub.empty_prompt")
    return checked


def check_sampling(sampling: Sampling, context_length: int) -> None:
    """Raises HubError when a value is outside what makes sense for a window of `context_length` tokens."""
    for name, low, high in (("temperature", 0.0, 5.0), ("top_p", 0.0, 1.0)):
        value = getattr(sampling, name)
        if not _is_number(value) or not low <= value <= high:
            raise HubError("hub.out_of_range", name=name, low=low, high=high)
    for name, low_int, high_int in (
        ("max_new_tokens", 1, context_length - 1),
        ("top_k", 0, 1_000_000),
        ("top_logprobs", 0, 20),
    ):
        value = getattr(sampling, name)
        if not isinstance(value, int) or isinstance(value, bool) or not low_int <= value <= high_int:
            raise HubError("hub.out_of_range", name=name, low=low_int, high=high_int)
    seed = sampling.seed
    if seed is not None and (not isinstance(seed, int) or not 0 <= seed < 2**32):
        raise HubError("hub.out_of_range", name="seed", low=0, high=2**32 - 1)
    for stop in sampling.stop:
        check_text(stop)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
