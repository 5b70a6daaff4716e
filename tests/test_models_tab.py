"""Adding a Hub model in the Models tab, against a Hub on loopback; and the watched work behind it."""

import shared  # noqa: F401, I001

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from gradio_client import Client
from playwright.sync_api import Page, expect

from shared import models
from shared.background import watch
from shared.models import MODELS, default_chat
from shared.settings import from_env
from tests.checkpoints import Checkpoints
from tests.conftest import Hub
from tests.hub_server import HubServer

LLAMA, PICKLES = "visitor/tiny-llama", "visitor/pickles"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubServer]:
    folder = Checkpoints(tmp_path_factory.mktemp("checkpoints")).folder(LLAMA)
    with HubServer() as running:
        running.add(LLAMA, folder, licence="apache-2.0")
        running.add(
            PICKLES, {"config.json": (folder / "config.json").read_bytes(), "pytorch_model.bin": b"x"}
        )
        yield running


@pytest.fixture
def open_tab(server: HubServer, start_hub: Callable[..., Hub], browser, tmp_path: Path) -> Iterator[Callable]:
    """The Models tab of a hub whose Hugging Face Hub is `server`."""
    contexts = []

    def open_it(lang: str = "en-US", **env: str) -> Page:
        place = {"HF_ENDPOINT": server.url, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1"}
        hub = start_hub(HUB_WARM="0", HF_HUB_OFFLINE="", **place, **env).wait()
        context = browser.new_context(locale=lang, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{hub.url}/?tab=models")
        expect(page.locator(".lab-summary:visible")).to_have_count(1, timeout=30_000)
        return page

    yield open_it
    for context in contexts:
        context.close()
    server.heal()


def test_a_model_is_looked_at_confirmed_fetched_and_then_chats(open_tab, server: HubServer):
    page = open_tab()
    server.forget()
    page.get_by_label("Repository or its address").fill(f"https://huggingface.co/{LLAMA}")
    page.get_by_role("button", name="Look", exact=True).click()
    offer = page.locator("#models-offer")
    expect(offer).to_contain_text("LlamaForCausalLM", timeout=30_000)
    expect(offer).to_contain_text("apache-2.0")
    assert server.weight_bytes(LLAMA) == 0
    page.get_by_role("button", name="Download and add").click()
    expect(offer).to_contain_text("is here and listed", timeout=60_000)
    assert server.weight_bytes(LLAMA) > 100_000
    page.get_by_role("tab", name="Prompting", exact=True).click()
    page.get_by_label("Model", exact=True).locator("visible=true").first.click()
    expect(page.get_by_role("option", name="tiny-llama")).to_be_visible()
    client = Client(page.url.split("?")[0], verbose=False)
    messages = [{"role": "user", "content": "Hello"}]
    written = client.predict(messages, "visitor--tiny-llama--chat", 0, 1, 16, 0, api_name="/prompt")
    assert isinstance(written, str) and written


def test_refusals_are_one_sentence_in_the_visitors_language(open_tab, server: HubServer):
    page = open_tab(lang="zh-CN", HUB_ADD_MB="0")
    server.forget()
    toast = page.locator(".toast-body")
    for repo, words in (
        ("", "请先填写一个仓库名"),
        ("visitor/nobody-home", "找不到“visitor/nobody-home”"),
        (PICKLES, "pickle"),
        ("<script>alert(1)</script>", "找不到“<script>"),
        (LLAMA, "最多允许添加"),
    ):
        page.get_by_label("仓库名或网址").fill(repo)
        page.get_by_role("button", name="查看", exact=True).click()
        expect(toast.last).to_contain_text(words, timeout=30_000)
    assert server.weight_bytes() == 0


def test_a_download_that_is_stopped_adds_nothing(open_tab, server: HubServer):
    page = open_tab()
    page.get_by_label("Repository or its address").fill(LLAMA)
    page.get_by_role("button", name="Look", exact=True).click()
    confirm = page.get_by_role("button", name="Download and add")
    expect(confirm).to_be_visible(timeout=30_000)
    server.fail(LLAMA, "slow", "model.safetensors", seconds=20)
    confirm.click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#models-offer")).to_contain_text("nothing was added", timeout=15_000)
    expect(page.locator("#models-table")).not_to_contain_text("tiny-llama")


def test_watch_yields_the_newest_state_and_returns_the_result():
    def work(report):
        for i in range(50):
            report("counting", i)
            time.sleep(0.004)
        return "done"

    seen = []
    stream = watch(work, every=0.05)
    while True:
        try:
            seen.append(next(stream)[1])
        except StopIteration as end:
            assert end.value == "done"
            break
    assert seen == sorted(set(seen)) and seen[0] == 0 and seen[-1] == 49 and 3 <= len(seen) <= 12


def test_watch_raises_what_the_work_raised():
    def work(report):
        report("once")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(watch(work))


def test_closing_ends_the_work_at_its_next_report():
    went_on = threading.Event()
    reports = []

    def work(report):
        for i in range(1000):
            report(i)
            reports.append(i)
            time.sleep(0.005)
        went_on.set()

    stream = watch(work, every=0.01)
    next(stream)
    stream.close()
    time.sleep(0.1)
    count = len(reports)
    time.sleep(0.1)
    assert len(reports) == count < 100 and not went_on.is_set()


def test_the_default_chat_model_follows_server_then_gpu_then_disk(monkeypatch: pytest.MonkeyPatch):
    import shared.models.fetch as fetching

    monkeypatch.setattr(models, "has_cuda", lambda: False)
    models._on_gpu.cache_clear()
    assert default_chat() is MODELS["smollm2-135m"]
    here = {"qwen2-0.5b-bf16", "smollm2-135m-bf16"}
    monkeypatch.setattr(models, "has_cuda", lambda: True)
    monkeypatch.setattr(fetching, "on_disk", lambda spec: Path() if spec.key in here else None)
    models._on_gpu.cache_clear()
    assert default_chat() is MODELS["qwen2-0.5b-bf16"]
    monkeypatch.setitem(MODELS, "remote", SimpleNamespace(key="remote"))
    assert default_chat().key == "remote"
    models._on_gpu.cache_clear()


CHATS = ("qwen2-0.5b", "phi-3-mini", "qwen2-0.5b-bf16", "qwen3-0.6b", "phi-3-mini-bf16", "qwen1.5-1.8b")


def test_every_chat_model_of_the_registry_answers_through_the_prompting_lab(
    start_hub: Callable[..., Hub], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    """Downloaded by its name, leased, asked, evicted for the next: with the real registry and its sizes."""
    checkpoints = Checkpoints(tmp_path_factory.mktemp("chats"))
    with HubServer() as server:
        for key in CHATS:
            server.add(MODELS[key].repo, checkpoints.folder(MODELS[key].repo))
        place = {"HF_ENDPOINT": server.url, "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1"}
        hub = start_hub(HUB_WARM="0", HF_HUB_OFFLINE="", HUB_CACHE_MB="9000", **place).wait()
        client = Client(hub.url, verbose=False)
        messages = [{"role": "user", "content": "The capital of France?"}]
        for key in CHATS:
            answer = client.predict(messages, key, 0, 1, 12, 0, api_name="/prompt")
            assert isinstance(answer, str) and answer, key
            rows = {row["key"]: row for row in client.predict(api_name="/models")}
            assert rows[key]["loaded"] and 0 < rows[key]["memory"] < 100_000_000, key


def test_quantisation_by_setting_changes_chat_models_only(monkeypatch: pytest.MonkeyPatch):
    before = dict(MODELS)
    try:
        models.quantize(from_env({"HUB_QUANTIZE": "nf4"}))
        changed = {key for key, spec in MODELS.items() if spec != before[key]}
        assert changed == {k for k, s in before.items() if s.task == "chat" and s.engine == "transformers"}
        phi = MODELS["phi-3-mini-bf16"]
        assert phi.quantization == "nf4" and phi.memory_bytes == phi.bytes // 4
    finally:
        MODELS.update(before)
    with pytest.raises(SystemExit, match="HUB_QUANTIZE"):
        from_env({"HUB_QUANTIZE": "fp3"})


def test_the_size_that_visitors_may_add_is_a_setting():
    assert from_env({}).add_bytes == 4_000_000_000
    assert from_env({"HUB_ADD_MB": "0"}).add_bytes == 0
