"""The remote engine against a real llama.cpp server, and against one that fails in every way it can."""

import logging
import socket
import threading
import time

import httpx
import jsonschema
import numpy as np
import pytest

from shared.engines import openai_client
from shared.engines.base import Sampling
from shared.engines.openai_client import over_window
from shared.engines.remote import RemoteEngine
from shared.engines.spelling import spell
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.fetch import fetch
from shared.settings import from_env
from tests.openai_server import KEY, LlamaServer, answer, error, scripted, wait_for_leave

SPEC = MODELS["smollm2-135m"]
SYSTEM = {"role": "system", "content": SPEC.system_prompt}
FRANCE = [SYSTEM, {"role": "user", "content": "What is the capital of France?"}]
STORY = [SYSTEM, {"role": "user", "content": "Tell me a long story about the sea."}]
GREEDY = Sampling(temperature=0.0, max_new_tokens=32)


@pytest.fixture(scope="module")
def llama():
    server = LlamaServer(fetch(SPEC) / SPEC.gguf)
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def engine(llama):
    remote = RemoteEngine(llama.url, key=KEY)
    yield remote
    remote.close()


@pytest.fixture(scope="module")
def local():
    with cache().lease(SPEC) as engine:
        yield engine


fake = pytest.fixture(scripted)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(openai_client, "BACKOFF_SECONDS", 0.02)


def write(engine, messages, sampling: Sampling) -> str:
    return "".join(delta.text for delta in engine.stream(messages, sampling))


def wait_until(condition, seconds: float = 1.0) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def refusal(engine, messages=FRANCE, sampling=GREEDY) -> HubError:
    with pytest.raises(HubError) as refused:
        write(engine, messages, sampling)
    wait_until(lambda: engine.active == 0)
    return refused.value


# the real server


def test_greedy_text_equals_the_local_engine(engine, local):
    sampling = Sampling(temperature=0.0, max_new_tokens=48)
    assert write(engine, FRANCE, sampling) == "The capital of France is Paris."
    assert write(engine, STORY, sampling) == write(local, STORY, sampling)


def test_name_and_window_come_from_the_server(engine):
    assert engine.name == SPEC.gguf  # the file, without the folder
    assert engine.context_length == 2048  # a slot's, not the 8192 that the model was trained for
    assert "/" not in engine.name


def test_tokens_and_alternatives_equal_the_local_engine(engine, local):
    sampling = Sampling(temperature=0.0, max_new_tokens=24, top_logprobs=5)
    mine = [token for delta in engine.stream(STORY, sampling) for token in delta.tokens]
    theirs = [token for delta in local.stream(STORY, sampling) for token in delta.tokens]
    assert len(mine) == 24
    for a, b in zip(mine, theirs, strict=True):
        assert (a.id, a.text, a.bytes) == (b.id, b.text, b.bytes)
        assert [c.id for c in a.top] == [c.id for c in b.top]
        assert [c.logprob for c in a.top] == pytest.approx([c.logprob for c in b.top], abs=1e-3)


def test_last_delta_counts_tokens_and_says_why_it_ended(engine, local):
    last = list(engine.stream(STORY, Sampling(temperature=0.0, max_new_tokens=7)))[-1]
    assert (last.finish_reason, last.new_tokens) == ("length", 7)
    assert last.prompt_tokens == len(local.tokenize(local.render(STORY)))
    assert list(engine.stream(FRANCE, GREEDY))[-1].finish_reason == "stop"


def test_same_seed_same_text_and_the_same_as_the_local_engine(engine, local):
    sampling = Sampling(temperature=1.0, top_p=0.95, top_k=50, max_new_tokens=24, seed=7)
    once = write(engine, STORY, sampling)
    assert once == write(engine, STORY, sampling) == write(local, STORY, sampling)
    assert once != write(engine, STORY, Sampling(temperature=1.0, max_new_tokens=24, seed=8))


def test_stop_word_ends_the_answer(engine):
    whole = write(engine, STORY, Sampling(temperature=0.0, max_new_tokens=40))
    word = whole.split()[5]
    assert (
        write(engine, STORY, Sampling(temperature=0.0, max_new_tokens=40, stop=(word,)))
        == (whole.split(word)[0])
    )


def test_answer_keeps_to_the_schema(engine):
    import json

    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
        "required": ["city", "people"],
        "additionalProperties": False,
    }
    sampling = Sampling(temperature=0.0, max_new_tokens=80, json_schema=schema)
    jsonschema.validate(json.loads(write(engine, FRANCE, sampling)), schema)


def test_next_token_render_and_tokenize_equal_the_local_engine(engine, local):
    mine, theirs = engine.next_token(FRANCE), local.next_token(FRANCE)
    assert mine.ids[0] == theirs.ids[0] and mine.bytes[:3] == theirs.bytes[:3]
    assert len(mine.ids) == len(theirs.ids)  # llama.cpp gives the whole vocabulary
    assert np.allclose(mine.logprobs, theirs.logprobs, atol=1e-2)
    assert engine.render(FRANCE) == local.render(FRANCE)
    text = "<|im_start|>你好 naïve 👩‍👩‍👧\n"
    assert engine.tokenize(text) == local.tokenize(text)


def test_closing_the_stream_stops_the_server_within_a_second(engine, llama):
    def busy() -> bool:
        slots = httpx.get(f"{llama.url}/slots", headers={"Authorization": f"Bearer {KEY}"}, trust_env=False)
        return any(slot["is_processing"] for slot in slots.json())

    stream = engine.stream(STORY, Sampling(max_new_tokens=1500))
    next(stream)
    assert busy()
    stream.close()
    wait_until(lambda: not busy() and engine.active == 0, 1.0)
    assert next(stream, None) is None


def test_two_visitors_get_what_each_gets_alone(engine):
    alone = write(engine, FRANCE, GREEDY)
    other = engine.stream(STORY, Sampling(max_new_tokens=1500))
    next(other)
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(write(engine, FRANCE, GREEDY)))
    thread.start()
    other.close()
    thread.join(20)
    assert results == [alone]


def test_prompt_beyond_the_window_says_by_how_much(engine):
    messages = [SYSTEM, {"role": "user", "content": "sea " * 3000}]
    tokens = len(engine.tokenize(engine.render(messages)))
    refused = refusal(engine, messages)
    assert refused.key == "hub.prompt_too_long"
    assert refused.values == {"over": tokens - 2048 + 1, "window": 2048}


@pytest.mark.parametrize(
    ("messages", "sampling", "key"),
    [
        ([], {}, "hub.bad_messages"),
        ([{"role": "user", "content": "  "}], {}, "hub.empty_prompt"),
        ([{"role": "user", "content": "a\ud800b"}], {}, "hub.bad_unicode"),
        (FRANCE, {"max_new_tokens": 1_000_000}, "hub.out_of_range"),
        (FRANCE, {"temperature": float("nan")}, "hub.out_of_range"),
        (FRANCE, {"json_schema": {"type": "nonsense"}}, "hub.bad_schema"),
    ],
)
def test_bad_input_is_refused_with_its_own_sentence(engine, messages, sampling, key):
    assert refusal(engine, messages, Sampling(**sampling)).key == key


def test_killed_server_gives_a_sentence_and_what_came_stays(caplog):
    server = LlamaServer(fetch(SPEC) / SPEC.gguf, slots=1)
    try:
        remote = RemoteEngine(server.url, key=KEY)
        stream = remote.stream(STORY, Sampling(temperature=0.0, max_new_tokens=1500))
        text = "".join(next(stream).text for _ in range(5))
    finally:
        server.kill()
    started = time.monotonic()
    with pytest.raises(HubError) as cut:
        for delta in stream:  # what was on the way still arrives
            text += delta.text
    assert cut.value.key == "hub.remote_cut" and text
    assert next(stream, None) is None
    assert refusal(remote).key == "hub.remote_unreachable"
    assert time.monotonic() - started < 10


def test_wrong_key_is_said_without_the_key(llama, caplog):
    with pytest.raises(HubError) as refused:
        RemoteEngine(llama.url, key="sk-wrong-0123456789").stream(FRANCE, GREEDY).__next__()
    assert refused.value.key == "hub.remote_key"
    assert "sk-wrong" not in caplog.text + str(refused.value)


# the server that fails


def remote(fake, **kwargs) -> RemoteEngine:
    return RemoteEngine(fake.url, key=KEY, **kwargs)


def test_too_many_requests_waits_as_long_as_the_server_asks(fake):
    fake.then(error(429, "slow down", Retry_After="1"), answer("Good", " day"))
    assert write(remote(fake), FRANCE, GREEDY) == "Good day"
    (_, _, first), (_, _, second) = fake.posts
    assert 1.0 <= second - first < 10


def test_too_long_a_wait_is_not_waited_for(fake):
    fake.then(error(429, "come back tomorrow", Retry_After="3600"))
    refused = refusal(remote(fake))
    assert (refused.key, refused.values) == ("hub.remote_busy", {"reason": "come back tomorrow"})
    assert len(fake.posts) == 1


def test_server_errors_are_retried_with_growing_waits(fake, monkeypatch):
    monkeypatch.setattr(openai_client, "BACKOFF_SECONDS", 0.1)
    fake.then(error(500, "oh"), error(503, "oh"), answer("Good"))
    assert write(remote(fake), FRANCE, GREEDY) == "Good"
    times = [when for _, _, when in fake.posts]
    assert times[1] - times[0] >= 0.1 and times[2] - times[1] >= 0.2


def test_retries_are_bounded_and_the_servers_words_shown(fake):
    fake.then(*[error(500, "GPU 3 has\nfallen off the bus")] * 9)
    refused = refusal(remote(fake))
    assert (refused.key, refused.values["reason"]) == ("hub.remote_refused", "GPU 3 has fallen off the bus")
    assert len(fake.posts) == openai_client.ATTEMPTS


def test_client_errors_are_not_retried(fake):
    fake.then(error(404, "The model `x` does not exist."))
    assert refusal(remote(fake, model="x")).values["reason"] == "The model `x` does not exist."
    assert len(fake.posts) == 1


def test_slow_first_byte_is_waited_for_and_silence_is_not_for_ever(fake, monkeypatch):
    def slow(request):
        time.sleep(0.4)
        answer("late")(request)

    fake.then(slow)
    assert write(remote(fake), FRANCE, GREEDY) == "late"
    monkeypatch.setattr(openai_client, "SILENCE_SECONDS", 0.2)
    impatient = remote(fake)
    fake.then(slow)
    assert refusal(impatient).key == "hub.remote_slow"
    assert len(fake.posts) == 2  # a silent server is not asked again


def test_silence_in_mid_answer_is_not_for_ever(fake, monkeypatch):
    def falls_silent(request):
        request.events()
        request.word("Once")
        time.sleep(1)

    monkeypatch.setattr(openai_client, "SILENCE_SECONDS", 0.2)
    stream = remote(fake.then(falls_silent)).stream(FRANCE, GREEDY)
    assert next(stream).text == "Once"
    with pytest.raises(HubError) as silent:
        next(stream)
    assert silent.value.key == "hub.remote_slow"


@pytest.mark.parametrize("politely", [True, False])
def test_answer_cut_in_the_middle_is_not_repeated(fake, politely):
    def cut(request):
        request.events()
        request.word("Once upon")
        if not politely:
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            time.sleep(0.1)
        request.connection.close()

    stream = remote(fake.then(cut)).stream(FRANCE, GREEDY)
    assert next(stream).text == "Once upon"
    with pytest.raises(HubError) as refused:
        next(stream)
    assert refused.value.key == "hub.remote_cut"
    assert len(fake.posts) == 1


def test_answer_cut_before_its_first_word_is_asked_for_again(fake):
    def cut(request):
        request.events()
        request.event({"choices": [{"index": 0, "delta": {"role": "assistant"}}]})

    assert write(remote(fake.then(cut, answer("Good"))), FRANCE, GREEDY) == "Good"


def test_error_inside_the_stream_is_shown(fake):
    def fails(request):
        request.events()
        request.word("Once")
        request.event({"error": {"message": "KV cache is full"}})

    refused = refusal(remote(fake.then(fails)))
    assert (refused.key, refused.values) == ("hub.remote_refused", {"reason": "KV cache is full"})


def test_web_page_instead_of_an_answer_is_named(fake):
    fake.then(lambda request: request.raw(b"<html>Welcome</html>", "text/html"))
    assert refusal(remote(fake)).key == "hub.remote_not_openai"


def test_close_works_while_nothing_comes_and_from_another_thread(fake):
    def mute(request):
        request.connection.settimeout(5)
        if not request.connection.recv(1):  # the client has closed
            request.server.gone.set()

    engine = remote(fake.then(mute))
    stream = engine.stream(FRANCE, GREEDY)
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(next(stream, "ended")))
    waiting.start()
    wait_until(lambda: bool(fake.posts))
    stream.close()
    waiting.join(1)
    assert got == ["ended"]
    assert fake.gone.wait(1)
    wait_until(lambda: engine.active == 0)


def test_close_ends_the_wait_for_a_retry(fake):
    engine = remote(fake.then(error(429, "later", Retry_After="15"), answer("unwanted")))
    stream = engine.stream(FRANCE, GREEDY)
    wait_until(lambda: bool(fake.posts))
    stream.close()
    wait_until(lambda: engine.active == 0)
    assert len(fake.posts) == 1


def test_forgotten_stream_is_closed(fake):
    def endless(request):
        request.events()
        request.word("Once")
        wait_for_leave(request)

    stream = remote(fake.then(endless)).stream(FRANCE, GREEDY)
    next(stream)
    del stream
    assert fake.gone.wait(1)


def test_nothing_listens_there():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(HubError) as refused:
            RemoteEngine(url, key=KEY)
    assert refused.value.key == "hub.remote_unreachable"


def test_key_is_in_no_log_and_no_error(fake, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="openai")
    padding = "x" * 170  # the cut at 200 characters goes through the key
    engine = remote(fake)
    for status in (400, 401, 429, 500):
        fake.then(*[error(status, f"{padding} bad key {KEY}")] * 9)
        refused = refusal(engine)
        assert refused.__cause__ is None
        assert KEY[:12] not in str(refused)
        logging.getLogger().error("as the hub logs it", exc_info=refused)
        while not fake.script.empty():
            fake.script.get()
    assert "the model server failed" in caplog.text
    assert KEY[:12] not in caplog.text
    assert fake.posts[0][0]["authorization"] == f"Bearer {KEY}"


def test_environment_of_another_service_stays_at_home(fake, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "somebody-elses")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    write(RemoteEngine(fake.then(answer("Good")).url), FRANCE, GREEDY)
    headers, body, _ = fake.posts[0]
    assert "somebody-elses" not in str(headers)
    assert headers["authorization"] == "Bearer EMPTY"
    assert "top_k" not in body and "min_p" not in body  # only servers that say who they are get these


def test_window_of_vllm_and_its_own_samplers(fake):
    listed = {"data": [{"id": "Qwen/Qwen3-8B", "owned_by": "vllm", "max_model_len": 40960}]}
    fake.paths["/v1/models"] = lambda request: request.json(listed)
    engine = remote(fake)
    assert (engine.name, engine.context_length) == ("Qwen/Qwen3-8B", 40960)
    assert remote(fake, context_length=1000).context_length == 1000
    fake.then(answer("Good"))
    write(engine, FRANCE, GREEDY)
    assert {"top_k": -1, "min_p": 0.0, "model": "Qwen/Qwen3-8B"}.items() <= fake.posts[0][1].items()


def test_answer_that_would_leave_the_window_is_asked_for_shorter(fake):
    message = (
        "'max_tokens' or 'max_completion_tokens' is too large: 3000. This model's maximum context length is "
        "4096 tokens and your request has 1500 input tokens (3000 > 4096 - 1500)."
    )
    fake.then(error(400, message), answer("Good"))
    assert write(remote(fake), FRANCE, Sampling(max_new_tokens=3000)) == "Good"
    assert [body["max_tokens"] for _, body, _ in fake.posts] == [3000, 2596]


@pytest.mark.parametrize(
    ("message", "prompt", "window"),
    [
        # as vLLM (three versions), SGLang (two) and OpenAI have said it
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5100 tokens (5000 in "
            "the messages, 100 in the completion). Please reduce the length of the messages or completion.",
            5000,
            4096,
        ),
        (
            "This model's maximum context length is 30000 tokens. However, your request has 30010 input "
            "tokens. Please reduce the length of the input messages.",
            30010,
            30000,
        ),
        (
            "Requested token count exceeds the model's maximum context length of 65536 tokens. You "
            "requested a total of 87298 tokens: 70914 tokens from the input messages and 16384 tokens for "
            "the completion.",
            70914,
            65536,
        ),
        (
            "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
            5000,
            4096,
        ),
        (
            "This model's maximum context length is 4097 tokens. However, your messages resulted in 5000 "
            "tokens.",
            5000,
            4097,
        ),
    ],
)
def test_prompt_too_long_is_understood_in_every_dialect(fake, message, prompt, window):
    refused = refusal(remote(fake.then(error(400, message))))
    assert refused.key == "hub.prompt_too_long"
    assert refused.values == {"over": prompt - window + 1, "window": window}


def test_other_refusals_are_not_taken_for_a_long_prompt():
    assert over_window(ValueError("temperature must be at most 2")) is None


def test_logprobs_without_ids_or_bytes(fake):
    entry = {"token": "é", "logprob": -0.5, "bytes": None}
    logprobs = {
        "content": [entry | {"top_logprobs": [entry, {"token": "e", "logprob": -1.0, "bytes": [101]}]}]
    }

    def behave(request):
        request.events()
        request.word("é", "stop", logprobs)
        request.event("[DONE]")

    deltas = list(remote(fake.then(behave)).stream(FRANCE, Sampling(top_logprobs=2)))
    (token,) = deltas[0].tokens
    assert (token.id, token.bytes, token.logprob) == (-1, "é".encode(), -0.5)
    assert [(c.id, c.bytes) for c in token.top] == [(-1, "é".encode()), (-1, b"e")]
    assert deltas[-1].finish_reason == "stop" and deltas[-1].new_tokens is None  # no usage: not known


def test_next_token_is_partial_where_the_server_gives_twenty(fake):
    top = [{"token": c, "logprob": -float(i), "bytes": None} for i, c in enumerate("abc", 1)]
    content = {"content": [top[0] | {"top_logprobs": top[::-1]}]}
    fake.then(lambda request: request.json({"choices": [{"message": {}, "logprobs": content}]}))
    found = remote(fake).next_token(FRANCE)
    assert fake.posts[0][1]["top_logprobs"] == 20
    assert found.bytes == (b"a", b"b", b"c") and found.ids.tolist() == [-1, -1, -1]
    assert np.exp(found.logprobs).sum() < 1


def test_next_token_without_logprobs_says_so(fake):
    fake.then(lambda request: request.json({"choices": [{"message": {"content": "a"}, "logprobs": None}]}))
    with pytest.raises(HubError) as refused:
        remote(fake).next_token(FRANCE)
    assert refused.value.key == "hub.remote_no_logprobs"


def test_render_and_tokenize_through_vllm(fake):
    def tokenize(request):
        if "messages" in request.body:
            request.json({"count": 2, "max_model_len": 4096, "tokens": [1, 2]})
        else:
            assert request.body["prompt"] == "hi 你"
            spelled = ["hi", "Ġä", "½ł"]
            request.json({"count": 3, "max_model_len": 4096, "tokens": [7, 8, 9], "token_strs": spelled})

    fake.paths["/tokenize"] = tokenize
    fake.paths["/detokenize"] = lambda request: request.json({"prompt": f"decoded {request.body['tokens']}"})
    engine = remote(fake)
    assert engine.render(FRANCE) == "decoded [1, 2]"
    pieces = engine.tokenize("hi 你")
    assert [piece.id for piece in pieces] == [7, 8, 9]
    assert [piece.bytes for piece in pieces] == [b"hi", b" \xe4", b"\xbd\xa0"]


def test_render_and_tokenize_need_local_weights_elsewhere(fake):
    engine = remote(fake)
    for ask in (lambda: engine.render(FRANCE), lambda: engine.tokenize("hi")):
        with pytest.raises(HubError) as refused:
            ask()
        assert refused.value.key == "hub.needs_local_weights"
        assert refused.value.values == {"model": "scripted"}
    fake.paths["/tokenize"] = lambda request: request.json({"tokens": [7, 8]})  # SGLang: ids only
    with pytest.raises(HubError):
        engine.tokenize("hi there")


def test_spelling_equals_the_tokenizers_own_bytes():
    from tokenizers import Tokenizer

    from shared.models.fetch import fetch as fetch_model

    text = "<|im_start|>naïve 你好 👩‍👩‍👧\n\ttab"
    folder = fetch_model(MODELS["smollm2-135m-dequantised"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces = spell(text, tokenizer.encode(text, add_special_tokens=False).tokens)
    assert pieces is not None and b"".join(pieces) == text.encode()
    assert spell("a b\n", ["▁a", "▁b", "<0x0A>"]) == [b"a", b" b", b"\n"]
    assert spell("a b", ["a", "##b"]) is None


def test_many_visitors_at_once(fake):
    fake.then(*[answer("one", " two")] * 32)
    engine = remote(fake)
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(write(engine, FRANCE, GREEDY))) for _ in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == ["one two"] * 32
    wait_until(lambda: engine.active == 0)


# the settings


def test_settings_hide_the_keys():
    found = from_env(
        {
            "HUB_REMOTE_URL": "http://gpu:8000/v1",
            "HUB_REMOTE_MODEL": "Qwen/Qwen3-8B",
            "HUB_REMOTE_API_KEY": KEY,
            "HUB_REMOTE_CONTEXT": "8192",
            "HUB_REMOTE_EMBED_URL": "http://tei:8080",
        }
    )
    assert (found.remote_url, found.remote_model) == ("http://gpu:8000/v1", "Qwen/Qwen3-8B")
    assert found.remote_api_key == found.remote_embed_api_key == KEY
    assert found.remote_context == 8192
    assert KEY not in repr(found)
    assert from_env({}).remote_url == "" and from_env({}).remote_context is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_REMOTE_URL", "gpu:8000"),
        ("HUB_REMOTE_URL", "ftp://gpu"),
        ("HUB_REMOTE_URL", "http://gpu:99999/v1"),
        ("HUB_REMOTE_URL", "http://user:secret@gpu:8000/v1"),
        ("HUB_REMOTE_API_KEY", "secret\nkey"),
        ("HUB_REMOTE_API_KEY", "sécret"),
        ("HUB_REMOTE_CONTEXT", "many"),
    ],
)
def test_settings_that_make_no_sense_stop_the_start_in_one_sentence(name, value):
    with pytest.raises(SystemExit) as refused:
        from_env({name: value})
    assert name in str(refused.value) and "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_hub_with_a_server_asks_it_unless_the_visitor_chooses(llama, start_hub):
    from gradio_client import Client

    hub = start_hub(HUB_REMOTE_URL=llama.url, HUB_REMOTE_API_KEY=KEY, HUB_WARM="0").wait()
    client = Client(hub.url, verbose=False)
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of France?"},
    ]
    assert "Paris" in client.predict(messages, None, 0, 1, 16, 0, api_name="/prompt")
    loaded = {row["key"] for row in client.predict(api_name="/models") if row["loaded"]}
    assert loaded == {"remote"}
    assert KEY not in str(client.predict(api_name="/models")) and KEY not in hub.log.read_text()
    assert "Paris" in client.predict(messages, "smollm2-135m", 0, 1, 16, 0, api_name="/prompt")
