"""Part of the fourth tab: an answer held to a JSON schema, beside the same prompt left free."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.models import cache
from shared.ui import answered_by, current_translator
from spaces.prompting import views
from spaces.prompting.form import Form, chat_model
from spaces.prompting.generate import Answer, race
from spaces.prompting.schema import DEFAULT_SCHEMA, check_answer, read_schema

OUTPUTS = 4


def draw(t: Translator) -> tuple[list[Any], list[Any]]:
    """Draws the part; returns the schema's widgets and what `run` fills."""
    schema = gr.Code(
        DEFAULT_SCHEMA, language="json", label=t("schema"), lines=8, max_lines=18, interactive=True
    )
    in_words = gr.Checkbox(False, label=t("in_words"), interactive=True)
    summary = gr.HTML(views.empty(t("json_empty")))
    with gr.Row(elem_classes="prompting-sides"):
        sides = [gr.HTML("", min_width=260), gr.HTML("", min_width=260)]
    status = gr.HTML("")
    return [schema, in_words], [summary, *sides, status]


def run(*values: Any) -> Iterator[tuple[str, str, str, str]]:
    """Both answers so far, each judged once it is finished."""
    t = current_translator("prompting")
    form, (schema_text, in_words) = Form(*values[:-2]), values[-2:]
    schema = read_schema(schema_text or "")
    if in_words:
        form = form.asking_for(schema)
    spec = chat_model(form.model)
    messages = form.messages()
    runs = [(messages, form.sampling(json_schema=schema)), (messages, form.sampling())]
    if not cache().is_loaded(spec):
        yield views.empty(t("hub.loading_model", model=spec.name)), "", "", ""
    with cache().lease(spec) as engine:
        for answers in race(engine, runs):
            longest = max(answers, key=lambda a: a.seconds)
            line = answered_by(t, engine.name, engine.device, longest.seconds)
            yield (
                "",
                _side(t, t("held"), answers[0], schema),
                _side(t, t("free"), answers[1], schema),
                line,
            )
    yield gr.skip(), gr.skip(), gr.skip(), line + views.note(t("json_caveat"))


def _side(t: Translator, title: str, answer: Answer, schema: dict[str, Any]) -> str:
    done = answer.finish_reason is not None
    verdict = ""
    if done:
        found = check_answer(answer.text, schema, finished=answer.finish_reason == "stop")
        verdict = views.badge(
            t("json_valid" if found.valid else found.reason, **dict(found.values)), found.valid
        )
    return views.side_title(title) + views.answer_text(answer.text, writing=not done, small=True) + verdict
