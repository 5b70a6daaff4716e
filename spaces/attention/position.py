"""Positional encoding: the sinusoids of the first Transformer, rotary embedding, and what order is worth."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from spaces.attention.causal import number, token_text, whole
from spaces.attention.next_token import softmax

MAX_POSITIONS, MAX_DIM = 512, 512
MAX_ORDER_TOKENS = 128


def angles(positions: np.ndarray, dim: int, base: float = 10_000.0) -> np.ndarray:
    """position x theta_i with theta_i = base^(-2i / dim), i = 0 .. dim/2 - 1; shape (positions, dim / 2).

    The same angles are behind the sinusoids and behind rotary embedding."""
    return np.outer(positions, base ** (-np.arange(0, dim, 2) / dim))


def sinusoids(positions: int, dim: int, base: float = 10_000.0, *, interleaved: bool = True) -> np.ndarray:
    """Shape (positions, dim): sine on the even dimensions, cosine on the odd ones (Vaswani et al. 2017,
    section 3.5). Not `interleaved`: all sines, then all cosines, as the tutorial's code puts them.

    Raises HubError when a size makes no sense."""
    positions = whole("positions", positions, 1, MAX_POSITIONS)
    # an odd dim has no partner for its last sine
    dim = 2 * whole("dim / 2", dim / 2 if isinstance(dim, int | float) else dim, 1, MAX_DIM // 2)
    base = number("base", base, 2.0, 10_000_000.0)
    angle = angles(np.arange(positions), dim, base)
    sines, cosines = np.sin(angle), np.cos(angle)
    if not interleaved:
        return np.concatenate([sines, cosines], axis=1)
    table = np.empty((positions, dim))
    table[:, 0::2], table[:, 1::2] = sines, cosines
    return table


def rotary(
    x: np.ndarray, positions: np.ndarray, base: float = 10_000.0, *, neighbours: bool = True
) -> np.ndarray:
    """Rotary embedding (Su et al. 2021): pair i of `x`, shape (n, dim), turned by position x theta_i.

    `neighbours`: pairs are (0, 1), (2, 3), ... as in the paper; else (i, i + dim/2), as transformers' Llama
    pairs them. The two differ by a fixed reordering of dimensions, which training absorbs."""
    dim = x.shape[1]
    angle = angles(positions, dim, base)
    cosine, sine = np.cos(angle), np.sin(angle)
    first = slice(0, dim, 2) if neighbours else slice(0, dim // 2)
    second = slice(1, dim, 2) if neighbours else slice(dim // 2, dim)
    turned = np.empty_like(x, dtype=np.float64)
    turned[:, first] = x[:, first] * cosine - x[:, second] * sine
    turned[:, second] = x[:, first] * sine + x[:, second] * cosine
    return turned


@dataclass(frozen=True)
class Turn:
    """Two arrows of the plane, turned to their positions. Angles in radians."""

    q: np.ndarray
    k: np.ndarray
    turned_q: np.ndarray
    turned_k: np.ndarray
    theta: float

    @property
    def before(self) -> float:
        return float(self.q @ self.k)

    @property
    def after(self) -> float:
        return float(self.turned_q @ self.turned_k)


Q_ANGLE, K_ANGLE = np.radians(70.0), np.radians(25.0)
"""Where the two arrows of the drawing point before they are turned; both have length 1."""


def turn(m: int, n: int, pair: int, dim: int, base: float = 10_000.0) -> Turn:
    """The drawing's query at position `m` and key at position `n`, seen in dimension pair `pair` (from 0)."""
    theta = float(base ** (-2 * pair / dim))
    q, k = (np.array([np.cos(a), np.sin(a)]) for a in (Q_ANGLE, K_ANGLE))

    def rotated(arrow: np.ndarray, position: int) -> np.ndarray:
        cosine, sine = np.cos(position * theta), np.sin(position * theta)
        return np.array([[cosine, -sine], [sine, cosine]]) @ arrow

    return Turn(q, k, rotated(q, m), rotated(k, n), theta)


@dataclass(frozen=True)
class Equivariance:
    """The largest |attention(shuffled x) - shuffled attention(x)| of one head, in float64."""

    plain: float
    """No positions, no mask: zero up to rounding."""
    masked: float
    """No positions, causal mask: the mask alone tells first from last."""
    encoded: float
    """Sinusoids added to x, no mask."""


def equivariance(tokens: int = 6, dim: int = 16, seed: int = 0) -> Equivariance:
    """One attention head with random weights on random vectors, and the same vectors in another order."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(tokens, dim))
    w_q, w_k, w_v = rng.normal(size=(3, dim, dim)) / np.sqrt(dim)
    order = shuffled(tokens, seed)

    def attend(x: np.ndarray, causal: bool = False) -> np.ndarray:
        scores = (x @ w_q) @ (x @ w_k).T / np.sqrt(dim)
        if causal:
            scores = np.where(np.tri(len(x), dtype=bool), scores, -np.inf)
        return softmax(scores) @ (x @ w_v)

    def gap(shuffled_output: np.ndarray, output: np.ndarray) -> float:
        return float(np.abs(shuffled_output - output[order]).max())

    table = sinusoids(tokens, dim)
    return Equivariance(
        plain=gap(attend(x[order]), attend(x)),
        masked=gap(attend(x[order], causal=True), attend(x, causal=True)),
        # each place keeps its sinusoid, whichever word stands there
        encoded=gap(attend(x[order] + table), attend(x + table)),
    )


def shuffled(count: int, seed: int = 0) -> np.ndarray:
    """0 .. count - 1 in an order that is not the given one (for two or more)."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(count)
    while count > 1 and (order == np.arange(count)).all():
        order = rng.permutation(count)
    return order


@dataclass(frozen=True)
class Ordering:
    """A real model on the same tokens under some position ids."""

    name: str
    position_ids: tuple[int, ...]
    top: tuple[tuple[str, float], ...]
    """The five most probable next tokens."""
    kl: float
    """KL(positions as they are || these), in bits: what believing these costs."""
    previous: float
    """Share of attention that goes to the token before, mean over layers, heads and queries."""
    weights: np.ndarray
    """Shape (n, n): the attention of `head`, rows are queries."""


@dataclass(frozen=True)
class OrderTest:
    """`head` is (layer, head), from 0: the one that looks most at the token before, positions as they are."""

    tokens: tuple[str, ...]
    head: tuple[int, int]
    orderings: tuple[Ordering, ...]


def order_test(model: Any, tokenizer: Any, ids: tuple[int, ...], seed: int = 0) -> OrderTest:
    """The next token and the attention with positions as they are, shuffled, and all zero. Needs eager
    attention and two or more tokens."""
    count = len(ids)
    arrangements = {"same": np.arange(count), "shuffled": shuffled(count, seed), "zero": np.zeros(count, int)}
    passes = {name: _forward(model, ids, positions) for name, positions in arrangements.items()}
    own = passes["same"][0]
    by_head = _previous(passes["same"][1])
    layer, head = (int(i) for i in np.unravel_index(by_head.argmax(), by_head.shape))
    orderings = []
    for name, (probs, attentions) in passes.items():
        best = np.argsort(-probs, kind="stable")[:5]
        orderings.append(
            Ordering(
                name=name,
                position_ids=tuple(int(p) for p in arrangements[name]),
                top=tuple((token_text(tokenizer, int(i)), float(probs[i])) for i in best),
                kl=max(0.0, float((own * (np.log2(own) - np.log2(probs))).sum())),
                previous=float(_previous(attentions).mean()),
                weights=attentions[layer, head],
            )
        )
    return OrderTest(tuple(token_text(tokenizer, i) for i in ids), (layer, head), tuple(orderings))


def _forward(model: Any, ids: tuple[int, ...], positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Next-token probabilities, shape (vocabulary,), float64; attention, shape (layers, heads, n, n)."""
    import torch

    with torch.inference_mode():
        output = model(
            torch.tensor([ids], device=model.device),
            position_ids=torch.tensor(positions[None], device=model.device),
            # without a mask transformers takes such position ids for several texts packed into one row
            attention_mask=torch.ones(1, len(ids), dtype=torch.long, device=model.device),
            use_cache=False,
            output_attentions=True,
            logits_to_keep=1,
        )
        attentions = torch.stack([layer[0] for layer in output.attentions]).float().cpu().numpy()
        logits = output.logits[0, -1].double()
        return torch.log_softmax(logits, -1).exp().clamp_min(1e-300).cpu().numpy(), attentions


def _previous(attentions: np.ndarray) -> np.ndarray:
    """Attention to the token before, mean over queries; shape (layers, heads)."""
    return np.asarray(np.diagonal(attentions, offset=-1, axis1=2, axis2=3).mean(axis=-1))
