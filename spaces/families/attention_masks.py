"""Who may look at whom: the attention mask of each family, drawn for the visitor's own tokens."""

from collections.abc import Sequence
from html import escape
from typing import Literal

Family = Literal["encoder", "decoder", "encoder-decoder"]
FAMILIES: tuple[Family, ...] = ("encoder", "decoder", "encoder-decoder")
MAX_TOKENS = 14
"""More squares than these say no more."""


def allowed(family: Family, source: int, target: int = 0) -> list[list[bool]]:
    """Rows look at columns. encoder: everybody at everybody. decoder: at oneself and to the left.
    encoder-decoder: rows and columns are `source` tokens, then `target` tokens: the source sees itself,
    the target sees all of the source (cross-attention) and its own left."""
    if family == "encoder":
        return [[True] * source for _ in range(source)]
    if family == "decoder":
        return [[key <= query for key in range(source)] for query in range(source)]
    size = source + target
    return [
        [key < source or (query >= source and key <= query) for key in range(size)] for query in range(size)
    ]


def part(family: Family, source: int, query: int, key: int) -> str:
    """Which attention a square belongs to: own (self-attention), cross, or none."""
    if family == "encoder-decoder":
        if query >= source and key < source:
            return "cross"
        return "causal" if query >= source else "both"
    return "causal" if family == "decoder" else "both"


def draw(
    family: Family, tokens: Sequence[str], output: Sequence[str] = (), *, label: str, size: int = 230
) -> str:
    """The mask as SVG; the page's script (grid.js) says in words what a square under the pointer means."""
    tokens, output = tokens[:MAX_TOKENS], output[:MAX_TOKENS]
    names = [*tokens, *output] if family == "encoder-decoder" else list(tokens)
    matrix = allowed(family, len(tokens), len(output))
    cell = size / max(1, len(names))
    squares = []
    for query, row in enumerate(matrix):
        for key, open_ in enumerate(row):
            kind = part(family, len(tokens), query, key) if open_ else "shut"
            squares.append(
                f"<rect class='{kind}' x='{key * cell:.2f}' y='{query * cell:.2f}' width='{cell - 1:.2f}' "
                f"height='{cell - 1:.2f}' data-q='{escape(names[query], quote=True)}' "
                f"data-k='{escape(names[key], quote=True)}' data-open='{int(open_)}'/>"
            )
    divider = ""
    if family == "encoder-decoder" and output:
        at = len(tokens) * cell - 0.5
        divider = f"<path class='divider' d='M0 {at:.2f}H{size}M{at:.2f} 0V{size}'/>"
    return (
        f"<svg class='families-mask' viewBox='0 0 {size} {size}' role='img' "
        f"aria-label='{escape(label, quote=True)}'>"
        f"{''.join(squares)}{divider}</svg>"
    )
