"""Trains the date model: live in a thread of its own, or as a script that makes the checkpoint.

    PYTHONPATH=. python spaces/attention/train_dates.py

Training runs on one core. The matrices are so small that two quiet cores are no faster; and beside other work
two threads stall each other: 2,400 examples a second became 90.
"""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import json
import logging
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

import torch
from torch import nn

from spaces.attention import dates
from spaces.attention.date_batches import Answer, answer, batches, exact, exact_match, shifted
from spaces.attention.transformer import Config, Transformer

log = logging.getLogger(__name__)

CHECKPOINT = Path(__file__).parent / "checkpoints" / "dates.safetensors"
LIMIT_SECONDS = 180.0
"""A live training ends here, finished or not."""
LONG = 5_000
"""Steps of the checkpoint."""
_EVERY, _LOOK = 20, 60
"""Steps from one point of the curve to the next, and from one look at the held-out dates to the next."""


@dataclass(frozen=True)
class Plan:
    """What is trained, and how."""

    width: int = 64
    heads: int = 4
    layers: int = 2
    pre_norm: bool = True
    learning_rate: float = 3e-3
    steps: int = 2400
    batch: int = 64
    seed: int = 0

    def config(self) -> Config:
        return Config(
            dates.SOURCE_VOCABULARY,
            dates.TARGET_VOCABULARY,
            self.width,
            self.heads,
            self.layers,
            4 * self.width,
            self.pre_norm,
        )


@dataclass(frozen=True)
class Point:
    """Where the training is. The loss is the mean since the last point, `exact_match` the last look's."""

    step: int
    seconds: float
    loss: float
    exact_match: float
    examples_per_second: float
    answers: tuple[Answer, ...] = ()


@dataclass
class Training:
    """A training that goes on in the background. Whoever holds it reads `points` and may set `stopping`."""

    plan: Plan
    model: Transformer
    points: list[Point] = field(default_factory=list)
    stopping: bool = False
    ended: bool = False
    failed: bool = False


def start(plan: Plan, limit: float = LIMIT_SECONDS) -> Training:
    """Begins to train, in a thread of its own, and returns at once."""
    torch.manual_seed(plan.seed)
    training = Training(plan, Transformer(plan.config()))

    def run() -> None:
        try:
            use_one_core()
            for point in learn(plan, training.model, lambda: training.stopping, limit):
                training.points.append(point)
        except Exception:
            log.exception("a training failed")
            training.failed = True
        finally:
            training.ended = True

    threading.Thread(target=run, name="train-dates", daemon=True).start()
    return training


def use_one_core() -> None:
    """From here on this thread computes on one core; the others keep theirs."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    # it also sets what threads born later begin with: another thread puts that back
    other = threading.Thread(target=torch.set_num_threads, args=(before,))
    other.start()
    other.join()


def learn(
    plan: Plan,
    model: nn.Module,
    stopping: Callable[[], bool] = lambda: False,
    limit: float = LIMIT_SECONDS,
    optimizer: torch.optim.Optimizer | None = None,
    done: int = 0,
) -> Iterator[Point]:
    """Trains `model` (source, target so far -> logits), a point every few steps and one at the end.

    AdamW, a short warm-up, then the learning rate falls along a cosine. Teacher forcing: all eleven
    characters of an answer are predicted in one pass. To go on with a training, give its optimizer and how
    many steps are `done`."""
    known, held_out = dates.split_dates()
    watched = list(islice(dates.in_every_form(held_out, seed=1), 30 * len(dates.FORMS)))
    shown = list(dates.in_every_form(held_out[50:51], seed=2))
    supply = islice(batches(dates.examples(known, plan.seed), plan.batch, plan.seed), done, None)
    optimizer = optimizer or adam(plan, model)
    started = then = time.perf_counter()
    losses: list[float] = []
    share, answers = 0.0, tuple[Answer, ...]()
    for step in range(done + 1, plan.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(plan, step)
        source, target = next(supply)
        logits = model(source, shifted(target))
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        now = time.perf_counter()
        last = step == plan.steps or now - started > limit or stopping()
        if last or step % _LOOK == 0 or step == 1:
            share, answers = exact_match(model, watched), answer(model, shown)
        if last or step % _EVERY == 0 or step == 1:
            rate = len(losses) * plan.batch / max(1e-9, now - then)
            yield Point(step, now - started, sum(losses) / len(losses), share, rate, answers)
            losses, then = [], time.perf_counter()
        if last:
            return


def adam(plan: Plan, model: nn.Module) -> torch.optim.AdamW:
    return torch.optim.AdamW(model.parameters(), plan.learning_rate, (0.9, 0.98), weight_decay=0)


def learning_rate(plan: Plan, step: int) -> float:
    """Up in a straight line for 200 steps, then down along a cosine to a twentieth."""
    fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / plan.steps))
    return plan.learning_rate * min(1.0, step / min(200, plan.steps)) * fall


def make_checkpoint(plan: Plan, file: Path = CHECKPOINT, limit: float = math.inf) -> bool:
    """Trains, measures on every held-out date in every form, writes the weights and beside them a JSON.

    After `limit` seconds it puts down where it is; the next call goes on from there. Returns whether it is
    done."""
    from safetensors.torch import load_file, save_file, save_model

    torch.manual_seed(plan.seed)
    use_one_core()
    model = Transformer(plan.config())
    optimizer = adam(plan, model)
    file.parent.mkdir(exist_ok=True)
    put_down, done, spent = file.with_suffix(".unfinished"), 0, 0.0
    if put_down.exists():
        kept = load_file(put_down)
        done, spent = int(kept.pop("done")), float(kept.pop("spent"))
        _restore(model, optimizer, kept)
    for point in learn(plan, model, limit=limit, optimizer=optimizer, done=done):
        if point.step % 200 == 0:
            print(f"step {point.step}: loss {point.loss:.4f}, exact {point.exact_match:.4f}", flush=True)
    spent += point.seconds
    if point.step < plan.steps:
        numbers = {"done": torch.tensor(point.step), "spent": torch.tensor(spent)}
        save_file(_state(model, optimizer) | numbers, put_down)
        return False
    held_out = dates.split_dates()[1]
    examples = list(dates.in_every_form(held_out, seed=3))
    right = exact(model, examples)
    by_form = {
        form: round(sum(r for r, e in zip(right, examples, strict=True) if e.form == form) / len(held_out), 5)
        for form in dates.FORMS
    }
    about = {
        "config": asdict(plan.config()),
        "plan": asdict(plan),
        "seconds": round(spent),
        "held_out_texts": len(right),
        "exact_match": round(sum(right) / len(right), 5),
        "exact_match_by_form": by_form,
    }
    save_model(model, str(file))
    file.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    put_down.unlink(missing_ok=True)
    print(json.dumps(about, indent=1))
    return True


def _state(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """The weights, and what Adam keeps of each of them."""
    tensors = {f"weights.{name}": parameter.detach().clone() for name, parameter in model.named_parameters()}
    for n, kept in optimizer.state_dict()["state"].items():
        tensors |= {f"adam.{n}.{name}": value for name, value in kept.items()}
    return tensors


def _restore(model: nn.Module, optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    parameters = dict(model.named_parameters())
    for key, value in tensors.items():
        kind, rest = key.split(".", 1)
        if kind == "weights":
            parameters[rest].data.copy_(value)
        else:
            n, name = rest.split(".")
            state.setdefault(int(n), {})[name] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": state})


if __name__ == "__main__":
    # seconds after which to stop for now; run again to go on
    sys.exit(0 if make_checkpoint(Plan(steps=LONG), limit=float((sys.argv[1:] or ["inf"])[0])) else 1)
