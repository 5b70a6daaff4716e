"""The Transformer from its parts against PyTorch's own modules, and the date model against the calendar."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import csv
import inspect
import io
import json
import math
import random
import re
import subprocess
import sys
import textwrap
import threading
import time
from datetime import date, datetime
from itertools import islice

import numpy as np
import pytest
import torch
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Page, expect
from torch import Tensor, nn

from shared import i18n
from shared.errors import HubError
from shared.i18n import translator
from spaces.attention import (
    date_reader,
    dates,
    parts,
    parts_views,
    train_dates,
    transformer,
    ui_parts_read,
    ui_parts_train,
)
from spaces.attention.date_batches import answer, exact, exact_match, shifted, tensors
from spaces.attention.date_rules import is_iso, read_by_rules, verdict
from spaces.attention.endpoints_parts import read_date
from spaces.attention.parts_figure import figure
from spaces.attention.snippet_parts import snippet
from spaces.attention.texts_parts import PARTS
from spaces.attention.train_dates import Plan
from spaces.attention.transformer import DecoderLayer, EncoderLayer, MultiHeadAttention, Transformer
from tests.bench.attention_parts import TorchTransformer

i18n.register("attention", PARTS)

B, T, S, D, H, HIDDEN = 3, 7, 9, 32, 4, 80
LENGTHS = (9, 4, 6)
PADDING = torch.arange(S) >= torch.tensor(LENGTHS)[:, None]
"""[B, S], True where there is nothing: PyTorch's way round."""
LOOK = ~PADDING[:, None, None, :]
CAUSAL = torch.ones(T, T, dtype=torch.bool).triu(1)


def close(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


# --- the same weights in our modules and in PyTorch's ---


def shake(module: nn.Module) -> None:
    """Random biases and norms too: a fresh module has zeros and ones there, which hide a mix-up."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)


def copy_attention(ours: MultiHeadAttention, theirs: nn.MultiheadAttention) -> None:
    projections = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([linear.weight for linear in projections]))
        theirs.in_proj_bias.copy_(torch.cat([linear.bias for linear in projections]))
    theirs.out_proj.load_state_dict(ours.output.state_dict())


def copy_layer(ours: EncoderLayer | DecoderLayer, theirs: nn.Module) -> None:
    copy_attention(ours.self_attention, theirs.self_attn)
    theirs.linear1.load_state_dict(ours.feed_forward.widen.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.narrow.state_dict())
    if isinstance(ours, DecoderLayer):
        copy_attention(ours.cross_attention, theirs.multihead_attn)
        norms = (ours.add_self, ours.add_cross, ours.add_feed_forward)
    else:
        norms = (ours.add_attention, ours.add_feed_forward)
    for norm, name in zip(norms, ("norm1", "norm2", "norm3"), strict=False):
        getattr(theirs, name).load_state_dict(norm.norm.state_dict())


def copy_model(ours: Transformer, theirs: TorchTransformer) -> None:
    for name in ("source_embedding", "target_embedding", "output"):
        getattr(theirs, name).load_state_dict(getattr(ours, name).state_dict())
    for side in ("encoder", "decoder"):
        stack = getattr(theirs.transformer, side)
        for layer, other in zip(getattr(ours, side), stack.layers, strict=True):
            copy_layer(layer, other)
        stack.norm.load_state_dict(getattr(ours, f"{side}_norm").state_dict())


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def test_scaled_dot_product_is_pytorchs():
    query, key, value = torch.randn(B, H, T, 8), torch.randn(B, H, S, 8), torch.randn(B, H, S, 8)
    mixed, weights = transformer.attention(query, key, value, LOOK)
    close(mixed, nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=LOOK))
    close(weights.sum(-1), torch.ones(B, H, T))
    assert (weights.masked_select(~LOOK.expand_as(weights)) == 0).all()


@pytest.mark.parametrize("mask", ["none", "padding", "causal"])
def test_multi_head_attention_and_its_weights_are_pytorchs(mask):
    ours, theirs = MultiHeadAttention(D, H), nn.MultiheadAttention(D, H, batch_first=True)
    shake(ours)
    copy_attention(ours, theirs)
    x = torch.randn(B, T, D)
    memory = x if mask == "causal" else torch.randn(B, S, D)
    our_mask = {"none": None, "padding": LOOK, "causal": transformer.causal_mask(T)}[mask]
    output, weights = ours(x, memory, our_mask)
    their_output, their_weights = theirs(
        x,
        memory,
        memory,
        key_padding_mask=PADDING if mask == "padding" else None,
        attn_mask=CAUSAL if mask == "causal" else None,
        average_attn_weights=False,
    )
    close(output, their_output)
    close(weights, their_weights)


@pytest.mark.parametrize("pre_norm", [False, True])
def test_encoder_layer_is_pytorchs(pre_norm):
    ours = EncoderLayer(D, H, HIDDEN, pre_norm)
    theirs = nn.TransformerEncoderLayer(D, H, HIDDEN, 0.0, batch_first=True, norm_first=pre_norm)
    shake(ours)
    copy_layer(ours, theirs)
    x = torch.randn(B, S, D)
    output, weights = ours(x, LOOK)
    close(output, theirs(x, src_key_padding_mask=PADDING))
    read = theirs.norm1(x) if pre_norm else x
    seen = theirs.self_attn(read, read, read, key_padding_mask=PADDING, average_attn_weights=False)[1]
    close(weights, seen)


@pytest.mark.parametrize("pre_norm", [False, True])
def test_decoder_layer_is_pytorchs(pre_norm):
    ours = DecoderLayer(D, H, HIDDEN, pre_norm)
    theirs = nn.TransformerDecoderLayer(D, H, HIDDEN, 0.0, batch_first=True, norm_first=pre_norm)
    shake(ours)
    copy_layer(ours, theirs)
    seen: list[Tensor] = []
    # PyTorch's layer does not ask for the weights: ask for it
    theirs.multihead_attn.register_forward_pre_hook(
        lambda _, args, kwargs: (args, kwargs | {"need_weights": True, "average_attn_weights": False}),
        with_kwargs=True,
    )
    theirs.multihead_attn.register_forward_hook(lambda _, args, output: seen.append(output[1]))
    x, memory = torch.randn(B, T, D), torch.randn(B, S, D)
    output, self_weights, cross_weights = ours(x, memory, transformer.causal_mask(T), LOOK)
    close(output, theirs(x, memory, tgt_mask=CAUSAL, memory_key_padding_mask=PADDING))
    close(cross_weights, seen[0])
    assert (self_weights.triu(1) == 0).all()


@pytest.mark.parametrize("pre_norm", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_whole_model_is_pytorchs(pre_norm, training):
    config = Plan(width=D, heads=H, layers=3, pre_norm=pre_norm).config()
    ours, theirs = Transformer(config), TorchTransformer(config)
    shake(ours)
    copy_model(ours, theirs)
    theirs.train(training)  # in evaluation PyTorch takes its fused path
    source, target = tensors(list(islice(dates.examples(dates.split_dates()[0], 5), 16)))
    assert (source == dates.PADDING).any()
    close(ours(source, shifted(target)), theirs(source, shifted(target)))


def test_gradients_are_pytorchs_too():
    config = Plan(width=D, heads=H).config()
    ours, theirs = Transformer(config), TorchTransformer(config)
    copy_model(ours, theirs)
    source, target = tensors(list(islice(dates.examples(dates.split_dates()[0], 5), 16)))
    for model in (ours, theirs):
        logits = model(source, shifted(target))
        nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten()).backward()
    close(ours.source_embedding.weight.grad, theirs.source_embedding.weight.grad)
    close(ours.output.weight.grad, theirs.output.weight.grad)


def test_positions_alternate_sine_and_cosine_as_in_the_paper():
    table = transformer.sinusoidal_positions(50, 16)
    for position in (0, 1, 7, 49):
        for i in range(8):
            angle = position / 10_000 ** (2 * i / 16)
            assert math.isclose(table[position, 2 * i], math.sin(angle), abs_tol=2e-6)
            assert math.isclose(table[position, 2 * i + 1], math.cos(angle), abs_tol=2e-6)


def test_the_chapter_fits_in_250_lines():
    assert len(inspect.getsource(transformer).splitlines()) <= 250


def test_masks_by_hand():
    assert transformer.causal_mask(3).tolist() == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert transformer.padding_mask(torch.tensor([[5, 6, 0]])).tolist() == [[[[True, True, False]]]]


def test_padding_and_the_future_change_nothing():
    model = Transformer(Plan(width=D, heads=H).config())
    source, target = tensors(list(islice(dates.examples(dates.split_dates()[0], 5), 2)))
    before = model(source, shifted(target))
    padded = torch.cat([source, torch.zeros(2, 5, dtype=torch.long)], dim=1)
    close(model(padded, shifted(target)), before)
    later = shifted(target).clone()
    later[:, 6:] = dates.END
    close(model(source, later)[:, :6], before[:, :6])


def test_tied_output_is_the_target_embedding():
    tied = Transformer(Plan().config())
    assert tied.output.weight is tied.target_embedding.weight
    config = transformer.Config(**{**vars(Plan().config()), "tied": False})
    assert Transformer(config).output.weight is not Transformer(config).target_embedding.weight
    with pytest.raises(ValueError, match="multiple"):
        MultiHeadAttention(30, 4)


# --- the dates ---


def test_no_held_out_date_is_trained_on():
    known, held_out = dates.split_dates()
    assert not set(known) & set(held_out)
    assert len(known) + len(held_out) == (date(2100, 1, 1) - date(1900, 1, 1)).days == 73_049
    assert len(held_out) == 7304
    trained = {example.iso for example in islice(dates.examples(known, 0), 20_000)}
    assert not trained & {d.isoformat() for d in held_out}


def test_every_form_says_the_date_it_stands_for():
    chosen = random.Random(4).sample(dates.split_dates()[0], 800)
    for example in dates.in_every_form(chosen, seed=9):
        parts_of_it = read_by_rules(dates.normalise(example.text))
        assert parts_of_it is not None, example
        assert date(*parts_of_it).isoformat() == example.iso, example
        assert dates.check(example.text)
    # and by the standard library, where it knows the form
    for form, layout in (("slashes", "%m/%d/%Y"), ("month_first", "%B %d, %Y"), ("chinese", "%Y年%m月%d日")):
        hits = 0
        for example in dates.in_every_form(chosen, seed=9):
            if example.form == form:
                try:
                    read = datetime.strptime(example.text, layout)
                except ValueError:  # an abbreviation, an ordinal, another ending
                    continue
                hits += 1
                assert read.date().isoformat() == example.iso
        assert hits > 50


def test_chinese_numbers_and_weekdays():
    assert [dates.han_number(n) for n in (1, 10, 11, 20, 31)] == ["一", "十", "十一", "二十", "三十一"]
    assert [dates.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th")
    ]
    for seed in range(40):
        text = dates.FORMS["chinese_weekday"](date(2026, 3, 4), random.Random(seed))
        assert re.search("(星期|周)三", text)  # 4 March 2026 is a Wednesday


def test_examples_come_again_with_the_seed():
    known, _ = dates.split_dates()
    first, again, other = (list(islice(dates.examples(known, seed), 50)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("March 4, 2026", "2026-03-04"),
        ("4 Mar 2026", "2026-03-04"),
        ("Wed, 4th of March 2026", "2026-03-04"),
        ("3/4/2026", "2026-03-04"),
        ("4. 3. 2026", "2026-03-04"),
        ("2026.03.04", "2026-03-04"),
        ("20260304", "2026-03-04"),
        ("2026年3月4日", "2026-03-04"),
        ("二〇二六年三月四日", "2026-03-04"),
        ("二零二六年十二月三十一号 星期四", "2026-12-31"),
        ("２０２６年３月４日（星期三）", "2026-03-04"),
    ],
)
def test_checkpoint_reads_the_forms_of_the_lesson(text, iso):
    answered = read_date(text)
    assert answered["iso"] == iso
    assert answered["output"] == list(iso)
    assert answered["input"] == list(dates.normalise(text))
    weights = np.array(answered["cross_attention"])
    assert weights.shape == (10, len(answered["input"]))
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-4)


# --- the checkpoint ---


def test_checkpoint_is_right_on_held_out_dates():
    model, about = date_reader.checkpoint()
    held_out = random.Random(11).sample(dates.split_dates()[1], 250)
    measured = exact_match(model, list(dates.in_every_form(held_out, seed=77)))
    assert measured >= 0.98
    assert about["exact_match"] >= 0.98
    assert abs(measured - about["exact_match"]) < 0.01
    assert about["held_out_texts"] == 7304 * 9
    assert min(about["exact_match_by_form"].values()) >= 0.95


def test_checkpoint_is_small_and_nothing_but_tensors():
    from safetensors import safe_open

    assert train_dates.CHECKPOINT.stat().st_size < 3 * 2**20
    model, about = date_reader.checkpoint()
    with safe_open(train_dates.CHECKPOINT, framework="pt") as file:
        names = set(file.keys())
        # the output layer and the target embedding are one tensor, kept once
        assert set(model.state_dict()) - names in ({"output.weight"}, {"target_embedding.weight"})
        for name in names:
            assert torch.equal(file.get_tensor(name), model.state_dict()[name])
    assert about["plan"]["seed"] == 0
    assert not [
        path
        for path in train_dates.CHECKPOINT.parent.iterdir()
        if path.suffix not in (".safetensors", ".json")
    ]


def test_one_pass_with_the_answer_counts_what_writing_step_by_step_gets_right(fifteen_seconds):
    examples = list(dates.in_every_form(dates.split_dates()[1][:20], seed=5))
    half_trained, _, _, _ = fifteen_seconds
    for model in (half_trained.model, date_reader.checkpoint()[0]):
        written = [a.written == a.iso for a in answer(model, examples)]
        assert written == exact(model, examples)


def test_map_is_the_models_own_cross_attention():
    model, _ = date_reader.checkpoint()
    seen: dict[int, Tensor] = {}
    hooks = [
        layer.cross_attention.register_forward_hook(
            lambda _, args, output, n=n: seen.__setitem__(n, output[1].detach())
        )
        for n, layer in enumerate(model.decoder)
    ]
    reading = date_reader.read(model, "4 March 2026")
    for hook in hooks:
        hook.remove()
    for n, weights in seen.items():
        np.testing.assert_allclose(reading.cross[n], weights[0].numpy(), atol=1e-6)
    mean = date_reader.picked(reading.cross, -1, -1)
    np.testing.assert_allclose(mean, reading.cross.mean(axis=(0, 1)), atol=1e-6)
    np.testing.assert_array_equal(date_reader.picked(reading.cross, 1, 2), reading.cross[1, 2])
    np.testing.assert_allclose(reading.encoder.sum(axis=-1), 1, atol=1e-5)


def test_year_is_read_where_the_year_stands():
    """What the map is for: the year's four digits look at the year, not at the day."""
    reading = date_reader.read(date_reader.checkpoint()[0], "17 march 2058")
    best = date_reader.picked(reading.cross, -1, -1)[:4].sum(axis=0)
    assert best[9:].sum() > best[:2].sum()


# --- live training ---


@pytest.fixture(scope="module")
def fifteen_seconds():
    """A training as the page starts it, stopped after fifteen seconds; how long stopping took."""
    threads = torch.get_num_threads()
    training = train_dates.start(Plan())
    time.sleep(15)
    halfway = len(training.points)
    others: list[int] = []
    probe = threading.Thread(target=lambda: others.append(torch.get_num_threads()))
    probe.start()
    probe.join()
    asked = time.monotonic()
    training.stopping = True
    while not training.ended:
        time.sleep(0.005)
    return training, halfway, time.monotonic() - asked, (threads, others[0])


def test_loss_falls_to_less_than_half_in_fifteen_seconds(fifteen_seconds):
    training, halfway, _, _ = fifteen_seconds
    assert halfway >= 3
    assert training.points[-1].loss < training.points[0].loss / 2
    assert not training.failed


def test_training_stops_within_a_second_and_can_be_asked(fifteen_seconds):
    training, _, seconds, _ = fifteen_seconds
    assert seconds < 1
    assert training.points[-1].step < training.plan.steps
    assert len(training.points[-1].answers) == 9
    assert date_reader.read(training.model, "3/4/2026").text == "3/4/2026"


def test_other_threads_keep_their_cores(fifteen_seconds):
    before, during = fifteen_seconds[3]
    assert before == during == torch.get_num_threads()


def test_same_seed_same_curve():
    plan = Plan(width=32, layers=1, steps=40)
    curves = []
    for _ in range(2):
        training = train_dates.start(plan)
        while not training.ended:
            time.sleep(0.01)
        curves.append([point.loss for point in training.points])
    assert curves[0] == curves[1]


def test_time_limit_ends_a_training():
    training = train_dates.start(Plan(width=32, layers=1), limit=0.5)
    while not training.ended:
        time.sleep(0.01)
    assert training.points[-1].step < training.plan.steps
    assert 0.5 < training.points[-1].seconds < 3


def test_learning_rate_rises_then_falls():
    plan = Plan(steps=1000, learning_rate=1.0)
    rates = [train_dates.learning_rate(plan, step) for step in range(1, 1001)]
    assert rates[0] < 0.01 and max(rates) > 0.85
    assert 150 <= rates.index(max(rates)) <= 220
    assert math.isclose(rates[-1], 0.05)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_live_training_reaches_four_fifths_within_three_minutes():
    training = train_dates.start(Plan())
    while not training.ended:
        time.sleep(0.2)
    assert training.points[-1].seconds <= train_dates.LIMIT_SECONDS + 5
    assert training.points[-1].exact_match >= 0.8


def test_page_draws_a_training_and_ends_it_with_the_generator():
    steps = ui_parts_train.train(32, 4, 1, 3e-3, True, 300, None)
    first = next(steps)
    training = first[0]
    while not training.points:
        status = next(steps)[1]
    status = next(steps)[1]
    assert "step" in status and "exact match" in status
    steps.close()
    end = time.monotonic() + 2
    while not training.ended and time.monotonic() < end:
        time.sleep(0.02)
    assert training.ended
    drawn = ui_parts_train.stop(training)
    assert "answered-by" in drawn[0]


@pytest.mark.parametrize(
    "values",
    [
        (48, 4, 2, 3e-3, 300),
        (64, 3, 2, 3e-3, 300),
        (64, 4, 50, 3e-3, 300),
        (64, 4, 2, 5.0, 300),
        (64, 4, 2, 3e-3, 10**9),
    ],
)
def test_sizes_that_are_not_on_offer_are_refused(values):
    width, heads, layers, rate, steps = values
    with pytest.raises(HubError, match="bad_size"):
        next(ui_parts_train.train(width, heads, layers, rate, True, steps, None))


# --- bad input ---


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "no_date"),
        ("   \n", "no_date"),
        (None, "no_date"),
        ("1" * 49, "too_long"),
        ("3/4/2026 " * 6000, "too_long"),
        ("<script>alert(1)</script>", "strange"),
        ("March 4 📅", "strange"),
    ],
)
def test_what_cannot_be_read_is_said(text, key):
    with pytest.raises(HubError, match=key) as caught:
        read_date(text)
    for lang in i18n.LANGS:
        assert "{" not in i18n.explain(caught.value, lang)
    if "<" in str(text):
        assert caught.value.values["characters"] == "< >"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("February 30, 2026", "impossible"),
        ("2/30/2026", "impossible"),
        ("二〇二六年二月三十日", "impossible"),
        ("March 4, 1776", "untrained_year"),
        ("February 30", "unknown_form"),
        ("hello", "unknown_form"),
    ],
)
def test_answers_that_mean_nothing_say_so(text, key):
    reading = date_reader.read(date_reader.checkpoint()[0], text)
    assert reading.verdict == key
    assert reading.written
    drawn = parts_views.reading(translator("attention", "en"), reading, "")
    assert PARTS[f"parts_{key}"].en.split(".")[0][:20] in drawn.replace("&#x27;", "'")


def test_what_the_lesson_says_of_impossible_and_unseen_years_holds():
    model, _ = date_reader.checkpoint()
    assert date_reader.read(model, "February 30, 2026").written == "2026-02-30"
    unseen = date_reader.read(model, "March 4, 1776")
    assert unseen.written == "1976-03-04"
    assert min(unseen.confidence) > 0.9


def test_verdicts():
    assert verdict("3/4/2026", "2026-03-04") == "right"
    assert verdict("3/4/2026", "2026-04-03") == "wrong"
    assert is_iso("2024-02-29") and not is_iso("2026-02-29") and not is_iso("2026-2-1") and not is_iso("")
    assert read_by_rules("february 29, 2024") == (2024, 2, 29)


def test_iso_is_null_when_the_answer_is_no_day():
    answered = read_date("February 30, 2026")
    assert answered["iso"] is None or is_iso(answered["iso"])
    assert len(answered["cross_attention"]) == len(answered["output"])


# --- what the page shows ---


@pytest.mark.parametrize("part", parts.PARTS)
def test_code_shown_is_the_code_that_runs(part):
    thing = transformer
    for name in parts.PARTS[part].code.split("."):
        thing = getattr(thing, name)
    inner = inspect.unwrap(thing) if callable(thing) and not inspect.isclass(thing) else thing
    assert parts.code(part) == textwrap.dedent(inspect.getsource(inner)).rstrip("\n") + "\n"


@pytest.mark.parametrize("size", [parts.Size(), parts.Size(32, 2, 3)])
def test_parameters_shown_are_the_modules_own(size):
    config = Plan(size.width, size.heads, size.layers).config()
    model = Transformer(config)

    def shapes(module: nn.Module) -> dict:
        return {name: tuple(parameter.shape) for name, parameter in module.named_parameters()}

    assert parts.parameters("model", size) == shapes(model)
    assert parts.parameters("encoder_layer", size) == shapes(model.encoder[0])
    assert parts.parameters("decoder_layer", size) == shapes(model.decoder[0])
    assert parts.parameters("multi_head", size) == shapes(model.decoder[0].cross_attention)
    assert parts.parameters("feed_forward", size) == shapes(model.encoder[0].feed_forward)
    assert parts.parameters("add_and_norm", size) == shapes(model.encoder[0].add_attention)
    assert parts.count(parts.parameters("model", size)) == sum(p.numel() for p in model.parameters())


def test_figure_has_every_part_and_the_chosen_one_marked():
    for lang in i18n.LANGS:
        drawn = figure(translator("attention", lang), parts.Size(), "output")
        assert set(re.findall(r"data-part='(\w+)'", drawn)) == set(parts.PARTS)
        assert len(re.findall(r"chosen' data-part='output'", drawn)) == 1
        assert "parts_" not in re.sub(r"class='[^']*'", "", drawn)


def test_every_text_is_there_in_both_languages():
    for key, text in PARTS.items():
        assert key.startswith("parts_")
        assert text.zh and text.en and "!" not in text.en and "！" not in text.zh
        assert sorted(re.findall(r"{(\w+)}", text.zh)) == sorted(re.findall(r"{(\w+)}", text.en))
    t = translator("attention", "zh")
    for part in parts.PARTS:
        assert "parts_" not in parts_views.part_head(t, part) + re.sub(
            r"class='[^']*'", "", parts_views.part_numbers(t, part, parts.Size())
        )


def test_csv_has_the_map():
    reading = date_reader.read(date_reader.checkpoint()[0], "3/4/2026")
    rows = list(csv.reader(io.StringIO(ui_parts_read.csv_of(reading, "cross", -1, -1).lstrip("\ufeff"))))
    assert rows[0] == ["", *"3/4/2026"]
    assert len(rows) == 12
    np.testing.assert_allclose(
        np.array([row[1:] for row in rows[1:]], dtype=float),
        date_reader.picked(reading.cross, -1, -1),
        atol=1e-5,
    )


def test_script_in_an_answer_stays_text():
    hostile = train_dates.Answer("<img src=x onerror=alert(1)>", "2026-03-04", "<b>")
    drawn = parts_views.answers(translator("attention", "en"), [hostile])
    assert "<img" not in drawn and "<b>" not in drawn


def test_snippet_runs_by_itself(tmp_path):
    file = tmp_path / "dates.py"
    file.write_text(snippet(32, 2, 1, 3e-3, True, 30, 'March 4, 2026"""\n'), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "exact match" in done.stdout


def test_endpoint_over_http(hub):
    client = Client(hub.url, verbose=False)
    answered = client.predict("Wed, 4th of March 2026", api_name="/read_date")
    assert answered["iso"] == "2026-03-04"
    assert json.dumps(answered) == json.dumps(read_date("Wed, 4th of March 2026"))
    with pytest.raises(AppError, match="characters"):
        client.predict("日期📅", api_name="/read_date")


# --- in the browser ---


def open_view(open_page, tab: str, lang: str = "en-US", **kwargs) -> Page:
    """The page with the view's own tab `tab` open."""
    t = translator("attention", "zh" if lang == "zh-CN" else "en")
    page = open_page("?tab=attention", lang=lang, **kwargs)
    page.get_by_role("tab", name=t("parts_tab"), exact=True).click(timeout=60_000)
    page.get_by_role("tab", name=t(tab), exact=True).click()
    return page


def test_page_shows_the_code_and_the_numbers_of_a_clicked_part(open_page):
    page = open_view(open_page, "parts_tab_parts")
    code = page.locator("#parts-code .cm-content")
    expect(code).to_contain_text("class MultiHeadAttention", timeout=30_000)
    page.locator("[data-part=feed_forward]").first.click()
    expect(code).to_contain_text("class FeedForward", timeout=20_000)
    expect(page.locator(".parts-numbers").first).to_contain_text("33,088")  # 2 * 64 * 256 + 256 + 64
    page.locator("#parts-width").get_by_text("128", exact=True).click()
    expect(page.locator(".parts-numbers").first).to_contain_text("131,712", timeout=20_000)
    page.locator("[data-part=causal_mask]").focus()
    page.keyboard.press("Enter")
    expect(code).to_contain_text("def causal_mask", timeout=20_000)


def test_page_trains_moves_the_curve_stops_and_asks_what_was_trained(open_page):
    page = open_view(open_page, "parts_tab_train")
    page.locator("#parts-train").click()
    status, curve = (
        page.locator("#parts-status"),
        page.locator("#parts-curve .scatterlayer .trace path.js-line"),
    )
    expect(status).to_contain_text("exact match", timeout=90_000)
    expect(curve.first).to_be_attached(timeout=30_000)
    step = "() => Number(/step ([\\d,]+)/.exec(document.querySelector('#parts-status').innerText)?.[1]"
    step += ".replace(',', '') || 0)"
    page.wait_for_function(f"({step})() >= 40", timeout=90_000)
    drawn, at = curve.first.get_attribute("d"), page.evaluate(step)
    page.wait_for_function(f"({step})() > {at}", timeout=60_000)
    page.wait_for_timeout(700)
    assert curve.first.get_attribute("d") != drawn
    expect(page.locator(".parts-answers tbody tr")).to_have_count(9)
    page.locator("#parts-stop").click()
    expect(status).to_contain_text("Stopped", timeout=10_000)
    stopped = page.evaluate(step)
    page.wait_for_timeout(2500)
    assert page.evaluate(step) == stopped
    page.get_by_role("tab", name=PARTS["parts_tab_read"].en, exact=True).click()
    page.locator("#parts-which").get_by_text(PARTS["parts_mine"].en).click()
    page.locator("#parts-read").click()
    expect(page.locator("#parts-iso")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("lang", ["en-US", "zh-CN"])
def test_page_reads_a_typed_date_and_draws_its_cross_attention(open_page, lang):
    page = open_view(open_page, "parts_tab_read", lang)
    page.locator("#parts-date textarea, #parts-date input").first.fill("17. 8. 1969")
    page.locator("#parts-read").click()
    expect(page.locator("#parts-iso")).to_have_text("1969-08-17", timeout=90_000)
    plot = page.locator("#parts-map .js-plotly-plot")
    expect(plot).to_be_visible(timeout=30_000)
    ticks = "e => [...e.querySelectorAll('.xtick text')].map(t => t.textContent)"
    assert plot.evaluate(ticks) == ["␣" if c == " " else c for c in "17. 8. 1969"]
    shape = "e => [e.data[0].z.length, e.data[0].z[0].length]"
    assert plot.evaluate(shape) == [11, 11]
    first = plot.evaluate("e => e.data[0].z[0][0]")
    page.get_by_label(PARTS["parts_layer"].zh if lang == "zh-CN" else PARTS["parts_layer"].en).last.click()
    page.get_by_role("option", name="1", exact=True).click()
    page.wait_for_function(
        f"() => document.querySelector('#parts-map .js-plotly-plot').data[0].z[0][0] !== {first}",
        timeout=20_000,
    )


def test_page_says_what_it_cannot_read_and_runs_no_script(open_page):
    page = open_view(open_page, "parts_tab_read")
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.locator("#parts-date textarea, #parts-date input").first.fill("<script>alert(1)</script>")
    page.locator("#parts-read").click()
    expect(page.locator(".toast-body")).to_contain_text("< >", timeout=60_000)
    page.get_by_role("button", name="February 30, 2026").click()
    expect(page.locator("#parts-answer")).to_contain_text("no such day", timeout=60_000)


def test_view_does_not_scroll_sideways_on_a_phone(open_page):
    page = open_view(open_page, "parts_tab_read", width=390, height=844)
    page.locator("#parts-read").click()
    expect(page.locator("#parts-map .js-plotly-plot")).to_be_visible(timeout=60_000)
    for tab in ("parts_tab_read", "parts_tab_parts", "parts_tab_train"):
        page.get_by_role("tab", name=PARTS[tab].en, exact=True).click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
