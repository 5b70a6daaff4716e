"""The runnable script behind what the tab just did: xllamacpp, with the visitor's inputs filled in."""

from collections.abc import Sequence
from typing import Any

from spaces.prompting import search_snippet
from spaces.prompting.form import Form, chat_model, whole
from spaces.prompting.schema import read_schema
from spaces.prompting.snippet_parts import head, literal, request, with_system

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


def snippet(open_tab: str, form: Form, settings: Sequence[Any] = ()) -> str:
    """The script of the tab that is open. `settings`: the values of that tab's own widgets."""
    if open_tab == "next":
        return next_snippet(form, *settings)
    if open_tab == "compare":
        return compare_snippet(form, form.other(*settings))
    if open_tab == "constrain":
        mode, schema_text, in_words, choices = settings
        if mode == "choice":
            return search_snippet.choice(form, choices)
        return json_snippet(form, schema_text, in_words)
    if open_tab == "search":
        mode, thoughts, beam, depth, samples, temperature = settings
        if mode == "tree":
            return search_snippet.tree(form, whole(thoughts), whole(beam), whole(depth))
        return search_snippet.votes(form, whole(samples), temperature)
    if open_tab == "measure":
        return search_snippet.measure(form, *settings)
    return answer_snippet(form)


def answer_snippet(form: Form) -> str:
    """Prints the answer of the first tab."""
    messages = with_system(chat_model(form.model), form.messages())
    return head(form) + _ANSWER.format(messages=literal(messages), request=request(form))


def next_snippet(form: Form, temperature: float, top_p: float, top_k: int) -> str:
    """Prints the 20 most probable first tokens after the settings."""
    top = head(form, imports=("import numpy as np",), packages="numpy")
    messages = literal(with_system(chat_model(form.model), form.messages()))
    return top + _NEXT.format(messages=messages, temperature=temperature, top_p=top_p, top_k=int(top_k))


def compare_snippet(form: Form, other: Form) -> str:
    """Prints both answers."""
    runs = [(side.messages(), side.temperature) for side in (form, other)]
    spec = chat_model(form.model)
    runs = [(with_system(spec, messages), temperature) for messages, temperature in runs]
    return head(form) + _COMPARE.format(runs=literal(runs), request=request(form, temperature="temperature"))


def json_snippet(form: Form, schema_text: str, in_words: bool) -> str:
    """Prints the JSON that the schema held."""
    schema = read_schema(schema_text)
    messages = (form.asking_for(schema) if in_words else form).messages()
    response_format = '{"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}'
    return head(form, imports=("import json", "import jsonschema"), packages="jsonschema") + _JSON.format(
        schema=literal(schema),
        messages=literal(with_system(chat_model(form.model), messages)),
        request=request(form, response_format=response_format),
    )
