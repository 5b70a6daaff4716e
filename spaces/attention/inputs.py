"""The left column's widgets, as every view of the lab reads them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Inputs:
    """Gradio components: the text, a second text (a pair for encoders, the answer for encoder-decoders), and
    the model's key."""

    text: Any
    text_pair: Any
    model: Any

    @property
    def components(self) -> list[Any]:
        """In the order of `forward.look`."""
        return [self.text, self.text_pair, self.model]
