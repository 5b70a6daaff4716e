"""The front matter of a README, which configures a Hugging Face Space: read it, and say what is wrong."""

import re
from pathlib import Path
from typing import Any

from huggingface_hub import SpaceHardware
from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from shared import ROOT
from shared.models.registry import MODELS

COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
PYTHONS = {"3.10", "3.12"}
"""The versions that ZeroGPU has."""
REQUIRED = {"title", "emoji", "sdk", "sdk_version", "python_version", "app_file", "license"}
OPTIONAL = {
    *("colorFrom", "colorTo", "short_description", "suggested_hardware", "startup_duration_timeout"),
    *("models", "datasets", "preload_from_hub", "tags", "pinned", "thumbnail"),
}
SHORT_DESCRIPTION = 60
"""Characters; the Hub refuses more."""

_PARTS = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_PRELOAD = re.compile(r"[\w.-]+/[\w.-]+( [^\s]+( [0-9a-f]{40})?)?")


class NoFrontMatter(Exception):
    """The README does not begin with `---`, YAML and `---`; the message is one sentence."""


def split(readme: Path) -> tuple[str, str]:
    """The front matter as it is written, without its dashes, and what follows."""
    found = _PARTS.match(readme.read_text(encoding="utf-8"))
    if found is None:
        raise NoFrontMatter(f"{readme} has no front matter between two lines of ---")
    return found[1], found[2]


def read(readme: Path) -> dict[str, Any]:
    """The front matter as values. Raises NoFrontMatter."""
    import yaml

    try:
        values = yaml.safe_load(split(readme)[0])
    except yaml.YAMLError as error:
        raise NoFrontMatter(f"the front matter of {readme} is not YAML: {error}") from error
    if not isinstance(values, dict):
        raise NoFrontMatter(f"the front matter of {readme} is not a list of key: value")
    return values


def problems(values: dict[str, Any], root: Path = ROOT) -> list[str]:
    """What the Hub would refuse or build wrongly; nothing when all is well."""
    found = [f"{key} is missing" for key in sorted(REQUIRED - values.keys())]
    found += [f"{key} is no key of a Space" for key in sorted(values.keys() - REQUIRED - OPTIONAL)]
    for key, wanted in (("sdk", "gradio"), ("app_file", "app.py"), ("license", "mit")):
        if key in values and values[key] != wanted:
            found.append(f"{key} must be {wanted}")
    if str(values.get("python_version", "3.12")) not in PYTHONS:
        found.append(f"python_version must be one of {', '.join(sorted(PYTHONS))}")
    if not isinstance(values.get("python_version", ""), str):
        found.append('python_version must be quoted: YAML reads 3.10 as "3.1"')
    found += _sdk_version(str(values.get("sdk_version", "")), root)
    for key in ("colorFrom", "colorTo"):
        if values.get(key, "gray") not in COLOURS:
            found.append(f"{key} must be one of {', '.join(sorted(COLOURS))}")
    if len(str(values.get("short_description", ""))) > SHORT_DESCRIPTION:
        found.append(f"short_description must not be longer than {SHORT_DESCRIPTION} characters")
    hardware = [flavour.value for flavour in SpaceHardware]  # zero-a10g is ZeroGPU
    if values.get("suggested_hardware", "cpu-basic") not in hardware:
        found.append(f"suggested_hardware must be one of {', '.join(hardware)}")
    known = {spec.repo for spec in MODELS.values()}
    for repo in values.get("models") or []:
        if repo not in known:
            found.append(f"models: {repo} is not in the registry")
    for entry in values.get("preload_from_hub") or []:
        if not _PRELOAD.fullmatch(str(entry)):
            found.append(f"preload_from_hub: {entry!r} is not `repository [file,file [commit]]`")
        elif entry.split()[0] not in known:
            found.append(f"preload_from_hub: {entry.split()[0]} is not in the registry")
    return found


def _sdk_version(version: str, root: Path) -> list[str]:
    """The Space gets exactly this Gradio, so requirements.txt must admit it and all labs name the same."""
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    gradio = next(Requirement(line.split("#")[0].strip()) for line in lines if line.startswith("gradio"))
    try:
        if Version(version) not in gradio.specifier:
            return [f"sdk_version {version} is outside of requirements.txt's {gradio}"]
    except InvalidVersion:
        return [f"sdk_version {version!r} is no version"]
    pinned = str(read(root / "README.md")["sdk_version"])
    return [] if version == pinned else [f"sdk_version must be {pinned}, as in the hub's own README.md"]
