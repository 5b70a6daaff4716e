"""Queries, keys and values of one layer, from the hidden states it read: one function per family of
models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.errors import HubError

Own = Callable[[], tuple[Any, Any]]


@dataclass(frozen=True)
class Projections:
    """Float32 tensors of one layer and one text. `q`: (heads, n, d_k); `k`, `v`: (kv_heads, n, d_k), where
    several query heads in a row share one of keys and values. Rotary embedding is applied to `q` and `k`.
    `bias`: (heads, n, n), what a model with relative positions adds to the scores. `visible`: (n, n), what a
    query may see."""

    q: Any
    k: Any
    v: Any
    scaling: float
    visible: Any
    bias: Any
    rotary: bool
    normed: bool
    """Whether the layer normalises its input before it projects it (otherwise it does so after adding)."""
    output: Callable[[Any], Any]
    """W_O: (n, heads * d_k) -> (n, width)."""
    own: Own
    """The model's own code over the same input: its weights (heads, n, n) and its output (n, width)."""

    @property
    def groups(self) -> int:
        """How many query heads share one head of keys and values."""
        return int(self.q.shape[0] // self.k.shape[0])


def project(model: Any, layer: int, x: Any) -> Projections:
    """What `layer` makes of its input `x`, (n, width). Nothing is registered on the model, so others may use
    it at the same time. Raises HubError for a family that is not written out here."""
    base = model.base_model
    if hasattr(base, "layers") and hasattr(base, "rotary_emb"):
        return _rotary(base, base.layers[layer], x)
    if hasattr(base, "transformer") and hasattr(base.transformer, "layer"):
        return _distilbert(base.transformer.layer[layer].attention, x)
    encoder: Any = getattr(base, "encoder", None)
    if hasattr(encoder, "block"):
        return _t5(encoder, layer, x)
    if hasattr(encoder, "layer"):
        attention = encoder.layer[layer].attention
        if hasattr(attention, "attn"):
            return _mpnet(encoder, attention.attn, x)
        if hasattr(attention, "self") and hasattr(attention.self, "query"):
            return _bert(attention, x)
    raise HubError("attention.no_steps", model=type(model).__name__)


def _split(y: Any, size: int) -> Any:
    """(n, heads * size) -> (heads, n, size)."""
    return y.view(y.shape[0], -1, size).transpose(0, 1).float()


def _all_visible(n: int, x: Any) -> Any:
    import torch

    return torch.ones(n, n, dtype=torch.bool, device=x.device)


def _rotary(base: Any, block: Any, x: Any) -> Projections:
    """Llama, Mistral, Phi-3 (one fused projection), Qwen2 (biases), Qwen3 (normalised queries and keys)."""
    import torch

    attention, n = block.self_attn, x.shape[0]
    size = int(attention.head_dim)
    normed = block.input_layernorm(x)
    config = attention.config
    if hasattr(attention, "qkv_proj"):
        fused = attention.qkv_proj(normed)
        queries = config.num_attention_heads * size
        shared = config.num_key_value_heads * size
        q, k, v = (_split(part, size) for part in fused.split([queries, shared, shared], dim=-1))
    else:
        names = ("q_proj", "k_proj", "v_proj")
        q, k, v = (_split(getattr(attention, name)(normed), size) for name in names)
    if hasattr(attention, "q_norm"):
        q, k = attention.q_norm(q.to(x.dtype)).float(), attention.k_norm(k.to(x.dtype)).float()
    cos, sin = base.rotary_emb(x[None], position_ids=torch.arange(n, device=x.device)[None])
    q, k = _rotate(q, cos[0].float(), sin[0].float()), _rotate(k, cos[0].float(), sin[0].float())

    window = getattr(attention, "sliding_window", None)
    if not hasattr(attention, "sliding_window"):
        window = getattr(config, "sliding_window", None)
    position = torch.arange(n, device=x.device)
    distance = position[:, None] - position[None, :]
    visible = (distance >= 0) & (distance < (window or n + 1))

    def own() -> tuple[Any, Any]:
        mask = torch.zeros(n, n, dtype=x.dtype, device=x.device)
        mask = mask.masked_fill(~visible, torch.finfo(x.dtype).min)[None, None]
        out, weights = attention(normed[None], position_embeddings=(cos, sin), attention_mask=mask)[:2]
        return weights[0], out[0]

    return Projections(q, k, v, float(attention.scaling), visible, None, True, True, attention.o_proj, own)


def _rotate(y: Any, cos: Any, sin: Any) -> Any:
    """Rotary position embedding: dimension i and i + half form a plane that turns with the position (Su et
    al. 2021, arXiv 2104.09864, with the halves as transformers lays them out). `y`: (heads, n, d_k)."""
    import torch

    turned, rest = y[..., : cos.shape[-1]], y[..., cos.shape[-1] :]
    half = turned.shape[-1] // 2
    quarter_turn = torch.cat((-turned[..., half:], turned[..., :half]), dim=-1)
    return torch.cat((turned * cos + quarter_turn * sin, rest), dim=-1)


def _bert(attention: Any, x: Any) -> Projections:
    """BERT and RoBERTa: learned positions are in the input already; normalised after the residual."""
    inner, size = attention.self, int(attention.self.attention_head_size)
    q, k, v = (_split(getattr(inner, name)(x), size) for name in ("query", "key", "value"))

    def own() -> tuple[Any, Any]:
        context, weights = inner(x[None])[:2]
        return weights[0], attention.output.dense(context)[0]

    visible = _all_visible(x.shape[0], x)
    return Projections(q, k, v, size**-0.5, visible, None, False, False, attention.output.dense, own)


def _distilbert(attention: Any, x: Any) -> Projections:
    size = int(attention.attention_head_size)
    q, k, v = (_split(getattr(attention, name)(x), size) for name in ("q_lin", "k_lin", "v_lin"))

    def own() -> tuple[Any, Any]:
        out, weights = attention(x[None])[:2]
        return weights[0], out[0]

    visible = _all_visible(x.shape[0], x)
    return Projections(q, k, v, size**-0.5, visible, None, False, False, attention.out_lin, own)


def _mpnet(encoder: Any, attention: Any, x: Any) -> Projections:
    """MPNet: a learned bias for every distance, shared by all layers."""
    size = int(attention.attention_head_size)
    q, k, v = (_split(getattr(attention, name)(x), size) for name in "qkv")
    bias = encoder.compute_position_bias(x[None])

    def own() -> tuple[Any, Any]:
        out, weights = attention(x[None], None, bias, output_attentions=True)[:2]
        return weights[0], out[0]

    visible = _all_visible(x.shape[0], x)
    return Projections(q, k, v, size**-0.5, visible, bias[0].float(), False, False, attention.o, own)


def _t5(encoder: Any, layer: int, x: Any) -> Projections:
    """T5's encoder: a learned bias for every distance, kept in the first layer, and no scaling at all."""
    first, block = (encoder.block[i].layer[0] for i in (0, layer))
    attention = block.SelfAttention
    size, n = int(attention.key_value_proj_dim), x.shape[0]
    normed = block.layer_norm(x)
    q, k, v = (_split(getattr(attention, name)(normed), size) for name in "qkv")
    bias = first.SelfAttention.compute_bias(n, n)

    def own() -> tuple[Any, Any]:
        out, _, weights = attention(normed[None], position_bias=bias)[:3]
        return weights[0], out[0]

    visible = _all_visible(n, x)
    return Projections(q, k, v, 1.0, visible, bias[0].float(), False, True, attention.o, own)
