"""The first tab: search, like and dislike, neighbours, and a playlist that goes on."""

import time
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.ui import LIGHT, answered_by, csv_text, current_translator, handler, on_download
from spaces.songs import lab, views
from spaces.songs.examples import EXAMPLES
from spaces.songs.lab import Choice
from spaces.songs.picks import Picks
from spaces.songs.recommend import continue_playlist, similar
from spaces.songs.ui import Session, clicked, model_songs, song_buttons

LATEST: dict[str, Any] = {**LIGHT, "trigger_mode": "always_last"}
NEXT = 5
"""Suggestions for what comes next."""
MANY = 5
"""Songs that `continue` appends."""


def draw(t: Translator, session: Session) -> None:
    """Draws the tab inside the caller's Tab."""
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            query = gr.Textbox(
                label=t("search"),
                placeholder=t("search_placeholder"),
                max_lines=1,
                interactive=True,
                elem_id="songs-search",
            )
            found = song_buttons(views.found(t, [], ""), elem_id="songs-found", elem_classes="hub-plain")
            gr.HTML(f"<p class='lab-heading'>{t('examples')}</p>", elem_classes="hub-plain")
            with gr.Row(elem_classes="lab-examples"):
                buttons = [gr.Button(t(key), size="sm", scale=0, min_width=0) for key in EXAMPLES]
            with gr.Accordion(t("more_settings"), open=False):
                top_n = gr.Slider(3, 30, 10, step=1, label=t("top_n"), interactive=True)
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            chosen = song_buttons("", elem_id="songs-chosen", elem_classes="hub-plain")
            results = song_buttons(views.loading(t), elem_id="songs-results", elem_classes="hub-plain")
            with gr.Row(elem_classes="lab-foot"):
                answered = gr.HTML("", elem_classes="hub-plain")
                save = gr.Button(t("csv"), size="sm", scale=0, min_width=96)
            playlist = song_buttons("", elem_id="songs-playlist", elem_classes="hub-plain")
            with gr.Row(elem_classes="lab-examples"):
                more = gr.Button(t("continue", n=MANY), size="sm", scale=0, elem_id="songs-continue")
                clear = gr.Button(t("clear"), size="sm", scale=0)
    shown = {
        "fn": handler(show),
        "inputs": [session.choice, session.picks, top_n],
        "outputs": [chosen, results, answered, playlist],
    }
    gr.on([session.ready.change, session.picks.change, top_n.change], **shown, **LATEST)
    query.change(handler(search), [session.choice, query], found, **LATEST)
    session.ready.change(handler(search), [session.choice, query], found, **LATEST)
    for board in (found, chosen, results, playlist):
        board.select(handler(act), [session.choice, session.picks], session.picks, **LIGHT)
    more.click(handler(go_on), [session.choice, session.picks], session.picks, **LIGHT)
    clear.click(handler(lambda: Picks()), None, session.picks, **LIGHT)
    for button, key in zip(buttons, EXAMPLES, strict=True):
        button.click(handler(_example(key)), session.choice, session.picks, **LIGHT)
    on_download(save, as_csv, [session.choice, session.picks, top_n], "recommendations.csv")


def search(choice: Choice, query: str) -> str:
    """The songs that were meant."""
    matches = lab.search_index(choice.data).find(query or "")
    return views.found(current_translator("songs"), matches, query or "")


def act(event: gr.EventData, choice: Choice, picks: Picks) -> Picks:
    """A button of a song was pressed."""
    what, song = clicked(event)
    return picks.do(what, song, model_songs(lab.trained(choice)))


def go_on(choice: Choice, picks: Picks) -> Picks:
    """Appends the next songs one by one, each chosen after the one before."""
    model = lab.trained(choice)
    for _ in range(MANY):
        hits = continue_playlist(model.vectors, picks.playlist or picks.liked, 1)
        if not hits:
            break
        base = picks if picks.playlist else Picks(picks.liked, picks.disliked, picks.liked)
        picks = base.do("play", hits[0].id, model_songs(model))
    return picks


def _example(key: str) -> Any:
    def choose(choice: Choice) -> Picks:
        known = model_songs(lab.trained(choice))
        names = {(song.title, song.artist): song.id for song in lab.dataset(choice.data).songs.values()}
        parts = [tuple(names.get(name, "") for name in part) for part in EXAMPLES[key]]
        return Picks(*parts).known_to(known)

    return choose


def show(choice: Choice, picks: Picks, top_n: float) -> tuple[str, str, str, str]:
    """Everything on the right."""
    t = current_translator("songs")
    data, model = lab.dataset(choice.data), lab.trained(choice)
    picks = picks.known_to(model_songs(model))
    began = time.perf_counter()
    results = views.close_to(
        t, data.songs, picks, lambda: similar(model.vectors, picks.liked, picks.disliked, int(top_n))
    )
    playlist = views.playlist(t, data.songs, picks.playlist)
    if picks.playlist:
        hits = continue_playlist(model.vectors, picks.playlist, NEXT)
        playlist += views.heading(t("next"), t("next_detail")) + views.ranking(t, data.songs, hits, ("play",))
    said = ""
    if picks.liked or picks.playlist:
        said = answered_by(t, "Word2Vec", "CPU", max(0.001, time.perf_counter() - began))
    chosen = views.chips(t, data.songs, picks) if picks.liked or picks.disliked else ""
    return chosen, results, said, playlist


def as_csv(choice: Choice, picks: Picks, top_n: float) -> str:
    """The recommendations and the playlist."""
    data, model = lab.dataset(choice.data), lab.trained(choice)
    rows: list[list[Any]] = []
    if picks.liked:
        hits = similar(model.vectors, picks.liked, picks.disliked, int(top_n))
        rows = [["recommended", n, h.id, h.similarity] for n, h in enumerate(hits, 1)]
    rows += [["playlist", n, song, ""] for n, song in enumerate(picks.playlist, 1)]
    full = [
        [kind, n, s.id, s.title, s.artist, s.year or "", s.genre, similarity]
        for kind, n, song, similarity in rows
        for s in (data.songs[song],)
    ]
    return csv_text(("list", "rank", "id", "title", "artist", "year", "genre", "similarity"), full)
