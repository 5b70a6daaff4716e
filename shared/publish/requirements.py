"""From import names to lines of requirements.txt, by what the installed distributions say of themselves."""

import importlib.metadata as metadata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


class UnknownPackage(Exception):
    """An import that requirements.txt does not explain; the message is one sentence."""


def lines_for(packages: Iterable[str], requirements: Path) -> list[str]:
    """The lines of `requirements` that bring these packages (import names), in order, with their comments.

    With a line come those about distributions that it brings along anyway: their bounds hold for a lab as
    they do for the hub. Raises UnknownPackage."""
    offered: dict[str, tuple[str, Requirement]] = {}
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if text := line.split("#")[0].strip():
            requirement = Requirement(text)
            offered[canonicalize_name(requirement.name)] = (line.rstrip(), requirement)
    distributions = metadata.packages_distributions()
    wanted: set[str] = set()
    indirect: dict[str, set[str]] = {}
    for package in sorted(packages):
        by: set[str] = {canonicalize_name(name) for name in distributions.get(package, ())}
        if not by:
            raise UnknownPackage(f"{package} is imported but not installed: pip install -r requirements.txt")
        wanted |= by & offered.keys()
        if not by & offered.keys():
            indirect[package] = by
    for package, by in indirect.items():
        if by & brought_by(offered[name][1] for name in wanted):
            continue
        bringing = [name for name in offered if by & brought_by([offered[name][1]])]
        if not bringing:
            raise UnknownPackage(f"{package} is imported but no line of requirements.txt brings it")
        wanted.add(min(bringing, key=lambda name: (len(brought_by([offered[name][1]])), name)))
    kept = wanted | brought_by(offered[name][1] for name in wanted)
    return [line for name, (line, _) in offered.items() if name in kept]


def brought_by(requirements: Iterable[Requirement]) -> set[str]:
    """The distributions that are installed for these requirements on this machine, by canonical name."""
    return set().union(*(_closure(canonicalize_name(r.name), frozenset(r.extras)) for r in requirements))


@cache
def _closure(name: str, extras: frozenset[str]) -> frozenset[str]:
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting: list[tuple[str, frozenset[str]]] = [(name, extras)]
    while waiting:
        entry = waiting.pop()
        if entry in seen:
            continue
        seen.add(entry)
        try:
            declared = metadata.requires(entry[0]) or []
        except metadata.PackageNotFoundError:
            continue
        for needed in map(Requirement, declared):
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *entry[1])):
                waiting.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    return frozenset(name for name, _ in seen)
