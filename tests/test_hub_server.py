"""Every model of the registry through a Hub on loopback: downloads, resumed, failing and refused ones."""

import shared  # noqa: F401, I001

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shared import i18n
from shared.errors import HubError
from shared.models import MODELS, ModelCache, hub, visitor, white_box
from shared.models.fetch import fetch, on_disk
from shared.models.hub import endpoint
from shared.models.registry import ModelSpec
from shared.settings import settings
from shared.texts import TEXTS
from tests.checkpoints import BUILDERS, EXTRA, REAL, Checkpoints
from tests.hub_server import HubServer, Kind

ROOT = Path(__file__).resolve().parent.parent
TINY = {"config.json": b'{"model_type": "bert"}', "model.safetensors": bytes(range(256)) * 400}
SIZE = len(TINY["model.safetensors"])
QUESTION = [{"role": "user", "content": "The capital of France?"}]
SENTENCES = ["A puppy plays in the snow.", "The soup was cold and the waiter was rude."]


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Checkpoints:
    return Checkpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="session")
def real_folders(checkpoints: Checkpoints) -> dict[str, Path]:
    """The embedded models, from the user's own HUB_HOME: made once, not for this test."""
    return {repo: checkpoints.folder(repo) for repo in REAL}


@pytest.fixture(scope="session")
def server(checkpoints: Checkpoints) -> Iterator[HubServer]:
    """One Hub with every repository of the registry, but for the large real ones."""
    with HubServer() as running:
        for repo in BUILDERS | EXTRA:
            running.add(repo, checkpoints.folder(repo))
        yield running


@pytest.fixture
def loopback(server: HubServer) -> Iterator[HubServer]:
    """The Hub without faults, its counts at zero."""
    server.heal()
    server.forget()
    yield server
    server.heal()
    server.accepted.clear()


@pytest.fixture(autouse=True)
def clean_place(server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Hugging Face cache and a HUB_HOME of the test's own; the Hub is the one on loopback, and patient
    retries do not wait."""
    from huggingface_hub import constants, file_download
    from huggingface_hub.utils import _http

    impatient = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: None})
    monkeypatch.setattr(file_download, "time", impatient)
    monkeypatch.setattr(_http, "time", impatient)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(hub, "_online", None)
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    for name in ("HUB_MODELS", "HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    i18n.register("hub", TEXTS)
    yield
    settings.cache_clear()


def tiny_spec(repo: str = "org/tiny", **changes: Any) -> ModelSpec:
    files = ("*.safetensors", "*.json", "*.bin", "*.py")
    engine = "sentence-transformers"
    return replace(
        ModelSpec("tiny", "Tiny", "embed", engine, repo, "MIT", 1, 10, "float32", files=files), **changes
    )


def error_of(action: Callable[[], object]) -> HubError:
    """The HubError that `action` raises; its sentence exists in both languages, all braces filled."""
    with pytest.raises(HubError) as caught:
        action()
    for lang in ("zh", "en"):
        sentence = i18n.explain(caught.value, lang)
        assert sentence != caught.value.key and "{" not in sentence
    return caught.value


def files_below(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))


# Every architecture, by org/name


def image() -> Any:
    from PIL import Image

    pixels = np.random.default_rng(20).integers(0, 256, (48, 40, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def ask(task: str, engine: str, source: str) -> list[Any]:
    """What the model at `source` (a folder or org/name) answers, through the class people load it with."""
    import torch
    import transformers

    torch.manual_seed(0)
    with torch.inference_mode():
        if engine == "sentence-transformers":
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(source, device="cpu")
            pictures = model.encode([image()]).tolist() if task == "clip" else []
            return pictures + model.encode(SENTENCES).tolist()
        if engine == "cross-encoder":
            from sentence_transformers import CrossEncoder

            return CrossEncoder(source, device="cpu").predict([(SENTENCES[0], s) for s in SENTENCES]).tolist()
        if engine == "open-clip":
            import open_clip

            name = f"local-dir:{source}" if Path(source).is_dir() else f"hf-hub:{source}"
            model, _, preprocess = open_clip.create_model_and_transforms(name)
            return open_clip_scores(model, preprocess, open_clip.get_tokenizer(name))
        kind, processor = {
            "chat": ("AutoModelForCausalLM", "AutoTokenizer"),
            "sentiment": ("AutoModelForSequenceClassification", "AutoTokenizer"),
            "fill-mask": ("AutoModelForMaskedLM", "AutoTokenizer"),
            "seq2seq": ("AutoModelForSeq2SeqLM", "AutoTokenizer"),
            "vqa": ("Blip2ForConditionalGeneration", "AutoProcessor"),
            "clip": ("CLIPModel", "AutoProcessor"),
        }[task]
        model = getattr(transformers, kind).from_pretrained(source, dtype=torch.float32)
        return transformers_answer(
            task, model.eval(), getattr(transformers, processor).from_pretrained(source)
        )


def transformers_answer(task: str, model: Any, processor: Any) -> list[Any]:
    greedy = {"max_new_tokens": 8, "do_sample": False}
    if task == "chat":
        inputs = processor.apply_chat_template(
            QUESTION, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        return model.generate(**inputs, **greedy).tolist()
    if task == "seq2seq":
        inputs = processor("Translate to German: the house is wonderful.", return_tensors="pt")
        return model.generate(**inputs, **greedy).tolist()
    if task == "vqa":
        inputs = processor(image(), "Question: what shape is it? Answer:", return_tensors="pt")
        return model.generate(**inputs, **greedy).tolist()
    if task == "clip":
        inputs = processor(text=SENTENCES, images=image(), return_tensors="pt", padding=True)
        return model(**inputs).logits_per_image.tolist()
    mask = f"The capital of France is {processor.mask_token}."
    texts = [mask] if task == "fill-mask" else SENTENCES
    return model(**processor(texts, return_tensors="pt", padding=True)).logits.tolist()


def open_clip_scores(model: Any, preprocess: Any, tokenizer: Any) -> list[Any]:
    pictures, words, _ = model.eval()(preprocess(image())[None], tokenizer(SENTENCES))
    return (pictures @ words.T).tolist()


def from_memory(spec: ModelSpec, model: Any, folder: Path) -> list[Any]:
    """The answer of the model as it was before it was saved; pooling and scores worked out by hand."""
    import torch
    from transformers import AutoProcessor, AutoTokenizer

    with torch.inference_mode():
        if spec.engine == "open-clip":
            import open_clip

            preprocess = open_clip.image_transform(
                32, is_train=False, mean=open_clip.OPENAI_DATASET_MEAN, std=open_clip.OPENAI_DATASET_STD
            )
            return open_clip_scores(model, preprocess, open_clip.get_tokenizer("ViT-B-32"))
        if spec.engine == "sentence-transformers" and spec.task == "clip":
            processor = AutoProcessor.from_pretrained(folder / "0_CLIPModel")
            inputs = processor(text=SENTENCES, images=image(), return_tensors="pt", padding=True)
            found = model(**inputs)
            # CLIPModel normalises these, sentence-transformers does not: compare directions
            return [*found.image_embeds.tolist(), *found.text_embeds.tolist()]
        tokenizer = AutoTokenizer.from_pretrained(folder)
        if spec.engine == "sentence-transformers":
            inputs = tokenizer(SENTENCES, return_tensors="pt", padding=True)
            hidden, mask = model(**inputs).last_hidden_state, inputs["attention_mask"][..., None]
            cls = json.loads((folder / "1_Pooling/config.json").read_text())["pooling_mode_cls_token"]
            pooled = hidden[:, 0] if cls else (hidden * mask).sum(1) / mask.sum(1)
            return torch.nn.functional.normalize(pooled).tolist()
        if spec.engine == "cross-encoder":
            pairs = tokenizer([SENTENCES[0]] * 2, SENTENCES, return_tensors="pt", padding=True)
            scores = model(**pairs).logits[:, 0]
            # without its own setting a CrossEncoder of one label squeezes through a sigmoid
            raw = "sentence_transformers" in json.loads((folder / "config.json").read_text())
            return (scores if raw else scores.sigmoid()).tolist()
        processor = AutoProcessor.from_pretrained(folder) if spec.task == "vqa" else tokenizer
        return transformers_answer(spec.task, model, processor)


TORCH_SPECS = [spec for spec in MODELS.values() if spec.repo in BUILDERS and spec.engine != "llamacpp"]
BY_KEY = pytest.mark.parametrize("spec", TORCH_SPECS, ids=lambda spec: spec.key)


def unit(rows: list[Any]) -> np.ndarray:
    array = np.asarray(rows)
    return array / np.linalg.norm(array, axis=-1, keepdims=True)


def assert_same(spec: ModelSpec, answer: list[Any], expected: list[Any]) -> None:
    if spec.task in ("chat", "seq2seq", "vqa"):
        assert answer == expected
        assert len(set(answer[0])) > 2, "the answer says nothing: one token over and over"
    elif spec.key == "clip-vit-b-32":
        np.testing.assert_allclose(unit(answer), unit(expected), atol=1e-5)
    else:
        np.testing.assert_allclose(answer, expected, atol=1e-4)
        assert np.ptp(answer) > 1e-3, "the same number everywhere proves nothing"


def test_every_repository_of_the_registry_has_a_double():
    """Embedded models are served as they are."""
    assert {spec.repo for spec in MODELS.values() if spec.repo} == {*BUILDERS, *REAL}
    assert all(MODELS[key].repo == repo for repo, key in REAL.items())


def test_a_double_is_the_same_at_every_building(checkpoints: Checkpoints, tmp_path: Path):
    again = Checkpoints(tmp_path / "again")
    for repo in BUILDERS:
        first, second = checkpoints.folder(repo), again.folder(repo)
        for path in first.rglob("*"):
            assert path.is_dir() or path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


@BY_KEY
def test_each_architecture_answers_as_it_did_before_it_was_saved(
    spec: ModelSpec, loopback: HubServer, checkpoints: Checkpoints
):
    folder = fetch(spec)
    answer = ask(spec.task, spec.engine, str(folder))
    original = checkpoints.folder(spec.repo)
    assert_same(spec, answer, from_memory(spec, checkpoints.model(spec.repo), original))
    asked = len(loopback.seen)
    assert on_disk(spec) == fetch(spec) == folder and len(loopback.seen) == asked


def test_every_architecture_loads_by_its_name_online_and_then_with_no_network(
    loopback: HubServer, checkpoints: Checkpoints, tmp_path: Path
):
    """In processes of their own: `from_pretrained("org/name")` against HF_ENDPOINT, then HF_HUB_OFFLINE=1."""
    asked = {spec.repo: (spec.task, spec.engine) for spec in TORCH_SPECS} | {
        "visitor/tiny-llama": ("chat", "transformers"),
        "visitor/tiny-clip": ("clip", "transformers"),
    }
    code = f"""
    import shared, json, sys
    from tests.test_hub_server import ask
    print(json.dumps({{repo: ask(*how, repo) for repo, how in {asked!r}.items()}}))
    """
    place = {"HF_HOME": str(tmp_path / "hf-home"), "HF_ENDPOINT": loopback.url, "HF_HUB_DISABLE_XET": "1"}
    online = json.loads(run(code, **place))
    requests = len(loopback.seen)
    assert loopback.weight_bytes() > 5_000_000
    offline = json.loads(run(code, **place, HF_HUB_OFFLINE="1"))
    assert online == offline and len(loopback.seen) == requests
    for spec in TORCH_SPECS:
        expected = from_memory(spec, checkpoints.model(spec.repo), checkpoints.folder(spec.repo))
        assert_same(spec, online[spec.repo], expected)


def run(code: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TOKENIZERS_PARALLELISM": "false", **env},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("key", ["qwen2-0.5b", "phi-3-mini"])
def test_a_gguf_from_the_hub_answers_like_the_same_weights_in_torch(
    key: str, loopback: HubServer, checkpoints: Checkpoints
):
    import torch
    from transformers import AutoTokenizer

    from shared.engines.base import Sampling
    from shared.engines.llamacpp import LlamaCpp

    spec = MODELS[key]
    torch_repo = MODELS[f"{key}-bf16"].repo
    tokenizer = AutoTokenizer.from_pretrained(checkpoints.folder(torch_repo))
    inputs = tokenizer.apply_chat_template(
        QUESTION, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    with torch.inference_mode():
        made = checkpoints.model(torch_repo).generate(**inputs, max_new_tokens=8, do_sample=False)
    expected = made[0, inputs["input_ids"].shape[1] :].tolist()
    engine = LlamaCpp(spec, fetch(spec) / spec.gguf, slots=1, slot_context=128)
    try:
        sampling = Sampling(temperature=0, max_new_tokens=8, top_logprobs=1)
        tokens = [token for delta in engine.stream(QUESTION, sampling) for token in delta.tokens]
    finally:
        engine.close()
    # as bytes: the engine joins tokens that are parts of one character
    pieces = b"".join(piece_bytes(piece) for piece in tokenizer.convert_ids_to_tokens(expected))
    made_bytes = b"".join(token.bytes for token in tokens)
    assert pieces.startswith(made_bytes) and len(made_bytes) >= 6


def piece_bytes(piece: str) -> bytes:
    """What a vocabulary entry stands for, of a byte-level BPE or of SentencePiece with byte fallback."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    if piece.startswith("<0x"):
        return bytes([int(piece[3:5], 16)])
    byte_of = {letter: byte for byte, letter in bytes_to_unicode().items()}
    if "▁" not in piece and all(letter in byte_of for letter in piece):
        return bytes(byte_of[letter] for letter in piece)
    return piece.replace("▁", " ").encode()


@BY_KEY
def test_each_architecture_is_leased_from_the_cache_and_answers(
    spec: ModelSpec, loopback: HubServer, checkpoints: Checkpoints
):
    """The loaders' own way: what the labs lease gives what the model gave before it was saved."""
    spec = replace(spec, dtype="float32")
    cache = ModelCache(10**11)  # the registry's sizes are those of the real weights
    with cache.lease(spec) as model:
        answer = leased_answer(spec, model)
        expected = from_memory(spec, checkpoints.model(spec.repo), checkpoints.folder(spec.repo))
        if spec.task == "chat":
            expected = [expected[0][-8:][: len(answer[0])]]
        assert_same(spec, answer, expected)
    parameters = sum(p.numel() for p in checkpoints.model(spec.repo).parameters())
    # buffers (position numbers, masks) come on top
    assert 4 * parameters <= cache.used_bytes < 4 * parameters + 60_000


def leased_answer(spec: ModelSpec, model: Any) -> list[Any]:
    import torch

    from shared.engines.base import Sampling

    if spec.task == "chat":
        sampling = Sampling(temperature=0, max_new_tokens=8, top_logprobs=1)
        made = [token.id for delta in model.stream(QUESTION, sampling) for token in delta.tokens]
        assert len(made) >= 4  # the engine holds the end mark back, and half a character at the end
        return [made]
    with torch.inference_mode():
        if spec.engine == "sentence-transformers":
            pictures = model.encode([image()]).tolist() if spec.task == "clip" else []
            return pictures + model.encode(SENTENCES).tolist()
        if spec.engine == "cross-encoder":
            return model.predict([(SENTENCES[0], s) for s in SENTENCES]).tolist()
        if spec.engine == "open-clip":
            return open_clip_scores(model.model, model.preprocess, model.tokenizer)
        return transformers_answer(spec.task, model.model, model.tokenizer)


@pytest.mark.parametrize("key", ["all-mpnet-base", "bge-small-en", "distilbert-sst-2", "qwen2-0.5b-bf16"])
def test_a_white_box_gives_the_attention_of_the_same_weights(
    key: str, loopback: HubServer, checkpoints: Checkpoints
):
    import torch

    spec = replace(white_box(MODELS[key]), dtype="float32")
    with ModelCache(10**11).lease(spec) as weights, torch.inference_mode():
        inputs = weights.tokenizer(SENTENCES[0], return_tensors="pt")
        found = weights.model(**inputs, output_attentions=True, output_hidden_states=True)
        original = checkpoints.model(spec.repo)
        body = original.distilbert if key == "distilbert-sst-2" else original
        expected = body(**inputs, output_hidden_states=True)
    layers = len(found.attentions)
    assert layers == weights.model.config.num_hidden_layers
    for attention in found.attentions:
        np.testing.assert_allclose(attention.sum(-1), np.ones(attention.shape[:-1]), atol=1e-5)
    np.testing.assert_allclose(found.hidden_states[-1], expected.hidden_states[-1], atol=1e-5)


def test_white_box_knows_what_cannot_be_opened(monkeypatch: pytest.MonkeyPatch):
    assert white_box(MODELS["smollm2-135m"]) is MODELS["smollm2-135m-dequantised"]
    assert white_box(MODELS["smollm2-135m-bf16"]) is MODELS["smollm2-135m-dequantised"]
    assert error_of(lambda: white_box(MODELS["qwen2-0.5b"])).key == "hub.needs_torch_weights"
    remote = replace(MODELS["qwen2-0.5b"], engine="remote")
    assert error_of(lambda: white_box(remote)).key == "hub.needs_local_weights"


@pytest.mark.parametrize("repo", REAL)
def test_an_embedded_model_is_the_same_bytes_from_the_hub(repo: str, real_folders: dict[str, Path]):
    """HEAD, size and the first bytes: 269 MB need not travel for that."""
    import httpx

    folder = real_folders[repo]
    name = next(path.name for path in folder.iterdir() if path.suffix in (".gguf", ".safetensors"))
    with HubServer() as own:
        own.add(repo, folder)
        url = f"{own.url}/{repo}/resolve/main/{name}"
        assert int(httpx.head(url).headers["X-Linked-Size"]) == (folder / name).stat().st_size
        part = httpx.get(url, headers={"Range": "bytes=100-1099"})
        assert part.status_code == 206 and own.served[repo, name].bytes == 1000
        with (folder / name).open("rb") as opened:
            assert part.content == opened.read(1100)[100:]


# Interrupted downloads


BIG = {"config.json": b"{}", "model.safetensors": np.random.default_rng(1).bytes(25 << 20)}
CHUNK = 10 << 20  # huggingface_hub writes this much at a time; what a cut leaves of a piece is lost


def test_a_cut_within_a_download_costs_the_unfinished_piece_only(loopback: HubServer):
    loopback.add("org/big", BIG)
    loopback.fail("org/big", "cut", "model.safetensors", times=1, at=15 << 20)
    folder = fetch(tiny_spec("org/big"))
    assert (folder / "model.safetensors").read_bytes() == BIG["model.safetensors"]
    served = loopback.served["org/big", "model.safetensors"]
    # 15 MB, then the 15 MB after the 10 that were written
    assert (served.requests, served.bytes) == (2, (15 << 20) + (25 << 20) - CHUNK)
    assert [s.start for s in loopback.seen if s.method == "GET" and s.file == "model.safetensors"] == [
        0,
        CHUNK,
    ]


def test_three_cuts_in_one_download_are_survived(loopback: HubServer):
    loopback.add("org/big", BIG)
    for at in (11 << 20, 21 << 20, 22 << 20):
        loopback.fail("org/big", "cut", "model.safetensors", times=1, at=at)
    assert (fetch(tiny_spec("org/big")) / "model.safetensors").read_bytes() == BIG["model.safetensors"]
    starts = [s.start for s in loopback.seen if s.method == "GET" and s.file == "model.safetensors"]
    assert starts == [0, CHUNK, 2 * CHUNK, 2 * CHUNK]


def test_a_second_attempt_keeps_whole_files_and_begins_the_broken_one_anew(
    loopback: HubServer, tmp_path: Path
):
    """huggingface_hub 2.4 gives every attempt a temporary file of its own and deletes it when it fails: it
    resumes within a call, not between calls."""
    shards = {f"model-0000{n}-of-00002.safetensors": bytes([n]) * 300_000 for n in (1, 2)}
    index = {"weight_map": dict(zip("ab", shards, strict=True))}
    files = shards | {"config.json": b"{}", "model.safetensors.index.json": json.dumps(index).encode()}
    loopback.add("org/sharded", files)
    first, second = shards
    loopback.fail("org/sharded", "cut", second, at=100_000)
    assert error_of(lambda: fetch(tiny_spec("org/sharded"))).key == "hub.download_cut"
    assert loopback.served["org/sharded", first].bytes == 300_000
    assert not [name for name in files_below(tmp_path / "hf") if name.endswith(".incomplete")]
    loopback.heal()
    loopback.forget()
    folder = fetch(tiny_spec("org/sharded"))
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == files
    assert loopback.served["org/sharded", first].bytes == 0
    assert loopback.served["org/sharded", second].bytes == 300_000


def test_eight_processes_worth_of_threads_download_each_file_once(loopback: HubServer):
    from concurrent.futures import ThreadPoolExecutor

    loopback.add("org/big", BIG)
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: fetch(tiny_spec("org/big")), range(8)))
    assert len(folders) == 1 and loopback.served["org/big", "model.safetensors"].requests == 1


# Faults


FAULTS: list[tuple[Kind | int, str, dict[str, Any], str]] = [
    ("cut", "model.safetensors", {}, "hub.download_cut"),
    ("slow", "model.safetensors", {"seconds": 1.0}, "hub.download_cut"),
    ("gated", "", {}, "hub.gated"),
    (401, "", {}, "hub.token_refused"),
    (403, "", {}, "hub.token_refused"),
    (403, "model.safetensors", {}, "hub.token_refused"),
    (404, "", {}, "hub.unknown_repo"),
    (404, "model.safetensors", {}, "hub.hub_trouble"),
    (429, "", {"retry_after": 1}, "hub.rate_limited"),
    (429, "model.safetensors", {"retry_after": 1}, "hub.rate_limited"),
    (500, "", {}, "hub.hub_trouble"),
    (503, "model.safetensors", {}, "hub.hub_trouble"),
    ("wrong size", "model.safetensors", {}, "hub.download_cut"),
    ("wrong checksum", "model.safetensors", {}, "hub.checksum"),
    ("wrong checksum", "config.json", {}, "hub.checksum"),
]


@pytest.mark.parametrize(("kind", "file", "details", "key"), FAULTS)
def test_every_fault_has_its_sentence_and_leaves_nothing_half_written(
    kind: Kind | int,
    file: str,
    details: dict[str, Any],
    key: str,
    loopback: HubServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.2)  # seconds without a byte
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", kind, file, **details)
    error = error_of(lambda: fetch(tiny_spec()))
    assert error.key == key and "org/tiny" in (error.values.get("repo"), "org/tiny")
    assert on_disk(tiny_spec()) is None
    left = [path for path in (tmp_path / "hf").rglob("*") if path.is_file()]
    assert not [path for path in left if path.name.endswith(".incomplete")]
    # whatever is there is a whole file: config.json at most, and not the one with the wrong sum
    blobs = [path.read_bytes() for path in left if path.parent.name == "blobs"]
    assert all(blob in TINY.values() for blob in blobs)
    loopback.heal()
    assert {p.name: p.read_bytes() for p in fetch(tiny_spec()).iterdir()} == TINY


def test_a_slow_hub_is_waited_for(loopback: HubServer):
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", "slow", "model.safetensors", seconds=0.1)
    started = time.monotonic()
    fetch(tiny_spec())
    assert time.monotonic() - started > 0.2  # 102 kB are two pieces


def test_a_busy_hub_is_asked_again_for_a_file(loopback: HubServer):
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", 429, "model.safetensors", times=2, retry_after=1)
    fetch(tiny_spec())
    assert [s.method for s in loopback.seen if s.file == "model.safetensors"] == ["HEAD"] * 3 + ["GET"]


def test_a_gated_repository_opens_for_a_token_that_accepted_the_licence(
    loopback: HubServer, monkeypatch: pytest.MonkeyPatch
):
    loopback.add("org/tiny", TINY)
    loopback.fail("org/tiny", "gated")
    monkeypatch.setenv("HF_TOKEN", "hf_other")
    error = error_of(lambda: fetch(tiny_spec()))
    assert error.key == "hub.gated" and error.values["url"] == f"{endpoint()}/org/tiny"
    loopback.accepted.add("hf_reader")
    monkeypatch.setenv("HF_TOKEN", "hf_reader")
    assert (fetch(tiny_spec()) / "model.safetensors").stat().st_size == SIZE


def test_a_full_cache_serves_while_the_hub_is_in_trouble(loopback: HubServer):
    loopback.add("org/tiny", TINY)
    folder = fetch(tiny_spec())
    loopback.fail("org/tiny", 503)
    loopback.forget()
    assert fetch(tiny_spec()) == folder and loopback.seen == []


def test_pickles_and_code_are_not_downloaded(loopback: HubServer, tmp_path: Path):
    files = {
        "config.json": b"{}",
        "pytorch_model.bin": b"a pickle" * 1000,
        "modeling_x.py": b"print('never')",
    }
    loopback.add("org/pickles", files)
    assert error_of(lambda: fetch(tiny_spec("org/pickles"))).key == "hub.no_safe_weights"
    assert loopback.weight_bytes("org/pickles") == 0
    assert not loopback.served["org/pickles", "modeling_x.py"].bytes


def test_whoami_answers_who_has_a_token(loopback: HubServer):
    from huggingface_hub import HfApi

    assert HfApi(endpoint=loopback.url, token="hf_reader").whoami()["name"] == "loopback"


# Models that visitors bring


@pytest.fixture
def registry() -> Iterator[None]:
    """Takes out again what the test's visitors added."""
    before = set(MODELS)
    yield
    for key in set(MODELS) - before:
        del MODELS[key]
    visitor._added.clear()


OFFERS = [
    ("visitor/tiny-llama", "chat", "LlamaForCausalLM", "transformers"),
    ("visitor/tiny-llama", "causal-lm", "LlamaForCausalLM", "transformers"),
    ("visitor/tiny-clip", "clip", "CLIPModel", "transformers"),
    ("visitor/reranker", "rerank", "BertForSequenceClassification", "cross-encoder"),
    ("visitor/phi", "chat", "Phi3ForCausalLM", "transformers"),
    ("visitor/mpnet", "embed", "MPNetModel", "sentence-transformers"),
    ("visitor/openclip", "clip", "OpenCLIP", "open-clip"),
    ("visitor/blip", "vqa", "Blip2ForConditionalGeneration", "transformers"),
    ("visitor/t5", "seq2seq", "T5ForConditionalGeneration", "transformers"),
]
COPIES = {
    "visitor/reranker": "cross-encoder/ms-marco-MiniLM-L6-v2",
    "visitor/phi": "microsoft/Phi-3-mini-4k-instruct",
    "visitor/mpnet": "sentence-transformers/all-mpnet-base-v2",
    "visitor/openclip": "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
    "visitor/blip": "Salesforce/blip2-opt-2.7b",
    "visitor/t5": "google-t5/t5-small",
}


@pytest.mark.parametrize(("repo", "task", "architecture", "engine"), OFFERS)
def test_a_visitors_model_is_offered_without_a_byte_of_weights_and_then_fetched(
    repo: str,
    task: Any,
    architecture: str,
    engine: str,
    loopback: HubServer,
    checkpoints: Checkpoints,
    registry,
):
    folder = checkpoints.folder(COPIES.get(repo, repo))
    loopback.add(repo, folder, licence="apache-2.0")
    offer = visitor.inspect(repo, task)
    assert loopback.weight_bytes(repo) == 0
    assert {s.file for s in loopback.seen if s.file} <= {"config.json", "open_clip_config.json"}
    weights = {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*.safetensors")}
    assert (offer.architecture, offer.licence, offer.bytes) == (
        architecture, "apache-2.0", sum(weights.values()),
    )  # fmt: skip
    spec = visitor.add(offer)
    assert (spec.task, spec.engine) == (task, engine) and MODELS[spec.key] is spec is visitor.add(offer)
    got = fetch(spec)
    assert loopback.weight_bytes(repo) == offer.bytes
    assert {p.relative_to(got).as_posix() for p in got.rglob("*") if p.is_file()} == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }
    if engine == "sentence-transformers":
        assert len(ask(task, engine, str(got))) == 2


def config(**changes: Any) -> bytes:
    return json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama"} | changes).encode()


WEIGHTS = TINY["model.safetensors"]
CODE = {"AutoModelForCausalLM": "modeling_evil.Evil"}
REFUSED: list[tuple[str, dict[str, bytes], str]] = [
    ("chat", {"config.json": config(), "pytorch_model.bin": WEIGHTS}, "hub.no_safe_weights"),
    ("chat", {"config.json": config(), "model.gguf": WEIGHTS}, "hub.no_safe_weights"),
    ("chat", {"config.json": config(auto_map=CODE), "model.safetensors": WEIGHTS}, "hub.offer_custom_code"),
    ("embed", {"config.json": config(), "model.safetensors": WEIGHTS}, "hub.offer_architecture"),
    ("vqa", {"config.json": b'{"architectures": 7}', "model.safetensors": WEIGHTS}, "hub.offer_architecture"),
    ("chat", {"config.json": b"[1, 2]", "model.safetensors": WEIGHTS}, "hub.offer_architecture"),
    ("chat", {"config.json": b"not json", "model.safetensors": WEIGHTS}, "hub.offer_architecture"),
    ("chat", {"config.json": b"{}" + b" " * 2_000_000, "model.safetensors": WEIGHTS}, "hub.offer_no_config"),
    ("chat", {"adapter_config.json": b"{}", "adapter_model.safetensors": WEIGHTS}, "hub.offer_no_config"),
    ("chat", {"config.json": config(quantization_config={"bits": 4}), "model.safetensors": WEIGHTS},
     "hub.offer_quantised"),
    ("rerank", {"config.json": config(architectures=["BertForSequenceClassification"]),
                "model.safetensors": WEIGHTS}, "hub.offer_labels"),
    ("sentiment", {"config.json": config(architectures=["BertForSequenceClassification"], id2label={0: 0}),
                   "model.safetensors": WEIGHTS}, "hub.offer_labels"),
    ("tokenizer", {"config.json": config(), "model.safetensors": WEIGHTS}, "hub.offer_task"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "files", "key"), REFUSED)
def test_what_the_hub_cannot_run_is_refused_before_a_byte_of_weights(
    task: Any, files: dict[str, bytes], key: str, loopback: HubServer, tmp_path: Path
):
    loopback.add("org/bad", files)
    assert error_of(lambda: visitor.inspect("org/bad", task)).key == key
    assert loopback.weight_bytes("org/bad") == 0
    assert not [s for s in loopback.seen if s.file.endswith((".safetensors", ".bin", ".gguf", ".py"))]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("gated", "hub.gated"),
        (401, "hub.token_refused"),
        (403, "hub.token_refused"),
        (404, "hub.unknown_repo"),
        (429, "hub.rate_limited"),
        (503, "hub.hub_trouble"),
    ],
)
def test_a_fault_during_inspection_is_said(kind: Kind | int, key: str, loopback: HubServer):
    loopback.add("org/tiny", {"config.json": config(), "model.safetensors": WEIGHTS})
    loopback.fail("org/tiny", kind)
    assert error_of(lambda: visitor.inspect("org/tiny", "chat")).key == key


def test_offline_a_visitors_model_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub, "_online", False)
    assert error_of(lambda: visitor.inspect("org/tiny", "chat")).key == "hub.offline_repo"


def test_the_address_of_a_repository_will_do_for_its_name(loopback: HubServer):
    for written in (
        "https://huggingface.co/visitor/tiny-llama/tree/main", " hf.co/visitor/tiny-llama ",
        "https://hf-mirror.com/visitor/tiny-llama/",
    ):  # fmt: skip
        assert visitor.inspect(written, "chat").spec.repo == "visitor/tiny-llama"
    assert error_of(lambda: visitor.inspect("../etc", "chat")).key == "hub.unknown_repo"


def test_a_model_of_the_registry_is_offered_as_it_is(loopback: HubServer):
    """Phi-3's config names custom code, which its entry in the registry does without."""
    offer = visitor.inspect("microsoft/Phi-3-mini-4k-instruct", "chat")
    assert visitor.add(offer) is MODELS["phi-3-mini-bf16"] and loopback.seen == []


def test_what_was_inspected_is_what_is_fetched(loopback: HubServer, registry):
    files = {"config.json": config(), "model.safetensors": WEIGHTS}
    loopback.add("org/moving", files)
    offer = visitor.inspect("org/moving", "chat")
    loopback.add("org/moving", files | {"model.safetensors": WEIGHTS[::-1]})
    # the double keeps one commit only, so the inspected one is unknown by now
    assert error_of(lambda: fetch(visitor.add(offer))).key == "hub.unknown_revision"


def test_the_number_of_added_models_is_bounded(
    loopback: HubServer, monkeypatch: pytest.MonkeyPatch, registry
):
    monkeypatch.setattr(visitor, "MAX_ADDED", 2)
    offers = []
    for n in range(3):
        loopback.add(f"org/m{n}", {"config.json": config(), "model.safetensors": WEIGHTS})
        offers.append(visitor.inspect(f"org/m{n}", "chat"))
    visitor.add(offers[0])
    visitor.add(offers[1])
    error = error_of(lambda: visitor.add(offers[2]))
    assert error.key == "hub.offer_full" and error.values["limit"] == 2
    assert visitor.add(offers[0]) is MODELS[offers[0].spec.key]
