"""The training tab: where the playlists come from, Word2Vec's dials, the loss epoch by epoch."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from shared.charts import figure
from shared.i18n import Translator
from shared.markup import empty, figures, heading, note, progress, table
from shared.ui import LIGHT, MODEL, answered_by, current_translator, handler
from spaces.songs import lab, loading, uploads
from spaces.songs.dataset import Dataset
from spaces.songs.lab import Choice, Trained
from spaces.songs.ui import Session, told
from spaces.songs.ui_files import let_go, load, say_held, take
from spaces.songs.uploads import Upload
from spaces.songs.word2vec import Epoch, Params

SOURCES = ("embedded", "url", "upload")


def draw(t: Translator, session: Session) -> None:
    """Draws the tab inside the caller's Tab."""
    held = [
        gr.State(Upload(), delete_callback=lambda upload: uploads.drop(upload))
        for _ in ("songs", "playlists")
    ]
    default = Params()
    with gr.Row(elem_classes="lab-body"):
        with gr.Column(scale=1, min_width=300, elem_classes="lab-inputs"):
            source = gr.Radio(
                [(t(f"from_{name}"), name) for name in SOURCES],
                value="embedded",
                label=t("playlists_from"),
                interactive=True,
                elem_id="songs-source",
            )
            with gr.Column(visible=False) as url_panel:
                songs_url = gr.Textbox(loading.SONGS_URL, label=t("songs_url"), max_lines=1, interactive=True)
                lists_url = gr.Textbox(
                    loading.PLAYLISTS_URL, label=t("playlists_url"), max_lines=1, interactive=True
                )
                gr.HTML(note(t("url_note")), elem_classes="hub-plain")
            with gr.Column(visible=False) as upload_panel:
                songs_file = gr.File(
                    label=t("songs_file"), type="filepath", height=96, elem_id="songs-file", interactive=True
                )
                lists_file = gr.File(
                    label=t("playlists_file"),
                    type="filepath",
                    height=96,
                    elem_id="songs-lists-file",
                    interactive=True,
                )
                got = gr.HTML("", elem_classes="hub-plain", elem_id="songs-got")
                remove = gr.Button(t("remove_files"), size="sm", scale=0)
                gr.HTML(note(t("upload_note")), elem_classes="hub-plain")
            size = gr.Slider(
                2,
                128,
                default.vector_size,
                step=1,
                label="vector_size",
                info=t("size_info"),
                interactive=True,
            )
            window = gr.Slider(
                1, 50, default.window, step=1, label="window", info=t("window_info"), interactive=True
            )
            negative = gr.Slider(
                1, 100, default.negative, step=1, label="negative", info=t("negative_info"), interactive=True
            )
            epochs = gr.Slider(
                1, 100, default.epochs, step=1, label="epochs", info=t("epochs_info"), interactive=True
            )
            seed = gr.Number(default.seed, label="seed", precision=0, minimum=0, interactive=True)
            with gr.Row():
                run = gr.Button(t("train"), variant="primary", elem_id="songs-train")
                stop = gr.Button(t("stop"), elem_id="songs-train-stop")
        with gr.Column(scale=2, min_width=300, elem_classes="lab-result"):
            state = gr.HTML(empty(t("train_empty")), elem_classes="hub-plain", elem_id="songs-train-state")
            chart = gr.Plot(visible=False, show_label=False)
            shown = gr.HTML("", elem_classes="hub-plain", elem_id="songs-trained")
    source.change(
        handler(lambda s: (gr.update(visible=s == "url"), gr.update(visible=s == "upload"))),
        source,
        [url_panel, upload_panel],
        **LIGHT,
    )
    for widget, upload in zip((songs_file, lists_file), held, strict=True):
        widget.upload(handler(take), [widget, upload], [upload, widget], **LIGHT).then(
            handler(say_held), held, got, **LIGHT
        )
    remove.click(handler(let_go), held, [*held, got], **LIGHT)
    inputs = [
        source,
        songs_url,
        lists_url,
        *held,
        size,
        window,
        negative,
        epochs,
        seed,
        session.ready,
    ]
    training = run.click(
        handler(train), inputs, [session.choice, session.ready, state, chart, shown], **MODEL
    )
    # the sentence comes after the end: a last step of the cancelled event would else write over it
    stopped = stop.click(None, None, None, cancels=[training], api_visibility="private")
    stopped.then(handler(lambda: note(current_translator("songs")("stopped"))), None, state, **LIGHT)


def train(
    source: str,
    songs_url: str,
    lists_url: str,
    songs: Upload,
    playlists: Upload,
    size: float,
    window: float,
    negative: float,
    epochs: float,
    seed: float,
    ready: int,
) -> Iterator[tuple[Any, ...]]:
    """Loads, trains and measures; the curve of the loss grows epoch by epoch."""
    params = Params(int(size), int(window), int(negative), int(epochs), int(seed or 0)).check()
    form = (source, songs_url, lists_url, songs, playlists)
    yield from told(_training(form, params, ready), 5, 2)


def _training(
    form: tuple[str, str, str, Upload, Upload], params: Params, ready: int
) -> Iterator[tuple[Any, ...]]:
    t = current_translator("songs")
    began = time.perf_counter()
    nothing = gr.skip()
    yield nothing, nothing, progress(t("reading")), nothing, ""
    choice = Choice(load(*form), params)
    data = lab.dataset(choice.data)
    yield nothing, nothing, progress(t("training", playlists=f"{len(data.playlists):,}")), nothing, ""
    steps = lab.following(choice)
    losses: list[float] = []
    drawn = 0.0
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            model: Trained = end.value
            break
        if step is None:
            yield (nothing,) * 5  # lets Stop in
            continue
        if step.loss is not None and step.number > len(losses):
            losses += [step.loss] * (step.number - len(losses))
        chart = nothing
        if losses and time.perf_counter() - drawn > 0.4:
            drawn = time.perf_counter()
            chart = gr.Plot(_losses(t, losses), visible=True)
        yield nothing, nothing, _progress(t, step), chart, nothing
    chart = gr.Plot(_losses(t, model.vectors.losses), visible=True)
    seconds = time.perf_counter() - began
    shown = _trained(t, data, model, model.seconds if not losses else seconds)
    if not losses:
        shown += note(t("known_model"))
    yield choice, ready + 1, "", chart, shown


def _progress(t: Translator, step: Epoch) -> str:
    number = min(step.number + 1, step.of)
    if step.number == step.of:
        return progress(t("measuring"), 1.0)
    return progress(t("epoch_progress", n=number, of=step.of), (step.number + step.fraction) / step.of)


def _losses(t: Translator, losses: Sequence[float]) -> Any:
    import plotly.graph_objects as go

    fig = figure(x=t("epochs"), y=t("loss"), height=260)
    fig.add_trace(
        go.Scatter(
            x=list(range(1, len(losses) + 1)),
            y=list(losses),
            mode="lines+markers",
            hovertemplate="%{x}: %{y:,.0f}<extra></extra>",
        )
    )
    fig.update_yaxes(rangemode="tozero")
    return fig


def _trained(t: Translator, data: Dataset, model: Trained, seconds: float) -> str:
    word2vec = model.scores["word2vec"]
    numbers = figures(
        [
            (t("n_songs"), len(model.vectors.ids)),
            (t("n_playlists"), len(data.playlists)),
            ("recall@10", word2vec.recall_at_10),
            ("MRR", word2vec.mrr),
            (t("recall_popularity"), model.scores["popularity"].recall_at_10),
            (t("recall_together"), model.scores["cooccurrence"].recall_at_10),
        ]
    )
    read = [[t(name), count] for name, count in data.counts.items() if count and name.startswith("count_")]
    formats = [t(name) for name in data.counts if name.startswith("format_")]
    head = heading(t("read"), "; ".join(formats) or t("synthetic_detail"))
    return (
        numbers
        + head
        + table((t("what"), t("how_many")), read)
        + note(t("tests_note", n=f"{model.tests:,}"))
        + answered_by(t, "Word2Vec (gensim)", "CPU", seconds)
    )
