"""One suite for all chat engines, and what the transformers engine promises beyond it.

Expected values come from `generate`, from the other engine, from Python's own str and bytes, or from peft."""

import dataclasses
import json
import random
import subprocess
import sys
import threading
import time

import jsonschema
import numpy as np
import pytest

from shared.engines import batching
from shared.engines.base import Sampling, Token
from shared.engines.decoding import TextWriter
from shared.engines.fair import FairLock
from shared.engines.local import LocalEngine
from shared.engines.vocabulary import Vocabulary
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.fetch import fetch
from shared.models.loaders import LOADERS, Weights, from_folder, tensor_bytes
from tests.conftest import ROOT

SPEC = MODELS["smollm2-135m-dequantised"]
SYSTEM = {"role": "system", "content": SPEC.system_prompt}  # a remote server knows no default of ours
FRANCE = [SYSTEM, {"role": "user", "content": "What is the capital of France?"}]
STORY = [SYSTEM, {"role": "user", "content": "Tell me a long story about the sea."}]
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 12}, "capital": {"type": "boolean"}},
    "required": ["city", "capital"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def llamacpp():
    with cache().lease(MODELS["smollm2-135m"]) as engine:
        yield engine


@pytest.fixture(scope="module")
def local():
    """Steps, over the white-box weights (bfloat16, eager) that other labs use too."""
    with cache().lease(SPEC) as weights:
        yield LocalEngine(SPEC, weights)


@pytest.fixture(scope="module")
def batched():
    """Continuous batching; in float32, where a batch rounds like one answer alone."""
    weights = from_folder(dataclasses.replace(SPEC, dtype="float32"), fetch(SPEC), attention="sdpa")
    engine = LocalEngine(SPEC, weights, slots=8, slot_context=512, batch=True)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def remote():
    from shared.engines.remote import RemoteEngine
    from tests.openai_server import KEY, LlamaServer

    server = LlamaServer(fetch(MODELS["smollm2-135m"]) / MODELS["smollm2-135m"].gguf)
    try:
        engine = RemoteEngine(server.url, key=KEY)
        yield engine
        engine.close()
    finally:
        server.kill()


@pytest.fixture(params=["llamacpp", "local", "batched", "remote"])
def engine(request):
    return request.getfixturevalue(request.param)


def answer(engine, messages, **sampling) -> str:
    return "".join(delta.text for delta in engine.stream(messages, Sampling(**sampling)))


def tokens_of(engine, messages, **sampling) -> list[Token]:
    deltas = engine.stream(messages, Sampling(**{"top_logprobs": 1, **sampling}))
    return [token for delta in deltas for token in delta.tokens]


def generate(weights, engine, messages, count: int) -> list[int]:
    import torch

    prompt = weights.tokenizer(engine.render(messages), add_special_tokens=False, return_tensors="pt")
    with torch.inference_mode():
        out = weights.model.generate(**prompt, do_sample=False, max_new_tokens=count)
    return out[0, prompt.input_ids.shape[1] :].tolist()


# Every engine


def test_greedy_answer_is_paris(engine):
    deltas = list(engine.stream(FRANCE, Sampling(temperature=0.0, max_new_tokens=16)))
    assert "".join(delta.text for delta in deltas) == "The capital of France is Paris."
    assert deltas[-1].finish_reason == "stop"
    assert (deltas[-1].prompt_tokens, deltas[-1].new_tokens) == (27, 8)  # seven and the end


def test_same_seed_same_text_other_seed_other_text(engine):
    def written(seed: int) -> str:
        return answer(engine, STORY, temperature=1.0, top_p=0.95, max_new_tokens=10, seed=seed)

    assert written(7) == written(7) != written(8)


def test_stop_word_across_tokens_ends_the_answer_and_is_not_in_it(engine):
    first = tokens_of(engine, STORY, temperature=0.0, max_new_tokens=9)
    whole = "".join(token.text for token in first)
    word = first[5].text[-1] + first[6].text[:2]
    deltas = list(engine.stream(STORY, Sampling(temperature=0.0, max_new_tokens=40, stop=("zzz", word))))
    assert "".join(delta.text for delta in deltas) == whole.split(word)[0]
    assert deltas[-1].finish_reason == "stop"


def test_token_bytes_add_up_to_the_text(engine):
    ask = [SYSTEM, {"role": "user", "content": "Repeat exactly: 你好 naïve 👩‍👩‍👧 你好 naïve 👩‍👩‍👧"}]
    deltas = list(engine.stream(ask, Sampling(temperature=0.0, max_new_tokens=14, top_logprobs=5)))
    tokens = [token for delta in deltas for token in delta.tokens]
    assert b"".join(token.bytes for token in tokens).decode(errors="ignore") == "".join(
        delta.text for delta in deltas
    )
    assert not any("\ufffd" in delta.text for delta in deltas)
    for token in tokens:
        assert len(token.top) == 5
        assert token.logprob == pytest.approx(max(c.logprob for c in token.top), abs=1e-4)  # greedy: the best


def test_closing_stops_the_generation_within_a_second(engine):
    stream = engine.stream(STORY, Sampling(max_new_tokens=400))
    next(stream)
    assert engine.active == 1
    started = time.monotonic()
    stream.close()
    while engine.active and time.monotonic() - started < 5:
        time.sleep(0.005)
    assert engine.active == 0 and time.monotonic() - started < 1


def test_prompt_beyond_the_window_says_by_how_much(engine):
    messages = [SYSTEM, {"role": "user", "content": "sea " * 3000}]
    with pytest.raises(HubError) as refused:
        answer(engine, messages, max_new_tokens=8)
    assert refused.value.key == "hub.prompt_too_long"
    tokens = len(engine.tokenize(engine.render(messages)))
    assert refused.value.values == {
        "over": tokens - engine.context_length + 1,  # room for one new token
        "window": engine.context_length,
    }


def test_answer_keeps_to_the_schema(engine):
    text = answer(engine, FRANCE, temperature=0.0, max_new_tokens=48, json_schema=CITY)
    jsonschema.validate(json.loads(text), CITY)


def test_a_schema_that_makes_no_sense_is_refused(engine):
    with pytest.raises(HubError) as refused:
        answer(engine, FRANCE, json_schema={"type": "nonsense"}, max_new_tokens=8)
    assert refused.value.key == "hub.bad_schema" and "nonsense" in refused.value.values["reason"]


def test_eight_visitors_get_what_each_gets_alone(engine):
    questions = [[SYSTEM, {"role": "user", "content": f"Write the number {n} in words."}] for n in range(8)]
    alone = [answer(engine, question, temperature=0.0, max_new_tokens=6) for question in questions]
    together: dict[int, str] = {}

    def visit(n: int) -> None:
        together[n] = answer(engine, questions[n], temperature=0.0, max_new_tokens=6)

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [together.get(n) for n in range(8)] == alone


@pytest.mark.parametrize(
    "messages",
    [
        FRANCE[1:],
        FRANCE,
        [*FRANCE, {"role": "assistant", "content": "Paris. "}, {"role": "user", "content": " 真的吗？\n"}],
    ],
)
def test_all_engines_see_the_same_prompt(llamacpp, local, messages):
    assert local.render(messages) == llamacpp.render(messages)
    text = local.render(messages)
    assert local.tokenize(text) == llamacpp.tokenize(text)
    assert b"".join(piece.bytes for piece in local.tokenize(text)).decode() == text


# Activations are rounded to 8 bits a block of 32 by llama.cpp's Q4_1 kernels: half a step of 1/127 of the
# block's peak, uniform, a peak of about 3 standard deviations: 3 / 127 / sqrt(12) = 0.7 % noise a product. 30
# layers of 7 products add up like a random walk: 0.7 % * sqrt(210) = 10 % of the logits' spread.
NOISE = 3 / 127 / np.sqrt(12) * np.sqrt(210)


@pytest.mark.parametrize("text", ["What is the capital of France?", "Tell me a story.", "2 + 2 =", "你好"])
def test_the_same_weights_give_the_same_distribution(llamacpp, batched, text):
    messages = [SYSTEM, {"role": "user", "content": text}]
    ours, theirs = batched.next_token(messages), llamacpp.next_token(messages)
    for distribution in (ours, theirs):
        assert sorted(distribution.ids.tolist()) == list(range(49152))
        assert np.exp(distribution.logprobs.astype(np.float64)).sum() == pytest.approx(1.0, abs=1e-3)
        assert (np.diff(distribution.logprobs) <= 0).all()
    assert dict(zip(ours.ids.tolist(), ours.bytes, strict=True)) == dict(
        zip(theirs.ids.tolist(), theirs.bytes, strict=True)
    )
    a, b = (d.logprobs[np.argsort(d.ids)] for d in (ours, theirs))
    assert np.corrcoef(a, b)[0, 1] > 1 / np.sqrt(1 + NOISE**2)
    # llama.cpp's best token is ours too, or as close to it as two noisy logits can be mistaken (3 sigma)
    assert a.max() - a[b.argmax()] < 3 * NOISE * np.sqrt(2) * a.std()


# The transformers engine


@pytest.mark.parametrize("name", ["local", "batched"])
def test_greedy_tokens_are_those_of_generate(request, name):
    engine = request.getfixturevalue(name)
    weights = Weights(engine._model, engine._tokenizer)
    written = [token.id for token in tokens_of(engine, STORY, temperature=0.0, max_new_tokens=16)]
    assert written == generate(weights, engine, STORY, 16)


@pytest.fixture(scope="module")
def tiny():
    """A random Llama of two layers under SmolLM2's tokenizer, float32."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    with cache().lease(SPEC) as weights:
        tokenizer = weights.tokenizer
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        initializer_range=0.3,
        attn_implementation="sdpa",
    )
    return Weights(LlamaForCausalLM(config).eval(), tokenizer)


@pytest.fixture(scope="module")
def crowd(tiny):
    """Three seats for everybody."""
    engine = LocalEngine(SPEC, tiny, slots=3, slot_context=768, batch=True)
    assert engine.memory_bytes > tensor_bytes(tiny.model.parameters())
    yield engine
    engine.close()


def test_a_batch_writes_what_generate_writes(tiny, crowd):
    """More visitors than seats, prompts of 30 to 700 tokens: read in pieces, some seats wait."""
    asked = [[{"role": "user", "content": f"{n} " + "sea " * (90 * n)}] for n in range(8)]
    written: dict[int, list[int]] = {}

    def visit(n: int) -> None:
        written[n] = [t.id for t in tokens_of(crowd, asked[n], temperature=0.0, max_new_tokens=12)]

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [written[n] for n in range(8)] == [generate(tiny, crowd, messages, 12) for messages in asked]


def test_a_batch_with_little_memory_writes_the_same(tiny, monkeypatch):
    """Five pages of 64 tokens for three visitors who come to need two each: one is put back, read again."""
    from transformers.generation.continuous_batching import RequestState

    put_back, real = [], RequestState.create_equivalent_initial_request
    monkeypatch.setattr(
        RequestState, "create_equivalent_initial_request", lambda state: put_back.append(state) or real(state)
    )
    monkeypatch.setattr(batching, "_pages", lambda *_: 5)
    engine = LocalEngine(SPEC, tiny, slots=3, slot_context=256, batch=True)
    written: dict[int, list[int]] = {}
    asked = [[{"role": "user", "content": f"{n} sea sea"}] for n in range(3)]
    how = {"temperature": 0.9, "seed": 5, "max_new_tokens": 80}

    def visit(n: int) -> None:
        written[n] = [token.id for token in tokens_of(engine, asked[n], **how)]

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    engine.close()
    assert put_back
    steps = LocalEngine(SPEC, tiny, batch=False)
    assert [written.get(n) for n in range(3)] == [[t.id for t in tokens_of(steps, a, **how)] for a in asked]


def test_a_process_with_a_running_batch_ends_cleanly(tmp_path):
    script = f"""
import shared, torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from shared.engines.base import Sampling
from shared.engines.local import LocalEngine
from shared.models import MODELS
from shared.models.loaders import Weights
config = LlamaConfig(vocab_size=49152, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
                     num_attention_heads=4, max_position_embeddings=4096, attn_implementation="sdpa")
tokenizer = AutoTokenizer.from_pretrained({str(fetch(SPEC))!r})
weights = Weights(LlamaForCausalLM(config).eval(), tokenizer)
engine = LocalEngine(MODELS["smollm2-135m-dequantised"], weights, batch=True)
stream = engine.stream([{{"role": "user", "content": "hi"}}], Sampling(temperature=1.0, max_new_tokens=2000))
next(stream)
print("running")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (0, "running\n"), ended.stderr[-2000:]


def test_a_batch_and_steps_draw_the_same_tokens(tiny, crowd):
    steps = LocalEngine(SPEC, tiny, slot_context=768, batch=False)
    how = {"temperature": 0.8, "top_k": 50, "top_p": 0.9, "seed": 3, "max_new_tokens": 12, "top_logprobs": 3}
    ours, theirs = tokens_of(crowd, STORY, **how), tokens_of(steps, STORY, **how)
    assert [token.id for token in ours] == [token.id for token in theirs]
    assert [t.logprob for t in ours] == pytest.approx([t.logprob for t in theirs], abs=1e-4)
    assert crowd.next_token(STORY).ids[0] == steps.next_token(STORY).ids[0]


def test_who_leaves_the_batch_frees_a_seat_and_disturbs_nobody(tiny, crowd):
    leaving = [crowd.stream(STORY, Sampling(temperature=1.0, max_new_tokens=600)) for _ in range(3)]
    for stream in leaving:
        next(stream)
    for stream in leaving:
        stream.close()
    started = time.monotonic()
    written = [token.id for token in tokens_of(crowd, FRANCE, temperature=0.0, max_new_tokens=8)]
    assert time.monotonic() - started < 5 and crowd.active == 0
    assert written == generate(tiny, crowd, FRANCE, 8)


def test_one_visitors_error_in_the_batch_is_only_theirs(crowd, monkeypatch):
    from shared.engines.constrained import Constraint

    def fail(self, scores):
        raise HubError("hub.bad_schema", reason="too deep")

    monkeypatch.setattr(Constraint, "mask", fail)
    other = crowd.stream(STORY, Sampling(temperature=1.0, max_new_tokens=300))
    next(other)
    with pytest.raises(HubError):
        answer(crowd, FRANCE, json_schema=CITY)
    assert next(other).text is not None
    other.close()


def test_a_batch_that_died_is_started_again(crowd, monkeypatch):
    def fail(**_):
        raise RuntimeError("CUDA out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(crowd._model, "forward", fail)
        with pytest.raises(HubError) as refused:
            answer(crowd, FRANCE, max_new_tokens=4)
        assert refused.value.key == "hub.answer_out_of_memory"
    assert len(tokens_of(crowd, FRANCE, temperature=0.0, max_new_tokens=4)) == 4


def test_an_error_of_the_batch_is_a_sentence(crowd, monkeypatch):
    def fail(**_):
        raise ValueError("a kernel is missing")

    monkeypatch.setattr(crowd._model, "forward", fail)
    with pytest.raises(HubError) as refused:
        answer(crowd, FRANCE, max_new_tokens=4)
    assert refused.value.key == "hub.engine_refused" and "kernel" in refused.value.values["reason"]


def test_repetition_penalty_of_the_checkpoint_is_kept(tiny, monkeypatch):
    monkeypatch.setattr(tiny.model.generation_config, "repetition_penalty", 1.3)
    engine = LocalEngine(SPEC, tiny)
    written = [token.id for token in tokens_of(engine, STORY, temperature=0.0, max_new_tokens=16)]
    assert written == generate(tiny, engine, STORY, 16)


@pytest.fixture(scope="module")
def adapter(tiny, tmp_path_factory):
    """A LoRA adapter that changes answers, as peft saves it, and what peft's own model writes with it."""
    import copy

    import torch
    from peft import LoraConfig, get_peft_model

    folder = tmp_path_factory.mktemp("adapter")
    config = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    torch.manual_seed(1)
    model = get_peft_model(copy.deepcopy(tiny.model), config)
    model.save_pretrained(folder)
    merged = Weights(model.merge_and_unload().eval(), tiny.tokenizer)
    return folder, generate(merged, LocalEngine(SPEC, tiny), STORY, 8)


@pytest.mark.parametrize("batch", [False, True])
def test_adapters_come_and_go_on_one_base(tiny, adapter, batch, crowd):
    folder, expected = adapter
    engine = crowd if batch else LocalEngine(SPEC, tiny)
    how = {"temperature": 0.0, "max_new_tokens": 8}
    plain = [token.id for token in tokens_of(engine, STORY, **how)]
    before = tensor_bytes(tiny.model.parameters())
    engine.attach(folder, "mine.v1")
    matrices = (4 * 64 + 64 * 4) + (4 * 64 + 32 * 4)  # A and B of q_proj and of v_proj, rank 4
    assert tensor_bytes(tiny.model.parameters()) - before == 2 * matrices * 4  # layers, float32
    with engine.adapter("mine.v1") as adapted:
        other = engine.stream(STORY, Sampling(**how, top_logprobs=1))  # in the middle of it: without
        first = next(other)
        assert [token.id for token in tokens_of(adapted, STORY, **how)] == expected != plain
        assert [t.id for delta in (first, *other) for t in delta.tokens] == plain
        with pytest.raises(HubError) as refused:
            engine.detach("mine.v1")
        assert refused.value.key == "hub.model_busy"
    with engine.adapter("mine.v1", scale=0.0) as off:
        assert [token.id for token in tokens_of(off, STORY, **how)] == plain
    engine.detach("mine.v1")
    assert tensor_bytes(tiny.model.parameters()) == before
    assert not any("lora" in name for name, _ in tiny.model.named_modules())
    assert [token.id for token in tokens_of(engine, STORY, **how)] == plain
    with pytest.raises(HubError), engine.adapter("mine.v1"):
        pass


def test_what_is_no_adapter_is_refused(tiny, adapter, tmp_path):
    import shutil

    engine = LocalEngine(SPEC, tiny)
    good = shutil.copytree(adapter[0], tmp_path / "good")
    pickled = shutil.copytree(good, tmp_path / "pickled")
    (pickled / "adapter_model.safetensors").rename(pickled / "adapter_model.bin")
    other = shutil.copytree(good, tmp_path / "other")
    config = json.loads((other / "adapter_config.json").read_text())
    (other / "adapter_config.json").write_text(json.dumps({**config, "r": 16}))  # not the rank of the weights
    for folder in (tmp_path, pickled, other):
        with pytest.raises(HubError) as refused:
            engine.attach(folder, "bad")
        assert refused.value.key == "hub.bad_adapter"
        assert not any("lora" in name for name, _ in tiny.model.named_modules())


@pytest.mark.parametrize("quantization", ["nf4", "int8"])
def test_a_chat_model_loads_quantised_as_an_engine(tiny, tmp_path, quantization):
    tiny.model.save_pretrained(tmp_path)
    tiny.tokenizer.save_pretrained(tmp_path)
    spec = dataclasses.replace(
        SPEC, key="tiny", task="chat", dtype="float32", quantization=quantization, embedded=None
    )
    loaded = LOADERS["transformers"](spec, tmp_path)
    engine = loaded.model
    assert isinstance(engine, LocalEngine)
    inner = engine._model.model.layers[0].self_attn.q_proj.weight
    assert inner.dtype.itemsize == 1
    assert loaded.bytes == engine.memory_bytes < tensor_bytes(tiny.model.parameters())
    assert len(tokens_of(engine, FRANCE, temperature=0.0, max_new_tokens=3)) == 3
    loaded.close()


def test_a_model_without_a_chat_template_says_so(tiny):
    import copy

    tokenizer = copy.copy(tiny.tokenizer)
    tokenizer.chat_template = None
    with pytest.raises(HubError) as refused:
        LocalEngine(SPEC, Weights(tiny.model, tokenizer)).render(FRANCE)
    assert refused.value.key == "hub.no_chat_template"


# Its parts


def test_text_writer_is_python_str_however_the_bytes_are_cut():
    rng = random.Random(0)
    for _ in range(500):
        data = "".join(rng.choices("ab你👧", k=12)).encode()
        stop = tuple("".join(rng.choices("ab你👧", k=rng.randint(1, 3))) for _ in range(2))
        writer, out, tokens, seen = TextWriter(stop), "", b"", 0
        while seen < len(data) and not writer.stopped:
            token = Token(0, "", data[seen : seen + rng.randint(1, 3)], 0.0)
            seen += len(token.bytes)
            text, released = writer.push(token)
            out += text
            tokens += b"".join(token.bytes for token in released)
            assert "\ufffd" not in text and not any(word in out for word in stop)
        whole = data[:seen].decode(errors="ignore")
        found = [at for word in stop if (at := whole.find(word)) >= 0]
        assert writer.stopped == bool(found)
        if not writer.stopped:
            text, released = writer.rest()
            out += text
            tokens += b"".join(token.bytes for token in released)
            assert tokens == data
        assert out == whole[: min(found, default=len(whole))]
        assert out.startswith(tokens.decode(errors="ignore"))


def test_text_writer_drops_half_a_character_at_the_end():
    writer = TextWriter()
    assert writer.push(Token(0, "", "a你".encode()[:3], 0.0))[0] == "a"
    assert writer.rest()[0] == ""


def test_bytes_of_a_sentencepiece_vocabulary_with_byte_fallback():
    from tokenizers import Tokenizer, decoders, models, normalizers
    from transformers import PreTrainedTokenizerFast

    words = ["<unk>", "</s>", *(f"<0x{n:02X}>" for n in range(256)), "▁", "a", "b", "▁a", "▁ab"]
    inner = Tokenizer(
        models.BPE(
            vocab={word: n for n, word in enumerate(words)},
            merges=[("▁", "a"), ("▁a", "b")],
            unk_token="<unk>",
            byte_fallback=True,
        )
    )
    inner.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    inner.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="</s>", unk_token="<unk>")
    vocabulary = Vocabulary(tokenizer, len(words) + 3, {1})
    ids = tokenizer("ab é 你 ab", add_special_tokens=False).input_ids
    assert b"".join(vocabulary.written(index) for index in ids) == " ab é 你 ab".encode()
    assert (vocabulary.written(1), vocabulary.piece(1)) == (b"", b"</s>")
    assert vocabulary.table[-3:] == (b"", b"", b"")


def test_fair_lock_serves_in_the_order_of_arrival():
    lock, order = FairLock(), []

    def visit(n: int) -> None:
        with lock:
            order.append(n)

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(8)]
    with lock:
        for n, thread in enumerate(threads):
            thread.start()
            while len(lock._waiting) <= n:
                time.sleep(0.001)
    for thread in threads:
        thread.join(5)
    assert order == list(range(8))
