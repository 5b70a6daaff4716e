"""Embeddings of a data set, computed once for every method and visitor: by content, in memory and on disk."""

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.embedder import Progress, open_embedder
from shared.engines.validation import check_text
from shared.models.registry import DEFAULT_EMBED, MODELS
from shared.settings import settings

log = logging.getLogger(__name__)

BLOCK = 1024
"""Texts of one file. What a visitor stopped in the middle keeps its finished blocks."""
MEMORY_BYTES = 256 * 2**20
DISK_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Vectors:
    """`array`: shape (texts, dim), float32, rows of length 1, read only. `seconds`: what encoding the
    different texts took when it was done; `fresh`: how many of them were encoded just now."""

    array: np.ndarray
    seconds: float
    fresh: int


@dataclass(frozen=True)
class _Block:
    array: np.ndarray
    seconds: float


class _Memory:
    """The most recently used blocks, at most `MEMORY_BYTES` of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: OrderedDict[str, _Block] = OrderedDict()

    def get(self, key: str) -> _Block | None:
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
            return self._blocks.get(key)

    def put(self, key: str, block: _Block) -> None:
        with self._lock:
            self._blocks[key] = block
            self._blocks.move_to_end(key)
            while len(self._blocks) > 1 and sum(b.array.nbytes for b in self._blocks.values()) > MEMORY_BYTES:
                self._blocks.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._blocks.clear()


MEMORY = _Memory()
_busy: dict[str, threading.Lock] = {}
_busy_lock = threading.Lock()


def embed(
    texts: Sequence[str],
    model: str | None = None,
    progress: Progress | None = None,
    *,
    keep: bool = True,
) -> Vectors:
    """The vectors of `texts`, as they are, by the embedding model called `model` (None: the hub's default).

    Each different text is encoded once. `progress(done, total)` hears about the different texts; what it
    raises ends the work. `keep` False: not on disk, for what a visitor types. Raises HubError."""
    unique = sorted({check_text(text) for text in texts}, key=lambda text: (len(text), text))
    place = {text: n for n, text in enumerate(unique)}
    model_id = model_identity(model)
    # similar lengths share a block: less padding, and the same data always falls into the same blocks
    blocks = [unique[start : start + BLOCK] for start in range(0, len(unique), BLOCK)]
    parts: list[np.ndarray] = []
    seconds, fresh, done = 0.0, 0, 0
    for block in blocks:
        key = content_key(model_id, block)
        found = MEMORY.get(key) or _load(key)
        if found is None:
            found, computed = _compute(key, block, model, _shifted(progress, done, len(unique)), keep)
            fresh += len(block) if computed else 0
        MEMORY.put(key, found)
        parts.append(found.array)
        seconds += found.seconds
        done += len(block)
        if progress is not None:
            progress(done, len(unique))
    if not parts:
        return Vectors(np.zeros((0, 0), dtype=np.float32), 0.0, 0)
    array = np.concatenate(parts)[[place[text] for text in texts]]
    array.flags.writeable = False
    return Vectors(array, seconds, fresh)


def model_identity(model: str | None) -> str:
    """What makes the vectors of two models two."""
    now = settings()
    if model is None and now.remote_embed_url:
        with open_embedder() as embedder:
            return f"remote|{now.remote_embed_url}|{embedder.name}"
    spec = MODELS[model or DEFAULT_EMBED]
    folder = dict(now.model_folders).get(spec.key, "")
    return f"{spec.key}|{spec.repo}|{spec.revision}|{spec.dtype}|{folder}"


def content_key(model_id: str, texts: Sequence[str]) -> str:
    """SHA-256 of the model's identity and the texts, each with its length."""
    digest = hashlib.sha256(model_id.encode())
    for text in texts:
        data = text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(before + done, total)


def _compute(
    key: str, texts: list[str], model: str | None, progress: Progress | None, keep: bool
) -> tuple[_Block, bool]:
    """Encodes a block, or waits for the visitor who is at it; and whether it was done here."""
    with _only_one(key, progress):
        if (found := MEMORY.get(key) or _load(key)) is not None:
            return found, False
        with open_embedder(model) as embedder:
            started = time.perf_counter()
            # the longest first, as sentence-transformers does: a lack of memory shows at once
            array = embedder.encode(texts[::-1], progress=progress)[::-1].copy()
            block = _Block(array, time.perf_counter() - started)
        if keep:
            _save(key, block)
        return block, True


@contextlib.contextmanager
def _only_one(key: str, progress: Progress | None) -> Iterator[None]:
    with _busy_lock:
        lock = _busy.setdefault(key, threading.Lock())
    while not lock.acquire(timeout=0.3):
        if progress is not None:
            progress(0, 0)  # a chance to stop while somebody else encodes the same texts
    try:
        yield
    finally:
        lock.release()
        with _busy_lock:
            if not lock.locked():
                _busy.pop(key, None)


def store_folder() -> Path:
    return settings().home / "embeddings"


def _load(key: str) -> _Block | None:
    from safetensors import SafetensorError, safe_open

    path = store_folder() / f"{key}.safetensors"
    try:
        with safe_open(str(path), framework="numpy") as opened:
            block = _Block(opened.get_tensor("vectors"), float((opened.metadata() or {})["seconds"]))
        os.utime(path)
        return block
    except FileNotFoundError:
        return None
    except (SafetensorError, OSError, KeyError, ValueError):
        log.warning("%s cannot be read and will be made again", path)
        return None


def _save(key: str, block: _Block) -> None:
    """Beside and renamed, so that nobody ever sees half a file. A full disk costs the reuse, not the work."""
    from safetensors.numpy import save

    data = save({"vectors": np.ascontiguousarray(block.array)}, metadata={"seconds": f"{block.seconds:.6f}"})
    folder = store_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as beside:
            beside.write(data)
        os.replace(beside.name, folder / f"{key}.safetensors")
        _prune(folder)
    except OSError:
        log.warning("embeddings could not be kept in %s", folder, exc_info=True)


def _prune(folder: Path) -> None:
    """Deletes the files that were not used for longest, down to `DISK_BYTES`."""
    files = []
    for path in folder.glob("*.safetensors"):
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            files.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= DISK_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
