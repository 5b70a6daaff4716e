"""Songs near other songs: neighbours, likes minus dislikes, what comes next in a playlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from shared.errors import HubError
from spaces.songs.word2vec import Vectors

LAST = 3
"""A playlist is continued from the mean of its last songs: how many."""
MAX_INPUTS = 200


@dataclass(frozen=True)
class Hit:
    """A recommended song and its cosine similarity to what was asked."""

    id: str
    similarity: float


@lru_cache(maxsize=16)
def _index(ids: tuple[str, ...]) -> Mapping[str, int]:
    return {song: row for row, song in enumerate(ids)}


def index_of(vectors: Vectors) -> Mapping[str, int]:
    """Row of each song."""
    return _index(vectors.ids)


def similar(
    vectors: Vectors,
    positive: Sequence[str],
    negative: Sequence[str] = (),
    top_n: int = 10,
    exclude: Sequence[str] = (),
) -> list[Hit]:
    """gensim's `most_similar(positive, negative)`: the mean of the unit vectors, liked songs counted +1 and
    disliked ones -1, against every song but those named. `exclude`: further songs to leave out.

    Raises `HubError` when a song is not in the model, or nothing is liked."""
    if not positive:
        raise HubError("songs.only_disliked" if negative else "songs.nothing_chosen")
    if len(positive) + len(negative) > MAX_INPUTS:
        raise HubError("songs.too_many_chosen", limit=MAX_INPUTS)
    rows = index_of(vectors)
    unknown = [song for song in (*positive, *negative) if song not in rows]
    if unknown:
        raise HubError("songs.unknown_song", song=str(unknown[0])[:60])
    plus, minus = [rows[s] for s in positive], [rows[s] for s in negative]
    query = vectors.unit[plus].sum(axis=0) - vectors.unit[minus].sum(axis=0)
    length = float(np.linalg.norm(query))
    if length < 1e-6:
        raise HubError("songs.cancelled_out")
    scores = vectors.unit @ (query / length)
    left_out = {*plus, *minus, *(rows[s] for s in exclude if s in rows)}
    wanted = min(top_n + len(left_out), len(scores))
    best = np.argpartition(-scores, wanted - 1)[:wanted]
    best = best[np.argsort(-scores[best], kind="stable")]
    kept = [int(row) for row in best if int(row) not in left_out][:top_n]
    return [Hit(vectors.ids[row], float(scores[row])) for row in kept]


def continue_playlist(
    vectors: Vectors, playlist: Sequence[str], top_n: int = 10, last: int = LAST
) -> list[Hit]:
    """What comes next: the songs nearest to the mean of the `last` songs, those already played left out.

    Songs that the model does not know are passed over; `HubError` when it knows none."""
    if not playlist:
        raise HubError("songs.empty_playlist")
    rows = index_of(vectors)
    known = [song for song in playlist if song in rows]
    if not known:
        raise HubError("songs.unknown_song", song=str(playlist[0])[:60])
    return similar(vectors, known[-last:], top_n=top_n, exclude=known)
