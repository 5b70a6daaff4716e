"""What the figure of the architecture shows of each part: its code, its parameters, the shapes through it.

No torch here, so that the figure is on the page at once: the code is cut out of transformer.py's text, the
parameters are arithmetic (a test counts them in the modules)."""

import ast
import functools
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import HubError
from spaces.attention.dates import OUTPUT_LENGTH, SOURCE_VOCABULARY, TARGET_VOCABULARY

_FILE = Path(__file__).with_name("transformer.py")

Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Size:
    """What the sliders choose."""

    width: int = 64
    heads: int = 4
    layers: int = 2

    @property
    def hidden(self) -> int:
        return 4 * self.width


WIDTHS, HEADS, LAYERS = (32, 64, 96, 128), (1, 2, 4, 8), (1, 2, 3)
"""What may be chosen."""


def check_size(width: Any, heads: Any, layers: Any) -> Size:
    """Raises HubError for what is not on offer: a training's cost grows with its size."""
    for value, offered in ((width, WIDTHS), (heads, HEADS), (layers, LAYERS)):
        if value not in offered:
            raise HubError("attention.parts_bad_size")
    return Size(width, heads, layers)


def _linear(name: str, inputs: int, outputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def _inside(name: str, shapes: Shapes) -> Shapes:
    return {f"{name}.{key}": shape for key, shape in shapes.items()}


def _attention(size: Size) -> Shapes:
    names = ("query", "key", "value", "output")
    return {k: v for name in names for k, v in _linear(name, size.width, size.width).items()}


def _feed_forward(size: Size) -> Shapes:
    return _linear("widen", size.width, size.hidden) | _linear("narrow", size.hidden, size.width)


def _encoder_layer(size: Size) -> Shapes:
    return (
        _inside("self_attention", _attention(size))
        | _inside("feed_forward", _feed_forward(size))
        | _norm("add_attention.norm", size.width)
        | _norm("add_feed_forward.norm", size.width)
    )


def _decoder_layer(size: Size) -> Shapes:
    return (
        _inside("self_attention", _attention(size))
        | _inside("cross_attention", _attention(size))
        | _inside("feed_forward", _feed_forward(size))
        | _norm("add_self.norm", size.width)
        | _norm("add_cross.norm", size.width)
        | _norm("add_feed_forward.norm", size.width)
    )


def _embedding(size: Size) -> Shapes:
    return {
        "source_embedding.weight": (SOURCE_VOCABULARY, size.width),
        "target_embedding.weight": (TARGET_VOCABULARY, size.width),
    }


def _output(size: Size) -> Shapes:
    # its weight is the target embedding's (tied), which is counted there
    return {"output.bias": (TARGET_VOCABULARY,)}


def _nothing(size: Size) -> Shapes:
    return {}


def _everything(size: Size) -> Shapes:
    shapes = _embedding(size) | _output(size)
    for n in range(size.layers):
        shapes |= _inside(f"encoder.{n}", _encoder_layer(size))
        shapes |= _inside(f"decoder.{n}", _decoder_layer(size))
    return shapes | _norm("encoder_norm", size.width) | _norm("decoder_norm", size.width)


@dataclass(frozen=True)
class Part:
    """`code` is a dotted name in transformer.py; `flow`: the shapes, in letters, that go in and come out."""

    code: str
    parameters: Callable[[Size], Shapes]
    flow: tuple[str, str]


PARTS: dict[str, Part] = {
    "model": Part("Transformer", _everything, ("[B, S] + [B, T]", "[B, T, V]")),
    "embedding": Part("Transformer.embed", _embedding, ("[B, S]", "[B, S, D]")),
    "positions": Part("sinusoidal_positions", _nothing, ("S, D", "[S, D]")),
    "dot_product": Part("attention", _nothing, ("[B, H, T, D/H], 2 × [B, H, S, D/H]", "[B, H, T, D/H]")),
    "multi_head": Part("MultiHeadAttention", _attention, ("[B, T, D], [B, S, D]", "[B, T, D], [B, H, T, S]")),
    "padding_mask": Part("padding_mask", _nothing, ("[B, S]", "[B, 1, 1, S]")),
    "causal_mask": Part("causal_mask", _nothing, ("T", "[T, T]")),
    "add_and_norm": Part("AddAndNorm", lambda size: _norm("norm", size.width), ("[B, S, D]", "[B, S, D]")),
    "feed_forward": Part("FeedForward", _feed_forward, ("[B, S, D]", "[B, S, D]")),
    "encoder_layer": Part("EncoderLayer", _encoder_layer, ("[B, S, D]", "[B, S, D]")),
    "decoder_layer": Part("DecoderLayer", _decoder_layer, ("[B, T, D], [B, S, D]", "[B, T, D]")),
    "output": Part("Transformer.decode", _output, ("[B, T, D]", "[B, T, V]")),
    "generate": Part("Transformer.generate", _nothing, ("[B, S]", f"[B, {OUTPUT_LENGTH}]")),
}


@functools.cache
def code(part: str) -> str:
    """The part's source, as transformer.py has it."""
    text = _FILE.read_text(encoding="utf-8")
    body: list[ast.stmt] = ast.parse(text).body
    node: ast.FunctionDef | ast.ClassDef | None = None
    for name in PARTS[part].code.split("."):
        found = [n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == name]
        node = found[0]
        body = node.body
    assert node is not None
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return textwrap.dedent("\n".join(text.splitlines()[first - 1 : node.end_lineno])) + "\n"


def parameters(part: str, size: Size) -> Shapes:
    """The name and the shape of each of the part's parameters."""
    return PARTS[part].parameters(size)


def count(shapes: Shapes) -> int:
    return sum(math.prod(shape) for shape in shapes.values())


def flow(part: str, size: Size) -> tuple[str, str]:
    """The shapes that go in and come out, the width and the heads filled in."""
    numbers = {"D/H": size.width // size.heads, "D": size.width, "H": size.heads, "V": TARGET_VOCABULARY}
    filled = []
    for text in PARTS[part].flow:
        for letter, number in numbers.items():
            text = text.replace(letter, str(number))
        filled.append(text)
    return filled[0], filled[1]
