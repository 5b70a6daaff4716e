"""What a head does, in four numbers; means, rollout; which heads link one word to another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.errors import HubError
from spaces.attention.results import Map, Pass


@dataclass(frozen=True)
class Summary:
    """Of every head, each array (layers, heads), float32.

    `entropy`: of a row of weights, in bits, mean over the queries. `previous`, `first`, `same`: the weight
    that a query gives to the token before it, to the first token, to itself; mean over all queries but the
    first, whose row a causal model cannot spread. None for cross-attention, whose queries and keys are
    different texts."""

    entropy: np.ndarray
    previous: np.ndarray | None
    first: np.ndarray | None
    same: np.ndarray | None


@dataclass(frozen=True)
class Link:
    """How much a head's queries give to some keys together: mean over the queries. `even` is what they would
    give if each query spread its weight evenly over all keys that it may see."""

    layer: int
    head: int
    weight: float
    even: float


def check(done: Pass) -> Pass:
    """Raises HubError when there is a single token, whose attention is always 1."""
    if len(done.source) < 2:
        raise HubError("attention.one_token")
    return done


def summarise(weights: np.ndarray, square: bool = True) -> Summary:
    """`weights`: (layers, heads, queries, keys). `square`: queries and keys are the same tokens."""
    layers, heads = weights.shape[:2]
    entropy = np.empty((layers, heads), np.float32)
    for layer in range(layers):
        w = weights[layer].astype(np.float32)
        # 0 log 0 is 0
        entropy[layer] = -(w * np.log2(np.where(w > 0, w, 1))).sum(-1).mean(-1)
    if not square:
        return Summary(entropy, None, None, None)
    if weights.shape[-1] < 2:
        zero = np.zeros((layers, heads), np.float32)
        return Summary(entropy, zero, zero, zero + 1)
    previous = np.diagonal(weights[:, :, 1:, :-1], axis1=2, axis2=3).astype(np.float32).mean(-1)
    same = np.diagonal(weights[:, :, 1:, 1:], axis1=2, axis2=3).astype(np.float32).mean(-1)
    first = weights[:, :, 1:, 0].astype(np.float32).mean(-1)
    return Summary(entropy, previous, first, same)


def picked(weights: np.ndarray, layer: int = -1, head: int = -1) -> np.ndarray:
    """One head's weights, or the mean over what is -1: float32, (queries, keys).

    Raises HubError for a layer or head that there is not."""
    for name, index, count in (("layer", layer, weights.shape[0]), ("head", head, weights.shape[1])):
        if not isinstance(index, int) or isinstance(index, bool) or not -1 <= index < count:
            raise HubError("attention.no_such", name=name, last=count - 1)
    chosen = weights if layer < 0 else weights[layer : layer + 1]
    chosen = chosen if head < 0 else chosen[:, head : head + 1]
    return np.asarray(chosen.mean(axis=(0, 1), dtype=np.float32))


def rollout(weights: np.ndarray) -> np.ndarray:
    """Attention rollout: how much of each input token reaches each position through all layers.

    Abnar and Zuidema 2020 (arXiv 2005.00928): the mean over heads, half of it replaced by the identity for
    the residual connection, rows normalised, multiplied from the first layer up. (n, n), rows sum to 1."""
    n = weights.shape[-1]
    flow = np.eye(n, dtype=np.float64)
    for layer in weights:
        mixed = 0.5 * layer.mean(axis=0, dtype=np.float64) + 0.5 * np.eye(n)
        flow = (mixed / mixed.sum(axis=-1, keepdims=True)) @ flow
    return flow.astype(np.float32)


def links(found: Map, queries: Sequence[int], keys: Sequence[int]) -> list[Link]:
    """All heads by how much `queries` attend to `keys`, strongest first.

    A word may be several tokens: the weights of its tokens are added where it is looked at, and averaged
    where it looks. Raises HubError when a causal model's queries all stand before the keys."""
    for name, chosen, size in (
        ("query", queries, len(found.queries)),
        ("key", keys, len(found.keys)),
    ):
        if not chosen or not all(isinstance(i, int) and 0 <= i < size for i in chosen):
            raise HubError("attention.no_such", name=name, last=size - 1)
    rows, columns = sorted(set(queries)), sorted(set(keys))
    if found.causal and max(rows) < min(columns):
        raise HubError("attention.later_key")
    given = found.weights[:, :, rows][..., columns].astype(np.float32).sum(-1).mean(-1)
    size = len(found.keys)
    seen = [row + 1 if found.causal else size for row in rows]
    even = sum(sum(c < visible for c in columns) / visible for visible in seen) / len(rows)
    order = np.argsort(-given, axis=None, kind="stable")
    heads = given.shape[1]
    return [Link(int(i // heads), int(i % heads), float(given.flat[i]), float(even)) for i in order]
