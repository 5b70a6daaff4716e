"""Encoder-only: fill a blank with what stands on both sides of it; turn a sentence into a vector."""

import re
from dataclasses import dataclass
from typing import Any

from shared.errors import HubError
from shared.models.loaders import Weights
from spaces.families.choose_model import sentence, tokenizing

MASK = "[MASK]"
MAX_GUESSED = 64
"""Tokens that `guess_each` masks in turn: each is one row more to compute."""
MAX_CELLS = 8192
"""Rows times tokens in one `guess_each`; a long text gets fewer guesses."""
_CELLS_AT_ONCE = 1024
"""Each of them has a row of 30,522 logits: 125 MB."""


@dataclass(frozen=True)
class Guess:
    """A token that could stand in the blank at `position`; `sequence` is the text with it filled in."""

    token: str
    id: int
    prob: float
    sequence: str
    position: int


@dataclass(frozen=True)
class Piece:
    """A token of the visitor's text, where it stands in it, and its place in the model's input."""

    text: str
    id: int
    start: int
    end: int
    position: int
    masked: bool = False


def with_masks(weights: Weights, text: object) -> str:
    """`text` with [MASK] written as this model's own mask token (RoBERTa: <mask>)."""
    own = weights.tokenizer.mask_token
    if own is None:
        raise HubError("families.no_mask_token", model=type(weights.model).__name__)
    return re.sub(r"\[MASK\]", own.replace("\\", r"\\"), sentence(text), flags=re.IGNORECASE)


def encode(weights: Weights, text: str) -> Any:
    """The model's input, with `offset_mapping`. Raises HubError when it is longer than the model reads."""
    with tokenizing:
        tokens = weights.tokenizer(text, return_tensors="pt", return_offsets_mapping=True, truncation=False)
    count, limit = tokens["input_ids"].shape[1], longest(weights)
    if count > limit:
        raise HubError("families.too_long", count=f"{count:,}", limit=f"{limit:,}")
    return tokens


def longest(weights: Weights) -> int:
    """Tokens that the model has positions for."""
    positions = int(getattr(weights.model.config, "max_position_embeddings", 512))
    return min(positions, int(weights.tokenizer.model_max_length))


def pieces(weights: Weights, text: str) -> list[Piece]:
    """The tokens of `text` without those the tokenizer adds around it."""
    encoded = encode(weights, text)
    ids, spans = encoded["input_ids"][0].tolist(), encoded["offset_mapping"][0].tolist()
    names = weights.tokenizer.convert_ids_to_tokens(ids)
    mask = weights.tokenizer.mask_token_id
    return [
        Piece(name, id_, start, end, place, id_ == mask)
        for place, (name, id_, (start, end)) in enumerate(zip(names, ids, spans, strict=True))
        if end > start
    ]


def fill_mask(weights: Weights, text: object, top_k: int = 5) -> list[list[Guess]]:
    """For each [MASK] in `text` the `top_k` most probable tokens. Several blanks are filled one by one,
    each while the others stay blank. Raises HubError when there is no blank."""
    import torch

    marked = with_masks(weights, text)
    encoded = encode(weights, marked)
    ids = encoded["input_ids"]
    places = (ids[0] == weights.tokenizer.mask_token_id).nonzero()[:, 0].tolist()
    if not places:
        raise HubError("families.no_mask")
    with torch.inference_mode():
        logits = weights.model(**_inputs(weights, encoded)).logits[0].float().cpu()
    found = []
    for place in places:
        top = logits[place].softmax(-1).topk(min(top_k, logits.shape[-1]))
        guesses = []
        for id_, prob in zip(top.indices.tolist(), top.values.tolist(), strict=True):
            filled = ids[0].clone()
            filled[place] = id_
            decoded = weights.tokenizer.decode(filled, skip_special_tokens=len(places) == 1)
            guesses.append(Guess(weights.tokenizer.decode([id_]), id_, prob, _tidy(weights, decoded), place))
        found.append(guesses)
    return found


def guess_each(weights: Weights, text: object) -> list[tuple[Piece, float, list[tuple[str, float]]]]:
    """Every token masked in turn, the rest left as it is: (token, the probability it gets from both sides,
    the three most probable tokens)."""
    import torch

    marked = with_masks(weights, text)
    ids = encode(weights, marked)["input_ids"]
    found = pieces(weights, marked)[: max(1, min(MAX_GUESSED, MAX_CELLS // ids.shape[1]))]
    if not found:
        raise HubError("families.empty")
    decode, device = weights.tokenizer.decode, weights.model.device
    at_once = max(1, _CELLS_AT_ONCE // ids.shape[1])
    guessed = []
    for start in range(0, len(found), at_once):
        part = found[start : start + at_once]
        rows = ids.repeat(len(part), 1)
        for row, piece in enumerate(part):
            rows[row, piece.position] = weights.tokenizer.mask_token_id
        with torch.inference_mode():
            logits = weights.model(input_ids=rows.to(device)).logits
        for row, piece in enumerate(part):
            probs = logits[row, piece.position].float().softmax(-1).cpu()
            top = probs.topk(3)
            likely = [
                (decode([i]), p) for i, p in zip(top.indices.tolist(), top.values.tolist(), strict=True)
            ]
            guessed.append((piece, float(probs[piece.id]), likely))
    return guessed


def _inputs(weights: Weights, encoded: Any) -> dict[str, Any]:
    return {name: t.to(weights.model.device) for name, t in encoded.items() if name != "offset_mapping"}


def _tidy(weights: Weights, decoded: str) -> str:
    """Without [CLS] and [SEP], which stay in when blanks do."""
    tokenizer = weights.tokenizer
    for mark in (tokenizer.cls_token, tokenizer.sep_token, tokenizer.bos_token, tokenizer.eos_token):
        decoded = decoded.replace(mark, "") if mark else decoded
    return decoded.strip()
