"""The views on positions, one token and the KV cache against the papers' formulas and transformers' own
calls."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import html
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from shared import i18n
from shared.errors import HubError
from shared.models import cache
from shared.models.loaders import Weights
from shared.texts import TEXTS as HUB_TEXTS
from spaces.attention import drawings_kv, drawings_next, endpoints_views, ui_kv, ui_next, ui_position
from spaces.attention.causal import causal_spec, encode, token_text, written_out
from spaces.attention.kv_cache import Race, cache_shape, race
from spaces.attention.next_token import Steps, distribution, draw, look
from spaces.attention.position import equivariance, order_test, rotary, shuffled, sinusoids, turn
from spaces.attention.snippet_views import kv_snippet, next_snippet, position_snippet
from spaces.attention.texts_views import VIEWS
from tests.checkpoints import Checkpoints

i18n.register("hub", HUB_TEXTS)
i18n.register("attention", VIEWS)

FRANCE = "The capital of France is"
SMOLLM2 = "HuggingFaceTB/SmolLM2-135M-Instruct"
TINY = {"phi3": "microsoft/Phi-3-mini-4k-instruct", "qwen2": "Qwen/Qwen2-0.5B-Instruct"}
EVIL = "<script>alert(1)</script> 你好 🦙"


@pytest.fixture(scope="module")
def smollm2():
    """The weights the views lease: float32, eager."""
    with cache().lease(causal_spec(None)) as weights:
        yield weights


@pytest.fixture(scope="module")
def models(smollm2, tmp_path_factory) -> dict[str, Weights]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    checkpoints = Checkpoints(tmp_path_factory.mktemp("checkpoints"))
    made = {"smollm2": smollm2}
    for name, repo in TINY.items():
        folder = checkpoints.folder(repo)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32", attn_implementation="eager")
        made[name] = Weights(model.eval(), AutoTokenizer.from_pretrained(folder))
    return made


def ids_of(weights: Weights, text: str = "The capital of France is Paris, and a cat sleeps on the") -> tuple:
    return encode(weights.tokenizer, text, 512).ids


NAMES = ["smollm2", "phi3", "qwen2"]


# Positional encoding


@pytest.mark.parametrize(("positions", "dim", "base"), [(7, 6, 10_000.0), (50, 64, 10_000.0), (9, 4, 100.0)])
def test_sinusoids_are_the_papers(positions, dim, base):
    expected = [
        [
            math.sin(p / base ** (d / dim)) if d % 2 == 0 else math.cos(p / base ** ((d - 1) / dim))
            for d in range(dim)
        ]
        for p in range(positions)
    ]
    assert np.allclose(sinusoids(positions, dim, base), expected, atol=1e-12)


def test_tutorials_layout_is_the_papers_with_its_columns_reordered():
    paper, tutorial = sinusoids(20, 16), sinusoids(20, 16, interleaved=False)
    assert np.array_equal(tutorial, paper[:, [*range(0, 16, 2), *range(1, 16, 2)]])
    assert np.allclose(paper @ paper.T, tutorial @ tutorial.T)


def test_dot_product_of_positions_depends_on_their_distance():
    values = sinusoids(40, 32)
    products = values @ values.T
    for distance in range(40):
        expected = sum(math.cos(distance / 10_000 ** (2 * i / 32)) for i in range(16))
        assert np.allclose(np.diagonal(products, distance), expected)


def test_rotary_is_what_transformers_does_to_the_models_own_queries_and_keys(smollm2):
    import torch
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    model = smollm2.model
    attention, seen = model.model.layers[3].self_attn, {}
    hooks = [
        getattr(attention, name).register_forward_hook(
            lambda module, args, output, name=name: seen.update({name: output})
        )
        for name in ("q_proj", "k_proj")
    ]
    ids = torch.tensor([ids_of(smollm2)])
    with torch.inference_mode():
        model(ids)
    for hook in hooks:
        hook.remove()
    n, dim = ids.shape[1], attention.head_dim
    q, k = (seen[name].view(1, n, -1, dim).transpose(1, 2) for name in ("q_proj", "k_proj"))
    cosine, sine = model.model.rotary_emb(q, torch.arange(n)[None])
    turned_q, turned_k = apply_rotary_pos_emb(q, k, cosine, sine)
    base = model.config.rope_parameters["rope_theta"]
    for before, after in ((q, turned_q), (k, turned_k)):
        for head in range(before.shape[1]):
            ours = rotary(before[0, head].numpy(), np.arange(n), base, neighbours=False)
            assert np.allclose(ours, after[0, head].numpy(), atol=1e-4)


def test_pairing_neighbours_or_halves_differs_by_an_order_of_dimensions():
    x = np.random.default_rng(1).normal(size=(5, 12))
    halves = [*range(0, 12, 2), *range(1, 12, 2)]
    expected = rotary(x, np.arange(5), neighbours=True)[:, halves]
    assert np.allclose(rotary(x[:, halves], np.arange(5), neighbours=False), expected)


def test_rotated_dot_product_depends_on_the_distance_only():
    reference = turn(8, 3, pair=2, dim=16).after
    assert turn(108, 103, pair=2, dim=16).after == pytest.approx(reference, abs=1e-12)
    assert turn(9, 3, pair=2, dim=16).after != pytest.approx(reference, abs=1e-3)
    assert turn(5, 5, pair=2, dim=16).after == pytest.approx(turn(5, 5, pair=2, dim=16).before)
    x = np.random.default_rng(2).normal(size=(2, 16))
    products = [np.prod(rotary(x, np.array([m, m - 4])), axis=0).sum() for m in (4, 5, 300)]
    assert np.allclose(products, products[0])


def test_attention_without_positions_does_not_see_order():
    gaps = equivariance()
    assert gaps.plain < 1e-12
    assert gaps.masked > 0.01 and gaps.encoded > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_orderings_are_the_models_own_with_a_mask_of_our_making(models, name):
    """Position ids through a four-dimensional causal mask, which no packing logic can reinterpret."""
    import torch
    from scipy.special import rel_entr

    weights = models[name]
    ids = ids_of(weights)
    test = order_test(weights.model, weights.tokenizer, ids)
    n = len(ids)
    mask = torch.full((n, n), torch.finfo(torch.float32).min).triu(1)[None, None]
    probs = {}
    for ordering in test.orderings:
        with torch.inference_mode():
            output = weights.model(
                torch.tensor([ids]),
                attention_mask=mask,
                position_ids=torch.tensor([ordering.position_ids]),
                output_attentions=True,
                use_cache=False,
            )
        probs[ordering.name] = output.logits[0, -1].double().softmax(-1).numpy()
        assert [p for _, p in ordering.top] == pytest.approx(
            np.sort(probs[ordering.name])[::-1][:5], abs=1e-5
        )
        expected = rel_entr(probs["same"], probs[ordering.name]).sum() / math.log(2)
        assert ordering.kl == pytest.approx(expected, abs=1e-3)
        layer, head = test.head
        assert np.allclose(ordering.weights, output.attentions[layer][0, head].numpy(), atol=1e-5)
    with torch.inference_mode():
        plain = weights.model(torch.tensor([ids])).logits[0, -1].double().softmax(-1).numpy()
    assert np.allclose(plain, probs["same"], atol=1e-6)
    assert test.orderings[2].position_ids == (0,) * n
    assert sorted(test.orderings[1].position_ids) == list(range(n)) != list(test.orderings[1].position_ids)


def test_shuffled_is_never_the_same_order():
    assert all((shuffled(2, seed) == [1, 0]).all() for seed in range(20))
    assert list(shuffled(1)) == [0]


# One token by hand


@pytest.mark.parametrize("name", NAMES)
def test_logits_and_hidden_states_are_the_models(models, name):
    """Hidden states by hooks on the layers, not by the option that the view uses."""
    import torch

    weights = models[name]
    ids, outputs = ids_of(weights), []
    body = weights.model.model
    hooks = [
        layer.register_forward_hook(lambda m, a, output: outputs.append(output)) for layer in body.layers
    ]
    with torch.inference_mode():
        expected = weights.model(torch.tensor([ids])).logits[0, -1]
        embedded = body.embed_tokens(torch.tensor([ids]))[0, -1]
    for hook in hooks:
        hook.remove()
    after = [(out[0] if isinstance(out, tuple) else out)[0, -1] for out in outputs]
    step = look(weights.model, weights.tokenizer, ids)
    assert np.allclose(step.logits, expected.numpy(), atol=1e-4)
    assert np.allclose(step.hidden[0], embedded.numpy(), atol=1e-5)
    for ours, theirs in zip(step.hidden[1:-1], after[:-1], strict=True):
        assert np.allclose(ours, theirs.numpy(), atol=1e-3)

    final = int(expected.argmax())
    with torch.inference_mode():
        by_layer = [weights.model.lm_head(body.norm(state)) for state in (embedded, *after)]
    assert len(step.lens) == weights.model.config.num_hidden_layers + 1 == len(by_layer)
    for row, scores in zip(step.lens, by_layer, strict=True):
        probs = scores.softmax(-1)
        assert row.id == int(scores.argmax())
        assert row.prob == pytest.approx(float(probs.max()), abs=1e-4)
        assert row.prob_of_final == pytest.approx(float(probs[final]), abs=1e-4)
        order = scores.argsort(descending=True).tolist()
        assert abs(row.rank_of_final - order.index(final) - 1) <= 1  # float32 may swap two that are level
    assert step.lens[-1].rank_of_final == 1 and step.lens[-1].id == final


def test_shapes_are_those_of_the_tensors(smollm2):
    step = look(smollm2.model, smollm2.tokenizer, ids_of(smollm2, FRANCE))
    assert step.shapes["input_ids"] == (1, 5)
    assert step.shapes["hidden_states"] == (31, 1, 5, 576)
    assert step.shapes["logits"] == (1, 1, 49_152)
    assert step.tokens == ("The", " capital", " of", " France", " is")
    assert step.top[0][1] == " Paris"


SETTINGS = [
    (1.0, 0, 1.0),
    (0.7, 0, 1.0),
    (1.0, 5, 1.0),
    (1.3, 50, 0.9),
    (0.3, 0, 0.5),
    (2.0, 3, 0.2),
    (1, 0, 0.0),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("temperature", "top_k", "top_p"), SETTINGS)
def test_sliders_do_what_transformers_warpers_do(models, name, temperature, top_k, top_p):
    import torch
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    weights = models[name]
    logits = look(weights.model, weights.tokenizer, ids_of(weights)).logits
    scores = TemperatureLogitsWarper(float(temperature))(None, torch.tensor(logits)[None].double())
    own = scores.softmax(-1)[0]
    if top_k:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(float(top_p))(None, scores)
    expected = scores.softmax(-1)[0]
    ours = distribution(logits, temperature, top_k, top_p)
    assert np.allclose(ours.probs, expected.numpy(), atol=1e-9)
    assert ours.kept == int(torch.isfinite(scores).sum())
    assert ours.mass == pytest.approx(float(own[torch.isfinite(scores[0])].sum()))
    positive = expected[expected > 0]
    assert ours.entropy == pytest.approx(float(-(positive * positive.log2()).sum()), abs=1e-6)


def test_ties_at_top_k_are_kept_as_transformers_keeps_them():
    import torch
    from transformers import TopKLogitsWarper

    logits = np.array([1.0, 3.0, 2.0, 2.0, 2.0, 0.0], dtype=np.float32)
    expected = torch.isfinite(TopKLogitsWarper(2)(None, torch.tensor(logits)[None])).sum()
    assert distribution(logits, top_k=2).kept == int(expected) == 4


def test_temperature_zero_keeps_the_largest_alone():
    chances = distribution(np.array([0.0, 2.0, 1.0]), temperature=0)
    assert list(chances.probs) == [0, 1, 0] and chances.kept == 1 and chances.entropy == 0


@pytest.mark.parametrize(
    "values", [(-1, 0, 1), (9, 0, 1), (1, -3, 1), (1, 0, 1.2), (float("nan"), 0, 1), (1, 2.5, 1)]
)
def test_settings_out_of_range_are_refused(values):
    with pytest.raises(HubError):
        distribution(np.zeros(4), *values)


def test_drawing_repeats_with_its_seed_and_follows_the_distribution():
    chances = distribution(np.log(np.array([0.5, 0.3, 0.2])))
    assert [draw(chances, 3, p) for p in range(20)] == [draw(chances, 3, p) for p in range(20)]
    counts = np.bincount([draw(chances, 7, p) for p in range(3000)], minlength=3) / 3000
    assert counts == pytest.approx([0.5, 0.3, 0.2], abs=0.04)


def test_token_texts_join_to_the_text(models):
    for weights in models.values():
        text = "The capital of France"
        ids = weights.tokenizer(text, add_special_tokens=False).input_ids
        assert "".join(token_text(weights.tokenizer, i) for i in ids).lstrip() == text
    shown = [token_text(models["smollm2"].tokenizer, i) for i in ids_of(models["smollm2"], "猫")]
    spelled = "".join(shown)
    assert bytes.fromhex("".join(re.findall("<([0-9A-F]{2})>", spelled))).decode() == "猫"


def test_characters_of_several_tokens_are_whole_in_the_text(models):
    for weights in models.values():
        ids = weights.tokenizer("猫 and 🦙", add_special_tokens=False).input_ids
        assert "".join(written_out(weights.tokenizer, ids)).lstrip() == "猫 and 🦙"
    ids = models["smollm2"].tokenizer("猫").input_ids
    assert written_out(models["smollm2"].tokenizer, ids[:-1])[-1].endswith(">")


def test_same_text_is_computed_once_and_other_texts_do_not_mix(smollm2):
    steps, spec = Steps(size=4), causal_spec(None)
    texts = [FRANCE, "I put the milk in the", "Hello", FRANCE]

    def get(text: str) -> Any:
        return steps.get(spec, smollm2, ids_of(smollm2, text))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(get, texts))
    for text, (step, _) in zip(texts, found, strict=True):
        assert step.ids == ids_of(smollm2, text)
        assert "".join(step.tokens) == text
    again, known = get(FRANCE)
    assert known and again.top[0][1] == " Paris"


def test_long_text_keeps_its_end_and_says_how_much(smollm2):
    ids = smollm2.tokenizer("word " * 2_000).input_ids
    prompt = encode(smollm2.tokenizer, "word " * 2_000, 512)
    assert prompt.total == len(ids) and prompt.ids == tuple(ids[-512:])


def test_begin_of_text_stays_when_the_front_is_cut(models):
    tokenizer = models["phi3"].tokenizer
    full = tokenizer("cat " * 50).input_ids
    kept = encode(tokenizer, "cat " * 50, 10).ids
    assert len(kept) == 10 and kept[-9:] == tuple(full[-9:])
    if full[0] == tokenizer.bos_token_id:
        assert kept[0] == tokenizer.bos_token_id


# KV cache


@pytest.mark.parametrize("name", NAMES)
def test_race_writes_what_generate_writes_and_its_cache_weighs_the_same(models, name):
    import torch
    from transformers import GenerationConfig

    weights, new = models[name], 6
    # longer than the tiny Phi-3's sliding window of 64
    ids = ids_of(weights, "The capital of France is Paris, and the capital of Germany is Berlin. " * 5)
    settings = GenerationConfig(max_new_tokens=new, do_sample=False, eos_token_id=-1, pad_token_id=0)
    results = {
        use_cache: weights.model.generate(
            torch.tensor([ids]),
            generation_config=settings,
            use_cache=use_cache,
            return_dict_in_generate=True,
        )
        for use_cache in (True, False)
    }
    laps = tuple(race(weights.model, ids, new))
    assert [lap.cached_id for lap in laps] == results[True].sequences[0, len(ids) :].tolist()
    assert [lap.uncached_id for lap in laps] == results[False].sequences[0, len(ids) :].tolist()
    layers = results[True].past_key_values.layers
    expected = sum(x.numel() * x.element_size() for layer in layers for x in (layer.keys, layer.values))
    result = Race(len(ids), laps)
    assert result.cache_bytes == expected == cache_shape(weights.model).bytes_for(result.cache_tokens)
    assert result.cache_tokens == len(ids) + new - 1
    assert sum(lap.cached_tokens for lap in laps) == len(ids) + new - 1
    assert sum(lap.uncached_tokens for lap in laps) == sum(len(ids) + i for i in range(new))


def test_size_of_smollm2s_cache_by_hand(smollm2):
    shape = cache_shape(smollm2.model)
    # 2 x 30 layers x 3 kv heads x 64 x 100 tokens x 4 bytes; nine heads without grouping
    assert shape.bytes_for(100) == 4_608_000
    assert shape.bytes_for(100, shape.heads) == 3 * 4_608_000


def test_tiny_phi3s_window_bounds_its_cache(models):
    shape = cache_shape(models["phi3"].model)
    assert shape.bytes_for(1_000) == shape.bytes_for(63) == 2 * 2 * 4 * 16 * 63 * 4


def test_stop_really_stops(smollm2):
    passes = []
    hook = smollm2.model.register_forward_hook(lambda *args: passes.append(1))
    try:
        running = ui_kv.start(FRANCE, "smollm2-135m", 128)
        next(running)
        running.close()
        done = len(passes)
        assert 0 < done < 10
    finally:
        hook.remove()
    assert len(passes) == done


# What a visitor sees


def test_view_on_one_token_writes_appends_undoes_and_starts_over():
    *_, first = ui_next.start(FRANCE, "smollm2-135m", 1, 0, 1)
    writing = first[0]
    second = ui_next.append_best(writing, 1, 0, 1)[0]
    assert second.step.ids == (*writing.step.ids, writing.step.top[0][0]) and second.written == 1
    drawn = ui_next.append_drawn(second, 4, 0.0, 0, 1)[0]
    assert drawn.step.ids == (*second.step.ids, second.step.top[0][0])  # temperature 0 is greedy
    assert ui_next.go_back(drawn, 1, 0, 1)[0].step.ids == second.step.ids
    assert ui_next.start_over(drawn, 1, 0, 1)[0].step.ids == writing.step.ids
    assert ui_next.go_back(writing, 1, 0, 1)[0].step.ids == writing.step.ids
    assert "Paris" in ui_next.lens_csv(writing)


def test_script_and_emoji_stay_text(smollm2):
    *_, shown = ui_next.start(EVIL, "smollm2-135m", 1, 0, 1)
    assert "<script" not in shown[1] and html.escape(EVIL) in shown[1]
    *_, raced = ui_kv.start(EVIL, "smollm2-135m", 8)
    *_, orders = ui_position.try_orders(EVIL, "smollm2-135m")
    assert not any("<script" in part for part in (*raced, *orders) if isinstance(part, str))


def test_token_that_is_a_script_is_drawn_as_text(smollm2):
    t = i18n.translator("attention", "en")
    step = look(smollm2.model, smollm2.tokenizer, ids_of(smollm2, FRANCE))
    row = replace(step.lens[-1], token=EVIL)
    evil = replace(
        step,
        tokens=(EVIL,),
        texts=(EVIL,),
        ids=(1,),
        top=((step.top[0][0], EVIL), *step.top[1:]),
        lens=(row,),
    )
    drawn = (
        drawings_next.sentence(t, evil, 1, [EVIL]),
        drawings_next.stages(t, evil),
        drawings_next.bars(t, evil, distribution(evil.logits)),
        drawings_next.lens_table(t, evil),
        drawings_kv.lanes(t, Race(1), 8, EVIL),
    )
    assert all("<script" not in part and "&lt;script&gt;" in part for part in drawn)


def test_bars_hold_the_whole_distribution(smollm2):
    t = i18n.translator("attention", "en")
    step = look(smollm2.model, smollm2.tokenizer, ids_of(smollm2, FRANCE))
    drawn = drawings_next.bars(t, step, distribution(step.logits))
    shares = [float(x) for x in re.findall(r"class='value'>([\d.]+) %", drawn)]
    assert len(shares) == 16 and sum(shares) == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("text", ["", "   ", None, "a\ud800b", "x" * 300_000])
@pytest.mark.parametrize("lang", i18n.LANGS)
def test_text_that_cannot_be_used_is_one_sentence(text, lang):
    for call in (
        lambda: list(ui_next.start(text, "smollm2-135m", 1, 0, 1)),
        lambda: list(ui_kv.start(text, "smollm2-135m", 8)),
        lambda: list(ui_position.try_orders(text, "smollm2-135m")),
        lambda: endpoints_views.next_token_steps(text),
        lambda: endpoints_views.kv_cache(text),
    ):
        with pytest.raises(HubError) as caught:
            call()
        said = i18n.explain(caught.value, lang)
        assert said != caught.value.key and "{" not in said and len(said) < 300


@pytest.mark.parametrize("model", ["minilm-l6", "t5-small", "no-such-model", 7])
def test_model_that_does_not_write_is_refused_in_a_sentence(model):
    with pytest.raises(HubError) as caught:
        endpoints_views.next_token_steps(FRANCE, model)
    assert "{" not in i18n.explain(caught.value, "en") != caught.value.key


def test_one_token_is_enough_but_for_an_order():
    assert endpoints_views.next_token_steps("Hello")["shapes"]["input_ids"] == [1, 1]
    assert endpoints_views.kv_cache("Hello", None, 2)["same_tokens"]
    with pytest.raises(HubError):
        list(ui_position.try_orders("Hello", "smollm2-135m"))


@pytest.mark.parametrize("lang", i18n.LANGS)
def test_every_view_is_drawn_in_both_languages(lang, monkeypatch):
    import gradio as gr

    from spaces.attention.inputs import Inputs

    with gr.Blocks():
        box = gr.Textbox()
        for view in (ui_position, ui_next, ui_kv):
            view.draw(i18n.translator("attention", lang), Inputs(box, box, gr.Dropdown()))


def test_every_text_is_there_in_both_languages_with_the_same_blanks():
    for key, text in VIEWS.items():
        assert text.zh.strip() and text.en.strip(), key
        assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en)), key
        assert "!" not in text.en and "！" not in text.zh, key


# Endpoints and snippets


def test_endpoints_answer_in_the_promised_form(smollm2):
    import torch

    table = endpoints_views.positional_encoding(3, 4)
    assert (
        table == pytest.approx(np.array(sinusoids(3, 4))) and len(endpoints_views.positional_encoding()) == 50
    )
    answered = endpoints_views.next_token_steps(FRANCE, None, 3)
    with torch.inference_mode():
        probs = smollm2.model(torch.tensor([ids_of(smollm2, FRANCE)])).logits[0, -1].softmax(-1)
    values, ids = probs.topk(3)
    assert [row["id"] for row in answered["top"]] == ids.tolist()
    assert [row["prob"] for row in answered["top"]] == pytest.approx(values.tolist(), abs=1e-5)
    assert answered["tokens"] == ["The", " capital", " of", " France", " is"]
    assert [row["layer"] for row in answered["layers"]] == list(range(31))
    assert answered["layers"][-1]["token"] == " Paris" and answered["layers"][-1]["rank_of_final"] == 1
    raced = endpoints_views.kv_cache(FRANCE, None, 4)
    assert raced["cache_bytes"] == 2 * 30 * 3 * 64 * (5 + 4 - 1) * 4 and raced["same_tokens"]
    assert raced["speedup"] == pytest.approx(raced["uncached_s"] / raced["cached_s"])


@pytest.mark.parametrize(
    "sizes", [(0, 4), (5, 3), (600, 4), (5, 0), ("many", 4), (5, "wide"), (5.5, 4), (True, 4)]
)
def test_sizes_that_make_no_table_are_refused(sizes):
    with pytest.raises(HubError):
        endpoints_views.positional_encoding(*sizes)


def run_snippet(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=200,
        env=dict(os.environ),
        cwd="/",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_position_snippet_prints_the_table_of_the_view():
    for layout in ("interleaved", "concatenated"):
        printed = run_snippet(position_snippet(16, 8, 10_000, layout))
        row = [float(x) for x in re.search(r"position 1: \[(.*?)\]", printed)[1].split()]
        expected = sinusoids(16, 8, interleaved=layout == "interleaved")[1]
        assert row == pytest.approx(expected, abs=1e-4)
        assert len(set(re.findall(r"k at \d+: (-?[\d.]+)", printed))) == 1


def test_next_snippet_prints_what_the_view_shows():
    printed = run_snippet(next_snippet(FRANCE, None, 0.8, 50, 0.9))
    step = endpoints_views.next_token_steps(FRANCE)
    ranks = [int(x) for x in re.findall(r"rank of the final answer (\d+)", printed)]
    assert ranks == [row["rank_of_final"] for row in step["layers"]]
    logits = ui_next_logits()
    kept = distribution(logits, 0.8, 50, 0.9).kept
    assert f"{kept} of 49152 tokens kept" in printed and "' Paris'" in printed


def ui_next_logits() -> np.ndarray:
    *_, shown = ui_next.start(FRANCE, "smollm2-135m", 1, 0, 1)
    return shown[0].step.logits


def test_kv_snippet_finds_the_same_bytes():
    printed = run_snippet(kv_snippet(FRANCE, None, 8))
    assert "same tokens: True" in printed
    assert printed.count(f"{2 * 30 * 3 * 64 * 12 * 4:,}") == 2


# In the browser


def test_three_tokens_step_by_step_in_the_page(open_page):
    page = open_page("?tab=attention")
    page.get_by_role("tab", name=VIEWS["next_tab"].en, exact=True).click(timeout=60_000)
    page.locator("#attention-text textarea").fill(FRANCE)
    page.locator(".attention-next-run:visible").click()
    bars = page.locator(".attention-next-bars li")
    expect(bars).to_have_count(16, timeout=150_000)
    expect(page.locator(".attention-next-stages > li")).to_have_count(5)
    written = page.locator(".attention-next-sentence .written")
    page.locator(".attention-next-greedy").click()
    expect(written).to_have_count(1, timeout=60_000)
    expect(written.first).to_have_text(" Paris")
    page.locator(".attention-next-sample").click()
    expect(written).to_have_count(2, timeout=60_000)
    third = bars.nth(2).locator("code").inner_text()
    bars.nth(2).click()
    expect(written).to_have_count(3, timeout=60_000)
    assert written.nth(2).inner_text().strip() == third.replace("␣", "").strip()
    # a slider moves the bars and runs no model
    kept = page.locator(".attention-next-chances .lab-figures dd").first
    page.get_by_label(f"number input for {VIEWS['next_top_k'].en}").fill("4")
    expect(kept).to_have_text("4 / 49,152", timeout=10_000)
    page.get_by_role("button", name=VIEWS["next_undo"].en, exact=True).click()
    expect(written).to_have_count(2, timeout=60_000)


def test_race_runs_in_the_page(open_page):
    page = open_page("?tab=attention", lang="zh-CN")
    page.get_by_role("tab", name=VIEWS["kv_tab"].zh, exact=True).click(timeout=60_000)
    page.locator("#attention-text textarea").fill("The history of the city begins with")
    page.get_by_label(f"number input for {VIEWS['kv_new'].zh}").fill("8")
    page.locator(".attention-kv-run:visible").click()
    size = page.locator(".attention-kv-size .lab-figures dd")
    expect(size).to_have_count(2, timeout=120_000)
    formula, measured = size.all_inner_texts()
    assert formula == measured == f"{2 * 30 * 3 * 64 * (7 + 7) * 4:,} B"
    expect(page.locator(".lab-note", has_text=VIEWS["kv_same"].zh.format(n=8))).to_be_visible()
