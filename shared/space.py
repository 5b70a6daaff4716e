"""The contract of a lab (`Space`) and the discovery of all of them."""

import importlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shared import ROOT, i18n
from shared.i18n import Text, Texts, Translator

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Space:
    """One lab: one tab, one folder `spaces/<id>/`.

    `build(t)` draws inside the caller's Blocks, in the language of `t`, when a visitor first opens the tab;
    `api()` registers the lab's endpoints with `gr.api`, once, at start. Both are called late, so that a lab
    whose code is broken harms its own tab only. `texts` must have the keys `title` (one word) and `summary`.
    """

    id: str
    chapters: tuple[int, ...]
    order: int
    build: Callable[[Translator], None]
    api: Callable[[], None]
    texts: Texts
    title: str = "title"
    summary: str = "summary"


@dataclass(frozen=True)
class BrokenSpace:
    """A folder that did not import: its tab shows `error` (the last line) and the log has the traceback."""

    id: str
    error: str
    order: int = 1000
    texts: Texts = field(default_factory=dict)


def discover(folder: Path | None = None) -> list[Space | BrokenSpace]:
    """Imports every `spaces/<topic>/` that does not start with `_` or `.`, in the book's order."""
    found: list[Space | BrokenSpace] = []
    for entry in sorted((folder or ROOT / "spaces").iterdir()):
        name = entry.name
        if name[0] in "_." or not (entry / "__init__.py").is_file():
            continue
        try:
            space = importlib.import_module(f"spaces.{name}").SPACE
            if space.id != name:
                raise ValueError(f"SPACE.id is {space.id!r} but the folder is {name!r}")
            i18n.register(name, space.texts)
            found.append(space)
        except Exception as error:
            log.exception("the lab %s did not load", name)
            reason = traceback.format_exception_only(error)[-1].strip()
            i18n.register(name, {"title": Text(name, name.capitalize())})
            found.append(BrokenSpace(name, reason))
    return sorted(found, key=lambda space: (space.order, space.id))
