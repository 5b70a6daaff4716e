"""What the views 3 to 5 share: which models can write, how a text becomes ids, how a token is read."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from shared.engines.validation import check_text
from shared.errors import HubError
from shared.models import MODELS, ModelSpec, white_box
from shared.models.registry import DEFAULT_CHAT

_FLOAT32_UP_TO = 1_500_000_000
"""Parameters. Larger models stay in the dtype of their files; the lab's other views draw the same line, so
all share the weights."""
MAX_CHARACTERS = 200_000
"""More would keep the tokenizer busy for seconds, for tokens that are cut off anyway."""


@dataclass(frozen=True)
class Prompt:
    """A text as ids. `total` is how many tokens it had before the last ones were kept."""

    ids: tuple[int, ...]
    total: int


def causal_spec(key: str | None) -> ModelSpec:
    """The model to look inside; small ones in float32, where arithmetic agrees to many digits.

    Raises HubError for an unknown key, for a model without local weights and for one that does not write."""
    spec = MODELS.get(DEFAULT_CHAT if key is None else key) if isinstance(key, str | None) else None
    if spec is None:
        raise HubError("hub.unknown_model", model=str(key)[:80])
    inside = white_box(spec)
    if inside.task != "causal-lm":
        raise HubError("attention.next_not_causal", model=spec.name)
    if inside.parameters <= _FLOAT32_UP_TO and not inside.quantization:
        inside = replace(inside, dtype="float32")
    return inside


def encode(tokenizer: Any, text: Any, limit: int) -> Prompt:
    """The ids of `text`, the last `limit` of them: what is predicted depends most on the end.

    A begin-of-text token stays in front. Raises HubError for an empty or an endless text."""
    if not isinstance(text, str) or not text.strip():
        raise HubError("attention.next_no_text")
    if len(text) > MAX_CHARACTERS:
        raise HubError("attention.next_endless", length=f"{len(text):,}", limit=f"{MAX_CHARACTERS:,}")
    ids = tokenizer(check_text(text), truncation=False, verbose=False).input_ids
    kept = ids
    if len(ids) > limit:
        first = ids[:1] if ids[0] == tokenizer.bos_token_id else []
        kept = first + ids[len(ids) - limit + len(first) :]
    return Prompt(tuple(kept), len(ids))


def token_text(tokenizer: Any, token_id: int) -> str:
    """The text a token stands for, its space in front included; a byte that is a fragment of a character is
    written `<E4>`; an id beyond the tokenizer's has none."""
    return readable(token_bytes(tokenizer, token_id))


def token_bytes(tokenizer: Any, token_id: int) -> bytes:
    """The bytes a token stands for; none for an id beyond the tokenizer's."""
    added = tokenizer.added_tokens_decoder.get(token_id)
    if added is not None:
        return str(added.content).encode()
    spelled = tokenizer.convert_ids_to_tokens(token_id) if token_id < len(tokenizer) else None
    if spelled is None:
        return b""
    if "ByteLevel" in str(tokenizer.backend_tokenizer.decoder):
        return b"".join(_bytes_of(character) for character in spelled)
    if raw := re.fullmatch(r"<0x([0-9A-F]{2})>", spelled):
        return bytes.fromhex(raw[1])
    return str(spelled).replace("▁", " ").encode()


def written_out(tokenizer: Any, ids: Sequence[int]) -> tuple[str, ...]:
    """What each token adds to the text: a character stands with the token that completes it, so a token may
    add nothing. What is incomplete at the end is written `<E4>`."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    texts = [
        decoder.decode(token_bytes(tokenizer, token_id), final=index == len(ids) - 1)
        for index, token_id in enumerate(ids)
    ]
    return tuple(_escapes_shown(text) for text in texts)


def readable(raw: bytes) -> str:
    """The text of a token; bytes that are a fragment of a character are written `<E4>`."""
    return _escapes_shown(raw.decode("utf-8", "surrogateescape"))


def _escapes_shown(text: str) -> str:
    return "".join(
        f"<{ord(character) - 0xDC00:02X}>" if 0xDC80 <= ord(character) <= 0xDCFF else character
        for character in text
    )


def visible(text: str) -> str:
    """A token with its white space written out."""
    return text.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥").replace("\r", "␍") or "∅"


def _bytes_of(character: str) -> bytes:
    known = _alphabet().get(character)
    return character.encode() if known is None else bytes([known])


@lru_cache(maxsize=1)
def _alphabet() -> dict[str, int]:
    """The letters with which byte-level BPE spells bytes."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    return {character: byte for byte, character in bytes_to_unicode().items()}


def whole(name: str, value: Any, low: int, high: int) -> int:
    """`value` as a whole number in [low, high]; HubError when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise HubError("hub.out_of_range", name=name, low=low, high=high)
    if not low <= value <= high:
        raise HubError("hub.out_of_range", name=name, low=low, high=high)
    return int(value)


def number(name: str, value: Any, low: float, high: float) -> float:
    """`value` as a number in [low, high]; HubError when it is none (NaN included)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise HubError("hub.out_of_range", name=name, low=low, high=high)
    return float(value)
