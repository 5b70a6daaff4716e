"""Chapters 1 and 6: six ways to classify the same texts, measured side by side."""

from shared.space import Space
from spaces.classification.endpoints import api
from spaces.classification.texts import TEXTS
from spaces.classification.ui import build

SPACE = Space(id="classification", chapters=(1, 6), order=6, build=build, api=api, texts=TEXTS)
