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
    joined: tuple[str, ...]
    """Title and artist without spaces, for queries in scripts that have none."""
    reversed: tuple[str, ...]

    @classmethod
    def of(cls, songs: Sequence[Song]) -> "SearchIndex":
        titles = tuple(fold(song.title) for song in songs)
        artists = tuple(fold(song.artist) for song in songs)
        both = tuple(f"{title} {artist}".strip() for title, artist in zip(titles, artists, strict=True))
        joined = tuple(text.replace(" ", "") for text in both)
        turned = (a + t for t, a in zip(titles, artists, strict=True))
        return cls(
            tuple(songs), titles, artists, both, joined, tuple(text.replace(" ", "") for text in turned)
        )

    @property
    def nbytes(self) -> int:
        return sum(160 + 2 * len(text) for text in self.both) * 4

    def find(self, query: str, limit: int = 8) -> list[tuple[Song, float]]:
        """The best matches with their scores (0 to 100), best first; empty when nothing is like it."""
        from rapidfuzz import fuzz, process

        asked = fold(query[:MAX_QUERY])
        if not asked:
            return []
        tight = asked.replace(" ", "")
        plan = (
            (asked, fuzz.ratio, self.titles, 1.0),
            (asked, fuzz.ratio, self.artists, 0.97),
            (asked, fuzz.token_sort_ratio, self.both, 1.0),
            (tight, fuzz.ratio, self.joined, 0.99),
            (tight, fuzz.ratio, self.reversed, 0.99),
            (asked, fuzz.partial_ratio, self.both, 0.92 if len(asked) > 1 else 0.7),
        )
        best: dict[int, float] = {}
        for text, scorer, choices, weight in plan:
            matches = process.extract(
                text, choices, scorer=scorer, limit=4 * limit, score_cutoff=CUTOFF / weight
            )
            for match, score, row in matches:
                # partial_ratio also finds a short text inside a long query: "I" is in everything
                if match and (scorer is not fuzz.partial_ratio or len(match) >= len(asked)):
                    best[row] = max(best.get(row, 0.0), score * weight)
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [(self.songs[row], score) for row, score in ranked]
