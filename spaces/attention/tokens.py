"""What the tokens of a text are called in a drawing: readable, also where a token is a part of a
character."""

import operator
from dataclasses import dataclass
from typing import Any

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Tokens:
    """The tokens a model read. `texts`: as people read them, a fragment of a character with its number (`那₁`
    is the first of the tokens that make 那). `spans`: the characters of the text they came from, (0, 0) for
    special tokens. `parts`: 0 for the first text, 1 for the second."""

    ids: tuple[int, ...]
    texts: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    parts: tuple[int, ...]
    special: tuple[bool, ...]
    fragments: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.ids)


def read(tokenizer: Any, encoding: Any, text: str, pair: str = "") -> Tokens:
    """From what a fast tokenizer returned for `text` and `pair`, one row, with offsets."""
    ids = tuple(int(token) for token in encoding["input_ids"])
    names = tokenizer.convert_ids_to_tokens(list(ids))
    spans = tuple((int(start), int(end)) for start, end in encoding["offset_mapping"])
    sequences = encoding.sequence_ids(0) if hasattr(encoding, "sequence_ids") else [0] * len(ids)
    special = tuple(sequence is None for sequence in sequences)
    parts = tuple(sequence or 0 for sequence in sequences)
    # SentencePiece may make a token of the blank before a word; its span is the first letter's
    blank = tuple(name == "▁" for name in names)
    numbers = _fragment_numbers(spans, parts, tuple(map(operator.or_, special, blank)))
    texts = []
    for name, (start, end), part, is_special, number in zip(
        names, spans, parts, special, numbers, strict=True
    ):
        cut = (pair if part else text)[start:end]
        if is_special or not cut or name.startswith("##") or name in ("▁", tokenizer.unk_token):
            texts.append(name)
        else:
            texts.append(cut + str(number).translate(_SUBSCRIPTS) if number else cut)
    return Tokens(ids, tuple(texts), spans, parts, special, tuple(number > 0 for number in numbers))


def _fragment_numbers(
    spans: tuple[tuple[int, int], ...], parts: tuple[int, ...], apart: tuple[bool, ...]
) -> list[int]:
    """0 for a token of whole characters; tokens that share characters with a neighbour are numbered from
    1."""
    numbers = [0] * len(spans)
    for i in range(1, len(spans)):
        shared = parts[i] == parts[i - 1] and spans[i][0] < spans[i - 1][1]
        if shared and not apart[i] and not apart[i - 1]:
            numbers[i - 1] = numbers[i - 1] or 1
            numbers[i] = numbers[i - 1] + 1
    return numbers


def covering(tokens: Tokens, start: int, end: int, part: int = 0) -> list[int]:
    """The tokens that hold any of the characters `start` to `end` (exclusive) of text `part`."""
    return [
        i
        for i, (low, high) in enumerate(tokens.spans)
        if not tokens.special[i] and tokens.parts[i] == part and low < end and high > start
    ]
