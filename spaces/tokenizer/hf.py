"""Tokenizers in a `tokenizer.json`: byte-level BPE, WordPiece, Unigram and Llama's BPE with byte fallback."""

import functools
import json
import re
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from shared.errors import HubError
from spaces.tokenizer.lab import Encoding, Entry, entry_of_bytes
from spaces.tokenizer.spans import byte_spans, clamp, from_byte_alphabet

_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
_SENTINEL = "\ue000\ue001"


class FastTokenizer:
    """One `tokenizer.json`, and the chat template beside it if there is one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tokenizer.json"
        self._tokenizer = Tokenizer.from_file(str(self.path))
        # A sentence encoder's file cuts to 128 tokens and pads; here the whole text counts.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        description = json.loads(self.path.read_text(encoding="utf-8"))
        model = description["model"]
        self.model_type: str = model.get("type") or "BPE"
        self.byte_level = '"ByteLevel"' in json.dumps(
            [description.get("pre_tokenizer"), description.get("decoder")]
        )
        self.byte_fallback = bool(model.get("byte_fallback"))
        self.ignore_merges = bool(model.get("ignore_merges"))
        self.subword_prefix: str = (
            (model.get("continuing_subword_prefix") or "") if not self.byte_level else ""
        )
        self.word_suffix: str = model.get("end_of_word_suffix") or ""
        self.longest_word: int = model.get("max_input_chars_per_word") or 100
        self.unknown: str = self._unknown_name(model)
        self.vocabulary_size = self._tokenizer.get_vocab_size()
        self._special = {t["id"]: t for t in description.get("added_tokens", [])}
        self._config = _read_config(folder)
        self._entries: dict[int, Entry] = {}
        self.kind = self._kind()

    @staticmethod
    def _unknown_name(model: dict[str, Any]) -> str:
        if model.get("type") == "Unigram" and model.get("unk_id") is not None:
            return model["vocab"][model["unk_id"]][0]
        return model.get("unk_token") or ""

    def _kind(self) -> str:
        if self.model_type in ("WordPiece", "Unigram"):
            return f"kind_{self.model_type.lower()}"
        if self.byte_level:
            return "kind_bytes"
        return "kind_sentencepiece" if self.byte_fallback else "kind_bpe"

    @property
    def has_chat(self) -> bool:
        return bool(self._config.get("chat_template"))

    def entry(self, token_id: int) -> Entry:
        """What the vocabulary has under `token_id`. Raises HubError when it has nothing."""
        if token_id not in self._entries:
            name = self._tokenizer.id_to_token(token_id)
            if name is None:
                raise HubError("tokenizer.no_such_id", id=token_id)
            self._entries[token_id] = self._describe(token_id, name)
        return self._entries[token_id]

    def _describe(self, token_id: int, name: str) -> Entry:
        if name == self.unknown:
            return Entry(name, name, (), special=True)
        if token_id in self._special:
            return Entry(name, name, tuple(name.encode()), special=bool(self._special[token_id]["special"]))
        if self.byte_level:
            return entry_of_bytes(name, from_byte_alphabet(name))
        if self.byte_fallback and (match := _BYTE_TOKEN.fullmatch(name)):
            return entry_of_bytes(name, bytes([int(match[1], 16)]))
        if self.subword_prefix and name.startswith(self.subword_prefix):
            return entry_of_bytes(name, name[len(self.subword_prefix) :].encode(), before=self.subword_prefix)
        if self.word_suffix and name.endswith(self.word_suffix):
            return entry_of_bytes(name, name[: -len(self.word_suffix)].encode(), after=self.word_suffix)
        return entry_of_bytes(name, name.replace("▁", " ").encode())

    def encode(self, text: str, special: bool = False) -> Encoding:
        raw = self._tokenizer.encode(text, add_special_tokens=False)
        encoding = Encoding(raw.ids, *self._spans(text, raw))
        if not special:
            return encoding
        framed = self._tokenizer.encode(text, add_special_tokens=True)
        mask = framed.special_tokens_mask
        if len(mask) - sum(mask) != len(encoding):
            return encoding
        spans = list(zip(encoding.starts, encoding.ends, strict=True))
        first = mask.index(0) if 0 in mask else len(mask)
        for position, added in enumerate(mask):
            if added:  # before the text at its start, behind it at its end
                edge = 0 if position < first else len(text)
                spans.insert(position, (edge, edge))
        return Encoding(framed.ids, [start for start, _ in spans], [end for _, end in spans])

    def _spans(self, text: str, raw: Any) -> tuple[list[int], list[int]]:
        """By bytes where the tokens are the text's bytes, else as the library's normaliser tracked them."""
        pieces = (
            [bytes(self.entry(token_id).bytes) for token_id in raw.ids] if not self.subword_prefix else []
        )
        joined, data = b"".join(pieces), text.encode()
        if joined == data or joined == b" " + data:
            return byte_spans(text, [len(piece) for piece in pieces], len(joined) - len(data))
        offsets = raw.offsets
        return [start for start, _ in offsets], [end for _, end in offsets]

    def encode_chat(self, text: str) -> Encoding:
        rendered = self.render_chat(text)
        around = self.render_chat(_SENTINEL).split(_SENTINEL)
        shift = len(around[0])
        if not rendered.startswith(around[0] + text):
            # The template trims or changes the message.
            shift = max(rendered.find(text.strip()), 0) - (len(text) - len(text.lstrip()))
        raw = self._tokenizer.encode(rendered, add_special_tokens=False)
        starts, ends = self._spans(rendered, raw)
        return Encoding(raw.ids, *clamp(starts, ends, shift, len(text)))

    def render_chat(self, text: str) -> str:
        """The chat template filled with one user message. Raises HubError when that fails."""
        from jinja2 import TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        def raise_exception(message: str) -> None:
            raise TemplateError(message)

        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = raise_exception
        named = {key: value for key, value in self._config.items() if key.endswith("_token")}
        try:
            return environment.from_string(self._config["chat_template"]).render(
                messages=[{"role": "user", "content": text}], add_generation_prompt=True, **named
            )
        except (TemplateError, TypeError, ValueError, KeyError) as error:
            raise HubError("tokenizer.bad_template", reason=str(error)[:200]) from error

    def decode(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=False)

    def words(self, text: str) -> list[str]:
        """The pieces within which merges happen, in the vocabulary's spelling."""
        normalizer, pre_tokenizer = self._tokenizer.normalizer, self._tokenizer.pre_tokenizer
        normal = normalizer.normalize_str(text) if normalizer else text
        return [word for word, _ in pre_tokenizer.pre_tokenize_str(normal)] if pre_tokenizer else [normal]

    def id_of(self, name: str) -> int | None:
        return self._tokenizer.token_to_id(name)

    @functools.cached_property
    def merge_ranks(self) -> dict[tuple[str, str], int]:
        """Which pair was merged when in training. Empty for anything but BPE. Read when first asked for."""
        merges = json.loads(self.path.read_text(encoding="utf-8"))["model"].get("merges") or []
        pairs = (merge.split(" ", 1) if isinstance(merge, str) else merge for merge in merges)
        return {(left, right): rank for rank, (left, right) in enumerate(pairs)}

    def keep_merges(self) -> "FastTokenizer":
        """Reads the merges now, for a file that will not stay."""
        _ = self.merge_ranks
        return self


def _read_config(folder: Path) -> dict[str, Any]:
    """tokenizer_config.json, special tokens as plain strings, the chat template from its own file."""
    config: dict[str, Any] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        if (folder / name).is_file():
            config |= json.loads((folder / name).read_text(encoding="utf-8"))
    for key, value in config.items():
        if isinstance(value, dict) and "content" in value:
            config[key] = value["content"]
    if (folder / "chat_template.jinja").is_file():
        config["chat_template"] = (folder / "chat_template.jinja").read_text(encoding="utf-8")
    template = config.get("chat_template")
    if isinstance(template, list):  # several named templates: the one called default
        config["chat_template"] = next((t["template"] for t in template if t.get("name") == "default"), "")
    return config
