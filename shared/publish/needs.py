"""The packages that one lab needs: those its code imports, and those of the models that it leases.

The loaders of `shared/models/loaders.py` are doors: what is behind one counts when the lab leases a model of
its engine. The Models tab offers what can be loaded with the packages that are there (`can_load`), so no
click in a published lab asks for one that is missing."""

from pathlib import Path
from typing import get_args

from shared import ROOT
from shared.models.loaders import FROM_GGUF, LOADERS, PACKAGES, PICTURES, WITH_PICTURES
from shared.models.registry import DEFAULT_CHAT, DEFAULT_EMBED, MODELS, FromGGUF, InPackage, Task, WithHead
from shared.publish.code import Code, Node

GGUF = "gguf"
"""Beside the engines: weights that the hub makes from a GGUF."""
HEAD = "head"
"""The same: an encoder with a head of ours."""

DOORS: dict[Node, str] = {
    **{("shared.models.loaders", loader.__name__): engine for engine, loader in LOADERS.items()},
    ("shared.models.loaders", "_remote"): "remote",
    ("shared.models.embedded", "from_gguf"): GGUF,
    ("shared.models.embedded", "with_head"): HEAD,
}
ON_REQUEST: dict[str, set[str]] = {
    "peft": {"attach", "adapter", "load_adapter"},
    "bitsandbytes": {"nf4", "int8"},
}
"""What the transformers engine imports only for adapters and for quantised weights: a lab needs it when its
code has one of these words or imports it."""

_DEFAULTS = {"DEFAULT_CHAT": DEFAULT_CHAT, "default_chat": DEFAULT_CHAT, "DEFAULT_EMBED": DEFAULT_EMBED}


def packages(topic: str, root: Path = ROOT) -> set[str]:
    """The import names of all that a click in an app with the lab `topic` alone can import."""
    code = Code(root, DOORS)
    app: list[Node] = [("app", "")]
    lab: list[Node] = [*app, (f"spaces.{topic}", "")]
    closed = code.reach(lab)
    # what the lab adds to the shell: its own code, and what of shared/ it calls
    added = [use for node, use in closed.items() if node not in code.reach(app)]
    names: set[str] = set().union(*(use.names for use in added))
    strings: set[str] = set().union(*(use.strings for use in added))
    engines, found = models_of(names, strings)
    opened = code.reach([*lab, *(door for door, engine in DOORS.items() if engine in engines)])
    found |= set().union(*(use.packages for use in opened.values()))
    asked = names | strings | set().union(*(use.packages for use in added))
    return found - {package for package, ask in ON_REQUEST.items() if not asked & {package, *ask}}


def models_of(names: set[str], strings: set[str]) -> tuple[set[str], set[str]]:
    """The engines that a lab with these names and strings needs; the packages of these and of its models.

    A lab names its models by key, by task, or as a default; one that leases and names none may lease any. One
    that leases none reads files only (the tokenizer lab), and needs what makes these."""
    leases = "lease" in names
    named = {spec.key for spec in MODELS.values() if spec.key in strings}
    named |= {key for name, key in _DEFAULTS.items() if name in names}
    if leases:
        tasks = strings & set(get_args(Task))
        named |= {spec.key for spec in MODELS.values() if spec.task in tasks}
        if not named:
            named = set(MODELS)
    specs = [MODELS[key] for key in sorted(named)]
    engines: set[str] = {GGUF for spec in specs if isinstance(spec.embedded, FromGGUF)}
    engines |= {HEAD for spec in specs if isinstance(spec.embedded, WithHead)}
    found = {spec.embedded.package for spec in specs if isinstance(spec.embedded, InPackage)}
    if leases:
        engines |= {spec.engine for spec in specs}
        if any(spec.task == "chat" for spec in specs):
            engines.add("remote")  # HUB_REMOTE_URL adds a chat model
        if "white_box" in names:
            # whichever model it looks into; the embedded chat model's torch weights are made from its GGUF
            engines |= {"transformers", GGUF}
        if any(spec.task in WITH_PICTURES for spec in specs):
            found |= set(PICTURES)
    found |= set().union(*(needed_by(engine) for engine in engines))
    return engines, found


def needed_by(engine: str) -> set[str]:
    """What a model of `engine` needs, by import name."""
    if engine == GGUF:
        return set(FROM_GGUF)
    return set(PACKAGES.get("transformers" if engine == HEAD else engine, ()))
