"""What all scripts of this lab share: the model loaded through xllamacpp, and a request to it."""

import sys
from pprint import pformat
from typing import Any

from shared.engines.base import Message
from shared.models.registry import ModelSpec
from shared.settings import settings
from spaces.prompting.form import Form, chat_model

_HEAD = '''"""Asks {name} directly, without the hub. Needs: pip install {packages}"""

{imports}

{weights}
params = xllamacpp.CommonParams()
params.model.path = str(weights)
params.n_ctx = {context}
params.verbosity = 0
server = xllamacpp.Server(params)
'''
_EMBEDDED = """# the hub keeps its weights here; `make install` puts them there
home = Path(os.environ.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser()
weights = home / "models" / {key!r} / {file!r}
"""
_FROM_HUB = """weights = hf_hub_download({repo!r}, {file!r}, revision={revision!r})
"""


def head(form: Form, imports: tuple[str, ...] = (), packages: str = "") -> str:
    """The script up to the line that loads the model."""
    spec = chat_model(form.model)
    standard = {line for line in imports if line.split()[1] in sys.stdlib_module_names}
    third = {*imports, "import xllamacpp"} - standard
    if spec.embedded is not None:
        standard |= {"import os", "from pathlib import Path"}
        weights = _EMBEDDED.format(key=spec.key, file=spec.gguf)
    else:
        third.add("from huggingface_hub import hf_hub_download")
        packages = f"{packages} huggingface_hub".strip()
        weights = _FROM_HUB.format(repo=spec.repo, file=spec.gguf, revision=spec.revision)
    blocks = ["\n".join(_sorted(block)) for block in (standard, third) if block]
    return _HEAD.format(
        name=spec.name,
        packages=f"xllamacpp {packages}".strip(),
        imports="\n\n".join(blocks),
        weights=weights.rstrip(),
        context=min(settings().slot_context, spec.context_length),
    )


def _sorted(imports: set[str]) -> list[str]:
    return sorted(imports, key=lambda line: (line.startswith("from"), line))


def request(form: Form, temperature: str = "", response_format: str = "") -> str:
    """The form's settings as a literal."""
    sampling = form.sampling()
    lines = [
        '"messages": messages',
        f'"temperature": {temperature or repr(sampling.temperature)}',
        f'"top_p": {sampling.top_p!r}',
        f'"top_k": {sampling.top_k!r}',
        '"min_p": 0.0',
        f'"max_tokens": {sampling.max_new_tokens!r}',
        f'"seed": {sampling.seed!r}',
    ]
    if sampling.stop:
        lines.append(f'"stop": {list(sampling.stop)!r}')
    if response_format:
        lines.append(f'"response_format": {response_format}')
    body = "".join(f"    {line},\n" for line in lines)
    return "{\n" + body + "}"


def with_system(spec: ModelSpec, messages: list[Message]) -> list[Message]:
    """As the engine does where the model wants a system turn and the prompt has none."""
    if spec.system_prompt and messages[0]["role"] != "system":
        return [{"role": "system", "content": spec.system_prompt}, *messages]
    return messages


def literal(value: Any) -> str:
    return pformat(value, width=100, sort_dicts=False)
