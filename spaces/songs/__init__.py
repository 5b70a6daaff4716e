"""Chapter 3: embeddings of songs, learned from playlists as words are from sentences."""

from shared.space import Space
from spaces.songs.endpoints import api
from spaces.songs.texts import TEXTS
from spaces.songs.ui import build

SPACE = Space(id="songs", chapters=(3,), order=5, build=build, api=api, texts=TEXTS)
