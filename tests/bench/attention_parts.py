"""The date model trained live, against torch.nn.Transformer of the same size trained the same way."""

import math
import statistics
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from spaces.attention.dates import PADDING
from spaces.attention.train_dates import LIMIT_SECONDS, Plan, Point, learn, start, use_one_core
from spaces.attention.transformer import Config, Transformer, sinusoidal_positions
from tests.bench.result import Result

STEPS = 7200
"""As many as three minutes hold on two quiet cores."""
MARKS = (60, 120, 180)


class TorchTransformer(nn.Module):
    """`torch.nn.Transformer` between the same embeddings and the same output layer."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.width = config.width
        self.source_embedding = nn.Embedding(config.source_vocabulary, config.width)
        self.target_embedding = nn.Embedding(config.target_vocabulary, config.width)
        for table in (self.source_embedding, self.target_embedding):
            nn.init.normal_(table.weight, std=config.width**-0.5)
        self.transformer = nn.Transformer(
            config.width,
            config.heads,
            config.layers,
            config.layers,
            config.hidden,
            dropout=0.0,
            batch_first=True,
            norm_first=config.pre_norm,
        )
        self.output = nn.Linear(config.width, config.target_vocabulary)
        self.output.weight = self.target_embedding.weight
        self.register_buffer("positions", sinusoidal_positions(config.positions, config.width))
        self.positions: Tensor

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        scale = math.sqrt(self.width)
        padding = source == PADDING
        causal = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        out = self.transformer(
            self.source_embedding(source) * scale + self.positions[: source.shape[1]],
            self.target_embedding(target) * scale + self.positions[: target.shape[1]],
            tgt_mask=causal,
            src_key_padding_mask=padding,
            memory_key_padding_mask=padding,
        )
        return self.output(out)


def measure() -> Iterator[Result]:
    points, bare = _live(), _side_by_side()
    at = {mark: _exact_at(points, mark) for mark in MARKS}
    first = next((point.seconds for point in points if point.exact_match >= 0.8), math.inf)
    yield Result(
        "date model trained live: seconds to .8 exact match on held-out dates",
        "s",
        first,
        None,
        "at_most",
        LIMIT_SECONDS,
        "exact match " + ", ".join(f"{share:.3f} after {mark} s" for mark, share in at.items()),
    )
    ours, torchs = bare
    yield Result(
        "training the parts Transformer, against torch.nn.Transformer",
        "examples/s",
        ours,
        torchs,
        "ratio_at_least",
        0.8,
        "width 64, 4 heads, 2 + 2 layers, batch 64, one core, in turns",
    )


def _live() -> list[Point]:
    """A training in its thread, as the page runs it, of as many steps as three minutes hold."""
    import time

    training = start(Plan(steps=STEPS))
    while not training.ended:
        time.sleep(0.2)
    return training.points


def _exact_at(points: list[Point], mark: float) -> float:
    """The exact match of the last look before `mark` seconds."""
    return [point for point in points if point.seconds <= mark + 1][-1].exact_match


def _side_by_side(rounds: int = 5, steps: int = 120) -> tuple[float, float]:
    """Examples per second of ours and of torch's: both trained the same way, in turns on the same core."""
    plan = Plan(steps=rounds * steps)
    use_one_core()
    trainings = []
    for model in (Transformer(plan.config()), TorchTransformer(plan.config())):
        trainings.append((learn(plan, model), list[float]()))
    for _ in range(rounds):
        for points, rates in trainings:
            for point in points:
                rates.append(point.examples_per_second)
                if point.step % steps == 0:
                    break
    ours, torchs = (statistics.median(rates) for _, rates in trainings)
    return ours, torchs
