"""Copy this folder to `spaces/<topic>/` to add a lab; discovery skips names that start with an underscore."""

from shared.space import Space
from spaces._template.texts import TEXTS
from spaces._template.ui import api, build

SPACE = Space(id="_template", chapters=(1,), order=99, build=build, api=api, texts=TEXTS)
