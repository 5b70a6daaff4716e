"""The Models tab: the table, load and unload, and adding a model of the Hugging Face Hub."""

import shutil
from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared import i18n, markup, models_panel
from shared.background import watch
from shared.errors import HubError
from shared.i18n import Translator
from shared.models import MODELS, visitor
from shared.models.fetch import fetch
from shared.models.hub import hub_online
from shared.models.loaders import can_load
from shared.models.memory import human_bytes
from shared.models.spec import Task
from shared.models.visitor import Offer
from shared.settings import settings
from shared.theme import STATIC
from shared.ui import LIGHT, MODEL, current_lang, current_translator, handler


def draw(t: Translator) -> None:
    """Draws the tab in the language of `t` (namespace `hub`)."""
    gr.HTML(f"<p class='lab-summary'>{t('models_summary')}</p>", elem_classes="hub-plain")
    gr.HTML(
        models_panel.table(current_lang()),
        js_on_load=(STATIC / "models.js").read_text(encoding="utf-8"),
        elem_id="models-table",
        elem_classes="hub-plain",
    )
    with gr.Row(equal_height=True):
        offered = _choices()
        chosen = gr.Dropdown(
            offered,
            value=offered[0][1] if offered else None,
            label=t("pick_model"),
            scale=3,
            interactive=True,
        )
        token = gr.Textbox(label=t("admin_token"), type="password", scale=2, interactive=True)
    with gr.Row():
        load = gr.Button(t("load"), variant="primary", scale=0, min_width=120)
        unload = gr.Button(t("unload"), scale=0, min_width=120)
        ask = gr.Button(t("hub_ask"), scale=0, min_width=200)
    said = gr.Markdown()
    load.click(handler(_load), chosen, said, **MODEL)
    unload.click(handler(_unload), [chosen, token], said, **LIGHT)
    ask.click(handler(_ask), None, said, **LIGHT)
    _draw_add(t, chosen)


def _choices() -> list[tuple[str, str]]:
    return [(spec.name, spec.key) for spec in list(MODELS.values()) if can_load(spec)]


def _draw_add(t: Translator, chosen: gr.Dropdown) -> None:
    gr.HTML(markup.heading(t("add_title"), t("add_hint")), elem_classes="hub-plain")
    with gr.Row(equal_height=True):
        repo = gr.Textbox(
            label=t("add_repo"), placeholder="Qwen/Qwen3-0.6B", max_lines=1, scale=3, interactive=True
        )
        task = gr.Dropdown(
            [(t(f"task_{name}"), name) for name in visitor.ARCHITECTURES],
            value="chat",
            label=t("col_task"),
            scale=2,
            interactive=True,
        )
    with gr.Row():
        look = gr.Button(t("add_look"), scale=0, min_width=120)
        confirm = gr.Button(
            t("add_confirm", size=""), variant="primary", scale=0, min_width=160, visible=False
        )
        stop = gr.Button(t("add_stop"), scale=0, min_width=96, visible=False)
    answer = gr.HTML("", elem_id="models-offer")
    offer = gr.State(None)

    inspecting = [offer, answer, confirm, stop]
    gr.on([look.click, repo.submit], handler(_look), [repo, task], inspecting, **LIGHT)
    adding = confirm.click(handler(_add), offer, [answer, confirm, stop, chosen], **MODEL)
    stop.click(handler(_stopped), None, [answer, stop, confirm], cancels=[adding], **LIGHT)


def _load(key: str) -> str:
    seconds = models_panel.load(key)
    return current_translator("hub")("loaded_in", model=MODELS[key].name, seconds=f"{seconds:.1f}")


def _unload(key: str, given: str) -> str:
    models_panel.unload(key, given or "")
    return current_translator("hub")("unloaded", model=MODELS[key].name)


def _ask() -> str:
    return current_translator("hub")("hub_online" if hub_online(again=True) else "hub_offline")


def _look(repo: str, task: Task) -> tuple[Any, ...]:
    """What the Hub says of `repo`, before a byte of its weights is fetched."""
    if not (repo or "").strip():
        raise HubError("hub.add_empty")
    offer = visitor.inspect(repo, task)
    t = current_translator("hub")
    _check_size(offer)
    size = human_bytes(offer.bytes)
    pairs = [
        (t("col_model"), offer.spec.repo),
        (t("add_architecture"), offer.architecture or offer.spec.name),
        (t("col_size"), f"{models_panel.count(offer.spec.parameters)} / {size}"),
        (t("col_quantization"), offer.spec.dtype),
        (t("col_licence"), offer.licence),
    ]
    said = markup.figures(pairs)
    if offer.spec.needs == "gpu":
        said += markup.note(t("add_needs_gpu"), warn=True)
    button = gr.update(value=t("add_confirm", size=size), visible=True)
    return offer, said, button, gr.update(visible=False)


def _check_size(offer: Offer) -> None:
    """Raises HubError when the model is more than visitors may fetch, or than the disk holds."""
    limit = settings().add_bytes
    if offer.bytes > limit:
        raise HubError("hub.add_too_large", size=human_bytes(offer.bytes), limit=human_bytes(limit))
    free = shutil.disk_usage(settings().home if settings().home.exists() else "/").free
    if offer.bytes * 1.2 > free:
        raise HubError("hub.add_no_room", size=human_bytes(offer.bytes), free=human_bytes(free))


def _add(offer: Offer | None) -> Iterator[tuple[Any, ...]]:
    """Fetches what was offered, with progress, and lists it; nothing is listed that is not here."""
    if offer is None:
        raise HubError("hub.add_empty")
    t = current_translator("hub")
    _check_size(offer)
    hide, show, same = gr.update(visible=False), gr.update(visible=True), gr.skip()
    yield markup.progress(t("add_fetching", model=offer.spec.name, percent=0), 0.0), hide, show, same
    for _, fraction in watch(lambda report: fetch(offer.spec, report)):
        sentence = t("add_fetching", model=offer.spec.name, percent=round(100 * fraction))
        yield markup.progress(sentence, fraction), hide, show, same
    spec = visitor.add(offer)
    chosen = gr.update(choices=_choices(), value=spec.key) if can_load(spec) else same
    yield markup.note(t("add_done", model=spec.name)), hide, hide, chosen


def _stopped() -> tuple[Any, ...]:
    t = i18n.translator("hub", current_lang())
    return markup.note(t("add_stopped")), gr.update(visible=False), gr.update(visible=True)
