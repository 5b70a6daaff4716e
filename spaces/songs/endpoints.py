"""The lab's endpoints for gradio_client. What a client trains is its own: search and recommend use it."""

from pathlib import PurePath
from typing import Any

import gradio as gr

from shared.errors import HubError
from shared.ui import API_LIGHT, API_MODEL, handler
from shared.uploads import take_upload
from spaces.songs import lab, loading
from spaces.songs.lab import EMBEDDED, Choice
from spaces.songs.recommend import similar
from spaces.songs.word2vec import Params

DEFAULT = Params()
MAX_TOP_N = 100


def whole(value: Any, default: int, name: str, low: int, high: int) -> int:
    """A whole number as JSON brings it; None means the default."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise HubError("songs.bad_parameter", name=name, low=low, high=f"{high:,}")
    return int(value)


def songs_train(
    vector_size: int | None = None,
    window: int | None = None,
    negative: int | None = None,
    epochs: int | None = None,
    seed: int | None = None,
    songs_file: str | None = None,
    playlists_file: str | None = None,
    choice: Choice | None = None,
) -> tuple[dict[str, Any], Choice]:
    """Trains Word2Vec on the embedded playlists or on one's own and measures it on hidden last songs.

    songs_file: id, title, artist by tabs (the tutorial's song_hash.txt) or a CSV with a header;
    playlists_file: the tutorial's train.txt, a CSV with one playlist a row, or with playlist_id,song."""
    songs_name, songs = _taken(songs_file)
    lists_name, playlists = _taken(playlists_file)
    given = {
        name: whole(value, getattr(DEFAULT, name), name, 1, 1)
        for name, value in zip(
            ("vector_size", "window", "negative", "epochs", "seed"),
            (vector_size, window, negative, epochs, seed),
            strict=True,
        )
    }
    params = Params(**given).check()
    if songs is not None and playlists is None:
        raise HubError("songs.no_playlists_file")
    data = EMBEDDED
    if playlists is not None:
        data = lab.keep(loading.from_bytes(songs, playlists, names=(songs_name, lists_name)))
    chosen = Choice(data, params)
    model = lab.trained(chosen)
    word2vec = model.scores["word2vec"]
    answer = {
        "songs": len(model.vectors.ids),
        "playlists": len(lab.dataset(data).playlists),
        "recall_at_10": word2vec.recall_at_10,
        "mrr": word2vec.mrr,
        "popularity_recall_at_10": model.scores["popularity"].recall_at_10,
        "seconds": model.seconds,
    }
    return answer, chosen


def _taken(path: str | None) -> tuple[str, bytes | None]:
    return (PurePath(path).name[:80], take_upload(path)) if path else ("", None)


def songs_search(query: str, choice: Choice | None = None) -> list[dict[str, Any]]:
    """The songs whose title or artist is like `query`; typos are forgiven. Scores run from 0 to 100."""
    if not isinstance(query, str):
        raise HubError("songs.bad_query")
    matches = lab.search_index((choice or Choice()).data).find(query, 10)
    return [
        {"id": s.id, "title": s.title, "artist": s.artist, "year": s.year, "genre": s.genre, "score": score}
        for s, score in matches
    ]


def songs_recommend(
    song_ids: list[str], top_n: int | None = None, choice: Choice | None = None
) -> list[dict[str, Any]]:
    """The songs nearest to those named, best first, with their cosine similarity. Default: ten."""
    if isinstance(song_ids, str | int):
        song_ids = [str(song_ids)]
    if not isinstance(song_ids, list) or not all(isinstance(s, str | int) for s in song_ids):
        raise HubError("songs.bad_ids")
    count = whole(top_n, 10, "top_n", 1, MAX_TOP_N)
    if not 1 <= count <= MAX_TOP_N:
        raise HubError("songs.bad_parameter", name="top_n", low=1, high=MAX_TOP_N)
    chosen = choice or Choice()
    model, data = lab.trained(chosen), lab.dataset(chosen.data)
    hits = similar(model.vectors, [str(song) for song in song_ids], top_n=count)
    return [
        {"id": s.id, "title": s.title, "artist": s.artist, "year": s.year, "genre": s.genre, "similarity": h}
        for s, h in ((data.songs[hit.id], hit.similarity) for hit in hits)
    ]


def api() -> None:
    """Registers the endpoints, at start: hidden components, because files need a gr.File, and a model
    of one's own needs a session's gr.State."""
    with gr.Column(visible=False):
        choice = gr.State(Choice())
        numbers = [
            gr.Number(getattr(DEFAULT, name), precision=0, label=name)
            for name in ("vector_size", "window", "negative", "epochs", "seed")
        ]
        files = [gr.File(type="filepath", label=name) for name in ("songs_file", "playlists_file")]
        query, ids = gr.Textbox(label="query"), gr.JSON(label="song_ids")
        top_n = gr.Number(10, precision=0, label="top_n")
        answer, rows = gr.JSON(), gr.JSON()
        button = gr.Button()
    light: dict[str, Any] = API_LIGHT
    busy: dict[str, Any] = API_MODEL
    button.click(
        handler(songs_train),
        [*numbers, *files, choice],
        [answer, choice],
        api_name="songs_train",
        **busy,
    )
    button.click(handler(songs_search), [query, choice], rows, api_name="songs_search", **light)
    button.click(handler(songs_recommend), [ids, top_n, choice], rows, api_name="songs_recommend", **busy)
