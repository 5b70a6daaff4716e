"""What map.js draws: places, names, groups, and the visitor's marks, as one JSON text."""

import json
from collections import Counter
from collections.abc import Sequence

from shared.charts import CLASSES
from shared.i18n import Translator
from spaces.songs.catalogue import GENRES, Song
from spaces.songs.dataset import Dataset
from spaces.songs.layout import Layout
from spaces.songs.picks import Picks
from spaces.songs.recommend import similar
from spaces.songs.views import detail, genre_name
from spaces.songs.word2vec import Vectors

COLOURINGS = ("genre", "era", "artist")
SHOWN_ARTISTS = 12
NEAR = 5
REST = "rest"


def groups(songs: Sequence[Song], by: str) -> tuple[list[str], list[int]]:
    """The groups' names and each song's group. Songs of no group, and of small ones, share the last."""
    if by == "era":
        keys = [f"{song.year // 10 * 10}s" if song.year else REST for song in songs]
        names = sorted(set(keys) - {REST})
    elif by == "artist":
        keys = [song.artist or REST for song in songs]
        names = [a for a, _ in Counter(k for k in keys if k != REST).most_common(SHOWN_ARTISTS)]
    else:
        keys = [song.genre or REST for song in songs]
        known = [genre for genre in GENRES if genre in set(keys)]
        others = [g for g, _ in Counter(k for k in keys if k not in GENRES and k != REST).most_common(11)]
        names = known + others
    place = {name: i for i, name in enumerate(names)}
    of = [place.get(key, len(names)) for key in keys]
    return ([*names, REST] if len(names) in of else names), of


def map_json(
    t: Translator,
    key: str,
    data: Dataset,
    vectors: Vectors,
    layout: Layout,
    by: str,
    picks: Picks,
    selected: str,
) -> str:
    """The drawing. `key` says when it is another map, and the view starts afresh."""
    ids = vectors.ids[: len(layout.xy)]
    rows = {song: i for i, song in enumerate(ids)}
    songs = [data.songs[song] for song in ids]
    names, of = groups(songs, by)
    near: list[int] = []
    if selected in rows:
        near = [rows[hit.id] for hit in similar(vectors, [selected], top_n=NEAR) if hit.id in rows]
    drawing = {
        "key": key,
        "by": by,
        "ids": ids,
        "x": [round(float(x), 4) for x in layout.xy[:, 0]],
        "y": [round(float(y), 4) for y in layout.xy[:, 1]],
        "titles": [song.title for song in songs],
        "artists": [song.artist for song in songs],
        "details": [detail(t, song) for song in songs],
        "groups": of,
        "names": [t("group_rest") if name == REST else genre_name(t, name) for name in names],
        "colours": CLASSES,
        "playlist": [rows[s] for s in picks.playlist if s in rows],
        "liked": [rows[s] for s in picks.liked if s in rows],
        "disliked": [rows[s] for s in picks.disliked if s in rows],
        "selected": rows.get(selected, -1),
        "near": near,
    }
    return json.dumps(drawing, ensure_ascii=False, separators=(",", ":"))
