"""The lab's endpoints, and what they and the page share: tokenizers and tables, each loaded once."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from shared.models import MODELS
from shared.models.fetch import fetch
from shared.ui import API_LIGHT, handler
from spaces.tokenizer import board, lab, sources, vectors
from spaces.tokenizer.memo import Memo

TOP_K = 12
TOKENIZERS: Memo[str, Any] = Memo(sources.load, limit=16)
TABLES: Memo[str, vectors.EmbeddingTable] = Memo(
    lambda name: vectors.open_table(
        name, TOKENIZERS.get, lambda key: fetch(MODELS[key]) / "model.safetensors"
    ),
    limit=4,
)


def api() -> None:
    """Registers the endpoints, at start."""
    gr.api(handler(tokenize), api_name="tokenize", **API_LIGHT)
    gr.api(handler(nearest_tokens), api_name="nearest_tokens", **API_LIGHT)
    gr.api(handler(word_arithmetic), api_name="word_arithmetic", **API_LIGHT)


def tokenize(text: str, tokenizers: list[str] | None = None) -> dict:
    """`text` under each named tokenizer (embedded or a Hub repository); null: the default five."""
    names = sources.check_names(tokenizers)
    lab.check_text(text)
    # Gradio walks through dicts and lists several times to look for files: a second for 100,000 tokens. A
    # dataclass it leaves alone, and pydantic writes it out as a dict.
    return {name: Answer(**lab.tokenize(TOKENIZERS.get(name), text)) for name in names}


@dataclass
class Answer:
    """What `/tokenize` says of one tokenizer."""

    tokens: list[dict]
    count: int
    round_trip: bool


def nearest_tokens(token: str, table: str | None = None, top_k: int | None = None) -> dict:
    """The vector of a token in an embedding table ("smollm2", "minilm") and the tokens nearest to it."""
    found = TABLES.get(table or next(iter(vectors.TABLES)))
    chosen = vectors.find_token(found, token)
    return board.lookup_board(vectors.nearest_tokens(found, chosen, vectors.check_top_k(top_k, TOP_K)))


def word_arithmetic(
    positive: list[str], negative: list[str] | None = None, table: str | None = None, top_k: int | None = None
) -> dict:
    """The words nearest to the sum of `positive` minus `negative`, the input words left out."""
    found = TABLES.get(table or next(iter(vectors.TABLES)))
    plus, minus = vectors.check_words(positive), vectors.check_words(negative or [])
    result = vectors.word_arithmetic(found, plus, minus, vectors.check_top_k(top_k, TOP_K))
    answer = board.arithmetic_board(result)
    answer.pop("expected")
    return answer
