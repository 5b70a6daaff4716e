"""Which model of the registry does a family's work, and what a visitor's text must be like."""

import threading

from shared.engines.validation import check_text
from shared.errors import HubError
from shared.models import MODELS, ModelSpec, of_task, white_box
from shared.models.registry import DEFAULT_CHAT, Task

DEFAULT_MASK = "minilm-mlm"
DEFAULT_TRANSLATOR = "t5-everyday"
REVIEWS = "reviews"
"""The embedded sentiment classifier: logistic regression over MiniLM, made here (sentiment.py)."""
MAX_CHARACTERS = 20_000
tokenizing = threading.Lock()
"""A fast tokenizer used by two threads at once can raise "Already borrowed"."""


def sentence(text: object) -> str:
    """`text` without white space around it. Raises HubError when it is empty, absurdly long, or no text."""
    if not isinstance(text, str) or not text.strip():
        raise HubError("families.empty")
    if len(text) > MAX_CHARACTERS:
        raise HubError("families.too_many_characters", count=f"{len(text):,}", limit=f"{MAX_CHARACTERS:,}")
    return check_text(text).strip()


def mask_model(key: str | None = None) -> ModelSpec:
    """The model `key`, if it can fill blanks; None: the embedded one."""
    return _of(key, DEFAULT_MASK, "fill-mask", "families.no_mask_head")


def translator(key: str | None = None) -> ModelSpec:
    """The model `key`, if it has an encoder and a decoder; None: the embedded one."""
    return _of(key, DEFAULT_TRANSLATOR, "seq2seq", "families.no_decoder")


def sentiment_model(key: str | None = None) -> ModelSpec | None:
    """The classifier `key`; None for the embedded one, which is no checkpoint."""
    if key is None or key == REVIEWS:
        return None
    return _of(key, "", "sentiment", "families.no_sentiment_head")


def writer(key: str | None = None) -> ModelSpec:
    """The torch weights of the chat model `key`; None: the embedded one."""
    spec = MODELS.get(key or DEFAULT_CHAT) if isinstance(key, str | None) else None
    if spec is None:
        raise HubError("hub.unknown_model", model=str(key)[:80])
    if spec.task not in ("chat", "causal-lm"):
        raise HubError("families.not_causal", model=spec.name)
    return white_box(spec)


def writers() -> list[ModelSpec]:
    """Chat models whose weights torch can load, the embedded one first."""
    return [s for s in of_task("chat") if s.key == DEFAULT_CHAT or s.engine == "transformers"]


def _of(key: str | None, default: str, task: Task, wrong: str) -> ModelSpec:
    spec = MODELS.get(default if key is None else key) if isinstance(key, str | None) else None
    if spec is None:
        raise HubError("hub.unknown_model", model=str(key)[:80])
    if spec.task != task:
        raise HubError(wrong, model=spec.name, names=", ".join(s.key for s in of_task(task)))
    return spec
