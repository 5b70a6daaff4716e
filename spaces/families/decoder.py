"""Decoder-only: continue a text; and what each token cost, given only what stands left of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.errors import HubError
from shared.models.loaders import Weights
from spaces.families.choose_model import sentence, tokenizing

MAX_READ = 512
"""Tokens of the visitor's text; every one costs a row of 49,000 logits."""


@dataclass(frozen=True)
class Step:
    """A token with the probability the model gave it from what stands left of it (None: nothing stands
    there), and the tokens that were the most probable instead."""

    text: str
    id: int
    prob: float | None
    top: tuple[tuple[str, float], ...] = ()
    written: bool = False

    @property
    def surprisal(self) -> float | None:
        """In bits: 0 for a certain token, 1 for a coin's fall, 10 for one in a thousand."""
        return None if self.prob is None else -math.log2(max(self.prob, 1e-45))


def read(weights: Weights, text: object, top_k: int = 5) -> tuple[list[Step], Any, Any]:
    """(a step for each token, the logits of what comes next, the cache to go on from): one forward pass."""
    import torch

    with tokenizing:
        encoded = weights.tokenizer(sentence(text), return_tensors="pt", add_special_tokens=False)
    ids = encoded["input_ids"].to(weights.model.device)
    if ids.shape[1] > MAX_READ:
        raise HubError("families.too_long", count=f"{ids.shape[1]:,}", limit=MAX_READ)
    with torch.inference_mode():
        output = weights.model(input_ids=ids, use_cache=True)
    logits = output.logits[0].float()
    probs = logits.softmax(-1)
    steps = [Step(_text(weights, ids[0, 0]), int(ids[0, 0]), None)]
    for place in range(1, ids.shape[1]):
        steps.append(_step(weights, probs[place - 1], int(ids[0, place]), top_k))
    return steps, logits[-1], output.past_key_values


def continue_text(
    weights: Weights,
    text: object,
    *,
    max_new_tokens: int = 24,
    temperature: float = 0.0,
    seed: int = 0,
    top_k: int = 5,
) -> Iterator[list[Step]]:
    """Yields all steps so far after reading and after each new token; greedy at temperature 0. The text
    goes in as it is, with no chat template: a decoder continues whatever it is given."""
    import torch

    if not 0 <= temperature <= 5:
        raise HubError("hub.out_of_range", name="temperature", low=0.0, high=5.0)
    if not 1 <= max_new_tokens <= 256:
        raise HubError("hub.out_of_range", name="max_new_tokens", low=1, high=256)
    steps, logits, past = read(weights, text, top_k)
    yield steps
    generator = torch.Generator().manual_seed(seed)
    ends = _ends(weights)
    for _ in range(max_new_tokens):
        probs = logits.softmax(-1)
        if temperature == 0:
            chosen = int(probs.argmax())
        else:
            drawn = (logits / temperature).softmax(-1).cpu()
            chosen = int(torch.multinomial(drawn, 1, generator=generator))
        if chosen in ends:
            return
        step = _step(weights, probs, chosen, top_k)
        steps = [*steps, Step(step.text, step.id, step.prob, step.top, written=True)]
        yield steps
        with torch.inference_mode():
            output = weights.model(
                input_ids=torch.tensor([[chosen]], device=weights.model.device),
                past_key_values=past,
                use_cache=True,
            )
        logits, past = output.logits[0, -1].float(), output.past_key_values


def text_of(weights: Weights, steps: list[Step]) -> str:
    """What the model wrote, decoded as a whole: a character may be cut into several tokens."""
    return str(weights.tokenizer.decode([step.id for step in steps if step.written]))


def perplexity(steps: list[Step]) -> float | None:
    """2 to the mean surprisal of the visitor's own tokens but the first."""
    bits = [s.surprisal for s in steps if not s.written and s.surprisal is not None]
    return 2 ** (sum(bits) / len(bits)) if bits else None


def _step(weights: Weights, probs: Any, id_: int, top_k: int) -> Step:
    top = probs.topk(top_k)
    likely = tuple(
        (_text(weights, i), float(p)) for i, p in zip(top.indices.tolist(), top.values.tolist(), strict=True)
    )
    return Step(_text(weights, id_), id_, float(probs[id_]), likely)


def _text(weights: Weights, id_: Any) -> str:
    return str(weights.tokenizer.decode([int(id_)]))


def _ends(weights: Weights) -> set[int]:
    stated = weights.model.generation_config.eos_token_id
    ends = stated if isinstance(stated, list) else [stated]
    return {int(e) for e in [*ends, weights.tokenizer.eos_token_id] if e is not None}
