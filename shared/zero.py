"""What is loaded before `launch` on ZeroGPU: the chat models that the Space's README names."""

import logging

from shared import ROOT
from shared.engines import lent
from shared.errors import HubError
from shared.models import MODELS, ModelSpec, cache

log = logging.getLogger(__name__)


def lent_models(repos: list[str]) -> list[ModelSpec]:
    """The models that borrow the GPU: chat models of the transformers engine whose Hub id is in `repos`.

    Everything else stays on the CPU: llama.cpp (which is how the embedded chat model answers), the encoders,
    and the weights that labs look into, which they run outside of GPU calls."""
    chats = (s for s in MODELS.values() if s.engine == "transformers" and s.task == "chat")
    return [spec for spec in chats if spec.repo in repos and spec.embedded is None]


def load_at_start() -> None:
    """Loads the models that the README's front matter names under `models`. In the main thread: only there
    has `spaces` patched torch so that "cuda" exists. What cannot be loaded is logged and left out."""
    from huggingface_hub import metadata_load

    values = metadata_load(ROOT / "README.md") or {}
    for spec in lent_models(list(values.get("models") or [])):
        try:
            with lent.lending(), cache().lease(spec):
                log.info("%s will borrow the GPU", spec.key)
        except HubError as error:
            log.warning("%s was not loaded at start: %s", spec.key, error)
