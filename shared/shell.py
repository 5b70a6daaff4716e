"""The page around the labs: header, one tab per topic (drawn when first opened), the Models tab."""

import logging
import traceback
from collections.abc import Sequence
from typing import Any

import gradio as gr

from shared import i18n, models_panel
from shared.i18n import Translator
from shared.models import MODELS
from shared.models.hub import hub_online
from shared.models.loaders import can_load
from shared.space import BrokenSpace, Space
from shared.texts import TEXTS
from shared.theme import STATIC
from shared.ui import API_LIGHT, LIGHT, MODEL, current_lang, handler
from shared.web import error_box

log = logging.getLogger(__name__)

_TO_ADDRESS = """() => {
  const wanted = '?tab=%s';
  if (new URLSearchParams(location.search).get('tab') !== '%s') history.pushState(null, '', wanted);
}"""
_FROM_ADDRESS = """() => {
  const topic = new URLSearchParams(location.search).get('tab');
  const button = (id) => document.getElementById('tab-' + id + '-button');
  (button(topic) || button('%s'))?.click();
}"""


def build_hub(spaces: Sequence[Space | BrokenSpace]) -> gr.Blocks:
    """The whole page. A lab is drawn, in the visitor's language, when its tab is first opened; its
    endpoints are
    there from the start."""
    i18n.register("hub", TEXTS)
    with gr.Blocks(title=TEXTS["name"].en, analytics_enabled=False) as demo:
        gr.HTML(
            (STATIC / "header.html")
            .read_text(encoding="utf-8")
            .format(name_zh=TEXTS["name"].zh, name_en=TEXTS["name"].en),
            js_on_load=(STATIC / "header.js").read_text(encoding="utf-8"),
            elem_classes="hub-plain",
        )
        broken = _register_endpoints(spaces)
        gr.api(handler(list_models), api_name="models", **API_LIGHT)
        # No tab is selected at first, so that opening ?tab=tokenizer does not draw the first lab too.
        with gr.Tabs(elem_id="hub-tabs", selected="none", overflow_behavior="wrap"):
            for space in spaces:
                _mount(space, broken.get(space.id, ""))
            _mount_models()
        demo.load(None, None, None, js=_FROM_ADDRESS % (spaces[0].id if spaces else "models"))
    return demo


def _register_endpoints(spaces: Sequence[Space | BrokenSpace]) -> dict[str, str]:
    """Registers every lab's endpoints. Returns why a lab is broken, by its id."""
    broken = {}
    for space in spaces:
        if isinstance(space, BrokenSpace):
            broken[space.id] = space.error
            continue
        try:
            space.api()
        except Exception as error:
            log.exception("the endpoints of %s did not register", space.id)
            broken[space.id] = _last_line(error)
    return broken


def _last_line(error: Exception) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _mount(space: Space | BrokenSpace, broken: str) -> None:
    def draw() -> None:
        t = i18n.translator(space.id, current_lang())
        if broken or isinstance(space, BrokenSpace):
            gr.HTML(error_box(t("hub.lab_broken"), broken))
            return
        try:
            space.build(t)
        except Exception as error:
            log.exception("the lab %s could not be drawn", space.id)
            gr.HTML(error_box(t("hub.lab_broken"), _last_line(error)))

    _tab(space.id, f"{space.id}.title", draw)


def _tab(topic: str, label: str, draw: Any, **kwargs: Any) -> None:
    with gr.Tab(gr.I18n()(label), id=topic, elem_id=f"tab-{topic}", **kwargs) as tab:
        opened = gr.State(False)
        gr.render(
            triggers=[opened.change], concurrency_id="light", concurrency_limit=32, show_progress="hidden"
        )(draw)
        tab.select(None, None, None, js=_TO_ADDRESS % (topic, topic), api_visibility="private")
        tab.select(lambda: True, None, opened, **LIGHT)


def _mount_models() -> None:
    def draw() -> None:
        _draw_models(i18n.translator("hub", current_lang()))

    _tab("models", "hub.models_tab", draw, alignment="right")


def _draw_models(t: Translator) -> None:
    gr.HTML(f"<p class='lab-summary'>{t('models_summary')}</p>", elem_classes="hub-plain")
    gr.HTML(
        models_panel.table(current_lang()),
        js_on_load=(STATIC / "models.js").read_text(encoding="utf-8"),
        elem_id="models-table",
        elem_classes="hub-plain",
    )
    with gr.Row(equal_height=True):
        offered = [(spec.name, spec.key) for spec in MODELS.values() if can_load(spec)]
        chosen = gr.Dropdown(
            offered,
            value=offered[0][1] if offered else None,
            label=t("pick_model"),
            scale=3,
        )
        token = gr.Textbox(label=t("admin_token"), type="password", scale=2)
    with gr.Row():
        load = gr.Button(t("load"), variant="primary", scale=0, min_width=120)
        unload = gr.Button(t("unload"), scale=0, min_width=120)
        ask = gr.Button(t("hub_ask"), scale=0, min_width=160)
    said = gr.Markdown()

    def do_load(key: str) -> str:
        seconds = models_panel.load(key)
        return t("loaded_in", model=MODELS[key].name, seconds=f"{seconds:.1f}")

    def do_unload(key: str, given: str) -> str:
        models_panel.unload(key, given or "")
        return t("unloaded", model=MODELS[key].name)

    def do_ask() -> str:
        return t("hub_online" if hub_online(again=True) else "hub_offline")

    load.click(handler(do_load), chosen, said, **MODEL)
    unload.click(handler(do_unload), [chosen, token], said, **LIGHT)
    ask.click(handler(do_ask), None, said, **LIGHT)


def list_models() -> list[dict]:
    """The rows of the Models panel."""
    return models_panel.rows()


def translations() -> gr.I18n:
    """The few strings that the browser translates by itself: the names of the tabs."""
    wanted = [key for key in i18n.all_keys() if key.endswith(".title") or key == "hub.models_tab"]
    zh = {key: i18n.text("zh", key) for key in wanted}
    return gr.I18n(en={key: i18n.text("en", key) for key in wanted}, zh=zh, **{"zh-CN": zh})
