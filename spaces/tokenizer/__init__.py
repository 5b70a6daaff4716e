"""Chapter 3: how tokenizers cut text, how the pieces are found, and what their vectors know."""

from shared.space import Space
from spaces.tokenizer.endpoints import api
from spaces.tokenizer.texts import TEXTS
from spaces.tokenizer.ui import build

SPACE = Space(id="tokenizer", chapters=(3,), order=2, build=build, api=api, texts=TEXTS)
