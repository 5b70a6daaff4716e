"""Chapter 5: one sentence, three families: encoder-only, decoder-only, encoder-decoder."""

from shared.space import Space
from spaces.families.endpoints import api
from spaces.families.texts import TEXTS
from spaces.families.ui import build

SPACE = Space(id="families", chapters=(5,), order=4, build=build, api=api, texts=TEXTS)
