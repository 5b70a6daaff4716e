"""Synthetic playlists over real songs: a documented random walk, so that everybody knows what can be learned.

A listener has a taste: a few favourite genres. A playlist starts in one of them; each further song is drawn
in one of three ways:
- usually from the neighbourhood of the song before: the same genre far more than a related one, close in
  years, the same artist more often than chance;
- sometimes from one of the listener's genres, whatever came before;
- now and then from anywhere: noise.
Every draw is weighted by a popularity that falls off with the rank by Zipf's law. The ranks are shuffled by
the seed: they say nothing about the real charts. No song comes twice in one playlist.
"""

import math
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from spaces.songs.catalogue import Song

RELATED = {
    frozenset(pair)
    for pair in (
        ("classic_rock", "metal"),
        ("classic_rock", "punk"),
        ("classic_rock", "folk"),
        ("classic_rock", "alternative"),
        ("metal", "alternative"),
        ("punk", "alternative"),
        ("punk", "electronic"),
        ("alternative", "electronic"),
        ("pop", "soul"),
        ("pop", "electronic"),
        ("pop", "hiphop"),
        ("soul", "hiphop"),
        ("soul", "jazz"),
        ("jazz", "folk"),
        ("mandopop", "cantopop"),
        ("mandopop", "chinese_rock"),
        ("mandopop", "pop"),
        ("chinese_rock", "cantopop"),
        ("chinese_rock", "folk"),
        ("chinese_rock", "alternative"),
    )
}
"""Genres between which playlists wander."""


@dataclass(frozen=True)
class Recipe:
    """The generator's dials."""

    playlists: int = 2500
    mean_length: float = 16.0
    """Songs in a playlist, on average; at least `min_length`."""
    min_length: int = 4
    favourites: tuple[float, ...] = (0.65, 0.25, 0.1)
    """How a listener's draws divide among their favourite genres."""
    home: float = 0.12
    """Share of songs drawn from the listener's genres, whatever came before."""
    noise: float = 0.06
    """Share of songs drawn from anywhere."""
    related: float = 0.04
    """Weight of a song of a related genre, where one of the same genre has 1; all others have 0."""
    same_artist: float = 4.0
    """How much likelier the artist of the song before is."""
    era: float = 12.0
    """Years after which a song's weight has fallen to 1/e."""
    zipf: float = 0.9
    shift: float = 12.0
    """Popularity of the song of rank r: (r + shift) ** -zipf."""
    seed: int = 7


class _Urn:
    """Draws indices by weight; one uniform number a draw, so that a seed gives the same on every machine."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._sums = list(accumulate(weights))

    def draw(self, rng: random.Random) -> int:
        return min(bisect(self._sums, rng.random() * self._sums[-1]), len(self._sums) - 1)


def generate(songs: Sequence[Song], recipe: Recipe | None = None) -> list[list[str]]:
    """Playlists of song ids."""
    recipe = recipe or Recipe()
    rng = random.Random(recipe.seed)
    ranks = list(range(len(songs)))
    rng.shuffle(ranks)
    popularity = [(rank + recipe.shift) ** -recipe.zipf for rank in ranks]
    genres = sorted({song.genre for song in songs})
    anywhere = _Urn(popularity)
    of_genre = {g: _Urn([p * (s.genre == g) for s, p in zip(songs, popularity, strict=True)]) for g in genres}
    nearby = [_Urn(_weights(song, songs, popularity, recipe)) for song in songs]
    share = _Urn(recipe.favourites)

    playlists = []
    for _ in range(recipe.playlists):
        taste = _taste(genres, len(recipe.favourites), rng)
        length = recipe.min_length + int(
            -math.log(1.0 - rng.random()) * (recipe.mean_length - recipe.min_length)
        )
        chosen = [of_genre[taste[share.draw(rng)]].draw(rng)]
        while len(chosen) < length:
            how = rng.random()
            if how < recipe.noise:
                drawn = anywhere.draw(rng)
            elif how < recipe.noise + recipe.home:
                drawn = of_genre[taste[share.draw(rng)]].draw(rng)
            else:
                drawn = nearby[chosen[-1]].draw(rng)
            if drawn in chosen:
                length -= 1  # a listener who thinks of the same song again has said what there was to say
            else:
                chosen.append(drawn)
        playlists.append([songs[i].id for i in chosen])
    return playlists


def _taste(genres: list[str], count: int, rng: random.Random) -> list[str]:
    """A favourite genre and others, related ones before the rest."""
    first = genres[int(rng.random() * len(genres))]
    rest = [g for g in genres if g != first]
    related = {g for g in rest if frozenset((first, g)) in RELATED}
    rest.sort(key=lambda g: rng.random() * (0.3 if g in related else 1.0))
    return [first, *rest[: count - 1]]


def _weights(song: Song, songs: Sequence[Song], popularity: list[float], recipe: Recipe) -> list[float]:
    """How likely each song follows `song`."""
    weights = []
    for other, popular in zip(songs, popularity, strict=True):
        if other.genre == song.genre:
            weight = popular
        elif frozenset((other.genre, song.genre)) in RELATED:
            weight = popular * recipe.related
        else:
            weight = 0.0
        if song.year and other.year:
            weight *= math.exp(-abs(song.year - other.year) / recipe.era)
        weights.append(weight * (recipe.same_artist if other.artist == song.artist else 1.0))
    return weights
