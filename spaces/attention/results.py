"""What one forward pass leaves behind for the views."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from spaces.attention.tokens import Tokens

Kind = Literal["causal", "encoder", "encoder-decoder"]
Part = Literal["self", "decoder", "cross"]


@dataclass(frozen=True)
class Map:
    """Attention of one kind. `weights`: float16, (layers, heads, queries, keys); each row sums to 1."""

    part: Part
    weights: np.ndarray
    queries: Tokens
    keys: Tokens
    causal: bool


@dataclass(frozen=True)
class Pass:
    """What one forward pass gave. `hidden`: float32, (layers + 1, width), the last position after the
    embedding and after every layer, as transformers returns them. `logits`: float32, (vocabulary,), of the
    last position, where the model has a head. `inputs`: float32, (layers, tokens, width), what each layer
    read. For an encoder-decoder `hidden` and `logits` are the decoder's when there is a second text."""

    key: str
    model_key: str
    model: str
    device: str
    seconds: float
    kind: Kind
    text: str
    source: Tokens
    target: Tokens | None
    attentions: np.ndarray
    """Self-attention over `source`, float16, (layers, heads, n, n)."""
    decoder: np.ndarray | None
    cross: np.ndarray | None
    hidden: np.ndarray
    inputs: np.ndarray
    logits: np.ndarray | None
    kept: int
    total: int
    """How many tokens of the first text were kept, of how many."""

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.source.texts

    @property
    def ids(self) -> tuple[int, ...]:
        return self.source.ids

    @cached_property
    def nbytes(self) -> int:
        arrays = (self.attentions, self.decoder, self.cross, self.hidden, self.inputs, self.logits)
        return sum(array.nbytes for array in arrays if array is not None)

    @cached_property
    def maps(self) -> dict[str, Map]:
        """The kinds of attention this model has, by part."""
        found = {
            "self": Map("self", self.attentions, self.source, self.source, self.kind == "causal"),
        }
        if self.target is not None and self.decoder is not None and self.cross is not None:
            found["decoder"] = Map("decoder", self.decoder, self.target, self.target, True)
            found["cross"] = Map("cross", self.cross, self.target, self.source, False)
        return found
