"""Repositories older than `tokenizer.json`: vocab.txt (BERT) or vocab.json with merges.txt (GPT-2)."""

import json
import tempfile
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

from spaces.tokenizer.hf import FastTokenizer


def from_vocabulary(folder: Path) -> FastTokenizer:
    """Builds the tokenizer that transformers would build from these files."""
    config = folder / "tokenizer_config.json"
    settings = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    tokenizer = _bert(folder, settings) if (folder / "vocab.txt").is_file() else _gpt2(folder)
    with tempfile.TemporaryDirectory() as made:
        tokenizer.save(str(Path(made) / "tokenizer.json"))
        if config.is_file():
            (Path(made) / config.name).write_bytes(config.read_bytes())
        return FastTokenizer(Path(made)).keep_merges()


def _bert(folder: Path, settings: dict) -> Tokenizer:
    names = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    tokenizer = Tokenizer(models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=settings.get("do_lower_case", True))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(
        [name for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]") if name in names]
    )
    return tokenizer


def _gpt2(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
