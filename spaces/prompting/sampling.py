"""How temperature, top_k and top_p turn the model's own distribution into the one a token is drawn from."""

from dataclasses import dataclass, replace

import numpy as np

from shared.engines.base import NextToken
from shared.errors import HubError

SHOWN = 20
"""Tokens a drawing of the distribution shows."""


@dataclass(frozen=True)
class Adjusted:
    """A distribution after the sampling settings; `probs` is in the order of the `NextToken` it came from."""

    probs: np.ndarray
    """Renormalised over the tokens kept, 0 for the others; shape (vocabulary,)."""
    kept: int
    mass: float
    """The share of the distribution at this temperature that the kept tokens had before top_k and top_p."""
    entropy: float
    """Of `probs`, in bits: 0 is certain, 1 is a fair coin."""


def adjust(next_token: NextToken, temperature: float = 1.0, top_p: float = 1.0, top_k: int = 0) -> Adjusted:
    """softmax(logprobs / temperature), then the `top_k` most probable tokens, then of these the smallest set
    that holds at least `top_p`, as transformers orders them. Temperature 0 keeps the most probable token
    alone; `top_k` 0 and `top_p` 1 keep everything. Raises HubError when a value is out of range."""
    check_range("temperature", temperature, 0.0, 5.0)
    check_range("top_p", top_p, 0.0, 1.0)
    check_range("top_k", top_k, 0, 1_000_000)
    size = len(next_token.logprobs)
    if temperature == 0:
        probs = np.zeros(size)
        probs[0] = 1.0
        return Adjusted(probs, kept=1, mass=1.0, entropy=0.0)
    scaled = next_token.logprobs.astype(np.float64) / temperature
    full = np.exp(scaled - scaled.max())
    full /= full.sum()
    kept = min(top_k, size) if top_k else size
    if top_p < 1:
        inside = full[:kept] / full[:kept].sum()
        before = np.cumsum(inside) - inside  # what the more probable tokens already hold
        kept = max(1, int(np.count_nonzero(before < top_p)))
    mass = float(full[:kept].sum())
    probs = np.where(np.arange(size) < kept, full / mass, 0.0)
    positive = probs[probs > 0]
    return Adjusted(probs, kept, mass, entropy=float(-(positive * np.log2(positive)).sum()) + 0.0)


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raises HubError unless `value` is a number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise HubError("hub.out_of_range", name=name, low=low, high=high)


def trimmed(next_token: NextToken) -> NextToken:
    """The same without the bytes of tokens that no drawing shows: 0.4 MB a visitor instead of 3.

    Sampling settings never change the order, so the first tokens stay the first ones."""
    return replace(next_token, bytes=next_token.bytes[:SHOWN])


def readable(token: bytes) -> str:
    """The text of a token; bytes that are a fragment of a character are written `<E4>`."""
    return "".join(
        f"<{ord(char) - 0xDC00:02X}>" if 0xDC80 <= ord(char) <= 0xDCFF else char
        for char in token.decode("utf-8", "surrogateescape")
    )
