"""What a visitor has chosen: songs liked and disliked, and a playlist. Small and immutable: session state."""

from collections.abc import Container
from dataclasses import dataclass, replace

from shared.errors import HubError
from spaces.songs.recommend import MAX_INPUTS


@dataclass(frozen=True)
class Picks:
    """Song ids, in the order in which they were chosen."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    playlist: tuple[str, ...] = ()

    def do(self, act: str, song: str, known: Container[str]) -> "Picks":
        """`like`, `dislike` (a song is one or the other), `play` (appends), `forget`, `unplay`."""
        if act in ("like", "dislike", "play") and song not in known:
            raise HubError("songs.unknown_song", song=song[:60])
        rest = self._without(song)
        if act == "like":
            picks = replace(rest, liked=(*rest.liked, song))
        elif act == "dislike":
            picks = replace(rest, disliked=(*rest.disliked, song))
        elif act == "play":
            picks = self if song in self.playlist else replace(self, playlist=(*self.playlist, song))
        elif act == "unplay":
            picks = replace(self, playlist=tuple(s for s in self.playlist if s != song))
        else:
            picks = rest
        if len(picks.liked) + len(picks.disliked) > MAX_INPUTS or len(picks.playlist) > MAX_INPUTS:
            raise HubError("songs.too_many_chosen", limit=MAX_INPUTS)
        return picks

    def _without(self, song: str) -> "Picks":
        return replace(
            self,
            liked=tuple(s for s in self.liked if s != song),
            disliked=tuple(s for s in self.disliked if s != song),
        )

    def known_to(self, songs: Container[str]) -> "Picks":
        """Without the songs that another data set does not have."""
        return Picks(
            *(tuple(s for s in part if s in songs) for part in (self.liked, self.disliked, self.playlist))
        )
