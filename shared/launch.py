"""Starts the web server for a hub: queue, limits, look, languages, login."""

import gc
import logging
import socket
from typing import Any

import gradio as gr

import shared
from shared import ROOT, warm, web, zero
from shared.settings import Settings, settings
from shared.shell import translations
from shared.theme import css, page_css, theme

QUEUE_PLACES = 200
"""Visitors who may wait; the next one is told to come back."""


def launch(demo: gr.Blocks, **overrides: Any) -> Any:
    """Launches `demo` by the settings. `overrides` go to Gradio's `launch` (tests choose ports and do not
    block)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    chosen = settings()
    # Without api_open=False a direct POST walks round the queue and its limits.
    demo.queue(api_open=False, max_size=QUEUE_PLACES, default_concurrency_limit=8)
    if chosen.share:
        _print_address(chosen)
    if shared.ON_ZERO_GPU:
        zero.load_at_start()
    _rest_the_collector()
    return demo.launch(
        **{
            "server_name": chosen.host,
            "server_port": chosen.port,
            "share": chosen.tunnel,
            "auth": chosen.auth,
            "theme": theme(),
            "css": css(),
            "head": f"<style>{page_css()}</style>",
            "i18n": translations(),
            "footer_links": ["api"],
            "run_history": False,
            "ssr_mode": False,
            "max_threads": 100,
            "max_file_size": "50mb",
            "blocked_paths": [str(ROOT), str(chosen.home)],
            "app_kwargs": {
                "middleware": web.middleware(on_page=warm.start),
                "routes": [web.status_route(lambda: _waiting(demo)), web.models_route()],
            },
            **overrides,
        }
    )


def _rest_the_collector() -> None:
    """Takes what is imported out of the garbage collector's sight and makes it come less often: a long
    answer is
    a million small objects in Gradio's hands, and walking them again and again takes half of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _waiting(demo: gr.Blocks) -> int:
    """Visitors whose event waits for its turn."""
    return len(demo._queue)


def _print_address(chosen: Settings) -> None:
    """The address for the class and its QR code."""
    import segno

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; asks the system which address leads outside
            address = probe.getsockname()[0]
        except OSError:
            address = socket.gethostbyname(socket.gethostname())
    url = f"http://{address}:{chosen.port or 7860}"
    print(f"\nOpen {url} and log in as {chosen.auth[0] if chosen.auth else ''}.\n")
    segno.make(url, error="m").terminal(compact=True)
