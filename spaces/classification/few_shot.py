"""Method 6: few-shot contrastive fine-tuning, the idea of SetFit (Tunstall et al. 2022).

A handful of labelled texts makes many pairs. The encoder is trained until texts of one class point the same
way and texts of two classes do not; then logistic regression learns on those few, moved, vectors."""

import copy
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.data.embeddings import model_identity
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.memory import free_memory, human_bytes
from shared.models.registry import DEFAULT_EMBED

K = 8
STEPS = 20
BATCH = 16
LEARNING_RATE = 2e-5
MAX_TOKENS = 128
"""Of a text while training; what follows is cut."""
KEPT = 2
"""Tuned encoders in memory, so that the same training is not done twice."""


@dataclass(frozen=True)
class Tuned:
    """An encoder of our own and the classifier on top. `losses`: one a step."""

    encoder: Any
    head: Any
    losses: tuple[float, ...]
    examples: int
    bytes: int


_kept: OrderedDict[str, Tuned] = OrderedDict()
_keeping = threading.Lock()
_training = threading.Lock()
"""One training at a time: two would each take twice as long."""


def pick_examples(labels: Sequence[str], k: int, seed: int) -> list[int]:
    """Positions of `k` examples a class (all of a class that has fewer), drawn with `seed`."""
    rng = np.random.default_rng(seed)
    names = np.asarray(labels, dtype=object)
    chosen: list[int] = []
    for name in sorted(set(labels)):
        members = np.flatnonzero(names == name)
        chosen += rng.permutation(members)[:k].tolist()
    return chosen


def key_of(texts: Sequence[str], labels: Sequence[str], steps: int, seed: int) -> str:
    """What makes two trainings two."""
    digest = hashlib.sha256(f"{model_identity(DEFAULT_EMBED)}|{steps}|{seed}".encode())
    for text, label in zip(texts, labels, strict=True):
        digest.update(f"|{len(text)}:{text}|{len(label)}:{label}".encode())
    return digest.hexdigest()


def kept(key: str) -> Tuned | None:
    """The result of an earlier training with the same examples and settings."""
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    steps: int = STEPS,
    seed: int = 42,
    progress: Callable[[int, int], None] | None = None,
) -> Tuned:
    """Trains a copy of MiniLM on these few examples; what `progress` raises stops it. Raises HubError."""
    key = key_of(texts, labels, steps, seed)
    if (found := kept(key)) is not None:
        return found
    while not _training.acquire(timeout=0.3):
        if progress is not None:
            progress(0, steps)
    try:
        if (found := kept(key)) is not None:
            return found
        tuned = _train(texts, labels, steps, seed, progress)
        with _keeping:
            _kept[key] = tuned
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return tuned
    finally:
        _training.release()


def _train(
    texts: Sequence[str],
    labels: Sequence[str],
    steps: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> Tuned:
    import torch
    from sklearn.linear_model import LogisticRegression

    encoder = own_encoder()
    parameters = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    # dropout stays off: so few steps need no more noise, and the result repeats
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE)
    rng = np.random.default_rng(seed)
    losses = []
    with torch.enable_grad():
        for step in range(steps):
            rows = draw_batch(labels, rng)
            vectors = forward(encoder, [texts[i] for i in rows])
            same = torch.tensor([[labels[i] == labels[j] for j in rows] for i in rows])
            loss = contrastive_loss(vectors, same.to(vectors.device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
            if progress is not None:
                progress(step + 1, steps)
    for parameter in parameters:
        parameter.requires_grad_(False)
        parameter.grad = None
    head = LogisticRegression(random_state=42).fit(encode(encoder, texts), list(labels))
    size = sum(p.numel() * p.element_size() for p in encoder.parameters())
    return Tuned(encoder, head, tuple(losses), len(texts), size + head.coef_.nbytes)


def own_encoder() -> Any:
    """A copy of the embedded encoder, never the shared one; its tokens are cut where training needs it."""
    spec = MODELS[DEFAULT_EMBED]
    # weights, gradients and AdamW's two moments
    if free_memory() < 5 * spec.bytes:
        raise HubError(
            "hub.out_of_memory",
            model=spec.name,
            needed=human_bytes(5 * spec.bytes),
            free=human_bytes(free_memory()),
        )
    with cache().lease(spec) as model:
        own = copy.deepcopy(model)
    own.max_seq_length = min(MAX_TOKENS, own.max_seq_length or MAX_TOKENS)
    for name, parameter in own.named_parameters():
        # half of MiniLM is its vocabulary, of which a few examples hold next to nothing
        parameter.requires_grad_(not name.endswith("word_embeddings.weight"))
    return own.eval()


def draw_batch(labels: Sequence[str], rng: np.random.Generator) -> list[int]:
    """At most `BATCH` positions, as many of each class as can be."""
    names = np.asarray(labels, dtype=object)
    classes = sorted(set(labels))
    # with many classes a batch sees some of them, two examples each, or there would be no pair of one class
    if len(classes) > BATCH // 2:
        classes = [classes[i] for i in rng.permutation(len(classes))[: BATCH // 2]]
    each = max(2, BATCH // len(classes))
    rows: list[int] = []
    for name in classes:
        rows += rng.permutation(np.flatnonzero(names == name))[:each].tolist()
    return rows


def forward(encoder: Any, texts: list[str]) -> Any:
    """Unit vectors, shape (texts, dim), with gradients."""
    from sentence_transformers.util import batch_to_device

    # called tokenize before sentence-transformers 6
    read = getattr(encoder, "preprocess", None) or encoder.tokenize
    return encoder(batch_to_device(read(texts), encoder.device))["sentence_embedding"]


def contrastive_loss(vectors: Any, same: Any) -> Any:
    """All pairs of the batch at once: the squared error of their cosine against 1 (one class) and 0 (two
    classes), the mean of each kind, halved. `same`: shape (rows, rows), true for one class."""
    import torch

    unit = torch.nn.functional.normalize(vectors, dim=-1)
    pairs = torch.triu(torch.ones_like(same), diagonal=1).bool()
    error = (unit @ unit.T - same.float()) ** 2
    alike, apart = pairs & same, pairs & ~same
    parts = [error[chosen].mean() for chosen in (alike, apart) if chosen.any()]
    return torch.stack(parts).mean() if parts else error.mean() * 0


def encode(
    encoder: Any, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
) -> np.ndarray:
    """Vectors of the tuned encoder, shape (texts, dim)."""
    parts = []
    for start in range(0, len(texts), 128):
        batch = list(texts[start : start + 128])
        parts.append(encoder.encode(batch, normalize_embeddings=True, show_progress_bar=False))
        if progress is not None:
            progress(start + len(batch), len(texts))
    return np.concatenate(parts)
