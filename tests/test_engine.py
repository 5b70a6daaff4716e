"""The llama.cpp engine against what llama.cpp itself, arithmetic and the chat template say."""

import threading
import time

import jsonschema
import numpy as np
import pytest

from shared.engines.base import Delta, Sampling
from shared.engines.coalesce import LONGEST, coalesce, merge
from shared.errors import HubError
from shared.models import MODELS, cache

FRANCE = [{"role": "user", "content": "What is the capital of France?"}]
STORY = [{"role": "user", "content": "Tell me a long story about the sea."}]


@pytest.fixture(scope="module")
def engine():
    with cache().lease(MODELS["smollm2-135m"]) as engine:
        yield engine


def answer(engine, messages, **sampling) -> str:
    return "".join(delta.text for delta in engine.stream(messages, Sampling(**sampling)))


def wait_until_idle(engine, seconds: float = 1.0) -> None:
    end = time.monotonic() + seconds
    while engine.active and time.monotonic() < end:
        time.sleep(0.005)
    assert engine.active == 0


def test_greedy_answer_is_paris(engine):
    assert answer(engine, FRANCE, temperature=0.0, max_new_tokens=32) == "The capital of France is Paris."


def test_stream_equals_what_the_server_answers_in_one_piece(engine):
    direct = engine._server.handle_chat_completions(
        {
            "messages": [{"role": "system", "content": MODELS["smollm2-135m"].system_prompt}, *STORY],
            "temperature": 0.0,
            "max_tokens": 48,
        }
    )
    assert (
        answer(engine, STORY, temperature=0.0, max_new_tokens=48)
        == direct["choices"][0]["message"]["content"]
    )


def test_token_bytes_add_up_to_the_text(engine):
    deltas = list(engine.stream(STORY, Sampling(temperature=0.0, max_new_tokens=40, top_logprobs=5)))
    tokens = [token for delta in deltas for token in delta.tokens]
    assert b"".join(token.bytes for token in tokens).decode() == "".join(delta.text for delta in deltas)
    assert deltas[-1].finish_reason == "length" and deltas[-1].new_tokens == len(tokens) == 40
    for token in tokens:
        assert len(token.top) == 5
        assert token.logprob == pytest.approx(max(c.logprob for c in token.top), abs=1e-4)  # greedy: the best


def test_next_token_is_the_whole_distribution(engine):
    distribution = engine.next_token(FRANCE)
    assert len(distribution.ids) == len(set(distribution.ids.tolist())) == 49152
    assert np.exp(distribution.logprobs.astype(np.float64)).sum() == pytest.approx(1.0, abs=1e-3)
    assert (np.diff(distribution.logprobs) <= 0).all()
    first = next(iter(engine.stream(FRANCE, Sampling(temperature=0.0, max_new_tokens=1, top_logprobs=1))))
    assert distribution.bytes[0] == first.tokens[0].bytes


def test_same_seed_same_text_other_seed_other_text(engine):
    once = answer(engine, STORY, temperature=1.0, top_p=1.0, max_new_tokens=32, seed=7)
    assert once == answer(engine, STORY, temperature=1.0, top_p=1.0, max_new_tokens=32, seed=7)
    assert once != answer(engine, STORY, temperature=1.0, top_p=1.0, max_new_tokens=32, seed=8)


def test_stop_word_ends_the_answer_and_is_not_in_it(engine):
    whole = answer(engine, STORY, temperature=0.0, max_new_tokens=60)
    word = whole.split()[5]
    assert answer(engine, STORY, temperature=0.0, max_new_tokens=60, stop=(word,)) == whole.split(word)[0]


def test_answer_keeps_to_the_schema(engine):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
        "required": ["city", "people"],
        "additionalProperties": False,
    }
    text = answer(engine, FRANCE, temperature=0.0, max_new_tokens=80, json_schema=schema)
    import json

    jsonschema.validate(json.loads(text), schema)


def test_rendered_prompt_is_the_chat_template(engine):
    assert engine.render(FRANCE) == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_tokenize_gives_back_the_bytes(engine):
    text = "<|im_start|>你好 naïve 👩‍👩‍👧\n"
    pieces = engine.tokenize(text)
    assert b"".join(piece.bytes for piece in pieces).decode() == text
    assert pieces[0].id == 1  # the special token is one token


def test_converted_tokenizer_cuts_text_as_llama_cpp_does(engine):
    from tokenizers import Tokenizer

    from shared.models.fetch import fetch

    converted = Tokenizer.from_file(str(fetch(MODELS["smollm2-135m-dequantised"]) / "tokenizer.json"))
    for text in (
        "In 2024, 3.14159 x 10",
        "a\n\n12 apples\n  34",
        "naïve 你好 😀  end",
        "x = [0]*100\n\treturn",
    ):
        assert [piece.id for piece in engine.tokenize(text)] == converted.encode(
            text, add_special_tokens=False
        ).ids


def test_temperature_comes_before_top_p(engine):
    """At a high temperature top_p keeps more tokens than the nucleus of the model's own distribution."""
    distribution = engine.next_token(STORY)
    own = int((np.cumsum(np.exp(distribution.logprobs)) < 0.5).sum()) + 1
    drawn = {
        answer(engine, STORY, temperature=3.0, top_p=0.5, max_new_tokens=1, seed=seed) for seed in range(30)
    }
    assert len(drawn) > own


def test_closing_the_stream_stops_the_generation(engine):
    stream = engine.stream(STORY, Sampling(max_new_tokens=1500))
    next(stream)
    stream.close()
    wait_until_idle(engine)


def test_closing_one_stream_leaves_the_other_alone(engine):
    alone = answer(engine, FRANCE, temperature=0.0, max_new_tokens=32)
    other = engine.stream(STORY, Sampling(max_new_tokens=1500))
    next(other)
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(answer(engine, FRANCE, temperature=0.0)))
    thread.start()
    other.close()
    thread.join(30)
    assert results == [alone]


def test_stop_works_while_a_long_prompt_is_read(engine):
    long_prompt = [{"role": "user", "content": "sea " * 1900}]
    stream = engine.stream(long_prompt, Sampling(max_new_tokens=8))
    thread = threading.Thread(target=lambda: next(stream, None))
    thread.start()
    time.sleep(0.3)
    assert engine.active == 1
    thread.join(30)
    stream.close()
    wait_until_idle(engine, 3.0)


def test_prompt_beyond_the_window_says_by_how_much(engine):
    messages = [{"role": "user", "content": "sea " * 3000}]
    tokens = len(engine.tokenize(engine.render(messages)))
    with pytest.raises(HubError) as refused:
        answer(engine, messages)
    assert refused.value.key == "hub.prompt_too_long"
    assert refused.value.values["over"] == tokens - engine.context_length + 1  # room for one new token


@pytest.mark.parametrize(
    ("messages", "sampling", "key"),
    [
        ([], {}, "hub.bad_messages"),
        ("hello", {}, "hub.bad_messages"),
        ([{"role": "wizard", "content": "hi"}], {}, "hub.bad_messages"),
        ([{"role": "user", "content": None}], {}, "hub.bad_messages"),
        ([{"role": "user", "content": "  "}], {}, "hub.empty_prompt"),
        ([{"role": "user", "content": "a\ud800b"}], {}, "hub.bad_unicode"),
        (FRANCE, {"max_new_tokens": 0}, "hub.out_of_range"),
        (FRANCE, {"max_new_tokens": 1_000_000}, "hub.out_of_range"),
        (FRANCE, {"temperature": float("nan")}, "hub.out_of_range"),
        (FRANCE, {"temperature": -1.0}, "hub.out_of_range"),
        (FRANCE, {"top_p": 1.5}, "hub.out_of_range"),
        (FRANCE, {"seed": -5}, "hub.out_of_range"),
        (FRANCE, {"json_schema": {"type": "nonsense"}}, "hub.bad_schema"),
    ],
)
def test_bad_input_is_refused_with_its_own_sentence(engine, messages, sampling, key):
    with pytest.raises(HubError) as refused:
        answer(engine, messages, **sampling)
    assert refused.value.key == key
    wait_until_idle(engine)


def test_eight_visitors_get_what_each_gets_alone(engine):
    questions = [[{"role": "user", "content": f"Write the number {n} in words."}] for n in range(8)]
    answers: dict[int, str] = {}
    threads = [
        threading.Thread(
            target=lambda n=n: answers.update(
                {n: answer(engine, questions[n], temperature=0.0, max_new_tokens=24)}
            )
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == list(range(8)) and all(answers.values())


def test_engine_port_demands_its_key(engine):
    import httpx

    refused = httpx.post(engine._server.listening_address + "/tokenize", json={"content": "hi"})
    assert refused.status_code == 401


class _Busy:
    def __init__(self, active: int) -> None:
        self.active = active


def test_coalesce_loses_nothing_and_sends_the_first_at_once(engine):
    direct = list(engine.stream(STORY, Sampling(temperature=0.0, max_new_tokens=64)))
    started = time.monotonic()
    merged, first = [], None
    for delta in coalesce(engine.stream(STORY, Sampling(temperature=0.0, max_new_tokens=64)), engine):
        first = first or delta
        merged.append(delta)
    assert "".join(d.text for d in merged) == "".join(d.text for d in direct)
    assert merged[-1].finish_reason == "length"
    assert first == direct[0]
    assert len(merged) <= 3 + (time.monotonic() - started) / 0.1


def test_coalesce_slows_down_with_company_but_not_below_two_a_second():
    def slow():
        for n in range(40):
            time.sleep(0.02)
            yield Delta(text=str(n))

    times = []
    for _ in coalesce(slow(), _Busy(8)):
        times.append(time.monotonic())
    gaps = np.diff(times[:-1])
    assert (gaps >= LONGEST).all() and (gaps < 0.5).all()


def test_merge_keeps_texts_tokens_and_the_end():
    assert merge([Delta("a"), Delta("b"), Delta(finish_reason="stop", new_tokens=2)]) == Delta(
        text="ab", finish_reason="stop", new_tokens=2
    )
