"""Chapter 4: what attention looks at, and how it is computed, inside a model of the visitor's choice."""

from shared.space import Space
from spaces.attention.endpoints import api
from spaces.attention.texts import TEXTS
from spaces.attention.texts_parts import PARTS
from spaces.attention.texts_views import VIEWS
from spaces.attention.ui import build

SPACE = Space(id="attention", chapters=(4,), order=3, build=build, api=api, texts={**TEXTS, **VIEWS, **PARTS})
