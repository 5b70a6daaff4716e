"""Two visitors through the API: own answers, own stop, a fair place in the queue."""

import threading
import time
from itertools import pairwise

import httpx
import pytest
from gradio_client import Client

from tests.conftest import Hub
from tests.test_hub import call_raw, endpoints

MODEL = "smollm2-135m"
SHORT = [{"role": "user", "content": "What is the capital of France?"}]
LONG = [{"role": "user", "content": "Write a very long story about a lighthouse keeper."}]


def ask(messages, tokens=32, seed=0):
    return (messages, MODEL, 0.0, 1.0, tokens, seed)


def state(hub: Hub) -> str:
    rows = Client(hub.url, verbose=False).predict(api_name="/models")
    return next(row["state"] for row in rows if row["key"] == MODEL)


def wait_until_idle(hub: Hub, seconds: float, model: str = MODEL) -> None:
    client = Client(hub.url, verbose=False)
    end = time.monotonic() + seconds
    while True:
        rows = client.predict(api_name="/models")
        if next(row["state"] for row in rows if row["key"] == model) == "idle":
            return
        assert time.monotonic() < end, "the model is still busy"
        time.sleep(0.05)


def test_prompt_answers_paris_and_streams(hub):
    texts = list(Client(hub.url, verbose=False).submit(*ask(SHORT), api_name="/prompt"))
    assert texts[-1] == "The capital of France is Paris."
    assert len(texts) > 1 and all(later.startswith(earlier) for earlier, later in pairwise(texts))


def test_stopping_one_stream_leaves_the_other_alone_and_frees_the_model(hub):
    first, second = Client(hub.url, verbose=False), Client(hub.url, verbose=False)
    undisturbed = second.submit(*ask(LONG, 120, 1), api_name="/prompt").result()
    stopped = first.submit(*ask(LONG, 1500), api_name="/prompt")
    other = second.submit(*ask(LONG, 120, 1), api_name="/prompt")
    while not stopped.outputs():
        time.sleep(0.02)
    assert stopped.cancel()
    assert other.result(timeout=60) == undisturbed
    assert len(stopped.outputs()[-1]) < 4000
    wait_until_idle(hub, 2.0)


def test_visitor_who_leaves_in_the_middle_frees_the_model(hub):
    index = endpoints(hub.url)["prompt"]
    wait_until_idle(hub, 10.0)
    with httpx.Client(base_url=hub.url, timeout=60) as client:
        client.post(
            "/gradio_api/queue/join",
            json={"data": list(ask(LONG, 1500)), "fn_index": index, "session_hash": "leaves"},
        )
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "leaves"}) as stream:
            lines = stream.iter_lines()  # kept: a generator that is thrown away closes the connection
            while "process_generating" not in next(lines):
                pass
            assert state(hub) == "leased"
    wait_until_idle(hub, 5.0)


def test_more_visitors_than_slots_all_get_their_answer_and_hear_their_place(start_hub):
    hub = start_hub(HUB_SLOTS="2").wait()
    index = endpoints(hub.url)["prompt"]
    said: dict[int, str] = {}
    threads = [
        threading.Thread(
            target=lambda n=n: said.update({n: call_raw_all(hub, index, list(ask(LONG, 40, n)))}), daemon=True
        )
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(said) == 6
    assert all('"success":true' in text.replace(" ", "") for text in said.values())
    assert sum(
        '"rank":1' in text.replace(" ", "") or '"rank":2' in text.replace(" ", "") for text in said.values()
    )


def call_raw_all(hub: Hub, index: int, data: list) -> str:
    return call_raw(hub.url, index, data)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (ask([]), "消息", "Messages"),
        (ask([{"role": "user", "content": "sea " * 3000}]), "个词元", "tokens too long"),
        (ask(SHORT, 0), "max_new_tokens", "max_new_tokens must be between"),
        (ask(SHORT, 1_000_000), "max_new_tokens", "max_new_tokens must be between"),
        ((SHORT, "no-such-model", 0.0, 1.0, 16, 0), "没有叫", "There is no model called"),
    ],
)
def test_bad_input_gets_one_sentence_in_the_visitors_language(hub, lang, data, zh, en):
    said = call_raw(hub.url, endpoints(hub.url)["prompt"], list(data), **{"accept-language": lang})
    said = said.encode().decode("unicode_escape", errors="ignore") if "\\u" in said else said
    assert (zh if lang == "zh-CN" else en) in said
