"""The prompting lab against the chat template of transformers, arithmetic, jsonschema, and the real model."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import gradio as gr
import httpx
import jsonschema
import numpy as np
import pytest
from gradio_client import Client

from shared import i18n
from shared.engines.base import Candidate, NextToken, Sampling, Token
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.fetch import fetch
from shared.texts import TEXTS as HUB_TEXTS
from spaces.prompting import SPACE, form as form_module, views
from spaces.prompting.diff import compare
from spaces.prompting.examples import PRESETS
from spaces.prompting.form import Form, stop_words
from spaces.prompting.generate import answer, race
from spaces.prompting.lab import (
    DEFAULT_QUESTION,
    DEFAULT_ROLE,
    STRATEGIES,
    PromptParts,
    build_messages,
    default_examples,
    read_examples,
    render,
)
from spaces.prompting.sampling import adjust, readable, trimmed
from spaces.prompting.schema import DEFAULT_SCHEMA, check_answer, read_schema
from spaces.prompting.snippet import snippet

i18n.register("hub", HUB_TEXTS)
i18n.register("prompting", SPACE.texts)

FRANCE = [{"role": "user", "content": "What is the capital of France?"}]
COUNTRY = [{"role": "user", "content": "Name a country and its capital."}]
PARIS = "The capital of France is Paris."
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def the_form(**changes) -> Form:
    """The form of a fresh page, with `changes`."""
    values = {
        "question": DEFAULT_QUESTION,
        "strategy": "zero_shot",
        "role_on": True,
        "role": DEFAULT_ROLE,
        "instruction_on": False,
        "instruction": "",
        "context_on": False,
        "context": "",
        "format_on": False,
        "output_format": "",
        "examples": [],
        "temperature": 0,
        "model": "smollm2-135m",
        "top_p": 0.9,
        "top_k": 0,
        "max_new_tokens": 64,
        "seed": 0,
        "stop": "",
    }
    return Form(**{**values, **changes})


@pytest.fixture(scope="module")
def engine():
    with cache().lease(MODELS["smollm2-135m"]) as engine:
        yield engine


@pytest.fixture(scope="module")
def reference():
    """transformers' own tokenizer, from the converted model."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(fetch(MODELS["smollm2-135m-dequantised"]))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Nothing but this lab's endpoints."""
    with gr.Blocks() as demo:
        SPACE.api()
    _, url, _ = demo.queue(api_open=False).launch(prevent_thread_lock=True, quiet=True)
    yield url
    demo.close()


@pytest.fixture(scope="module")
def client(server) -> Client:
    return Client(server, verbose=False)


def call(server: str, name: str, data: list, language: str = "en") -> tuple[list, str]:
    """What the endpoint yields and the error it ends with, by plain HTTP: gradio_client cannot send a lone
    surrogate, JSON can."""
    api = f"{server.rstrip('/')}/gradio_api"
    headers = {"accept-language": language, "content-type": "application/json"}
    config = httpx.get(f"{server.rstrip('/')}/config").json()
    index = next(d["id"] for d in config["dependencies"] if d["api_name"] == name)
    body = json.dumps({"data": data, "fn_index": index, "session_hash": os.urandom(6).hex()})
    httpx.post(f"{api}/queue/join", content=body, headers=headers).raise_for_status()
    outputs: list = []
    session = json.loads(body)["session_hash"]
    with httpx.stream("GET", f"{api}/queue/data?session_hash={session}", timeout=60) as events:
        for line in events.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if message.get("msg") == "process_completed":
                if message["success"]:
                    return [*outputs, *message["output"]["data"]], ""
                return outputs, message["output"]["error"]
    raise AssertionError("the stream ended early")


# The four elements and the strategies


def test_role_becomes_the_system_turn_and_the_other_elements_surround_the_question():
    parts = PromptParts(
        question="Q", role="R", instruction="I", context="C", output_format="F", strategy="zero_shot"
    )
    assert build_messages(parts) == [
        {"role": "system", "content": "R"},
        {"role": "user", "content": "I\n\nC\n\nQ\n\nF"},
    ]


def test_switched_off_elements_are_left_out():
    form = the_form(instruction="I", context="C", output_format="F", role_on=False, context_on=True)
    assert form.messages() == [{"role": "user", "content": f"C\n\n{DEFAULT_QUESTION}"}]


def test_examples_become_user_and_assistant_turns():
    rows = (("a", "1"), ("b", "2"))
    one = build_messages(PromptParts("q", examples=rows, strategy="one_shot"))
    few = build_messages(PromptParts("q", examples=rows, strategy="few_shot"))
    assert [m["content"] for m in one] == ["a", "1", "q"]
    assert [(m["role"], m["content"]) for m in few] == [
        ("user", "a"),
        ("assistant", "1"),
        ("user", "b"),
        ("assistant", "2"),
        ("user", "q"),
    ]
    assert build_messages(PromptParts("q", examples=rows, strategy="cot_few_shot")) == few
    assert build_messages(PromptParts("q", examples=rows)) == [{"role": "user", "content": "q"}]


@pytest.mark.parametrize(
    ("question", "phrase"), [("How many?", "step by step"), ("有多少个？", "一步一步")], ids=["en", "zh"]
)
def test_step_by_step_speaks_the_language_of_the_question(question, phrase):
    content = build_messages(PromptParts(question, strategy="cot_zero_shot"))[-1]["content"]
    assert content.startswith(question) and phrase in content


@pytest.mark.parametrize("question", ["How many {apples}?", "有多少个{苹果}？"])
def test_tree_of_thought_puts_the_question_before_three_experts(question):
    (message,) = build_messages(PromptParts(question, strategy="tree_of_thought"))
    assert question in message["content"]
    assert "three different experts" in message["content"] or "三位不同的专家" in message["content"]


def test_worked_examples_reach_the_right_sum():
    (english,), (chinese,) = (default_examples("cot_few_shot", lang) for lang in ("en", "zh"))
    for asked, answered in (english, chinese):
        balls, cans, each = (int(n) for n in re.findall(r"\d+", asked))
        assert str(balls + cans * each) in answered


def test_incomplete_example_rows_are_named():
    assert read_examples([["a", "b"], ["", ""], [None, None]]) == (("a", "b"),)
    with pytest.raises(HubError) as caught:
        read_examples([["a", "b"], ["c", ""]])
    assert caught.value.key == "prompting.half_example" and caught.value.values == {"row": 2}


def test_side_b_of_a_comparison_takes_its_own_examples_only_when_it_needs_them():
    rows = [["a", "1"], ["b", "2"]]
    form = the_form(strategy="few_shot", examples=rows)
    assert len(form.other("one_shot", 0, "").messages()) == 3
    worked = form.other("cot_few_shot", 0, "").messages()
    assert worked[0]["content"] == default_examples("cot_few_shot", "en")[0][0]


# The rendered prompt

CHATS = [
    FRANCE,
    [{"role": "system", "content": "You are a pirate."}, *FRANCE],
    build_messages(PromptParts("c", role="R", examples=(("a", "1"), ("b", "2")), strategy="few_shot")),
    [{"role": "user", "content": "什么是大型语言模型？\n\n  <|im_end|> "}],
]


@pytest.mark.parametrize("messages", CHATS, ids=["bare", "role", "few-shot", "chinese"])
def test_rendered_prompt_is_what_transformers_makes_of_the_messages(engine, reference, messages):
    if messages[0]["role"] == "system":
        complete = messages
    else:
        complete = [{"role": "system", "content": MODELS["smollm2-135m"].system_prompt}, *messages]
    expected = reference.apply_chat_template(complete, tokenize=False, add_generation_prompt=True)
    rendered = render(engine, messages)
    assert rendered.text == expected
    assert [piece[0] for piece in rendered.pieces] == reference(expected, add_special_tokens=False)[
        "input_ids"
    ]
    assert b"".join(piece[1] for piece in rendered.pieces).decode() == expected


def test_special_tokens_are_the_tokenizers_own(engine, reference):
    marked = {token_id for token_id, _, special in render(engine, CHATS[2]).pieces if special}
    ids = {token_id for token_id, _, _ in render(engine, CHATS[2]).pieces}
    assert marked == ids & set(reference.all_special_ids)


# Sampling


def a_distribution(size: int = 400, seed: int = 0) -> NextToken:
    logits = np.sort(np.random.default_rng(seed).normal(0, 3, size))[::-1]
    logprobs = logits - np.log(np.exp(logits).sum())
    return NextToken(
        np.arange(size, dtype=np.int32), logprobs.astype(np.float32), tuple(b"t%d" % i for i in range(size))
    )


def brute_force(logprobs: list[float], temperature: float, top_p: float, top_k: int) -> list[float]:
    """Written out, one token at a time."""
    weights = [np.exp(np.float64(x) / temperature) for x in logprobs]
    total = sum(weights)
    probs = [w / total for w in weights]
    keep = probs[: top_k or len(probs)]
    total, held, kept = sum(keep), 0.0, 0
    for prob in keep:
        kept += 1
        held += prob / total
        if top_p < 1 and held >= top_p:
            break
    total = sum(probs[:kept])
    return [prob / total for prob in probs[:kept]] + [0.0] * (len(probs) - kept)


@pytest.mark.parametrize("temperature", [0.2, 1.0, 1.7])
@pytest.mark.parametrize("top_p", [0.05, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("top_k", [0, 1, 7])
def test_adjusted_distribution_is_softmax_written_out(temperature, top_p, top_k):
    next_token = a_distribution()
    expected = brute_force(next_token.logprobs.tolist(), temperature, top_p, top_k)
    adjusted = adjust(next_token, temperature, top_p, top_k)
    np.testing.assert_allclose(adjusted.probs, expected, atol=1e-9)
    assert adjusted.kept == sum(p > 0 for p in expected)
    assert adjusted.entropy == pytest.approx(-sum(p * np.log2(p) for p in expected if p > 0), abs=1e-6)


def test_adjusted_distribution_is_what_transformers_warpers_leave():
    import torch
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    next_token = a_distribution(seed=3)
    scores = torch.tensor(next_token.logprobs)[None]
    for warper in (TemperatureLogitsWarper(0.7), TopKLogitsWarper(50), TopPLogitsWarper(0.8)):
        scores = warper(None, scores)
    np.testing.assert_allclose(
        adjust(next_token, 0.7, 0.8, 50).probs, torch.softmax(scores, -1)[0].numpy(), atol=1e-5
    )


def test_temperature_zero_leaves_one_certain_token():
    adjusted = adjust(a_distribution(), temperature=0, top_p=0.3, top_k=5)
    assert adjusted.probs[0] == 1 and adjusted.probs.sum() == 1
    assert (adjusted.kept, adjusted.mass, adjusted.entropy) == (1, 1.0, 0.0)


def test_kept_mass_is_what_the_kept_tokens_held():
    next_token = NextToken(np.arange(4), np.log([0.5, 0.25, 0.125, 0.125]), (b"a", b"b", b"c", b"d"))
    adjusted = adjust(next_token, 1.0, 1.0, 2)
    assert adjusted.mass == pytest.approx(0.75)
    assert adjusted.probs.tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])
    assert adjust(next_token).entropy == pytest.approx(1.75)


def test_kept_distribution_of_a_session_can_be_copied_and_is_small(engine):
    next_token = trimmed(engine.next_token(FRANCE))
    again = copy.deepcopy(next_token)
    assert again.bytes == next_token.bytes and np.array_equal(again.logprobs, next_token.logprobs)
    assert next_token.ids.nbytes + next_token.logprobs.nbytes < 500_000


def test_broken_bytes_are_written_out():
    assert readable("Ärger 你".encode()) == "Ärger 你"
    assert readable(b"\xe4\xbd") == "<E4><BD>"
    assert readable("你".encode() + b"\xe4") == "你<E4>"


# Running


def test_stream_grows_and_reports_how_fast(engine):
    states = list(answer(engine, FRANCE, Sampling(temperature=0, max_new_tokens=64, seed=0, top_logprobs=10)))
    assert all(later.text.startswith(earlier.text) for earlier, later in pairwise(states))
    last = states[-1]
    assert last.text == PARIS and last.finish_reason == "stop"
    assert b"".join(token.bytes for token in last.tokens).decode().startswith(PARIS)
    assert last.tokens_per_second is None or last.tokens_per_second > 0


def test_two_sides_answer_as_they_would_alone(engine):
    a = (FRANCE, Sampling(temperature=0, max_new_tokens=24, seed=0))
    b = ([{"role": "user", "content": "Count to five."}], Sampling(temperature=0, max_new_tokens=24, seed=0))
    *_, together = race(engine, [a, b])
    for (messages, sampling), side in zip((a, b), together, strict=True):
        *_, alone = answer(engine, messages, sampling)
        assert side.text == alone.text
        assert side.finish_reason is not None


def test_leaving_a_comparison_stops_both_sides(engine):
    import time

    story = [{"role": "user", "content": "Tell me a long story about the sea."}]
    states = race(engine, [(story, Sampling(max_new_tokens=1500, seed=1))] * 2)
    next(states)
    states.close()
    end = time.monotonic() + 5
    while engine.active and time.monotonic() < end:
        time.sleep(0.01)
    assert engine.active == 0


# A greedy answer of this model can hang on the last bit of a sum, and llama.cpp adds up differently when
# visitors share a batch: these patterns hold what the notes claim and no more.
MEASURED = {
    ("screeg", "en"): r"[Gg]igamuru.*screeg",
    ("screeg", "zh"): r"screeg！screeg！|挥剑砍",
    ("screeg_few", "en"): r"knight screeg\w+ .*castle",
    ("screeg_few", "zh"): r"那只猫 screeg 过了篱笆。",
    ("apples", "en"): r"23 \+ 6 = 9",
    ("apples", "zh"): r"(你可以在食堂上有.*){3}",
    ("apples_cot", "en"): r"The answer is (?!9)\d+",
    ("apples_cot", "zh"): r"23 \+ 6 = 39",
    ("apples_steps", "en"): r"23 \+ 20 \+ 6 = 108.*118",
    ("apples_steps", "zh"): r"^[^=]*$",
    ("experts", "en"): r"^(?!.*\b9 apples)(?!.*[Ee]xpert 1).*$",
    ("experts", "zh"): r"(你可以在这个问题中解决.*){3}",
    ("joke", "en"): r"A programmer is a joke about a joke about a programmer\.",
    ("joke", "zh"): r"美好的诗",
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_notes_say_what_the_model_really_answers(engine, preset, language):
    form = the_form(
        question=preset.question[language],
        strategy=preset.strategy,
        examples=form_module.table(preset.rows(language)),
        max_new_tokens=preset.max_new_tokens,
    )
    *_, last = answer(engine, form.messages(), form.sampling())
    assert re.search(MEASURED[preset.key, language], last.text, re.DOTALL), last.text


# JSON held to a schema


def test_answer_held_to_a_schema_validates(engine):
    schema = read_schema(DEFAULT_SCHEMA)
    *_, (held, free) = race(
        engine,
        [
            (COUNTRY, Sampling(temperature=0, seed=0, json_schema=schema)),
            (COUNTRY, Sampling(temperature=0, seed=0)),
        ],
    )
    jsonschema.validate(json.loads(held.text), schema)
    assert check_answer(held.text, schema, finished=True).valid
    assert not check_answer(free.text, schema, finished=True).valid


def test_verdict_names_the_reason():
    schema = read_schema(DEFAULT_SCHEMA)
    assert check_answer('{"country": "France"', schema, finished=False).reason == "json_cut"
    assert check_answer('{"country": oops}', schema, finished=True).reason == "json_broken"
    verdict = check_answer('{"country": "France", "capital": 1}', schema, finished=True)
    assert (verdict.reason, dict(verdict.values)["where"]) == ("json_misfit", "capital")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "schema_not_json"),
        ('{"type": ', "schema_not_json"),
        ("[1]", "schema_not_object"),
        ('{"type": "nonsense"}', "schema_invalid"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "schema_too_deep"),
        ('{"title": "' + "x" * 30_000 + '"}', "schema_too_long"),
    ],
)
def test_a_bad_schema_is_one_sentence(text, key):
    with pytest.raises(HubError) as caught:
        read_schema(text)
    assert caught.value.key == f"prompting.{key}"
    for lang in i18n.LANGS:
        assert i18n.explain(caught.value, lang).count("\n") == 0


def test_a_schema_never_makes_the_hub_fetch_or_hang():
    remote = {"$ref": "http://127.0.0.1:9/schema.json"}
    assert check_answer("1", remote, finished=True).reason == "json_misfit"
    slow = {"type": "string", "pattern": "^(a+)+$"}
    assert not check_answer(json.dumps("a" * 40 + "!"), slow, finished=True).valid
    assert check_answer('"aaa"', slow, finished=True).valid


# Differences


def test_differences_are_marked_by_word_and_chinese_by_character():
    english = compare("The capital is Paris.", "The capital is Rome.")
    assert [s.text for s in english.a if s.changed] == ["Paris"]
    assert [s.text for s in english.b if s.changed] == ["Rome"]
    assert (english.same, english.longest) == (3, 4)
    chinese = compare("法国的首都是巴黎", "法国的首都是罗马")
    assert [s.text for s in chinese.b if s.changed] == ["罗马"]
    for a, b in (("", "x"), ("a  b\n", "a b"), ("x" * 9000, "y z " * 5000)):
        spans = compare(a, b)
        assert "".join(s.text for s in spans.a) == a and "".join(s.text for s in spans.b) == b


# Escaping


def test_what_people_and_models_wrote_is_escaped():
    t = i18n.translator("prompting", "en")
    evil = EVIL.encode()
    token = Token(1, EVIL, evil, -0.1, (Candidate(2, EVIL, evil, -0.2),))
    pages = [
        views.answer_text(EVIL),
        views.note(EVIL),
        views.badge(EVIL, False),
        views.side_title(EVIL, EVIL),
        views.differences(compare(EVIL, "").a),
        views.alternatives(t, [token, token], 1),
        views.bars([views.Bar(evil, 0.5, ghost=0.1)]),
        views.distribution(t, NextToken(np.array([1]), np.array([0.0]), (evil,)), adjust(a_distribution(1))),
    ]
    for page in pages:
        assert "<script" not in page and "<img" not in page and "&lt;" in page


# Show code


def run_snippet(code: str) -> str:
    assert "shared" not in code and "spaces." not in code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_snippet_prints_the_labs_answer(engine):
    form = the_form(
        strategy="one_shot", examples=[["What is the capital of Japan?", "It's 'Tokyo'."]], stop="\\n\n###"
    )
    *_, last = answer(engine, form.messages(), form.sampling())
    assert (
        run_snippet(snippet("answer", form)).strip() == last.text.strip()
    )


def test_snippet_of_the_next_token_prints_the_labs_probabilities(engine):
    form = the_form()
    printed = run_snippet(snippet("next", form, (0.7, 0.8, 12))).splitlines()
    next_token = engine.next_token(form.messages())
    expected = adjust(next_token, 0.7, 0.8, 12)
    assert len(printed) == 20
    for line, prob, token in zip(printed, expected.probs, next_token.bytes, strict=False):
        assert float(line.split()[0]) == pytest.approx(prob, abs=2e-3)
        assert line.endswith(repr(token))


def test_snippet_of_the_json_tab_prints_valid_json():
    printed = run_snippet(snippet("constrain", the_form(), ("json", DEFAULT_SCHEMA, True, "")))
    assert printed.strip().endswith("valid")
    jsonschema.validate(json.loads(printed.rsplit("valid", 1)[0]), json.loads(DEFAULT_SCHEMA))


def test_snippet_of_a_comparison_prints_both_answers():
    printed = run_snippet(
        snippet("compare", the_form(), ("zero_shot", 0, DEFAULT_ROLE))
    )
    assert printed.count(PARIS) == 2


# Endpoints


def test_build_prompt_endpoint(client, reference):
    answered = client.predict(
        "You are a teacher.",
        "Be brief.",
        None,
        [["one plus one", "two"]],
        None,
        "two plus two",
        "one_shot",
        api_name="/build_prompt",
    )
    assert answered["messages"] == [
        {"role": "system", "content": "You are a teacher."},
        {"role": "user", "content": "one plus one"},
        {"role": "assistant", "content": "two"},
        {"role": "user", "content": "Be brief.\n\ntwo plus two"},
    ]
    expected = reference.apply_chat_template(answered["messages"], tokenize=False, add_generation_prompt=True)
    assert answered["rendered"] == expected
    assert answered["tokens"] == len(reference(expected, add_special_tokens=False)["input_ids"])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_build_prompt_has_a_default_for_everything(client, strategy):
    answered = client.predict(*[None] * 6, strategy, api_name="/build_prompt")
    assert answered["messages"][0] == {"role": "system", "content": DEFAULT_ROLE}
    assert DEFAULT_QUESTION in answered["messages"][-1]["content"]


def test_prompt_endpoint_streams_the_answer_so_far(client):
    job = client.submit(FRANCE, None, None, None, None, None, api_name="/prompt")
    assert job.result(timeout=120) == PARIS
    outputs = job.outputs()
    assert all(b.startswith(a) for a, b in pairwise(outputs))


def test_prompt_endpoint_repeats_itself_with_a_seed(client):
    runs = [
        client.submit(FRANCE, "smollm2-135m", 1.0, 0.9, 24, seed, api_name="/prompt").result(120)
        for seed in (5, 5, 6)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_next_token_endpoint_is_softmax_of_its_own_logprobs(client):
    rows = client.predict(FRANCE, None, 0.5, 0.9, 0, api_name="/next_token")
    everything = client.predict(FRANCE, None, 1, 1, 0, api_name="/next_token")
    logprobs = [row["logprob"] for row in everything]
    assert len(everything) == 49_152 and sum(np.exp(logprobs)) == pytest.approx(1, abs=1e-3)
    expected = brute_force(logprobs, 0.5, 0.9, 0)
    assert [row["prob"] for row in rows] == pytest.approx([p for p in expected if p > 0], abs=1e-6)
    assert sum(row["prob"] for row in rows) == pytest.approx(1)
    assert rows[0]["token"] == "The"
    assert set(rows[0]) == {"token", "id", "logprob", "prob"}


BAD = [
    ("prompt", [[], None, None, None, None, None]),
    ("prompt", ["hello", None, None, None, None, None]),
    ("prompt", [[{"role": "wizard", "content": "hi"}], None, None, None, None, None]),
    ("prompt", [[{"role": "user", "content": "  "}], None, None, None, None, None]),
    ("prompt", [[{"role": "user", "content": "a\ud800b"}], None, None, None, None, None]),
    ("prompt", [[{"role": "user", "content": "word " * 10_000}], None, None, None, None, None]),
    ("prompt", [FRANCE, "no-such-model", None, None, None, None]),
    ("prompt", [FRANCE, "minilm-l6", None, None, None, None]),
    ("prompt", [FRANCE, {"a": 1}, None, None, None, None]),
    ("prompt", [FRANCE, None, -1, None, None, None]),
    ("prompt", [FRANCE, None, "hot", None, None, None]),
    ("prompt", [FRANCE, None, None, 1.5, None, None]),
    ("prompt", [FRANCE, None, None, None, 0, None]),
    ("prompt", [FRANCE, None, None, None, 1_000_000, None]),
    ("prompt", [FRANCE, None, None, None, None, -5]),
    ("next_token", [FRANCE, None, 99, None, None]),
    ("next_token", [FRANCE, None, None, None, -1]),
    ("next_token", [FRANCE, None, None, None, "many"]),
    ("next_token", [None, None, None, None, None]),
    ("build_prompt", [None, None, None, None, None, "", None]),
    ("build_prompt", [None, None, None, None, None, "q", "magic"]),
    ("build_prompt", [None, None, None, [], None, "q", "few_shot"]),
    ("build_prompt", [None, None, None, [["only one"]], None, "q", "few_shot"]),
    ("build_prompt", [None, None, None, "text", None, "q", "few_shot"]),
    ("build_prompt", [None, 7, None, None, None, "q", None]),
    ("build_prompt", ["a\udc00", None, None, None, None, "q", None]),
    ("build_prompt", [None, None, None, None, None, "x" * 300_000, None]),
    ("build_prompt", [None, None, None, None, None, ["q"], None]),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "data"), BAD, ids=range(len(BAD)))
def test_bad_input_is_one_sentence_in_the_visitors_language(server, name, data, language):
    _, error = call(server, name, data, language)
    unexpected = i18n.text("zh" if language == "zh" else "en", "hub.unexpected")
    assert error and error != unexpected
    assert "\n" not in error and len(error) < 400 and "Traceback" not in error
    assert bool(re.search(r"[\u4e00-\u9fff]", error)) == (language == "zh")


def test_too_long_a_prompt_says_by_how_many_tokens(server, engine, reference):
    content = "word " * 10_000
    complete = [{"role": "system", "content": DEFAULT_ROLE}, {"role": "user", "content": content}]
    tokens = len(reference.apply_chat_template(complete, add_generation_prompt=True)["input_ids"])
    _, error = call(server, "prompt", [complete, None, None, None, None, None])
    assert any(abs(int(n) - (tokens - engine.context_length)) <= 1 for n in re.findall(r"\d+", error))


def test_script_in_a_message_comes_back_as_text(client):
    answered = client.predict(None, None, None, None, None, EVIL, None, api_name="/build_prompt")
    assert answered["messages"][-1]["content"] == EVIL


# Texts


def test_every_text_is_there_in_both_languages_with_the_same_blanks():
    for key, text in SPACE.texts.items():
        assert text.zh.strip() and text.en.strip(), key
        assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en)), key
        assert "!" not in text.en and "！" not in text.zh.replace("screeg！", ""), key
    for preset in PRESETS:
        assert f"example_{preset.key}" in SPACE.texts
        assert {f"example_{preset.key}_note_{lang}" for lang in i18n.LANGS} <= set(SPACE.texts)


def test_stop_words_are_one_a_line_and_may_hold_a_line_break():
    assert stop_words("###\n\\n\n\n end") == ("###", "\n", " end")
