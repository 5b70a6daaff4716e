"""Method 1: a model that somebody fine-tuned for sentiment, its labels mapped to those of the data."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shared.errors import HubError
from shared.models import MODELS, of_task
from shared.models.fetch import on_disk
from shared.models.hub import hub_online
from shared.models.registry import ModelSpec

BATCH = 32
CHINESE = "dianping-roberta"
ENGLISH = ("distilbert-sst-2", "twitter-roberta")


def choose_model(key: str | None, texts: Sequence[str]) -> ModelSpec:
    """The sentiment model called `key`; None: one for the language of the texts that is here or on the Hub.

    Raises HubError when there is no such model, or none at all without a network."""
    if key:
        spec = MODELS.get(key)
        if spec is None or spec.task != "sentiment":
            raise HubError("hub.unknown_model", model=str(key)[:80])
        return spec
    wanted = (CHINESE,) if mostly_chinese(texts) else ENGLISH
    known = [MODELS[name] for name in wanted if name in MODELS]
    here = next((spec for spec in known if on_disk(spec) is not None), None)
    if here is not None:
        return here
    if known and hub_online():
        return known[0]
    raise HubError("classification.no_task_model")


def any_model_here() -> bool:
    """Whether a sentiment model is on this disk."""
    return any(on_disk(spec) is not None for spec in of_task("sentiment"))


def mostly_chinese(texts: Sequence[str]) -> bool:
    sample = "".join(texts[:50])
    return 3 * sum("\u3400" <= character <= "\u9fff" for character in sample) > len(sample)


def model_labels(weights: Any) -> tuple[str, ...]:
    """The labels in the order of the model's outputs, from its config."""
    names = weights.model.config.id2label
    return tuple(str(names[n]) for n in sorted(names, key=int))


def probabilities(
    weights: Any, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
) -> np.ndarray:
    """Shape (texts, labels of the model), rows sum to 1."""
    import torch

    model, tokenizer = weights.model, weights.tokenizer
    window = min(512, getattr(tokenizer, "model_max_length", 512) or 512)
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    out = np.zeros((len(texts), model.config.num_labels), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        batch = tokenizer(
            [texts[i] for i in rows], padding=True, truncation=True, max_length=window, return_tensors="pt"
        )
        with torch.inference_mode():
            logits = model(**batch.to(model.device)).logits.float()
        out[rows] = torch.softmax(logits, dim=-1).cpu().numpy()
        if progress is not None:
            progress(start + len(rows), len(order))
    return out


def mapped_scores(probs: np.ndarray, mapping: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """Probabilities of the classes, shape (texts, classes): those of the labels that stand for a class added
    up, those of left-out labels dropped, rows scaled to 1 again."""
    scores = np.stack(
        [probs[:, [i for i, name in enumerate(mapping) if name == label]].sum(axis=1) for label in classes],
        axis=1,
    )
    return scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-12)
