"""Scaled dot-product attention of one head and one query, step by step, with the model's own numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.errors import HubError
from shared.models import cache
from spaces.attention.forward import opened
from spaces.attention.projections import project
from spaces.attention.results import Pass

WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
"""d_k of the experiment with random vectors."""
RANDOM_KEYS = 16
DRAWS = 100


@dataclass(frozen=True)
class Steps:
    """Float32 arrays. `q`: (d_k,); `k`, `v`: (n, d_k); `raw`: q . k, (n,); `bias`: (n,), zero without
    relative positions; `visible`: (n,); `weights`: softmax(raw * scaling + bias) over what is visible, (n,);
    `head_output`: weights . v, (d_k,); `concatenated`: all heads' outputs, (heads * d_k,); `output`: that
    times W_O, (width,).

    `weight_difference` and `output_difference`: the largest difference between what was computed here and
    what the model's own attention module gives, over all heads and all queries of the layer."""

    layer: int
    head: int
    query: int
    heads: int
    kv_head: int
    kv_heads: int
    d_k: int
    width: int
    scaling: float
    rotary: bool
    normed: bool
    relative: bool
    causal: bool
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    raw: np.ndarray
    bias: np.ndarray
    visible: np.ndarray
    weights: np.ndarray
    head_output: np.ndarray
    concatenated: np.ndarray
    output: np.ndarray
    weight_difference: float
    output_difference: float


def steps(done: Pass, layer: int, head: int, query: int) -> Steps:
    """The steps of `head` in `layer` for the token `query`, recomputed from what the layer read in that pass.

    The projections, the rotation, the scores, the softmax, the sums are written out here; the model's own
    attention module runs once more beside them, to compare. Raises HubError for indices that there are
    not."""
    import torch

    layers, heads, n, _ = done.attentions.shape
    for name, index, count in (("layer", layer, layers), ("head", head, heads), ("query", query, n)):
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < count:
            raise HubError("attention.no_such", name=name, last=count - 1)
    with cache().lease(opened(done.model_key)) as weights_of, torch.inference_mode():
        model = weights_of.model
        x = torch.from_numpy(done.inputs[layer]).to(model.device, model.dtype)
        made = project(model, layer, x)
        # each head of keys and values serves `groups` query heads
        k, v = (part.repeat_interleave(made.groups, dim=0) for part in (made.k, made.v))
        raw = made.q @ k.transpose(1, 2)
        scores = raw * made.scaling
        if made.bias is not None:
            scores = scores + made.bias
        scores = scores.masked_fill(~made.visible, -torch.inf)
        weights = scores.softmax(dim=-1)
        outputs = weights @ v
        concatenated = outputs.transpose(0, 1).reshape(n, -1)
        output = made.output(concatenated.to(x.dtype)).float()
        own_weights, own_output = made.own()
        bias = torch.zeros(n, device=x.device) if made.bias is None else made.bias[head, query]
        return Steps(
            layer=layer,
            head=head,
            query=query,
            heads=heads,
            kv_head=head // made.groups,
            kv_heads=int(made.k.shape[0]),
            d_k=int(made.q.shape[2]),
            width=int(output.shape[1]),
            scaling=made.scaling,
            rotary=made.rotary,
            normed=made.normed,
            relative=made.bias is not None,
            causal=done.kind == "causal",
            q=_numpy(made.q[head, query]),
            k=_numpy(k[head]),
            v=_numpy(v[head]),
            raw=_numpy(raw[head, query]),
            bias=_numpy(bias),
            visible=_numpy(made.visible[query]),
            weights=_numpy(weights[head, query]),
            head_output=_numpy(outputs[head, query]),
            concatenated=_numpy(concatenated[query]),
            output=_numpy(output[query]),
            weight_difference=float((weights - own_weights.float()).abs().max()),
            output_difference=float((output - own_output.float()).abs().max()),
        )


def _numpy(tensor: Any) -> np.ndarray:
    return np.asarray(tensor.cpu().numpy())


@dataclass(frozen=True)
class Saturation:
    """The softmax over `RANDOM_KEYS` keys of random vectors: of the raw scores, and of those divided by
    sqrt(d_k), both (RANDOM_KEYS,), of the first of `DRAWS` draws. `spread` is the standard deviation of the
    raw scores over all draws, sqrt(d_k) in expectation; `raw_largest` and `scaled_largest` are the mean of
    the largest weight."""

    d_k: int
    spread: float
    raw: np.ndarray
    scaled: np.ndarray
    raw_largest: float
    scaled_largest: float


def saturation(d_k: int, seed: int = 0) -> Saturation:
    """Random queries and keys whose components have mean 0 and variance 1: the dot product of two has
    variance d_k (Vaswani et al. 2017, section 3.2.1), so that without the scaling one key takes nearly all.
    Raises HubError."""
    if d_k not in WIDTHS:
        raise HubError("attention.bad_width", widths=", ".join(map(str, WIDTHS)))
    chooser = np.random.default_rng((seed, d_k))
    q = chooser.standard_normal((DRAWS, d_k), np.float32)
    keys = chooser.standard_normal((DRAWS, RANDOM_KEYS, d_k), np.float32)
    scores = np.einsum("td,tkd->tk", q, keys)
    raw, scaled = softmax(scores), softmax(scores / np.sqrt(d_k))
    return Saturation(
        d_k,
        float(scores.std()),
        raw[0],
        scaled[0],
        float(raw.max(axis=1).mean()),
        float(scaled.max(axis=1).mean()),
    )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Over the last axis; the largest score is subtracted first, or its exponential would overflow."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
