"""Embedders: the local one against sentence-transformers, the remote one against llama.cpp and a script."""

import threading

import httpx
import numpy as np
import pytest

from shared import embedder as embedder_module
from shared.embedder import LocalEmbedder, RemoteEmbedder, open_embedder
from shared.engines import openai_client
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.fetch import fetch
from shared.settings import Settings
from tests.openai_server import KEY, LlamaServer, Request, error, scripted

MINILM = MODELS["minilm-l6"]
TEXTS = ["A cat sits on the mat.", "", "今天天气很好。", "word " * 400, "A dog runs."]

fake = pytest.fixture(scripted)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(openai_client, "BACKOFF_SECONDS", 0.02)


@pytest.fixture(scope="module")
def model():
    with cache().lease(MINILM) as model:
        yield model


def embed(request: Request) -> None:
    """Vectors that tell the text's length and its place in the batch; in reverse order and not normalised."""
    data = [
        {"object": "embedding", "index": i, "embedding": [float(len(text)), float(i + 1), 0.0]}
        for i, text in enumerate(request.body["input"])
    ]
    request.json({"object": "list", "data": data[::-1], "model": "x"})


def remote(fake, *behaviours, **kwargs) -> RemoteEmbedder:
    fake.then(embed, *behaviours)  # the first request asks for the dimension
    return RemoteEmbedder(fake.url, key=KEY, **kwargs)


# local


def test_local_equals_sentence_transformers(model):
    direct = model.encode(TEXTS, normalize_embeddings=True)
    found = LocalEmbedder(model, MINILM).encode(TEXTS)
    assert found.dtype == np.float32
    assert np.array_equal(found, direct)


def test_local_batches_change_nothing_but_rounding(model, monkeypatch):
    monkeypatch.setattr(embedder_module, "LOCAL_BATCH", 2)
    heard: list[tuple[int, int]] = []
    found = LocalEmbedder(model, MINILM).encode(TEXTS, progress=lambda *done: heard.append(done))
    assert heard == [(2, 5), (4, 5), (5, 5)]
    assert np.allclose(found, model.encode(TEXTS, normalize_embeddings=True), atol=1e-6)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_local_says_what_it_is(model):
    local = LocalEmbedder(model, MINILM)
    assert (local.name, local.dim, local.max_tokens) == ("all-MiniLM-L6-v2", 384, 256)
    assert local.encode([]).shape == (0, 384)


def test_local_encodes_for_several_threads(model):
    local = LocalEmbedder(model, MINILM)
    alone = local.encode(TEXTS)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(local.encode(TEXTS))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 6 and all(np.array_equal(result, alone) for result in results)


def test_half_a_character_is_refused(model, fake):
    for embedder in (LocalEmbedder(model, MINILM), remote(fake)):
        with pytest.raises(HubError) as refused:
            embedder.encode(["fine", "a\ud800"])
        assert refused.value.key == "hub.bad_unicode"


# remote: llama.cpp


def test_remote_equals_what_llama_cpp_answers():
    spec = MODELS["smollm2-135m"]
    server = LlamaServer(fetch(spec) / spec.gguf, embedding=True)
    try:
        found = RemoteEmbedder(server.url, key=KEY)
        assert (found.dim, found.max_tokens, found.name) == (576, 2048, spec.gguf)
        vectors = found.encode(["A cat.", "A dog.", ""])
        direct = httpx.post(
            f"{server.url}/v1/embeddings",
            json={"input": ["A cat.", "A dog."], "model": "any"},
            headers={"Authorization": f"Bearer {KEY}"},
            trust_env=False,
        ).json()
    finally:
        server.kill()
    for entry in direct["data"]:
        expected = np.array(entry["embedding"]) / np.linalg.norm(entry["embedding"])
        assert np.allclose(vectors[entry["index"]], expected, atol=1e-3)
    with pytest.raises(HubError) as refused:
        found.encode(["too late"])
    assert refused.value.key == "hub.remote_unreachable"


# remote: scripted


def test_remote_keeps_the_order_over_many_batches(fake):
    texts = ["x" * n for n in range(1, 131)]
    found = remote(fake, *[embed] * 5)
    heard: list[tuple[int, int]] = []
    vectors = found.encode(texts, progress=lambda *done: heard.append(done))
    lengths = [len(body["input"]) for _, body, _ in fake.posts[1:]]
    assert sorted(lengths) == [2, 32, 32, 32, 32]
    assert heard[-1] == (130, 130) and [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(130), abs=1e-6)
    for i, vector in enumerate(vectors):
        assert vector[0] / vector[1] == pytest.approx((i + 1) / (i % 32 + 1), rel=1e-4)


def test_remote_takes_tei_at_its_word(fake):
    info = {"model_id": "BAAI/bge-small-en-v1.5", "max_input_length": 512, "max_client_batch_size": 8}
    fake.paths["/info"] = lambda request: request.json(info)
    fake.paths["/v1/models"] = lambda request: request.json({}, 404)
    found = remote(fake, *[embed] * 3)
    assert (found.name, found.max_tokens, found.dim) == ("BAAI/bge-small-en-v1.5", 512, 3)
    found.encode(["x"] * 20)
    assert sorted(len(body["input"]) for _, body, _ in fake.posts[1:]) == [4, 8, 8]


def test_remote_retries_and_shows_the_servers_words(fake):
    found = remote(fake, error(429, "overloaded"), embed)
    assert found.encode(["a"]).shape == (1, 3)
    too_long = "`inputs` must have less than 512 tokens. Given: 900"
    fake.then(lambda request: request.json({"error": too_long, "error_type": "Validation"}, 413))
    with pytest.raises(HubError) as refused:
        found.encode(["a"])
    assert refused.value.key == "hub.remote_refused"
    assert refused.value.values == {"reason": too_long}


def test_one_failed_batch_ends_the_encoding(fake):
    found = remote(fake, embed, error(400, "no"), *[embed] * 8)
    with pytest.raises(HubError):
        found.encode(["x"] * 300)


def test_progress_that_raises_ends_the_encoding(fake):
    class Stop(Exception):
        pass

    def stop(*_: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        remote(fake, *[embed] * 10).encode(["x"] * 300, progress=stop)


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"index": 1, "embedding": [1.0, 2.0, 3.0]}],
        [{"index": 0, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [float("nan"), 2.0, 3.0]}],
        [{"index": 0, "embedding": None}],
    ],
)
def test_remote_nonsense_is_not_taken_for_vectors(fake, data):
    found = remote(fake, lambda request: request.json({"object": "list", "data": data, "model": "x"}))
    with pytest.raises(HubError) as refused:
        found.encode(["a"])
    assert refused.value.key == "hub.remote_not_openai"


# the choice


def test_settings_choose_the_embedder(fake, monkeypatch, tmp_path):
    with open_embedder() as local:
        assert isinstance(local, LocalEmbedder) and local.name == MINILM.name
    chosen = Settings(home=tmp_path, remote_embed_url=fake.url, remote_embed_api_key=KEY)
    monkeypatch.setattr(embedder_module, "settings", lambda: chosen)
    fake.then(embed)
    with open_embedder() as first, open_embedder() as second:
        assert isinstance(first, RemoteEmbedder) and first is second
    assert fake.posts[0][0]["authorization"] == f"Bearer {KEY}"
    with open_embedder("minilm-l6") as local:  # who asks for a model gets it
        assert isinstance(local, LocalEmbedder)
