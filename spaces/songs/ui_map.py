"""The map tab: all songs on a plane, the playlist drawn as a line; a click chooses a song."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from shared.i18n import Translator
from shared.markup import empty, heading, note, progress
from shared.ui import LIGHT, MODEL, csv_text, current_translator, handler, on_download
from spaces.songs import lab, views
from spaces.songs.lab import Choice
from spaces.songs.layout import MAX_POINTS, Layout
from spaces.songs.map_data import COLOURINGS, NEAR, map_json
from spaces.songs.picks import Picks
from spaces.songs.recommend import similar
from spaces.songs.texts import TEXTS
from spaces.songs.ui import HERE, Session, clicked, model_songs, song_buttons

_PNG = """() => {
  const canvas = document.querySelector('.songs-map canvas'); if (!canvas) return;
  const link = document.createElement('a');
  link.href = canvas.songsSave(); link.download = 'songs.png'; link.click();
}"""


def draw(t: Translator, session: Session, tab: gr.Tab) -> None:
    """Draws the tab; the map is laid out when it is first opened."""
    opened = gr.State(False)
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            by = gr.Radio(
                [(t(f"by_{name}"), name) for name in COLOURINGS],
                value="genre",
                label=t("colour_by"),
                interactive=True,
                elem_id="songs-by",
            )
            query = gr.Textbox(
                label=t("search_map"), placeholder=t("search_placeholder"), max_lines=1, interactive=True
            )
            found = song_buttons("", elem_id="songs-map-found", elem_classes="hub-plain")
            card = song_buttons(empty(t("card_empty")), elem_id="songs-card", elem_classes="hub-plain")
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            said = gr.HTML(progress(t("map_loading")), elem_classes="hub-plain")
            board = gr.HTML(
                None,
                html_template="<div class='songs-map'></div>",
                js_on_load=(HERE / "map.js").read_text(encoding="utf-8"),
                elem_classes="hub-plain",
                elem_id="songs-map",
                texts={key: t(key) for key in TEXTS if key.startswith(("map_", "zoom_"))},
            )
            with gr.Row(elem_classes="lab-examples"):
                png = gr.Button("PNG", size="sm", scale=0, min_width=0)
                save = gr.Button(t("csv"), size="sm", scale=0, min_width=0)
    inputs = [session.choice, session.picks, session.selected, by, opened]
    tab.select(lambda: True, None, opened, **LIGHT)
    laid = gr.on(
        [opened.change, session.ready.change],
        handler(lay_out),
        inputs,
        [board, said],
        trigger_mode="always_last",
        **MODEL,
    )
    laid.then(handler(mark), inputs, board, **LIGHT)  # what was chosen while the map was being made
    gr.on(
        [session.picks.change, session.selected.change, by.change],
        handler(mark),
        inputs,
        board,
        trigger_mode="always_last",
        **LIGHT,
    )
    query.change(handler(search), [session.choice, query], found, trigger_mode="always_last", **LIGHT)
    for part in (board, found, card):
        part.select(
            handler(choose),
            [session.choice, session.picks, session.selected],
            [session.picks, session.selected],
            **LIGHT,
        )
    gr.on(
        [session.selected.change, session.ready.change],
        handler(show_card),
        [session.choice, session.selected],
        card,
        **LIGHT,
    )
    png.click(None, None, None, js=_PNG, api_visibility="private")
    on_download(save, as_csv, session.choice, "map.csv")


def _drawn(choice: Choice, picks: Picks, selected: str, by: str, layout: Layout) -> dict[str, str]:
    model = lab.trained(choice)
    key = f"{hash(choice)}-{layout.method}"
    t = current_translator("songs")
    data = lab.dataset(choice.data)
    return {"json": map_json(t, key, data, model.vectors, layout, by, picks, selected)}


def lay_out(choice: Choice, picks: Picks, selected: str, by: str, opened: bool) -> Iterator[tuple[Any, str]]:
    """First the quick map, then the good one."""
    if not opened:
        return
    t = current_translator("songs")
    steps = lab.mapping(choice)
    while True:
        try:
            layout = next(steps)
        except StopIteration as end:
            layout = end.value
            songs = len(lab.trained(choice).vectors.ids)
            sentence = t("map_umap")
            if songs > MAX_POINTS:
                sentence += t("map_cut", shown=f"{MAX_POINTS:,}", songs=f"{songs:,}")
            yield _drawn(choice, picks, selected, by, layout), note(sentence)
            return
        if layout is not None:
            yield _drawn(choice, picks, selected, by, layout), progress(t("map_pca"))


def mark(choice: Choice, picks: Picks, selected: str, by: str, opened: bool) -> Any:
    """The same map with other marks or colours."""
    layout = lab.known_layout(choice)
    if not opened or layout is None:
        return gr.skip()
    return _drawn(choice, picks, selected, by, layout)


def search(choice: Choice, query: str) -> str:
    """Songs to be shown on the map."""
    if not (query or "").strip():
        return ""
    matches = lab.search_index(choice.data).find(query, 5)
    t = current_translator("songs")
    return views.song_list(t, [s for s, _ in matches], ("choose",)) if matches else note(t("search_nothing"))


def choose(event: gr.EventData, choice: Choice, picks: Picks, selected: str) -> tuple[Picks, str]:
    """A point or a button was clicked."""
    act, song = clicked(event)
    known = model_songs(lab.trained(choice))
    if act == "choose":
        return picks, song if song in known else selected
    return picks.do(act, song, known), selected


def show_card(choice: Choice, selected: str) -> str:
    """The chosen song, what to do with it, and its neighbours."""
    t = current_translator("songs")
    data, model = lab.dataset(choice.data), lab.trained(choice)
    if selected not in model_songs(model):
        return empty(t("card_empty"))
    plays = int(model.vectors.counts[model.vectors.ids.index(selected)])
    hits = similar(model.vectors, [selected], top_n=NEAR)
    return (
        heading(t("chosen_song"), t("plays", n=f"{plays:,}"))
        + views.song_list(t, [data.songs[selected]])
        + heading(t("neighbours"))
        + views.ranking(t, data.songs, hits, ("choose",))
    )


def as_csv(choice: Choice) -> str:
    """Every song's place."""
    layout = lab.known_layout(choice)
    data, model = lab.dataset(choice.data), lab.trained(choice)
    rows = (
        []
        if layout is None
        else [
            (s.id, s.title, s.artist, s.year or "", s.genre, float(x), float(y))
            for song, (x, y) in zip(model.vectors.ids, layout.xy, strict=False)
            for s in (data.songs[song],)
        ]
    )
    return csv_text(("id", "title", "artist", "year", "genre", "x", "y"), rows)
