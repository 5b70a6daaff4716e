"""50,000 characters under five tokenizers: the endpoint against the libraries that cut the text."""

import re
import tempfile
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from shared.models import MODELS
from shared.models.fetch import fetch
from tests.bench.result import Result, median
from tests.conftest import ROOT, Hub
from tests.test_hub import call_raw, endpoints

NAMES = ["smollm2", "minilm", "mistral-v3", "tekken", "clip"]
ROUNDS = 5


def fifty_thousand_characters() -> str:
    """Prose in both languages and some code: the lessons and this file, over and over."""
    lessons = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("spaces/[a-z]*/README.md"))]
    text = "\n".join([*lessons, Path(__file__).read_text(encoding="utf-8")])
    return (text * (50_000 // len(text) + 1))[:50_000]


def measure() -> Iterator[Result]:
    text = fifty_thousand_characters()
    bare = _bare()
    times: dict[str, list[float]] = {"hub": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder) / "hub.log", HUB_WARM="0")
        try:
            hub.wait()
            index = endpoints(hub.url)["tokenize"]
            call_raw(hub.url, index, ["warm", NAMES])
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = call_raw(hub.url, index, [text, NAMES])
                times["hub"].append(time.perf_counter() - started)
                started = time.perf_counter()
                counts = [cut(text) for cut in bare]
                times["bare"].append(time.perf_counter() - started)
                assert [int(n) for n in re.findall(r'"count":(\d+)', answer)] == counts
        finally:
            hub.stop()
    yield Result(
        "50,000 characters, five tokenizers, through the API",
        "s",
        median(times["hub"]),
        median(times["bare"]),
        "difference_at_most",
        1.0,
        f"{sum(counts):,} tokens with bytes and spans, as JSON over HTTP; gradio_client takes as long again",
    )


def _bare() -> list:
    """The libraries' own encoders, each giving the number of tokens."""
    import sentencepiece
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer
    from open_clip.tokenizer import SimpleTokenizer
    from tokenizers import Tokenizer

    data = files("mistral_common") / "data"
    smollm2 = Tokenizer.from_file(str(fetch(MODELS["smollm2-135m-dequantised"]) / "tokenizer.json"))
    minilm = Tokenizer.from_file(str(fetch(MODELS["minilm-l6"]) / "tokenizer.json"))
    minilm.no_truncation()
    minilm.no_padding()
    mistral = sentencepiece.SentencePieceProcessor(str(data / "mistral_instruct_tokenizer_240323.model.v3"))
    tekken = Tekkenizer.from_file(str(data / "tekken_240911.json"))
    clip = SimpleTokenizer()
    return [
        lambda text: len(smollm2.encode(text, add_special_tokens=False)),
        lambda text: len(minilm.encode(text, add_special_tokens=False)),
        lambda text: len(mistral.encode(text)),
        lambda text: len(tekken.encode(text, bos=False, eos=False)),
        lambda text: len(clip.encode(text)),
    ]
