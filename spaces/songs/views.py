"""The lab's HTML: lists of songs with their buttons, chips, the playlist, the line about the model in use.

A button carries what it does in `data-act` and `data-song`; songs.js sends both back. All text is escaped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from shared.i18n import Translator
from shared.markup import empty, heading, note, progress
from shared.ui import significant
from spaces.songs.catalogue import GENRES, Song
from spaces.songs.dataset import Dataset
from spaces.songs.lab import Choice, Trained
from spaces.songs.picks import Picks
from spaces.songs.recommend import Hit

ACTS = ("like", "dislike", "play")


def genre_name(t: Translator, genre: str) -> str:
    """The genre in the visitor's language; a visitor's own genre as it is."""
    return t(f"genre_{genre}") if genre in GENRES else genre


def detail(t: Translator, song: Song) -> str:
    """Genre and year, as far as they are known."""
    parts = [genre_name(t, song.genre) if song.genre else "", str(song.year) if song.year else ""]
    return " · ".join(part for part in parts if part)


def _button(t: Translator, act: str, song: Song) -> str:
    label = t(f"act_{act}")
    spoken = escape(f"{label}: {song.label}", quote=True)
    return (
        f"<button type='button' class='songs-act' data-act='{act}' data-song='{escape(song.id, quote=True)}' "
        f"aria-label='{spoken}'>{escape(label)}</button>"
    )


def _name(t: Translator, song: Song) -> str:
    return (
        f"<span class='songs-name'><b>{escape(song.title)}</b> <span>{escape(song.artist)}</span>"
        f"<small>{escape(detail(t, song))}</small></span>"
    )


def song_list(t: Translator, songs: Iterable[Song], acts: Sequence[str] = ACTS) -> str:
    """Songs in rows with buttons."""
    rows = []
    for song in songs:
        buttons = "".join(_button(t, act, song) for act in acts)
        rows.append(f"<li>{_name(t, song)}<span class='songs-acts'>{buttons}</span></li>")
    return f"<ul class='songs-list'>{''.join(rows)}</ul>"


def ranking(t: Translator, songs: Mapping[str, Song], hits: Sequence[Hit], acts: Sequence[str] = ACTS) -> str:
    """Recommended songs: rank, name, similarity as a bar and a number, buttons."""
    rows = []
    for rank, hit in enumerate(hits, 1):
        song = songs[hit.id]
        width = 100 * max(0.0, min(1.0, hit.similarity))
        buttons = "".join(_button(t, act, song) for act in acts)
        rows.append(
            f"<li><i class='songs-rank'>{rank}</i>{_name(t, song)}"
            f"<span class='songs-bar' title='{escape(t('cosine'), quote=True)}'>"
            f"<i style='width:{width:.1f}%'></i></span><span class='songs-number'>{hit.similarity:.3f}</span>"
            f"<span class='songs-acts'>{buttons}</span></li>"
        )
    return f"<ol class='songs-ranking'>{''.join(rows)}</ol>"


def _chip(t: Translator, song: Song, act: str, kind: str) -> str:
    spoken = escape(f"{t('act_' + act)}: {song.label}", quote=True)
    return (
        f"<span class='songs-chip {kind}'>{escape(song.title)} <small>{escape(song.artist)}</small>"
        f"<button type='button' data-act='{act}' data-song='{escape(song.id, quote=True)}' "
        f"aria-label='{spoken}'>×</button></span>"
    )


def chips(t: Translator, songs: Mapping[str, Song], picks: Picks) -> str:
    """Liked and disliked songs; a click on the cross takes one away."""
    parts = []
    for title, ids, kind in (("liked", picks.liked, "plus"), ("disliked", picks.disliked, "minus")):
        drawn = "".join(_chip(t, songs[s], "forget", kind) for s in ids)
        none = "" if ids else f"<span class='songs-none'>{escape(t('none_yet'))}</span>"
        parts.append(
            f"<div class='songs-chips'><span class='songs-chips-title'>{escape(t(title))}</span>"
            f"{drawn}{none}</div>"
        )
    return "".join(parts)


def playlist(t: Translator, songs: Mapping[str, Song], ids: Sequence[str]) -> str:
    """The playlist in its order."""
    head = heading(t("playlist"), t("playlist_detail"))
    if not ids:
        return head + note(t("playlist_empty"))
    return (
        head
        + "<ol class='songs-playlist'>"
        + "".join(f"<li>{_chip(t, songs[s], 'unplay', 'plain')}</li>" for s in ids)
        + "</ol>"
    )


def status(t: Translator, choice: Choice, data: Dataset, model: Trained | None) -> str:
    """Which data and which model everything on the page comes from."""
    p = choice.params
    said = [
        t(data.source, songs=f"{len(data.songs):,}", playlists=f"{len(data.playlists):,}"),
        t(
            "status_params",
            size=p.vector_size,
            window=p.window,
            negative=p.negative,
            epochs=p.epochs,
            seed=p.seed,
        ),
    ]
    if model is not None:
        w, c, best = (model.scores[n].recall_at_10 for n in ("word2vec", "cooccurrence", "popularity"))
        said.append(
            t("status_recall", recall=significant(w), together=significant(c), popular=significant(best))
        )
    return "<p class='songs-status'>" + " <i>·</i> ".join(escape(part) for part in said) + "</p>"


def found(t: Translator, matches: Sequence[tuple[Song, float]], query: str) -> str:
    """What the search found."""
    if not query.strip():
        return note(t("search_hint"))
    if not matches:
        return note(t("search_nothing"))
    return song_list(t, [song for song, _ in matches])


def close_to(
    t: Translator, songs: Mapping[str, Song], picks: Picks, recommend: Callable[[], list[Hit]]
) -> str:
    """The songs nearest to the likes, or what will appear here."""
    if not picks.liked:
        return empty(t("only_disliked" if picks.disliked else "results_empty"))
    asked = " + ".join(songs[s].title for s in picks.liked)
    if picks.disliked:
        asked += " − " + " − ".join(songs[s].title for s in picks.disliked)
    return heading(t("close_to"), asked[:400]) + ranking(t, songs, recommend())


def loading(t: Translator) -> str:
    """While the first model is on its way."""
    return progress(t("training_default"))
