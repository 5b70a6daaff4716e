"""Finds a song by title, artist or both, typos forgiven, in any script."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from spaces.songs.catalogue import Song

CUTOFF = 62.0
"""Similarity (0 to 100) below which a song is not what was meant."""
MAX_QUERY = 200


def fold(text: str) -> str:
    """Lower case, no accents, no full-width forms, no punctuation: what people type for `Björk`."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        c if c.isalnum() else " " for c in spread if not unicodedata.combining(c) and c not in "'’"
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


@dataclass(frozen=True)
class SearchIndex:
    """The songs and their folded titles and artists, row by row."""

    songs: tuple[Song, ...]
    titles: tuple[str, ...]
    artists: tuple[str, ...]
    both: tuple[str, ...]

    @classmethod
    def of(cls, songs: Sequence[Song]) -> "SearchIndex":
        titles = tuple(fold(song.title) for song in songs)
        artists = tuple(fold(song.artist) for song in songs)
        both = tuple(f"{title} {artist}".strip() for title, artist in zip(titles, artists, strict=True))
        return cls(tuple(songs), titles, artists, both)

    @property
    def nbytes(self) -> int:
        return sum(160 + 2 * len(text) for text in self.both) * 2

    def find(self, query: str, limit: int = 8) -> list[tuple[Song, float]]:
        """The best matches with their scores (0 to 100), best first; empty when nothing is like it."""
        from rapidfuzz import fuzz, process

        asked = fold(query[:MAX_QUERY])
        if not asked:
            return []
        plan = (
            (fuzz.ratio, self.titles, 1.0),
            (fuzz.ratio, self.artists, 0.97),
            (fuzz.token_sort_ratio, self.both, 1.0),
            (fuzz.partial_ratio, self.both, 0.92 if len(asked) > 1 else 0.7),
        )
        best: dict[int, float] = {}
        for scorer, choices, weight in plan:
            for text, score, row in process.extract(
                asked, choices, scorer=scorer, limit=4 * limit, score_cutoff=CUTOFF / weight
            ):
                # partial_ratio also finds a short text inside a long query: "I" is in everything
                if text and (scorer is not fuzz.partial_ratio or len(text) >= len(asked)):
                    best[row] = max(best.get(row, 0.0), score * weight)
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [(self.songs[row], score) for row, score in ranked]
