"""Fixtures: the hub as a real process, clients, a browser."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent
ADMIN_TOKEN = "the-admin-of-the-tests"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Hub:
    """`python app.py` on a port of its own."""

    def __init__(self, log: Path, cwd: Path = ROOT, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._file = log.open("w")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=cwd,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(cwd), "HUB_PORT": str(self.port), **env},
        )

    def wait(self, seconds: float = 60, auth: bool = False) -> "Hub":
        """Returns when the first page was served (or refused for want of a login)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the hub stopped: {self.log.read_text()[-3000:]}")
            try:
                if httpx.get(self.url, timeout=5).status_code in ((200, 401) if auth else (200,)):
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text()[-3000:])

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._file.close()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """One running hub for all tests that only talk to it."""
    running = Hub(tmp_path_factory.mktemp("hub") / "hub.log", HUB_ADMIN_TOKEN=ADMIN_TOKEN)
    try:
        yield running.wait()
    finally:
        running.stop()


@pytest.fixture
def start_hub(tmp_path: Path) -> Iterator[Callable[..., Hub]]:
    """Starts further hubs with other settings; they stop with the test."""
    hubs: list[Hub] = []

    def start(**kwargs) -> Hub:
        hubs.append(Hub(tmp_path / f"hub{len(hubs)}.log", **kwargs))
        return hubs[-1]

    yield start
    for running in hubs:
        running.stop()


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by Playwright."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; .ci/run installs it")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, hub: Hub) -> Iterator[Callable]:
    """Opens a page of the hub in a browser context of its own: `open_page("?tab=tokenizer",
    lang="zh-CN")`."""
    contexts = []

    def open_it(path: str = "", lang: str = "en-US", width: int = 1280, height: int = 900, **kwargs):
        context = browser.new_context(locale=lang, viewport={"width": width, "height": height}, **kwargs)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{hub.url}/{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()
