"""The runnable script behind the open tab: plain transformers, the visitor's text and model filled in."""

from shared.models import MODELS, ModelSpec, white_box
from shared.models.registry import DEFAULT_CHAT, InPackage
from spaces.attention.examples import EXAMPLES
from spaces.attention.forward import MAX_TOKENS, kind_of

_HEAD = '''"""{title}"""

import os
from pathlib import Path

import torch
from transformers import AutoTokenizer, {cls}

text = {text!r}
{find}
tokenizer = AutoTokenizer.from_pretrained(folder)
# sdpa and flash attention never hold the weights; eager attention does
model = {cls}.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
'''

_HEATMAP = """
with torch.inference_mode():
    attentions = {call}  # one (1, heads, n, n) a layer
weights = torch.stack(attentions)[:, 0]
print("layers, heads, queries, keys:", tuple(weights.shape))

# what a head does: entropy in bits, weight on the token before, on the first token, on itself
entropy = -(weights * weights.clamp_min(1e-30).log2()).sum(-1).mean(-1)
previous = weights.diagonal(-1, 2, 3).mean(-1)
first = weights[:, :, 1:, 0].mean(-1)
same = weights.diagonal(0, 2, 3)[..., 1:].mean(-1)
for name, score in [("previous", previous), ("first", first), ("same", same)]:
    layer, head = divmod(int(score.argmax()), weights.shape[1])
    print(f"strongest on {{name}}: layer {{layer}}, head {{head}}, {{score[layer, head]:.3f}}")
print(f"mean entropy: {{entropy.mean():.3f}} bits")

# attention rollout (Abnar and Zuidema 2020)
flow = torch.eye(weights.shape[-1])
for layer in weights.mean(1):
    mixed = 0.5 * layer + 0.5 * torch.eye(weights.shape[-1])
    flow = mixed / mixed.sum(-1, keepdim=True) @ flow
print("rollout to the last token:", [round(x, 3) for x in flow[-1].tolist()])
"""

_LINK = """
# which heads connect two words? added over the key's tokens, averaged over the query's
spans = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]


def tokens_of(word):
    start = text.index(word)
    end = start + len(word)
    return [i for i, (low, high) in enumerate(spans) if low < end and high > start and high > low]


linked = weights[:, :, tokens_of({query!r})][..., tokens_of({key!r})].sum(-1).mean(-1)
for index in linked.flatten().argsort(descending=True)[:5].tolist():
    layer, head = divmod(index, weights.shape[1])
    print(f"layer {{layer}}, head {{head}}: {{linked[layer, head]:.3f}}")
"""

_STEPS_ROTARY = """
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

layer, head, query = 0, 0, encoding["input_ids"].shape[1] - 1  # change these
with torch.inference_mode():
    out = model(**encoding, output_attentions=True, output_hidden_states=True)
    block = model.base_model.layers[layer]
    attention = block.self_attn
    x = block.input_layernorm(out.hidden_states[layer])
    n, d_k = x.shape[1], attention.head_dim
    split = lambda y: y.view(1, n, -1, d_k).transpose(1, 2)
    q, k, v = (split(proj(x)) for proj in (attention.q_proj, attention.k_proj, attention.v_proj))
    cos, sin = model.base_model.rotary_emb(x, torch.arange(n)[None])
    q, k = apply_rotary_pos_emb(q, k, cos, sin)
    groups = q.shape[1] // k.shape[1]  # several query heads share one head of keys and values
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    scores = q @ k.transpose(2, 3) / d_k**0.5
    scores = scores.masked_fill(~torch.ones(n, n).tril().bool(), -torch.inf)
    weights = scores.softmax(-1)
    heads = weights @ v
    output = attention.o_proj(heads.transpose(1, 2).reshape(1, n, -1))
print("q", q[0, head, query, :4].tolist(), "...")
print("scores", [round(s, 3) for s in scores[0, head, query].tolist()])
print("weights", [round(w, 3) for w in weights[0, head, query].tolist()])
print("head output", heads[0, head, query, :4].tolist(), "...")
print("largest difference to the model's own:", float((weights - out.attentions[layer]).abs().max()))
"""

_STEPS_BERT = """
layer, head, query = 0, 0, encoding["input_ids"].shape[1] - 1  # change these
with torch.inference_mode():
    out = model(**encoding, output_attentions=True, output_hidden_states=True)
    attention = model.base_model.encoder.layer[layer].attention
    x = out.hidden_states[layer]
    n, d_k = x.shape[1], attention.self.attention_head_size
    split = lambda y: y.view(1, n, -1, d_k).transpose(1, 2)
    q, k, v = (split(getattr(attention.self, name)(x)) for name in ("query", "key", "value"))
    weights = (q @ k.transpose(2, 3) / d_k**0.5).softmax(-1)
    heads = weights @ v
    output = attention.output.dense(heads.transpose(1, 2).reshape(1, n, -1))
print("q", q[0, head, query, :4].tolist(), "...")
print("weights", [round(w, 3) for w in weights[0, head, query].tolist()])
print("head output", heads[0, head, query, :4].tolist(), "...")
print("largest difference to the model's own:", float((weights - out.attentions[layer]).abs().max()))
"""

_SHOW = """
print("tokens:", tokenizer.convert_ids_to_tokens(encoding["input_ids"][0]))
"""

_ROTARY = ("smollm2-135m-dequantised", "qwen2-0.5b-bf16")
_BERT = (
    "minilm-l6",
    "bge-small-en",
    "gte-small",
    "ms-marco-minilm",
    "bge-reranker-base",
    "bert-base-uncased",
)
"""Models for which the steps can be written as one of these two scripts; for the others it is the
weights'."""


def snippet(open_tab: str, text: str, text_pair: str, model: str) -> str:
    """A script of its own that prints what the open tab shows."""
    spec = white_box(MODELS.get(model) or MODELS[DEFAULT_CHAT])
    kind = kind_of(spec)
    cls = {"causal": "AutoModelForCausalLM", "encoder": "AutoModel"}.get(kind, "AutoModelForSeq2SeqLM")
    title = "Attention weights" if open_tab != "steps" else "Scaled dot-product attention"
    parts = [_HEAD.format(title=f"{title} of {spec.name}.", cls=cls, text=text or "", find=_find(spec))]
    pair = f", {text_pair!r}" if text_pair and kind == "encoder" else ""
    parts.append(
        f'encoding = tokenizer(text{pair}, return_tensors="pt", truncation=True, max_length={MAX_TOKENS})\n'
    )
    if kind == "causal":
        parts.append('encoding.pop("token_type_ids", None)\n')
    parts.append(_SHOW)
    steps = _STEPS_ROTARY if spec.key in _ROTARY else _STEPS_BERT if spec.key in _BERT else ""
    if open_tab == "steps" and steps:
        return "".join([*parts, steps])
    called = "model.get_encoder()" if kind == "encoder-decoder" else "model"
    parts.append(_HEATMAP.format(call=f"{called}(**encoding, output_attentions=True).attentions"))
    for example in EXAMPLES.values():
        if example.query and example.text == text and not pair:
            parts.append(_LINK.format(query=example.query.strip(), key=example.key))
    return "".join(parts)


def _find(spec: ModelSpec) -> str:
    """Where the weights are: the embedded copy if there is one, else the Hub."""
    if isinstance(spec.embedded, InPackage):
        package, inner = spec.embedded.package, spec.embedded.folder
        return (
            "from importlib.util import find_spec\n\n"
            f"folder = Path(find_spec({package!r}).origin).parent / {inner!r}\n"
        )
    if spec.embedded is None:
        return f"folder = {spec.repo!r}\n"
    return (
        'home = Path(os.environ.get("HUB_HOME") or Path.home() / ".cache" / "hands-on-llm")\n'
        f'folder = home / "models" / {spec.key!r}\n'
        "if not folder.is_dir():  # without the hub's embedded copy: the original weights\n"
        f"    folder = {spec.repo!r}\n"
    )
