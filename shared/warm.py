"""Loads the embedded models in the background once somebody has the page, so that the first click is
quick."""

import logging
import threading
import time

from shared.models import MODELS, cache
from shared.models.loaders import can_load
from shared.models.registry import DEFAULT_CHAT, DEFAULT_EMBED
from shared.settings import settings

log = logging.getLogger(__name__)

_once = threading.Lock()


def start() -> None:
    """Starts warming, once a process, unless `HUB_WARM=0`."""
    if settings().warm and _once.acquire(blocking=False):
        threading.Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    for key in (DEFAULT_CHAT, DEFAULT_EMBED):
        if not can_load(MODELS[key]):
            continue  # a lab published alone, without this engine
        started = time.monotonic()
        try:
            with cache().lease(MODELS[key]):
                log.info("%s is warm after %.1f s", key, time.monotonic() - started)
        except Exception:
            log.warning("%s could not be loaded ahead of time", key, exc_info=True)
