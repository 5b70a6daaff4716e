"""Examples as tensors, and how many of them a model gets right."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor, nn

from spaces.attention import dates
from spaces.attention.dates import Example
from spaces.attention.transformer import Transformer


@dataclass(frozen=True)
class Answer:
    """What the model writes for a held-out date."""

    text: str
    iso: str
    written: str


def batches(examples: Iterator[Example], size: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Texts of about the same length together: a batch is as wide as its longest text."""
    chooser = random.Random(seed)
    while True:
        pool = sorted(islice(examples, 16 * size), key=lambda example: len(example.text))
        cut = [pool[i : i + size] for i in range(0, len(pool), size)]
        chooser.shuffle(cut)
        yield from map(tensors, cut)


def tensors(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """[B, S] padded and [B, 11]."""
    rows = [dates.source_ids(example.text) for example in examples]
    longest = max(map(len, rows))
    source = torch.tensor([row + [dates.PADDING] * (longest - len(row)) for row in rows])
    return source, torch.tensor([dates.target_ids(example.iso) for example in examples])


def shifted(target: Tensor) -> Tensor:
    """What the decoder has written before each character: the start, then all but the last."""
    return torch.cat([torch.full_like(target[:, :1], dates.START), target[:, :-1]], dim=1)


@torch.no_grad()
def exact(model: nn.Module, examples: Sequence[Example]) -> list[bool]:
    """For each example whether all eleven characters are right.

    One pass with the true answer as input decides it: if every prediction on the true path is right, then
    writing step by step walks that very path."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].text))
    right = [False] * len(examples)
    for at in range(0, len(order), 128):
        block = order[at : at + 128]
        source, target = tensors([examples[i] for i in block])
        hits = (model(source, shifted(target)).argmax(dim=-1) == target).all(dim=1).tolist()
        for i, hit in zip(block, hits, strict=True):
            right[i] = hit
    return right


def exact_match(model: nn.Module, examples: Sequence[Example]) -> float:
    return sum(exact(model, examples)) / len(examples)


def answer(model: nn.Module, examples: Sequence[Example]) -> tuple[Answer, ...]:
    """Written character by character, as a visitor gets it."""
    if not isinstance(model, Transformer):
        return ()
    written = model.generate(tensors(examples)[0], dates.START, dates.OUTPUT_LENGTH).tolist()
    return tuple(
        Answer(e.text, e.iso, dates.read_target(ids)) for e, ids in zip(examples, written, strict=True)
    )
