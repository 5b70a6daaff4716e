"""The lab on one page: four tabs over one choice of data and model, kept with the session."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.i18n import Translator, explain
from shared.markup import note
from shared.ui import LIGHT, MODEL, current_lang, current_translator, handler, lab_head, show_code
from spaces.songs import lab, views
from spaces.songs.lab import Choice
from spaces.songs.picks import Picks
from spaces.songs.snippet import snippet

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Session:
    """What the tabs share."""

    choice: gr.State
    picks: gr.State
    ready: gr.State
    """Counts up when a model is ready: the tabs draw themselves anew."""
    selected: gr.State


def build(t: Translator) -> None:
    """Draws the lab in the language of `t`."""
    from spaces.songs import ui_map, ui_measure, ui_recommend, ui_train

    head = lab_head(t, HERE / "README.md")
    session = Session(gr.State(Choice()), gr.State(Picks()), gr.State(0), gr.State(""))
    status = gr.HTML(views.loading(t), elem_classes="hub-plain", elem_id="songs-status")
    with gr.Tabs(elem_classes="lab-tabs", overflow_behavior="wrap"):
        with gr.Tab(t("tab_recommend")):
            ui_recommend.draw(t, session)
        with gr.Tab(t("tab_map"), id="map") as tab:
            ui_map.draw(t, session, tab)
        with gr.Tab(t("tab_measure")):
            ui_measure.draw(t, session)
        with gr.Tab(t("tab_train")):
            ui_train.draw(t, session)
    # the model is on its way before the browser has drawn the page
    threading.Thread(target=lab.trained, args=(Choice(),), daemon=True).start()
    first = gr.Timer(0.1)
    once = first.tick(handler(lambda: gr.update(active=False)), None, first, **LIGHT)
    once.then(handler(prepare), [session.choice, session.ready], session.ready, **MODEL)
    # ready also changes after a training; then the model is in the cache and this costs nothing
    session.ready.change(handler(redraw), [session.choice, session.picks], [status, session.picks], **LIGHT)
    show_code(head, snippet, [session.choice, session.picks])


def prepare(choice: Choice, ready: int) -> int:
    """Trains the default model, unless somebody did before."""
    lab.trained(choice)
    return ready + 1


def redraw(choice: Choice, picks: Picks) -> tuple[Any, Picks]:
    """The status line; songs that the data do not have are put away."""
    data = lab.dataset(choice.data)
    model = lab.trained(choice)
    t = current_translator("songs")
    return views.status(t, choice, data, model), picks.known_to(model_songs(model))


def model_songs(model: lab.Trained) -> frozenset[str]:
    """The songs that have a vector."""
    return frozenset(model.vectors.ids)


def song_buttons(value: str = "", **kwargs: Any) -> gr.HTML:
    """An HTML whose buttons (`data-act`, `data-song`) come back through `.select`."""
    return gr.HTML(value, js_on_load=(HERE / "songs.js").read_text(encoding="utf-8"), **kwargs)


def told(steps: Iterator[tuple[Any, ...]], outputs: int, at: int) -> Iterator[tuple[Any, ...]]:
    """The steps; an error that ends them also takes the place of the progress (output `at`), which would go
    on for ever."""
    try:
        yield from steps
    except HubError as error:
        said = note(explain(error, current_lang()), warn=True)
        yield tuple(said if i == at else gr.skip() for i in range(outputs))
        raise


def clicked(event: gr.EventData) -> tuple[str, str]:
    """What was pressed: the act and the song."""
    sent = event._data if isinstance(event._data, dict) else {}
    return str(sent.get("act", "")), str(sent.get("song", ""))
