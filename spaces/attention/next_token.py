"""One token by hand: text, ids, hidden states, logits, probabilities, token; and the logit lens."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.errors import HubError
from shared.models import ModelSpec
from spaces.attention.causal import number, token_text, whole, written_out

MAX_TOKENS = 512
"""Of the text and what was appended to it."""
SHOWN = 15
"""Tokens that the drawing of a distribution shows."""


@dataclass(frozen=True)
class Distribution:
    """What is left of the softmax after temperature, top-k and top-p; over the whole vocabulary."""

    probs: np.ndarray
    """Shape (vocabulary,), in the order of ids; 0 for what was cut, renormalised over the rest."""
    kept: int
    mass: float
    """The share the kept tokens had at this temperature, before anything was cut."""
    entropy: float
    """Of `probs`, in bits: 0 is certain, 1 a fair coin."""


@dataclass(frozen=True)
class LensRow:
    """What the model would say if it stopped after `layer` (0: the embeddings)."""

    layer: int
    id: int
    token: str
    prob: float
    rank_of_final: int
    """Of the token that the last layer puts first: 1 when this layer agrees."""
    prob_of_final: float


@dataclass(frozen=True)
class Step:
    """One forward pass, looked at from the last position. All arrays are float32."""

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    """Each token by itself; fragments of characters as `<E4>`."""
    texts: tuple[str, ...]
    """What each token adds to the text, in whole characters."""
    shapes: dict[str, tuple[int, ...]]
    hidden: np.ndarray
    """Shape (layers + 1, d): the last position's vector after every layer."""
    logits: np.ndarray
    """Shape (vocabulary,)."""
    lens: tuple[LensRow, ...]
    top: tuple[tuple[int, str], ...]
    """Ids and texts of the `SHOWN` largest logits. No slider changes their order."""
    seconds: float


def distribution(
    logits: np.ndarray, temperature: float = 1.0, top_k: float = 0, top_p: float = 1.0
) -> Distribution:
    """softmax(logits / temperature), cut to the `top_k` largest, then to the smallest set that holds `top_p`:
    the order and the rules (ties included) of transformers' logits warpers. `top_k` 0 and `top_p` 1 keep
    everything; temperature 0 keeps the largest alone. Raises HubError when a value is out of range."""
    temperature = number("temperature", temperature, 0.0, 5.0)
    most = whole("top_k", top_k, 0, 1_000_000)
    top_p = number("top_p", top_p, 0.0, 1.0)
    size = len(logits)
    if temperature == 0:
        probs = np.zeros(size)
        probs[int(np.argmax(logits))] = 1.0
        return Distribution(probs, kept=1, mass=1.0, entropy=0.0)
    scores = logits.astype(np.float64) / temperature
    full = softmax(scores)
    keep = np.ones(size, dtype=bool)
    if 0 < most < size:
        keep = scores >= np.partition(scores, size - most)[size - most]
    if top_p < 1:
        probs = np.where(keep, full, 0.0)
        ascending = np.argsort(probs, kind="stable")
        below = np.cumsum(probs[ascending] / probs.sum())
        drop = below <= 1 - top_p
        drop[-1] = False  # top_p 0 keeps the most probable token
        keep[ascending[drop]] = False
    mass = float(full[keep].sum())
    probs = np.where(keep, full, 0.0) / mass
    positive = probs[probs > 0]
    entropy = float(-(positive * np.log2(positive)).sum()) + 0.0
    return Distribution(probs, int(keep.sum()), mass, entropy)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Over the last axis, in float64."""
    shifted = scores.astype(np.float64)
    shifted = np.exp(shifted - shifted.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def draw(chances: Distribution, seed: int, position: int) -> int:
    """A token id drawn from `chances`; the same seed and position (how many tokens there are) give the same
    token, so a sentence can be written again."""
    return int(np.random.default_rng([seed, position]).choice(len(chances.probs), p=chances.probs))


def lens(layer_logits: np.ndarray, texts: Callable[[int], str]) -> tuple[LensRow, ...]:
    """The logit lens (nostalgebraist 2020) over `layer_logits`, shape (layers + 1, vocabulary), whose last
    row is the model's own answer. `texts` writes a token."""
    final = int(layer_logits[-1].argmax())
    rows = []
    for layer, scores in enumerate(layer_logits):
        probs = softmax(scores)
        best = int(scores.argmax())
        rank = int(np.count_nonzero(scores > scores[final])) + 1
        rows.append(LensRow(layer, best, texts(best), float(probs[best]), rank, float(probs[final])))
    return tuple(rows)


def layer_logits(model: Any, hidden: Any) -> Any:
    """Final norm, then LM head, on `hidden`, torch, shape (layers + 1, d): (layers + 1, vocabulary).

    The last row of `hidden` is normed already: transformers' decoders norm it before they hand it out."""
    import torch

    head, norm = model.get_output_embeddings(), _final_norm(model)
    if head is None or norm is None:
        raise HubError("attention.next_no_head", model=type(model).__name__)
    with torch.inference_mode():
        return head(torch.cat([norm(hidden[:-1]), hidden[-1:]])).float()


def _final_norm(model: Any) -> Any:
    """The norm between the last layer and the LM head; families name it differently."""
    body = model.get_decoder() if hasattr(model, "get_decoder") else model.base_model
    names = ("norm", "ln_f", "final_layer_norm", "final_layernorm", "norm_f")
    return next((module for name in names if (module := getattr(body, name, None)) is not None), None)


def look(model: Any, tokenizer: Any, ids: tuple[int, ...]) -> Step:
    """One forward pass over `ids`, everything a person can look at taken from it."""
    import torch

    started = time.perf_counter()
    with torch.inference_mode():
        batch = torch.tensor([ids], device=model.device)
        output = model(batch, use_cache=False, output_hidden_states=True, logits_to_keep=1)
        hidden = torch.stack([states[0, -1] for states in output.hidden_states])
        by_layer = layer_logits(model, hidden).cpu().numpy()
        logits = output.logits[0, -1].float().cpu().numpy()
    by_layer[-1] = logits
    order = np.argsort(-logits, kind="stable")[:SHOWN]

    def texts(token_id: int) -> str:
        return token_text(tokenizer, int(token_id))

    return Step(
        ids=ids,
        tokens=tuple(texts(token_id) for token_id in ids),
        texts=written_out(tokenizer, ids),
        shapes={
            "input_ids": tuple(batch.shape),
            "embeddings": tuple(output.hidden_states[0].shape),
            "hidden_states": (len(output.hidden_states), *output.hidden_states[-1].shape),
            "last_hidden_state": tuple(output.hidden_states[-1].shape),
            "logits": tuple(output.logits.shape),
        },
        hidden=hidden.float().cpu().numpy(),
        logits=logits,
        lens=lens(by_layer, texts),
        top=tuple((int(token_id), texts(token_id)) for token_id in order),
        seconds=time.perf_counter() - started,
    )


class Steps:
    """Forward passes that were made, by model and ids: going back, or a second visitor with the same text,
    costs nothing. Bounded; holds results, not visitors."""

    def __init__(self, size: int = 48) -> None:
        self._size = size
        self._kept: OrderedDict[str, Step] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, spec: ModelSpec, weights: Any, ids: tuple[int, ...]) -> tuple[Step, bool]:
        """The step, and whether it was there already. Raises HubError when there are too many tokens."""
        if len(ids) > MAX_TOKENS:
            raise HubError("attention.next_full", limit=MAX_TOKENS)
        key = self.key(spec, ids)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found, True
        made = look(weights.model, weights.tokenizer, ids)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made, False

    @staticmethod
    def key(spec: ModelSpec, ids: tuple[int, ...]) -> str:
        return hashlib.sha256(
            repr((spec.key, spec.repo, spec.revision, spec.adapter, ids)).encode()
        ).hexdigest()


STEPS = Steps()
"""Shared by all visitors: pure results, found by content."""
