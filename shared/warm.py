"""Loads the embedded models in the background once somebody has the page, so that the first click is
quick."""

import logging
import threading
import time

from shared.models import MODELS, cache, default_chat
from shared.models.loaders import can_load
from shared.models.registry import DEFAULT_EMBED
from shared.settings import settings

log = logging.getLogger(__name__)

_once = threading.Lock()


def start() -> None:
    """Starts warming, once a process, unless `HUB_WARM=0`."""
    if settings().warm and _once.acquire(blocking=False):
        threading.Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    for spec in (default_chat(), MODELS[DEFAULT_EMBED]):
        if not can_load(spec):
            continue  # a lab published alone, without this engine
        started = time.monotonic()
        try:
            with cache().lease(spec):
                log.info("%s is warm after %.1f s", spec.key, time.monotonic() - started)
        except Exception:
            log.warning("%s could not be loaded ahead of time", spec.key, exc_info=True)
