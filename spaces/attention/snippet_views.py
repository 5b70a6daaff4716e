"""The runnable scripts behind the views on positions, on one token and on the KV cache: numpy, torch and
transformers alone."""

from typing import Any

from spaces.attention.causal import causal_spec
from spaces.attention.kv_cache import MAX_PROMPT
from spaces.attention.next_token import MAX_TOKENS

_POSITION = '''"""Sinusoids (Vaswani et al. 2017) and rotary embedding (Su et al. 2021); needs numpy."""

import numpy as np

positions, dim, base = {positions}, {dim}, {base}
angles = np.outer(np.arange(positions), base ** (-np.arange(0, dim, 2) / dim))
{table}
print("shape", table.shape)
print("position 1:", np.round(table[1][:8], 4))
products = table @ table.T
print("dot products with position 0:", np.round(products[0][:8], 3))


def rotate(x, position):
    """Turns neighbouring pairs of `x` by position x theta; Llama in transformers pairs i with i + dim/2."""
    angle = position * base ** (-np.arange(0, dim, 2) / dim)
    turned = np.empty_like(x)
    turned[0::2] = x[0::2] * np.cos(angle) - x[1::2] * np.sin(angle)
    turned[1::2] = x[0::2] * np.sin(angle) + x[1::2] * np.cos(angle)
    return turned


rng = np.random.default_rng(0)
q, k = rng.normal(size=(2, dim))
for shift in (0, 1, 10, 100):
    m, n = 8 + shift, 3 + shift
    print(f"q at {{m}}, k at {{n}}: {{rotate(q, m) @ rotate(k, n):.6f}}")
'''
_TABLES = {
    "interleaved": "table = np.empty((positions, dim))\n"
    "table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)",
    "concatenated": "table = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)",
}
_LOAD = """
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

{folder}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()

text = {text}
ids = tokenizer(text, return_tensors="pt").input_ids[:, -{limit}:]
"""
_EMBEDDED = """# the hub keeps its weights here; `make install` puts them there
home = Path(os.environ.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser()
folder = home / "models" / {key!r}"""
_NEXT = """
with torch.inference_mode():
    output = model(ids, output_hidden_states=True)
logits = output.logits[0, -1]
print("ids", tuple(ids.shape), "logits", tuple(output.logits.shape))
print("hidden states:", len(output.hidden_states), "of", tuple(output.hidden_states[-1].shape))

# logit lens: final norm and LM head after every layer; the last hidden state is normed already
final = logits.argmax()
states = torch.stack([layer[0, -1] for layer in output.hidden_states])
with torch.inference_mode():
    by_layer = model.lm_head(torch.cat([model.model.norm(states[:-1]), states[-1:]]))
for layer, scores in enumerate(by_layer):
    rank = int((scores > scores[final]).sum()) + 1
    print(f"layer {{layer:2}}: {{tokenizer.decode(scores.argmax())!r}}, rank of the final answer {{rank}}")

temperature, top_k, top_p = {temperature!r}, {top_k!r}, {top_p!r}
if temperature == 0:
    scores = logits.masked_fill(torch.arange(len(logits)) != final, -torch.inf)[None]
else:
    scores = TemperatureLogitsWarper(temperature)(ids, logits[None])
    if top_k:
        scores = TopKLogitsWarper(top_k)(ids, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(ids, scores)
probs = scores.softmax(-1)[0]
print(int((probs > 0).sum()), "of", len(probs), "tokens kept")
for token in probs.argsort(descending=True)[:15]:
    if probs[token] == 0:
        break
    print(f"{{probs[token]:8.4f}}  {{tokenizer.decode(token)!r}}")
"""
_KV = """
new_tokens = {new_tokens}
cache = DynamicCache(config=model.config)
cached, uncached, fresh = ids, ids, ids
seconds = {{"cached": 0.0, "uncached": 0.0}}
with torch.inference_mode():
    model(ids, logits_to_keep=1)  # warm up
    for _ in range(new_tokens):  # a token each in turn: what slows one slows the other
        started = time.perf_counter()
        output = model(fresh, past_key_values=cache, use_cache=True, logits_to_keep=1)
        seconds["cached"] += time.perf_counter() - started
        fresh = output.logits[:, -1].argmax(-1, keepdim=True)
        cached = torch.cat([cached, fresh], dim=1)

        started = time.perf_counter()
        output = model(uncached, use_cache=False, logits_to_keep=1)
        seconds["uncached"] += time.perf_counter() - started
        uncached = torch.cat([uncached, output.logits[:, -1].argmax(-1, keepdim=True)], dim=1)

print(tokenizer.decode(cached[0, ids.shape[1]:]))
print(f"cached {{seconds['cached']:.2f}} s, uncached {{seconds['uncached']:.2f}} s,", end=" ")
print(f"{{seconds['uncached'] / seconds['cached']:.2f}} times as fast;", end=" ")
print("same tokens:", torch.equal(cached, uncached))

config, tokens = model.config, cache.get_seq_length()
head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
formula = 2 * config.num_hidden_layers * config.num_key_value_heads * head_dim * tokens * model.dtype.itemsize
measured = sum(layer.keys.nbytes + layer.values.nbytes for layer in cache.layers)
print(f"cache of {{tokens}} tokens: {{formula:,}} bytes by the formula, {{measured:,}} measured")
"""


def position_snippet(positions: int, dim: int, base: float, layout: str) -> str:
    """The table of the sliders, its dot products, and rotary embedding on random vectors."""
    return _POSITION.format(positions=int(positions), dim=int(dim), base=float(base), table=_TABLES[layout])


def next_snippet(text: str, model: str | None, temperature: float, top_k: float, top_p: float) -> str:
    """One token by hand, the logit lens, and the distribution under the sliders."""
    names = (
        "AutoModelForCausalLM",
        "AutoTokenizer",
        *(f"{kind}LogitsWarper" for kind in ("Temperature", "TopK", "TopP")),
    )
    wanted = "(\n" + "".join(f"    {name},\n" for name in names) + ")\n"
    body = _NEXT.format(temperature=float(temperature), top_k=int(top_k), top_p=float(top_p))
    head = _head("One token by hand", model, text, MAX_TOKENS)
    return head.replace("AutoModelForCausalLM, AutoTokenizer\n", wanted, 1) + body


def kv_snippet(text: str, model: str | None, new_tokens: float) -> str:
    """The race, token by token, and the cache's bytes."""
    head = _head("Greedy decoding with and without the KV cache", model, text, MAX_PROMPT, "import time\n")
    head = head.replace("AutoTokenizer\n", "AutoTokenizer, DynamicCache\n", 1)
    return head + _KV.format(new_tokens=int(new_tokens))


def _head(title: str, model: str | None, text: Any, limit: int, imports: str = "") -> str:
    spec = causal_spec(model)
    if spec.embedded is None:
        standard, folder = imports, f'folder = "{spec.repo}"'
    else:
        standard = f"import os\n{imports}from pathlib import Path\n"
        folder = _EMBEDDED.format(key=spec.key)
    load = _LOAD.format(folder=folder, text=repr(text or ""), limit=limit)
    doc = f'"""{title}: {spec.name}.\n\nNeeds: torch transformers"""\n\n'
    return doc + standard + (load if standard else load.lstrip("\n"))
