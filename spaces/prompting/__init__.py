"""Chapters 1 and 2: build a prompt from its four elements, run it, and see how each token was chosen."""

from shared.space import Space
from spaces.prompting.endpoints import api
from spaces.prompting.texts import TEXTS
from spaces.prompting.ui import build

SPACE = Space(id="prompting", chapters=(1, 2), order=1, build=build, api=api, texts=TEXTS)
