"""The runnable script behind what the tab just did: xllamacpp, with the visitor's inputs filled in."""

from pprint import pformat
from typing import Any

from shared.engines.base import Message
from shared.models.registry import ModelSpec
from shared.settings import settings
from spaces.prompting.form import Form, chat_model
from spaces.prompting.schema import read_schema

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
_ANSWER = """
messages = {messages}
answer = server.handle_chat_completions({request})
print(answer["choices"][0]["message"]["content"])
"""
_COMPARE = """
settings = {runs}
for messages, temperature in settings:
    answer = server.handle_chat_completions({request})
    print(answer["choices"][0]["message"]["content"], end="\\n\\n")
"""
_NEXT = """
messages = {messages}
answer = server.handle_chat_completions(
    # more alternatives than any vocabulary has: all of them come back, the most probable first
    {{"messages": messages, "max_tokens": 1, "temperature": 0.0, "logprobs": True, "top_logprobs": 200_000}}
)
tokens = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
logprobs = np.array([token["logprob"] for token in tokens])

temperature, top_p, top_k = {temperature!r}, {top_p!r}, {top_k!r}
if temperature == 0:
    probs = np.eye(1, len(logprobs))[0]
else:
    probs = np.exp((logprobs - logprobs.max()) / temperature)
    probs /= probs.sum()
    if top_k:
        probs[top_k:] = 0
        probs /= probs.sum()
    if top_p < 1:
        held = np.cumsum(probs) - probs  # what the more probable tokens already hold
        probs[1:][held[1:] >= top_p] = 0
        probs /= probs.sum()
for token, prob in zip(tokens[:20], probs):
    print(f"{{prob:8.4f}}  {{bytes(token['bytes'])!r}}")
"""
_JSON = """
schema = {schema}
messages = {messages}
answer = server.handle_chat_completions({request})
text = answer["choices"][0]["message"]["content"]
print(text)
jsonschema.validate(json.loads(text), schema)
print("valid")
"""


def snippet(
    open_tab: str,
    form: Form,
    sliders: tuple[float, float, int],
    other: tuple[str, float, str],
    json_settings: tuple[str, bool],
) -> str:
    """The script of the tab that is open. `sliders`: temperature, top_p, top_k of the next token; `other`:
    side B (strategy, temperature, role); `json_settings`: the schema, and whether the prompt asks for it."""
    if open_tab == "next":
        return next_snippet(form, *sliders)
    if open_tab == "compare":
        strategy, temperature, role = other
        return compare_snippet(form, form.other(strategy, temperature, role))
    if open_tab == "json":
        return json_snippet(form, *json_settings)
    return answer_snippet(form)


def answer_snippet(form: Form) -> str:
    """Prints the answer of the first tab."""
    messages = _with_system(chat_model(form.model), form.messages())
    return _head(form) + _ANSWER.format(messages=_literal(messages), request=_request(form))


def next_snippet(form: Form, temperature: float, top_p: float, top_k: int) -> str:
    """Prints the 20 most probable first tokens after the settings."""
    head = _head(form, imports=("import numpy as np",), packages="numpy")
    messages = _literal(_with_system(chat_model(form.model), form.messages()))
    return head + _NEXT.format(messages=messages, temperature=temperature, top_p=top_p, top_k=int(top_k))


def compare_snippet(form: Form, other: Form) -> str:
    """Prints both answers."""
    runs = [(side.messages(), side.temperature) for side in (form, other)]
    spec = chat_model(form.model)
    runs = [(_with_system(spec, messages), temperature) for messages, temperature in runs]
    return _head(form) + _COMPARE.format(
        runs=_literal(runs), request=_request(form, temperature="temperature")
    )


def json_snippet(form: Form, schema_text: str, in_words: bool) -> str:
    """Prints the JSON that the schema held."""
    schema = read_schema(schema_text)
    messages = (form.asking_for(schema) if in_words else form).messages()
    response_format = '{"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}'
    return _head(form, imports=("import json", "import jsonschema"), packages="jsonschema") + _JSON.format(
        schema=_literal(schema),
        messages=_literal(_with_system(chat_model(form.model), messages)),
        request=_request(form, response_format=response_format),
    )


def _head(form: Form, imports: tuple[str, ...] = (), packages: str = "") -> str:
    spec = chat_model(form.model)
    third = {*imports, "import xllamacpp"} - {"import json"}
    standard = set(imports) & {"import json"}
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


def _request(form: Form, temperature: str = "", response_format: str = "") -> str:
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


def _with_system(spec: ModelSpec, messages: list[Message]) -> list[Message]:
    if spec.system_prompt and messages[0]["role"] != "system":
        return [{"role": "system", "content": spec.system_prompt}, *messages]
    return messages


def _literal(value: Any) -> str:
    return pformat(value, width=100, sort_dicts=False)
