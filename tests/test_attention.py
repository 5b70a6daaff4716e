"""The attention lab's frame, heatmap and steps against transformers' own eager calls and arithmetic."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import base64
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image
from playwright.sync_api import expect

from shared import i18n
from shared.errors import HubError
from shared.models import MODELS, hub
from shared.models.fetch import fetch
from shared.models.registry import register
from shared.texts import TEXTS as HUB_TEXTS
from spaces.attention import SPACE, board, capture, forward, heads, scaled_dot, tokens, ui_heatmap, ui_steps
from spaces.attention.examples import EXAMPLES
from spaces.attention.passes import Passes
from spaces.attention.snippet import snippet
from spaces.attention.texts import TEXTS
from tests.checkpoints import Checkpoints
from tests.hub_server import HubServer

i18n.register("attention", TEXTS)
i18n.register("hub", HUB_TEXTS)

CHINESE = "那只猫在追逐毛线球，因为它滚得很快"
ENGLISH = "The capital of France is Paris, and the capital of Germany is Berlin."
HERE = Path(ui_heatmap.__file__).parent
TINY = {
    "phi-3-mini-bf16": "AutoModelForCausalLM",
    "qwen2-0.5b-bf16": "AutoModelForCausalLM",
    "qwen3-0.6b": "AutoModelForCausalLM",
    "bert-base-uncased": "AutoModelForMaskedLM",
    "all-mpnet-base": "AutoModel",
    "distilbert-sst-2": "AutoModel",
    "bge-reranker-base": "AutoModel",
    "t5-small": "AutoModelForSeq2SeqLM",
}
"""Registry key -> the class people load it with. The loopback hub serves a tiny double of each."""
REAL = {"smollm2-135m": "AutoModelForCausalLM", "minilm-l6": "AutoModel"}


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Checkpoints:
    return Checkpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="module")
def server(checkpoints: Checkpoints) -> Iterator[HubServer]:
    with HubServer() as running:
        for key in TINY:
            running.add(MODELS[key].repo, checkpoints.folder(MODELS[key].repo))
            # as small as it is: the real Phi-3 would be looked at in bfloat16
            small = replace(MODELS[key], key=f"tiny-{key}", parameters=100_000, bytes=1_000_000)
            register(small)
        yield running
        for key in TINY:
            MODELS.pop(f"tiny-{key}")


@pytest.fixture
def loopback(server: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubServer:
    """The Hub is the one on loopback; its files go to a cache of the test's own."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    monkeypatch.setattr(hub, "_online", None)
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    return server


def bare(folder: Path, cls: str) -> tuple[Any, Any]:
    """Model and tokenizer as people load them to see attention."""
    import torch
    import transformers

    model = getattr(transformers, cls).from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32
    )
    return model.eval(), transformers.AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def loaded(checkpoints: Checkpoints) -> Any:
    """key -> (model, tokenizer), loaded without the hub, each once."""
    kept: dict[str, tuple[Any, Any]] = {}

    def get(key: str) -> tuple[Any, Any]:
        if key not in kept:
            if key in REAL:
                kept[key] = bare(fetch(forward.opened(key)), REAL[key])
            else:
                kept[key] = bare(checkpoints.folder(MODELS[key].repo), TINY[key])
        return kept[key]

    return get


def run_bare(model: Any, tokenizer: Any, text: str, pair: str | None = None, **more: Any) -> Any:
    import torch

    with torch.inference_mode():
        encoding = tokenizer(text, pair, return_tensors="pt")
        encoding.pop("token_type_ids", None) if pair is None else None
        return model(**encoding, **more, output_attentions=True, output_hidden_states=True)


def error_of(action: Any) -> HubError:
    """The HubError that `action` raises; its sentence exists in both languages, all braces filled."""
    with pytest.raises(HubError) as caught:
        action()
    for lang in ("zh", "en"):
        sentence = i18n.explain(caught.value, lang)
        assert sentence != caught.value.key and "{" not in sentence
    return caught.value


# half of the distance between two float16 neighbours, relative to the smaller
HALF = 2.0**-11


def same_weights(ours: np.ndarray, theirs: Any) -> None:
    expected = np.stack([layer[0].numpy() for layer in theirs])
    assert ours.dtype == np.float16 and ours.shape == expected.shape
    np.testing.assert_allclose(ours.astype(np.float32), expected, rtol=1.01 * HALF, atol=1e-7)


# The forward pass


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
@pytest.mark.parametrize("key", REAL)
def test_attentions_states_and_logits_of_the_embedded_models_are_transformers_own(key, text, loaded):
    model, tokenizer = loaded(key)
    out = run_bare(model, tokenizer, text)
    done = forward.look(text, "", key)
    same_weights(done.attentions, out.attentions)
    assert list(done.ids) == tokenizer(text)["input_ids"]
    last = np.stack([state[0, -1].numpy() for state in out.hidden_states])
    np.testing.assert_allclose(done.hidden, last, rtol=1e-5, atol=1e-4)
    if key == "smollm2-135m":
        assert done.kind == "causal"
        np.testing.assert_allclose(done.logits, out.logits[0, -1].numpy(), rtol=1e-5, atol=1e-4)
    else:
        assert done.kind == "encoder" and done.logits is None


@pytest.mark.parametrize("key", [key for key in TINY if key != "t5-small"])
def test_attentions_of_models_from_the_hub_are_transformers_own(key, loopback, loaded):
    model, tokenizer = loaded(key)
    out = run_bare(model, tokenizer, ENGLISH)
    done = forward.look(ENGLISH, "", f"tiny-{key}")
    same_weights(done.attentions, out.attentions)
    if "logits" in out:
        np.testing.assert_allclose(done.logits, out.logits[0, -1].numpy(), rtol=1e-4, atol=1e-4)


def test_a_pair_is_read_together_with_its_token_types(loopback, loaded):
    model, tokenizer = loaded("bert-base-uncased")
    out = run_bare(model, tokenizer, ENGLISH, "A puppy plays.")
    done = forward.look(ENGLISH, "A puppy plays.", "tiny-bert-base-uncased")
    same_weights(done.attentions, out.attentions)
    assert set(done.source.parts) == {0, 1}
    assert [text for text, special in zip(done.tokens, done.source.special, strict=True) if special] == [
        "[CLS]",
        "[SEP]",
        "[SEP]",
    ]


def test_t5_has_three_kinds_of_attention_when_the_answer_is_given(loopback, loaded):
    import torch

    model, tokenizer = loaded("t5-small")
    answer = "Berlin is wonderful"
    ids = tokenizer(answer, add_special_tokens=False)["input_ids"]
    fed = torch.tensor([[model.config.decoder_start_token_id, *ids]])
    out = run_bare(model, tokenizer, ENGLISH, decoder_input_ids=fed)
    alone = forward.look(ENGLISH, "", "tiny-t5-small")
    assert set(alone.maps) == {"self"} and alone.logits is None
    same_weights(alone.attentions, out.encoder_attentions)
    done = forward.look(ENGLISH, answer, "tiny-t5-small")
    same_weights(done.attentions, out.encoder_attentions)
    same_weights(done.maps["decoder"].weights, out.decoder_attentions)
    same_weights(done.maps["cross"].weights, out.cross_attentions)
    assert done.target is not None and list(done.target.ids) == fed[0].tolist()
    np.testing.assert_allclose(done.logits, out.logits[0, -1].numpy(), rtol=1e-4, atol=1e-4)


def test_eight_visitors_with_the_same_text_cost_one_forward_pass(monkeypatch):
    calls = []
    real = capture.run
    monkeypatch.setattr(forward, "run", lambda *args: calls.append(args[0]) or real(*args))
    text = "Eight visitors write the same sentence."
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(forward.look(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1 and len(found) == 8 and all(done is found[0] for done in found)
    other = forward.look(text + " But this one does not.")
    assert other is not found[0] and len(calls) == 2


def test_two_visitors_with_two_texts_at_once_get_their_own(loaded):
    texts = ["A puppy plays in the snow.", "The soup was cold and the waiter was rude."] * 2
    found: dict[int, Any] = {}

    def visit(index: int) -> None:
        found[index] = forward.look(texts[index], "", "minilm-l6")

    threads = [threading.Thread(target=visit, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, text in enumerate(texts):
        same_weights(found[index].attentions, run_bare(*loaded("minilm-l6"), text).attentions)


class Weight:
    def __init__(self, nbytes: int) -> None:
        self.nbytes = nbytes


def test_passes_are_dropped_by_bytes_oldest_first_and_a_failure_is_not_kept():
    kept: Passes[Weight] = Passes(100)
    first = kept.get("a", lambda: Weight(60))
    kept.get("b", lambda: Weight(30))
    assert kept.get("a", lambda: Weight(1)) is first
    kept.get("c", lambda: Weight(40))
    assert kept.find("b") is None and kept.find("a") is first and kept.nbytes == 100
    kept.get("huge", lambda: Weight(500))
    assert kept.find("huge") is not None and kept.nbytes == 500
    with pytest.raises(ZeroDivisionError):
        kept.get("bad", lambda: 1 / 0)
    assert kept.get("bad", lambda: Weight(1)).nbytes == 1


def test_pieces_of_a_character_are_numbered_and_found_by_their_characters():
    done = forward.look(CHINESE)
    assert done.tokens[:9] == ("那₁", "那₂", "那₃", "只₁", "只₂", "猫₁", "猫₂", "猫₃", "在")
    start = CHINESE.index("毛线球")
    assert [done.tokens[i] for i in tokens.covering(done.source, start, start + 3)] == [
        "毛₁",
        "毛₂",
        "线₁",
        "线₂",
        "球₁",
        "球₂",
    ]
    lost = forward.look(CHINESE, "", "minilm-l6")
    assert set(lost.tokens) == {"[CLS]", "[UNK]", "，", "[SEP]"}


def test_long_texts_are_cut_and_say_so():
    done = forward.look("word " * 1999 + "word")
    assert (done.kept, done.total) == (256, 2000)
    pair = forward.look("word " * 300, "other " * 300, "minilm-l6")
    assert len(pair.source) == 256 and pair.source.special[-1]


# What the heads do


def random_attention(layers: int, count: int, n: int, causal: bool = False) -> np.ndarray:
    scores = np.random.default_rng(4).normal(size=(layers, count, n, n))
    if causal:
        scores = np.where(np.tril(np.ones((n, n))), scores, -np.inf)
    powers = np.exp(scores)
    return (powers / powers.sum(-1, keepdims=True)).astype(np.float16)


def test_summaries_of_constructed_heads():
    n = 8
    even = np.full((n, n), 1 / n)
    previous = np.eye(n, k=-1)
    previous[0, 0] = 1
    first = np.zeros((n, n))
    first[:, 0] = 1
    halves = 0.5 * previous + 0.5 * np.eye(n)
    found = heads.summarise(np.stack([even, previous, first, halves])[None].astype(np.float16))
    np.testing.assert_allclose(found.entropy[0], [3, 0, 0, 7 / 8], atol=1e-3)
    np.testing.assert_allclose(found.previous[0], [1 / 8, 1, 1 / 7, 0.5], atol=1e-3)
    np.testing.assert_allclose(found.first[0], [1 / 8, 1 / 7, 1, 0.5 / 7], atol=1e-3)
    np.testing.assert_allclose(found.same[0], [1 / 8, 0, 0, 0.5], atol=1e-3)


def test_rollout_is_the_papers_product():
    weights = random_attention(3, 2, 5)
    flow = np.eye(5)
    for layer in weights.astype(float):
        mean = (layer[0] + layer[1]) / 2
        mixed = 0.5 * mean + 0.5 * np.eye(5)
        flow = (mixed / mixed.sum(1)[:, None]) @ flow
    np.testing.assert_allclose(heads.rollout(weights), flow, atol=1e-6)
    np.testing.assert_allclose(heads.rollout(weights).sum(1), 1, atol=1e-6)


def test_means_over_heads_and_layers():
    weights = random_attention(3, 2, 5)
    as_float = weights.astype(float)
    np.testing.assert_allclose(heads.picked(weights, 1, 0), as_float[1, 0], atol=1e-6)
    np.testing.assert_allclose(heads.picked(weights, 1, -1), as_float[1].mean(0), atol=1e-6)
    np.testing.assert_allclose(heads.picked(weights), as_float.mean((0, 1)), atol=1e-6)
    for layer, head in ((3, 0), (0, 2), (-2, 0), (True, 0), ("1", 0)):
        assert error_of(lambda layer=layer, head=head: heads.picked(weights, layer, head)).key


def test_heads_that_link_two_words_are_ranked_by_the_summed_weight():
    done = forward.look(CHINESE)
    it = tokens.covering(done.source, CHINESE.index("它"), CHINESE.index("它") + 1)
    yarn = tokens.covering(done.source, CHINESE.index("毛"), CHINESE.index("毛") + 3)
    found = heads.links(done.maps["self"], it, yarn)
    assert len(found) == 270 and found == sorted(found, key=lambda link: -link.weight)
    weights = done.attentions.astype(float)
    for link in (found[0], found[100]):
        by_hand = np.mean([sum(weights[link.layer, link.head, i, j] for j in yarn) for i in it])
        assert link.weight == pytest.approx(by_hand, abs=1e-5)
        # the two pieces of 它 are tokens 23 and 24: 24 and 25 tokens are visible
        assert link.even == pytest.approx((6 / 24 + 6 / 25) / 2)
    assert error_of(lambda: heads.links(done.maps["self"], [3], [9])).key == "attention.later_key"
    assert error_of(lambda: heads.links(done.maps["self"], [], [9])).key == "attention.no_such"


def test_the_lesson_quotes_what_the_lab_measures():
    """The numbers in README.md, from the bare model's weights."""
    lesson = (HERE / "README.md").read_text(encoding="utf-8")
    for name in ("example_zh", "example_en", "example_street"):
        for model in ("smollm2-135m", "minilm-l6"):
            if (name, model) == ("example_zh", "minilm-l6"):
                continue
            done = forward.look(EXAMPLES[name].text, "", model)
            ends = board.suggestion(done)
            best = heads.links(done.maps["self"], ends["queries"], ends["keys"])[0]
            assert f"{best.layer}.{best.head}" in lesson and f"{best.weight:.2f}" in lesson, best


def test_the_sprite_holds_every_head_and_the_matrix_every_weight():
    done = forward.look(CHINESE)
    drawn = json.loads(json.dumps(board.board(done)))
    n = len(done.source)
    picture = np.asarray(Image.open(io.BytesIO(board.sprite(done.attentions))))[..., 1]
    assert picture.shape == (9 * 32, 30 * 32) and drawn["maps"]["self"]["tile"] == [32, 32]
    tile = picture[4 * 32 : 5 * 32, 7 * 32 : 8 * 32]
    # 34 tokens in 32 pixels: the first pixel is one token, the last two
    assert tile[0, 0] == round(255 * float(done.attentions[7, 4, 0, 0]) ** 0.5)
    assert tile[-1, -1] == round(255 * float(done.attentions[7, 4, -2:, -2:].max()) ** 0.5)
    answer = ui_heatmap.matrix({"key": done.key, "part": "self", "layer": 7, "head": 4})
    sent = np.frombuffer(base64.b64decode(answer["data"]), "<f2").reshape(n, n)
    assert (sent == done.attentions[7, 4]).all()
    assert ui_heatmap.matrix({"key": "no such", "part": "self", "layer": 0, "head": 0})["error"]
    assert ui_heatmap.matrix({"what": 1})["error"] and ui_heatmap.matrix(None) == {"error": ""}
    for bad in ({"part": "cross"}, {"layer": 99}, {"head": "x"}, {"part": {}}):
        assert ui_heatmap.matrix({"key": done.key, "part": "self", "layer": 0, "head": 0} | bad)["error"]


# Step by step


def hooked(model: Any, module: Any, run: Any) -> Any:
    """What `module` returned while `run` ran the whole model."""
    kept: list[Any] = []
    handle = module.register_forward_hook(lambda _, __, out: kept.append(out))
    try:
        run()
    finally:
        handle.remove()
    out = kept[0][0] if isinstance(kept[0], tuple) else kept[0]
    return out[0].numpy()


def attention_output(model: Any, key: str, layer: int) -> Any:
    """The module whose output is all heads' outputs times W_O."""
    base = model.base_model
    if key in ("smollm2-135m", "phi-3-mini-bf16", "qwen2-0.5b-bf16", "qwen3-0.6b"):
        return base.layers[layer].self_attn
    if key == "t5-small":
        return model.encoder.block[layer].layer[0].SelfAttention
    if key == "distilbert-sst-2":
        return base.transformer.layer[layer].attention
    if key == "all-mpnet-base":
        return base.encoder.layer[layer].attention.attn
    return base.encoder.layer[layer].attention.output.dense


@pytest.mark.parametrize("key", [*REAL, *TINY])
def test_the_steps_reproduce_the_models_attention_to_1e_4(key, loopback, loaded):
    """The reference is a whole forward pass of another copy of the model, with hooks."""
    import torch

    model, tokenizer = loaded(key)
    done = forward.look(ENGLISH, "", key if key in REAL else f"tiny-{key}")
    encoding = {k: v for k, v in tokenizer(ENGLISH, return_tensors="pt").items() if k != "token_type_ids"}
    whole = model.encoder if key == "t5-small" else model
    layers, count, n, _ = done.attentions.shape
    for layer in {0, layers // 2, layers - 1}:
        with torch.inference_mode():
            expected = hooked(model, attention_output(model, key, layer), lambda: whole(**encoding))
            weights = whole(**encoding, output_attentions=True).attentions[layer][0].numpy()
        for head, query in ((0, n - 1), (count - 1, n // 2)):
            found = scaled_dot.steps(done, layer, head, query)
            assert abs(found.weights - weights[head, query]).max() < 1e-4
            assert abs(found.output - expected[query]).max() < 1e-4
            assert found.weight_difference < 1e-4 and found.output_difference < 1e-4
            # the steps fit together
            scores = np.where(found.visible, found.raw * found.scaling + found.bias, -np.inf)
            np.testing.assert_allclose(scaled_dot.softmax(scores), found.weights, atol=1e-6)
            np.testing.assert_allclose(found.k @ found.q, found.raw, rtol=1e-4, atol=1e-3)
            np.testing.assert_allclose(found.weights @ found.v, found.head_output, rtol=1e-4, atol=1e-5)
            size = found.d_k
            np.testing.assert_allclose(
                found.concatenated[head * size : (head + 1) * size], found.head_output, atol=1e-6
            )
    assert not [hooks for module in model.modules() for hooks in module._forward_pre_hooks.values()]


def test_smollm2_shares_keys_and_values_among_three_query_heads():
    done = forward.look(ENGLISH)
    found = [scaled_dot.steps(done, 3, head, 5) for head in (0, 1, 2, 3)]
    assert [step.kv_head for step in found] == [0, 0, 0, 1] and found[0].kv_heads == 3
    assert (found[0].k == found[2].k).all() and (found[0].k != found[3].k).any()
    assert found[0].scaling == pytest.approx(64**-0.5) and found[0].rotary and found[0].normed


def test_without_the_scaling_random_scores_saturate():
    """Vaswani et al., 3.2.1: the dot product has variance d_k."""
    for width in (4, 64, 1024):
        found = scaled_dot.saturation(width)
        assert found.spread == pytest.approx(width**0.5, rel=0.15)
        assert found.raw.sum() == pytest.approx(1, abs=1e-5)
    wide = scaled_dot.saturation(1024)
    assert wide.raw_largest > 0.9 and wide.scaled_largest < 0.4
    narrow = scaled_dot.saturation(1)
    np.testing.assert_allclose(narrow.raw, narrow.scaled, rtol=1e-6)
    assert error_of(lambda: scaled_dot.saturation(3)).key == "attention.bad_width"
    assert len(ui_steps.saturation({})["widths"]) == len(scaled_dot.WIDTHS)


# Bad input, the endpoints


def test_bad_input_gets_one_sentence():
    for text in ("", "  \n ", None, 7):
        assert error_of(lambda text=text: forward.look(text)).key == "attention.no_text"
    assert error_of(lambda: forward.look("a" * 50_001)).key == "attention.too_long"
    assert error_of(lambda: forward.look("half \ud83d")).key == "hub.bad_unicode"
    assert error_of(lambda: forward.look("a b", "", "no such")).key == "hub.unknown_model"
    assert error_of(lambda: forward.look("a b", "c", "smollm2-135m")).key == "attention.no_pair"
    assert error_of(lambda: forward.look("a b", "", "openclip-vit-b-32")).key == "hub.needs_torch_weights"
    assert error_of(lambda: forward.look("a b", "", "phi-3-mini")).key == "hub.needs_torch_weights"
    assert error_of(lambda: heads.check(forward.look("word"))).key == "attention.one_token"
    done = forward.look("one two")
    for index in ((99, 0, 0), (0, -1, 0), (0, 0, 2), (0, 0, True)):
        assert error_of(lambda index=index: scaled_dot.steps(done, *index)).key == "attention.no_such"


def test_a_remote_model_needs_local_weights():
    remote = replace(MODELS["smollm2-135m"], key="far", engine="remote", embedded=None)
    register(remote)
    try:
        assert error_of(lambda: forward.look("a b", "", "far")).key == "hub.needs_local_weights"
        assert "far" not in [spec.key for spec in forward.choices()]
    finally:
        MODELS.pop("far")


@pytest.fixture(scope="module")
def client():
    with gr.Blocks() as demo:
        SPACE.api()

        @gr.render()
        def draw() -> None:
            SPACE.build(i18n.translator("attention", "en"))

    demo.queue(api_open=False)
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
    yield Client(url, verbose=False)
    demo.close()


def test_attention_endpoint_gives_a_head_or_a_mean(client, loaded):
    out = run_bare(*loaded("minilm-l6"), "The cat sleeps.")
    weights = np.stack([layer[0].numpy() for layer in out.attentions])
    answer = client.predict("The cat sleeps.", "", "minilm-l6", 2, 5, api_name="/attention")
    assert answer["tokens"] == ["[CLS]", "The", "cat", "sleeps", ".", "[SEP]"]
    np.testing.assert_allclose(answer["weights"], weights[2, 5], atol=3e-4)
    answer = client.predict("The cat sleeps.", None, "minilm-l6", -1, -1, api_name="/attention")
    np.testing.assert_allclose(answer["weights"], weights.mean((0, 1)), atol=3e-4)
    answer = client.predict("The cat sleeps.", None, None, None, None, api_name="/attention")
    assert answer["tokens"] == ["The", " cat", " sleep", "s", "."]


def test_attention_summary_endpoint_has_every_head(client):
    answer = client.predict(ENGLISH, None, api_name="/attention_summary")
    assert len(answer["layers"]) == 30 and all(len(layer) == 9 for layer in answer["layers"])
    done = forward.look(ENGLISH)
    one = done.attentions[4, 2].astype(float)
    row = answer["layers"][4][2]
    entropy = -(one * np.log2(np.where(one > 0, one, 1))).sum(1).mean()
    assert row["entropy"] == pytest.approx(entropy, abs=1e-4)
    assert row["previous"] == pytest.approx(np.mean([one[i, i - 1] for i in range(1, len(one))]), abs=1e-4)
    assert row["first"] == pytest.approx(one[1:, 0].mean(), abs=1e-4)
    assert row["same"] == pytest.approx(one.diagonal()[1:].mean(), abs=1e-4)


def test_endpoints_refuse_with_one_sentence(client):
    for arguments in (["word"], [""], ["a b", "", "no such"], ["a b", "", None, 30, 0], ["a b", "c d"]):
        with pytest.raises(AppError) as refused:
            client.predict(*arguments, api_name="/attention")
        assert "Traceback" not in str(refused.value) and len(str(refused.value)) < 300


def test_every_text_exists_in_both_languages_with_the_same_braces():
    for key, text in TEXTS.items():
        assert text.zh and text.en, key
        assert set(re.findall(r"\{\w*\}", text.zh)) == set(re.findall(r"\{\w*\}", text.en)), key
    scripts = "".join((HERE / f"{name}.js").read_text() for name in ("paint", "grid", "heatmap", "lines"))
    scripts += "".join((HERE / f"{name}.js").read_text() for name in ("attention", "steps", "strips"))
    for key in re.findall(r"(?<![\w.])texts\.(\w+)|fill\('(\w+)'", scripts):
        assert (key[0] or key[1]) in {*TEXTS, "step_"}, key


@pytest.mark.parametrize("model", ["smollm2-135m-dequantised", "minilm-l6"])
@pytest.mark.parametrize("tab", ["heatmap", "steps"])
def test_the_snippet_runs_and_prints_the_models_numbers(tab, model, tmp_path):
    text = EXAMPLES["example_street"].text
    script = tmp_path / "snippet.py"
    script.write_text(snippet(tab, text, "", model), encoding="utf-8")
    assert "spaces" not in script.read_text() and "shared" not in script.read_text()
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    done = forward.look(text, "", model)
    if tab == "heatmap":
        ends = board.suggestion(done)
        best = heads.links(done.maps["self"], ends["queries"], ends["keys"])[0]
        printed = re.search(rf"layer {best.layer}, head {best.head}: (\S+)", ran.stdout)
        assert printed and float(printed[1]) == pytest.approx(best.weight, abs=1e-3)
    else:
        difference = float(re.search(r"own: (\S+)", ran.stdout)[1])
        assert difference < 1e-4


# The browser


def open_lab(open_page, **kwargs):
    page = open_page("?tab=attention", **kwargs)
    expect(page.locator(".attention-run")).to_be_visible(timeout=30_000)
    expect(page.locator(".attention-drawing .lab-empty:visible")).to_have_count(1, timeout=30_000)
    return page


def run_lab(page, text: str) -> None:
    page.locator("#attention-text textarea").fill(text)
    page.locator(".attention-run").click()
    expect(page.locator(".attention-drawing[data-shown]").first).to_be_visible(timeout=90_000)


def shown(page) -> list[str]:
    return page.locator(".attention-drawing[data-shown]").first.get_attribute("data-shown").split(" ")


def hover_cell(page, row: int, column: int, n: int) -> None:
    """Points at a cell of the large heatmap; cells are whole pixels, at most 34, beside room for names."""
    over = page.locator(".attention-over")
    width = over.bounding_box()["width"] - 2
    side = next(side for side in range(34, 0, -1) if width - side * n >= 14)
    edge = width - side * n
    over.hover(position={"x": edge + side * (column + 0.5), "y": edge + side * (row + 0.5)})


def test_a_head_is_picked_in_the_grid_a_cell_read_and_the_drawing_switched(open_page):
    page = open_lab(open_page)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    run_lab(page, CHINESE)
    expect(page.locator(".attention-found")).to_contain_text("16.3", timeout=20_000)
    page.locator(".attention-chip", has_text="猫").nth(1).click()
    done = forward.look(CHINESE)
    it = tokens.covering(done.source, CHINESE.index("它"), CHINESE.index("它") + 1)
    best = heads.links(done.maps["self"], it, tokens.covering(done.source, 2, 3))[0]
    expect(page.locator(".attention-found")).to_contain_text(f"{best.layer}.{best.head}")
    page.locator(".attention-select:visible").select_option("")
    grid = page.locator(".attention-grid canvas").bounding_box()
    tile = (grid["width"] - 24) / 30
    page.mouse.click(grid["x"] + 24 + tile * 11.5, grid["y"] + 18 + tile * 4.5)
    expect(page.locator(".attention-head-name")).to_have_text("Layer 11 · head 4")
    page.wait_for_function("() => document.querySelector('[data-shown]').dataset.shown.includes(' 11 4 ')")
    n = len(done.source)
    hover_cell(page, 20, 7, n)
    weight = float(done.attentions[11, 4, 20, 7])
    readout = page.locator(".attention-large .attention-readout")
    expect(readout).to_contain_text(f"query {done.tokens[20]} (20) → key {done.tokens[7]} (7)")
    assert float(readout.inner_text().split(": ")[-1]) == pytest.approx(weight, rel=0.006)
    hover_cell(page, 3, 9, n)
    expect(readout).to_contain_text("cannot see")
    page.get_by_role("button", name="Lines").click()
    expect(page.locator(".attention-lines")).to_be_visible()
    assert shown(page)[-1] == "lines"
    page.locator(".attention-lines canvas").hover(position={"x": 60, "y": 4 + 20 * 20.5})
    best_key = int(done.attentions[11, 4, 20].argmax())
    expect(readout).to_contain_text(
        f"query {done.tokens[20]} (20) → key {done.tokens[best_key]} ({best_key})"
    )
    page.get_by_role("button", name="Rollout").click()
    expect(page.locator(".attention-head-name")).to_contain_text("rollout")
    page.locator(".attention-grid").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".attention-head-name")).to_contain_text("Layer")


def test_the_table_sorts_and_the_weights_download(open_page):
    page = open_lab(open_page)
    run_lab(page, ENGLISH)
    page.get_by_role("button", name="prev.").click()
    done = forward.look(ENGLISH)
    previous = heads.summarise(done.attentions).previous
    layer, head = np.unravel_index(previous.argmax(), previous.shape)
    first = page.locator(".attention-table tbody tr").first
    expect(first.locator(".attention-pick")).to_have_text(f"{layer}.{head}")
    first.click()
    expect(page.locator(".attention-head-name")).to_have_text(f"Layer {layer} · head {head}")
    page.wait_for_function(
        "at => document.querySelector('[data-shown]').dataset.shown.includes(at)", arg=f" {layer} {head} "
    )
    for kind in ("JSON", "CSV", "SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).click()
        content = Path(download.value.path()).read_bytes()
        if kind == "JSON":
            saved = json.loads(content)
            assert (saved["layer"], saved["head"]) == (layer, head)
            np.testing.assert_allclose(
                saved["weights"], done.attentions[layer, head].astype(float), rtol=1e-6
            )
        if kind == "CSV":
            assert len(content.decode("utf-8-sig").splitlines()) == len(done.source) + 1
        if kind == "SVG":
            assert content.startswith(b"<svg") and b"Germany" in content
        if kind == "PNG":
            assert Image.open(io.BytesIO(content)).size[0] > 200


def test_the_steps_follow_the_chosen_head_and_token(open_page):
    page = open_lab(open_page)
    run_lab(page, ENGLISH)
    page.get_by_role("tab", name="Step by step").click()
    expect(page.locator(".attention-check")).to_contain_text("recomputed by hand", timeout=30_000)
    page.locator(".attention-select:visible").nth(0).select_option("5")
    page.locator(".attention-select:visible").nth(1).select_option("7")
    page.locator(".attention-chip:visible").nth(4).click()
    found = scaled_dot.steps(forward.look(ENGLISH), 5, 7, 4)
    page.wait_for_function(
        """() => [...document.querySelectorAll('[data-shown]')].some(
            (e) => e.dataset.shown.endsWith(' 5 7 4 true'))"""
    )
    weights = page.locator(".attention-score-weight b").all_inner_texts()
    np.testing.assert_allclose([float(w) for w in weights], found.weights, rtol=0.006, atol=1e-6)
    page.get_by_label("Divide by").uncheck()
    raw = np.where(found.visible, found.raw, -np.inf)
    expect(page.locator(".attention-check")).to_have_count(0)
    weights = page.locator(".attention-score-weight b").all_inner_texts()
    np.testing.assert_allclose([float(w) for w in weights], scaled_dot.softmax(raw), rtol=0.006, atol=1e-6)
    page.locator(".attention-slider").fill("10")
    expect(page.locator(".attention-random")).to_contain_text("mean of 100 draws")


def test_markup_in_the_text_stays_text_and_one_token_is_refused(open_page):
    page = open_lab(open_page)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    run_lab(page, "<script>alert(1)</script><img src=x onerror=alert(2)> 👩‍👩‍👧")
    assert page.locator(".attention-drawing img, .attention-drawing script").count() == 0
    page.locator("#attention-text textarea").fill("word")
    page.locator(".attention-run").click()
    expect(page.locator(".toast-body")).to_contain_text("single token", timeout=20_000)


@pytest.mark.parametrize("lang", ["en-US", "zh-CN"])
def test_nothing_scrolls_sideways_on_a_phone(open_page, lang):
    page = open_lab(open_page, lang=lang, width=390, height=844)
    run_lab(page, CHINESE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("tab").filter(has_text=re.compile("Step by step|逐步计算")).click()
    expect(page.locator(".attention-check")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
