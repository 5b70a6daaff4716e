"""Trains the small translator (PYTHONPATH=. python spaces/families/train_t5.py; see --help).

A T5 of 1.5 million weights learns English to German and to Chinese from the sentences of grammar.py, in
about twenty minutes on two cores. A run can be cut into slices: `--minutes 6`, as often as needed, goes on
where the last one ended.
"""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import argparse
import json
import math
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from shared.settings import settings
from spaces.families.grammar import Sentence, sentences

HERE = Path(__file__).resolve().parent
CHECKPOINT = HERE / "checkpoints" / "t5-everyday"
PREFIXES = {"de": "translate English to German: ", "zh": "translate English to Chinese: "}
"""T5's own words for the task."""
BATCH = 128
PEAK = 2e-3
WARMUP = 200
SEED = 5


def vocabulary(size: int = 60_000) -> dict[str, set[str]]:
    """The words of each language in so many sentences of the grammar."""
    found: dict[str, set[str]] = {"en": set(), "de": set(), "zh": set()}
    for sentence in islice(sentences(SEED), size):
        found["en"].update(split(sentence.en))
        found["de"].update(split(sentence.de))
        found["zh"].update(sentence.zh_words)
    return found


def split(text: str) -> list[str]:
    """Words and marks of a European sentence."""
    return text.replace(".", " .").replace("?", " ?").replace(",", " ,").split()


def make_tokenizer(known: dict[str, set[str]]) -> Any:
    """A T5 tokenizer whose pieces are the grammar's words: one word, one token, as the cross-attention map
    likes it."""
    from transformers import T5Tokenizer

    marks = [".", "?", ","]
    europe = {word for word in known["en"] | known["de"] if word not in marks}
    # sentences begin with a capital; visitors forget it
    europe |= {word[0].lower() + word[1:] for word in known["en"] if word not in marks}
    europe |= {word for prefix in PREFIXES.values() for word in prefix.replace(":", "").split()}
    pieces = [*marks, ":", "▁", *sorted("▁" + word for word in europe), *sorted(known["zh"])]
    # all pieces cost the same, so that the fewest win: the longest Chinese words, whole European ones
    vocab = [
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        *((piece, -8.0) for piece in dict.fromkeys(pieces)),
    ]
    return T5Tokenizer(vocab=vocab, extra_ids=0, model_max_length=64)


def make_model(vocabulary_size: int) -> Any:
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    torch.manual_seed(SEED)
    sizes: dict[str, Any] = {
        "vocab_size": vocabulary_size,
        "d_model": 128,
        "d_kv": 32,
        "d_ff": 384,
        "num_layers": 3,
        "num_decoder_layers": 3,
        "num_heads": 4,
        "relative_attention_num_buckets": 16,
        "relative_attention_max_distance": 32,
        "dropout_rate": 0.05,
        "tie_word_embeddings": True,
        "decoder_start_token_id": 0,
    }
    model = T5ForConditionalGeneration(T5Config(**sizes))
    model.generation_config.max_new_tokens = 32
    return model


def typed(sentence: Sentence, rng: Random) -> str:
    """The English as people type it: now and then without capital or full stop."""
    text = sentence.en
    if rng.random() < 0.15:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.1:
        text = text.rstrip(".?")
    return text


def batches(seed: int, skip: int) -> Any:
    """(source texts, target texts) without end; `skip` batches were used before. No held-out pair is in
    them."""
    rng, target = Random(seed), 0
    stream = (s for s in sentences(seed) if not s.held_out)
    for number in range(10**9):
        chosen = list(islice(stream, BATCH))
        sources, targets = [], []
        for sentence in chosen:
            target = 1 - target
            name = ("de", "zh")[target]
            sources.append(PREFIXES[name] + typed(sentence, rng))
            targets.append(getattr(sentence, name))
        if number >= skip:
            yield sources, targets


def evaluate(
    model: Any, tokenizer: Any, count: int, seed: int = 77, held_out: bool = True
) -> dict[str, float]:
    """Exact match and token accuracy (greedy, token by token against the reference) on `count` sentences
    with a pair of words that training never had together."""
    import torch

    chosen = list(islice((s for s in sentences(seed) if s.held_out is held_out), count))
    result: dict[str, float] = {}
    model.eval()
    for name in PREFIXES:
        exact = same = total = 0
        for start in range(0, count, 100):
            part = chosen[start : start + 100]
            inputs = tokenizer([PREFIXES[name] + s.en for s in part], return_tensors="pt", padding=True)
            with torch.inference_mode():
                made = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=32)
            for sentence, text in zip(
                part, tokenizer.batch_decode(made, skip_special_tokens=True), strict=True
            ):
                reference = getattr(sentence, name)
                exact += text == reference
                want, got = (tokenizer(t, add_special_tokens=False)["input_ids"] for t in (reference, text))
                total += max(len(want), len(got))
                same += sum(a == b for a, b in zip(want, got, strict=False))
        result[f"exact_{name}"], result[f"token_{name}"] = exact / count, same / total
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=25, help="stop after so long; the next run goes on")
    parser.add_argument("--steps", type=int, default=3000, help="of the whole training")
    parser.add_argument("--test", type=int, default=1000, help="held-out sentences at the end")
    args = parser.parse_args()
    import torch

    known = vocabulary()
    tokenizer = make_tokenizer(known)
    model = make_model(len(tokenizer))
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.01)
    state = settings().home / "training" / "families-t5.pt"
    step = 0
    if state.is_file():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
    print(
        f"{sum(p.numel() for p in model.parameters()):,} weights, {len(tokenizer)} pieces, step {step}",
        flush=True,
    )

    end = time.monotonic() + 60 * args.minutes
    model.train()
    for sources, targets in batches(SEED, step):
        if step >= args.steps or time.monotonic() > end:
            break
        inputs = tokenizer(sources, return_tensors="pt", padding=True)
        labels = tokenizer(targets, return_tensors="pt", padding=True)["input_ids"]
        labels[labels == tokenizer.pad_token_id] = -100
        rate = min(1, (step + 1) / WARMUP) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / args.steps)) / 2)
        for group in optimizer.param_groups:
            group["lr"] = PEAK * rate
        loss = model(**inputs, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step}: loss {loss.item():.4f}, {end - time.monotonic():.0f} s left", flush=True)
    state.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, state)

    scores = evaluate(model, tokenizer, args.test)
    print(scores, flush=True)
    CHECKPOINT.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(CHECKPOINT)
    tokenizer.save_pretrained(CHECKPOINT)
    facts = {
        "steps": step,
        "sentence_pairs": step * BATCH,
        "held_out_sentences": args.test,
        **scores,
        "words": {name: sorted(words) for name, words in known.items()},
    }
    (CHECKPOINT / "training.json").write_text(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
