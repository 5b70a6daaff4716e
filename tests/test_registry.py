"""The registry is plain data: these tests look for entries that could not work."""

import shared  # noqa: F401, I001

import fnmatch
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shared.models import MODELS, cache, of_task
from shared.models.registry import DEFAULT_CHAT, DEFAULT_EMBED, FromGGUF, InWheel, register


def test_every_model_is_found_under_its_own_key():
    assert all(key == spec.key for key, spec in MODELS.items())


def test_default_models_are_embedded_and_do_their_task():
    assert MODELS[DEFAULT_CHAT].task == "chat" and MODELS[DEFAULT_CHAT].embedded
    assert MODELS[DEFAULT_EMBED].task == "embed" and MODELS[DEFAULT_EMBED].embedded


def test_llamacpp_models_name_exactly_one_gguf():
    for spec in MODELS.values():
        if spec.engine == "llamacpp":
            assert len([name for name in spec.files if name.endswith(".gguf")]) == 1, spec.key


def test_converted_models_come_from_a_gguf_that_the_hub_has():
    for spec in MODELS.values():
        if isinstance(spec.embedded, FromGGUF):
            origin = MODELS[spec.embedded.key]
            assert origin.gguf and origin.parameters == spec.parameters


def test_a_wheel_and_the_hub_give_a_model_the_same_file_name():
    for spec in MODELS.values():
        if isinstance(spec.embedded, InWheel):
            assert spec.embedded.member.endswith("/" + spec.gguf)


def test_no_model_asks_for_pickles():
    for spec in MODELS.values():
        for pickle in ("pytorch_model.bin", "model.ckpt", "weights.pt", "weights.pth", "model.pkl"):
            assert not any(fnmatch.fnmatch(pickle, pattern) for pattern in spec.files), spec.key


def test_sixteen_bit_models_weigh_two_bytes_a_parameter():
    for spec in MODELS.values():
        bits = {"bfloat16": 16, "float16": 16, "float32": 32, "Q4_1": 5, "Q4_K_M": 4.85}[spec.dtype]
        # embeddings are kept in more bits in small quantised models, hence the wide upper bound
        assert 0.95 <= spec.bytes * 8 / spec.parameters / bits <= 1.4, spec.key


def test_every_model_of_the_book_is_there():
    """The ids in the tutorial's code; two of them have since moved under an organisation's name."""
    ids = """microsoft/Phi-3-mini-4k-instruct microsoft/Phi-3-mini-4k-instruct-gguf Qwen/Qwen2-0.5B-Instruct
    Qwen/Qwen1.5-1.8B-Chat sentence-transformers/all-mpnet-base-v2 thenlper/gte-small BAAI/bge-small-en-v1.5
    distilbert/distilbert-base-uncased-finetuned-sst-2-english uer/roberta-base-finetuned-dianping-chinese
    cardiffnlp/twitter-roberta-base-sentiment-latest google-t5/t5-small google/flan-t5-small
    sentence-transformers/clip-ViT-B-32 Salesforce/blip2-opt-2.7b"""
    assert set(ids.split()) <= {spec.repo for spec in MODELS.values()}


def test_every_model_that_is_not_embedded_says_which_files_it_takes():
    assert all(spec.files or spec.embedded for spec in MODELS.values())


def test_what_does_not_fit_a_laptop_says_that_it_needs_a_gpu():
    """Four gigabytes of weights in memory, or a billion parameters to go through for every token."""
    for spec in MODELS.values():
        large = spec.engine != "llamacpp" and (spec.bytes > 4e9 or spec.parameters > 1e9)
        assert (spec.needs == "gpu") == large, spec.key


def test_embedded_models_are_listed_first():
    embedded = [spec.embedded is not None for spec in of_task("chat")]
    assert embedded == sorted(embedded, reverse=True) and any(embedded)


def test_a_taken_key_is_refused():
    with pytest.raises(ValueError, match="smollm2-135m"):
        register(replace(MODELS["smollm2-135m"]))


def test_a_registered_model_is_known(monkeypatch: pytest.MonkeyPatch):
    spec = replace(MODELS["minilm-l6"], key="another")
    register(spec)
    try:
        assert MODELS["another"] is spec and spec in of_task("embed")
    finally:
        del MODELS["another"]


def test_threads_that_ask_first_get_the_same_cache():
    with ThreadPoolExecutor(8) as pool:
        caches = list(pool.map(lambda _: cache(), range(32)))
    assert len({id(made) for made in caches}) == 1 and caches[0].budget_bytes > 0


def test_importing_the_models_package_loads_no_heavy_package():
    heavy = "torch transformers sentence_transformers huggingface_hub xllamacpp gradio"
    code = f"import sys, shared.models; print([name for name in {heavy.split()} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
