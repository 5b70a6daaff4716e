"""The lab's endpoints for gradio_client; null means the default."""

from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.models import cache
from shared.ui import API_MODEL, handler
from spaces.families import encoder
from spaces.families import translate as translation
from spaces.families.choose_model import mask_model, translator

MAX_TOP_K = 100


def api() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(translate), api_name="translate", **API_MODEL)
    gr.api(handler(fill_mask), api_name="fill_mask", **API_MODEL)


def translate(text: str, model: str | None = None, target: str | None = None) -> dict[str, Any]:
    """English to German ("de") or Chinese ("zh"). Defaults: the embedded small T5, German.

    `known` is false, and `translation` empty, when the small T5 never learned one of the words
    (`unknown_words`); `familiar` is false when it knows the words but saw no sentence of this form."""
    spec = translator(model)
    with cache().lease(spec) as weights:
        found = translation.translate(spec, weights, text, "de" if target is None else target)
    return {
        "translation": found.text,
        "model": spec.name,
        "target": "de" if target is None else target,
        "known": found.known,
        "familiar": found.familiar,
        "unknown_words": list(found.unknown),
    }


def fill_mask(text: str, model: str | None = None, top_k: int | None = None) -> list[dict[str, Any]]:
    """What could stand in place of [MASK], most probable first; with several blanks the guesses of the
    first come first, and `position` (the token's index in the model's input) tells them apart. Defaults:
    embedded model, 5."""
    wanted: Any = 5 if top_k is None else top_k
    if isinstance(wanted, float) and wanted.is_integer():
        wanted = int(wanted)
    if isinstance(wanted, bool) or not isinstance(wanted, int) or not 1 <= wanted <= MAX_TOP_K:
        raise HubError("families.bad_top_k", low=1, high=MAX_TOP_K)
    spec = mask_model(model)
    with cache().lease(spec) as weights:
        found = encoder.fill_mask(weights, text, wanted)
    return [
        {"token": g.token, "id": g.id, "prob": g.prob, "sequence": g.sequence, "position": g.position}
        for guesses in found
        for g in guesses
    ]
