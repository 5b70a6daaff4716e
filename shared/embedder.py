"""Sentence embeddings: the encoder in this process, or an OpenAI-compatible server."""

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np

from shared.engines.openai_client import Server
from shared.engines.validation import check_text
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.registry import DEFAULT_EMBED, ModelSpec
from shared.settings import settings

Progress = Callable[[int, int], None]
"""Hears how many of how many texts are done. What it raises ends the encoding."""

LOCAL_BATCH = 256
"""Texts between two calls of `progress`, and between two visitors who encode at once."""
REMOTE_BATCH = 32
"""What TEI takes in one request unless told otherwise (`--max-client-batch-size`)."""
REMOTE_REQUESTS = 4
"""Requests under way for one call of `encode`."""
DEFAULT_MAX_TOKENS = 512
"""What most encoders read, for servers that do not tell."""

_encoding = threading.Lock()


class Embedder(Protocol):
    """Texts in, unit vectors out."""

    name: str
    device: str
    dim: int
    max_tokens: int
    """Tokens of a text that the model reads; what follows is not in the vector."""

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        """Shape (len(texts), dim), float32, each row of length 1. Raises HubError."""
        ...


class LocalEmbedder:
    """Over a leased sentence-transformers model."""

    def __init__(self, model: Any, spec: ModelSpec) -> None:
        self.name = spec.name
        self.device = "CPU" if model.device.type == "cpu" else str(model.device)
        self.dim = int(model.get_embedding_dimension())
        self.max_tokens = int(model.max_seq_length or spec.context_length)
        self._model = model

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        checked = [check_text(text) for text in texts]
        vectors = np.empty((len(checked), self.dim), dtype=np.float32)
        for start in range(0, len(checked), LOCAL_BATCH):
            batch = checked[start : start + LOCAL_BATCH]
            # a fast tokenizer used by two threads at once raises "Already borrowed"
            with _encoding:
                vectors[start : start + len(batch)] = self._model.encode(
                    batch, normalize_embeddings=True, show_progress_bar=False
                )
            if progress is not None:
                progress(start + len(batch), len(checked))
        return vectors


class RemoteEmbedder:
    """Over `/v1/embeddings` of the model called `model` (empty: the server's first): TEI, vLLM, llama.cpp.

    Raises HubError when the server cannot be reached. Whether a text that is too long is cut or refused is
    the server's decision (TEI cuts with `--auto-truncate`)."""

    device = "remote"

    def __init__(self, url: str, *, model: str = "", key: str = "") -> None:
        self._server = Server(url, key)
        info = self._server.offered(self._server.root + "/info") or {}  # TEI's; it has no /v1/models
        found = self._server.model(model or str(info.get("model_id") or ""))
        self._model, self.name = found.id, found.name
        self.max_tokens = int(info.get("max_input_length") or found.window or DEFAULT_MAX_TOKENS)
        self._batch = min(REMOTE_BATCH, int(info.get("max_client_batch_size") or REMOTE_BATCH))
        self.dim = self._ask(["dimension"]).result().shape[1]

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        # TEI and OpenAI refuse an empty text, sentence-transformers does not
        checked = [check_text(text) or " " for text in texts]
        vectors = np.empty((len(checked), self.dim), dtype=np.float32)
        starts = iter(range(0, len(checked), self._batch))
        under_way: dict[Future[np.ndarray], int] = {}
        done = 0
        try:
            while True:
                while len(under_way) < REMOTE_REQUESTS and (start := next(starts, None)) is not None:
                    under_way[self._ask(checked[start : start + self._batch])] = start
                if not under_way:
                    return vectors
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    start = under_way.pop(future)
                    batch = future.result()
                    if batch.shape[1] != self.dim:
                        raise HubError("hub.remote_not_openai")
                    vectors[start : start + len(batch)] = batch
                    done += len(batch)
                    if progress is not None:
                        progress(done, len(checked))
        finally:
            for future in under_way:
                future.cancel()

    def _ask(self, texts: list[str]) -> "Future[np.ndarray]":
        async def send(client: Any) -> np.ndarray:
            answer = await client.embeddings.create(model=self._model, input=texts, encoding_format="float")
            return _unit_rows(answer.data, len(texts))

        return self._server.submit(send)


def _unit_rows(data: Any, count: int) -> np.ndarray:
    """The vectors in the order of the texts, each of length 1; not every server normalises."""
    ordered = sorted(data or (), key=lambda entry: entry.index)
    if [entry.index for entry in ordered] != list(range(count)):
        raise HubError("hub.remote_not_openai")
    try:
        vectors = np.array([entry.embedding for entry in ordered], dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise HubError("hub.remote_not_openai") from error
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise HubError("hub.remote_not_openai")
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


@contextmanager
def open_embedder(key: str | None = None) -> Iterator[Embedder]:
    """The server of `HUB_REMOTE_EMBED_URL` if there is one, else the embedded encoder; with `key`, that model
    of the registry. A local model is leased until the block ends."""
    now = settings()
    if key is None and now.remote_embed_url:
        yield _remote(now.remote_embed_url, now.remote_embed_model, now.remote_embed_api_key)
        return
    spec = MODELS[key or DEFAULT_EMBED]
    with cache().lease(spec) as model:
        yield LocalEmbedder(model, spec)


@functools.cache
def _remote(url: str, model: str, key: str) -> RemoteEmbedder:
    return RemoteEmbedder(url, model=model, key=key)
