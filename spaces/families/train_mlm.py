"""Teaches MiniLM to fill gaps (PYTHONPATH=. python spaces/families/train_mlm.py; see --help).

MiniLM was trained to compare sentences and has no language-modelling head. This trains one on the text of
corpus.py, BERT's own (dense, GELU, LayerNorm, the word embeddings again), together with a low-rank change
(LoRA) to every layer: 3 MB in all. The hub puts both into a `BertForMaskedLM` once
(shared/models/embedded.py). Runs can be cut into slices, `--minutes 6`.
"""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

from shared.models import MODELS
from shared.models.embedded import LORA_A, LORA_B
from shared.models.fetch import fetch
from shared.settings import settings
from spaces.families.corpus import documents, split

CHECKPOINT = Path(__file__).resolve().parent / "checkpoints" / "minilm-mlm"
RANK = 32
LENGTH = 96
BATCH = 16
MASKED = 0.2
"""BERT masks 15 %; a small corpus gives more with a few more questions a sentence."""
SEED = 5


def chunks(texts: list[str], tokenizer: Any) -> Any:
    """[CLS] ... [SEP] of LENGTH tokens each, shape (chunks, LENGTH)."""
    import torch

    rows = []
    room = LENGTH - 2
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"]
        for start in range(0, len(ids) - room + 1, room):
            rows.append([tokenizer.cls_token_id, *ids[start : start + room], tokenizer.sep_token_id])
    return torch.tensor(rows)


def masked(
    rows: Any, share: float, mask_id: int, size: int, generator: Any, *, pure: bool = False
) -> tuple[Any, Any]:
    """(input, chosen): a share of the tokens chosen, 80 % of these as [MASK], 10 % as any token, 10 % as
    they are; `pure`: all as [MASK]."""
    import torch

    chosen = torch.rand(rows.shape, generator=generator) < share
    chosen[:, 0] = chosen[:, -1] = False
    inputs, dice = rows.clone(), torch.rand(rows.shape, generator=generator)
    inputs[chosen & ((dice < 0.8) | pure)] = mask_id
    if not pure:
        other = chosen & (dice >= 0.9)
        inputs[other] = torch.randint(1000, size, (int(other.sum()),), generator=generator)
    return inputs, chosen


def low_rank(linear: Any) -> Any:
    """`linear` + B A, of which only A and B learn."""
    import torch

    class LowRank(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.base = linear
            self.A = torch.nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features))
            self.B = torch.nn.Parameter(torch.zeros(linear.out_features, RANK))

        def forward(self, x: Any) -> Any:
            return self.base(x) + x @ self.A.T @ self.B.T

    return LowRank()


def make_model(folder: Path) -> Any:
    """MiniLM as a BertForMaskedLM with a fresh head and a low-rank part at every layer."""
    import torch
    from transformers import BertConfig, BertForMaskedLM, BertModel

    torch.manual_seed(SEED)
    model = BertForMaskedLM(BertConfig.from_pretrained(folder))
    model.bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
    model.tie_weights()
    for parameter in model.parameters():
        parameter.requires_grad = False
    layers: Any = model.bert.encoder.layer
    for layer in layers:
        for owner, name in (
            (layer.attention.self, "query"),
            (layer.attention.self, "key"),
            (layer.attention.self, "value"),
            (layer.attention.output, "dense"),
            (layer.intermediate, "dense"),
            (layer.output, "dense"),
        ):
            setattr(owner, name, low_rank(getattr(owner, name)))
    for parameter in (*model.cls.predictions.transform.parameters(), model.cls.predictions.bias):
        parameter.requires_grad = True
    return model


def learned(model: Any) -> dict[str, Any]:
    """What is to be saved: the head as BERT names it, and each layer's A and B under the layer's name."""
    named = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    named = {
        name.removesuffix(".A") + LORA_A if name.endswith(".A") else name: p for name, p in named.items()
    }
    return {name.removesuffix(".B") + LORA_B if name.endswith(".B") else name: p for name, p in named.items()}


def accuracy(model: Any, rows: Any, mask_id: int) -> dict[str, float]:
    """Top-1 and top-5 accuracy on the masked tokens (15 %, all [MASK]) of held-out text."""
    import torch

    model.eval()
    inputs, chosen = masked(rows, 0.15, mask_id, 0, torch.Generator().manual_seed(0), pure=True)
    first = fifth = total = 0
    with torch.inference_mode():
        for start in range(0, len(rows), 32):
            part = slice(start, start + 32)
            hidden = model.bert(inputs[part]).last_hidden_state[chosen[part]]
            top = model.cls(hidden).topk(5).indices
            right = top == rows[part][chosen[part]][:, None]
            first += int(right[:, 0].sum())
            fifth += int(right.any(1).sum())
            total += len(right)
    model.train()
    return {"masked_tokens": total, "top1": first / total, "top5": fifth / total}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=25, help="stop after so long; the next run goes on")
    parser.add_argument("--steps", type=int, default=1000, help="of the whole training")
    args = parser.parse_args()
    import torch
    from safetensors.torch import save_file
    from transformers import AutoTokenizer

    folder = fetch(MODELS["minilm-l6"])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    train, test = (chunks(texts, tokenizer) for texts in split(documents()))
    model = make_model(folder)
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=1e-3, weight_decay=0.01)
    state = settings().home / "training" / "families-mlm.pt"
    step = 0
    if state.is_file():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"], strict=False)
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
    print(
        f"{len(train)} + {len(test)} chunks, {sum(p.numel() for p in learning):,} weights learn, step {step}",
        flush=True,
    )
    end = time.monotonic() + 60 * args.minutes
    model.train()
    while step < args.steps and time.monotonic() < end:
        generator = torch.Generator().manual_seed(SEED + step)
        chosen_rows = torch.randint(len(train), (BATCH,), generator=generator)
        rows = train[chosen_rows]
        inputs, chosen = masked(rows, MASKED, tokenizer.mask_token_id, len(tokenizer), generator)
        rate = min(1, (step + 1) / 60) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / args.steps)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * rate
        # the vocabulary is large: only the chosen tokens go through the head
        logits = model.cls(model.bert(inputs).last_hidden_state[chosen])
        loss = torch.nn.functional.cross_entropy(logits, rows[chosen])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        step += 1
        if step % 25 == 0:
            print(f"step {step}: loss {loss.item():.3f}, {end - time.monotonic():.0f} s left", flush=True)
    state.parent.mkdir(parents=True, exist_ok=True)
    trained = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    torch.save({"model": trained, "optimizer": optimizer.state_dict(), "step": step}, state)
    scores = accuracy(model, test, tokenizer.mask_token_id)
    print(scores, flush=True)
    CHECKPOINT.mkdir(parents=True, exist_ok=True)
    half = {name: p.to(torch.float16).contiguous() for name, p in learned(model).items()}
    save_file(half, CHECKPOINT / "head.safetensors", metadata={"format": "pt"})
    (CHECKPOINT / "head.safetensors").chmod(0o644)
    facts = {
        "steps": step,
        "tokens": step * BATCH * LENGTH,
        "train_chunks": len(train),
        "test_chunks": len(test),
        **scores,
    }
    (CHECKPOINT / "training.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
