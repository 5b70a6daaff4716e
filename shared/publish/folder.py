"""Writes the folder of one lab: beside its place, then renamed, so it is whole or not there."""

import hashlib
import importlib
import json
import os
import re
import shutil
import tempfile
import traceback
from pathlib import Path

from shared import ROOT
from shared.publish import front_matter
from shared.publish.needs import packages
from shared.publish.requirements import UnknownPackage, lines_for
from shared.space import Space
from shared.ui import lesson

MANIFEST = ".published.json"
"""What publish wrote, by SHA-256: how it knows its own folder again."""
_LEFT_ALONE = {".git", "__pycache__", ".gradio", ".venv", MANIFEST}
"""What running and pushing a published folder leaves in it."""
_PICTURE = re.compile(r"\]\(([^)\s]+\.(?:png|jpg|jpeg|svg|gif|webp))\)")

GITIGNORE = """\
.venv
__pycache__/
.gradio/
"""


class CannotPublish(Exception):
    """Why not, in one sentence."""


def topics(root: Path = ROOT) -> list[str]:
    """The labs that can be asked for: the folders of `spaces/`."""
    found = (entry for entry in (root / "spaces").iterdir() if (entry / "__init__.py").is_file())
    return sorted(entry.name for entry in found if entry.name[0] not in "_.")


def publish(topic: str, folder: Path, *, force: bool = False, root: Path = ROOT) -> None:
    """Writes the lab `topic` to `folder`; `force` replaces what an earlier call wrote there. Raises
    CannotPublish, and then nothing is changed."""
    if topic not in topics(root):
        raise CannotPublish(f"There is no lab called {topic}; there are {', '.join(topics(root))}.")
    space = _load(topic)
    folder = folder.absolute()
    _check_place(folder, force)
    written = _contents(topic, space, root)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}~", dir=folder.parent))
    try:
        for name, content in written.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(content)
        staging.chmod(0o755)
        _put(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _load(topic: str) -> Space:
    try:
        space: Space = importlib.import_module(f"spaces.{topic}").SPACE
    except Exception as error:
        reason = traceback.format_exception_only(error)[-1].strip()
        raise CannotPublish(f"The lab {topic} does not import: {reason}") from error
    if space.id != topic:
        raise CannotPublish(f"The lab {topic} calls itself {space.id}.")
    return space


def _check_place(folder: Path, force: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CannotPublish(f"{folder} is a file; name a folder.")
    present = sorted(entry.name for entry in folder.iterdir())
    if present in ([], [".git"]):
        return
    if not force:
        raise CannotPublish(f"{folder} is not empty; choose another folder, or add --force to replace it.")
    try:
        ours = set(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotPublish(f"{folder} was not written by publish; choose another folder.") from error
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.as_posix() not in ours and not _LEFT_ALONE & set(name.parts):
            raise CannotPublish(f"{folder} has a file that publish did not write, {name}; move it away.")


def _contents(topic: str, space: Space, root: Path) -> dict[str, bytes]:
    """Every file by its name, in order."""
    lab = root / "spaces" / topic
    try:
        values = front_matter.read(lab / "README.md")
        requirements = lines_for(packages(topic, root), root / "requirements.txt")
    except (front_matter.NoFrontMatter, UnknownPackage, OSError) as error:
        raise CannotPublish(f"The lab {topic} is not ready: {error}.") from error
    if wrong := front_matter.problems(values, root):
        raise CannotPublish(f"The front matter of {lab / 'README.md'} is wrong: {'; '.join(wrong)}.")
    readme = _readme(space, lab)
    shown = {Path(name) for name in _PICTURE.findall(readme)}
    files: dict[str, bytes] = {}
    for part in (root / "app.py", root / "LICENSE", root / "shared", lab):
        for path in [part] if part.is_file() else sorted(part.rglob("*")):
            name = path.relative_to(root)
            if path.is_file() and _belongs(name, shown):
                files[name.as_posix()] = path.read_bytes()
    head = f"# What the {topic} lab needs, found in its code by `python -m shared.publish`.\n"
    files["requirements.txt"] = (head + "\n".join(requirements) + "\n").encode()
    files["README.md"] = readme.encode()
    files[".gitattributes"] = _git_attributes(files)
    files[".gitignore"] = GITIGNORE.encode()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files[MANIFEST] = (json.dumps({"lab": topic, "files": sums}, indent=1) + "\n").encode()
    return dict(sorted(files.items()))


def _belongs(name: Path, shown: set[Path]) -> bool:
    """Whether a file of ours is a part of the app; a screenshot is only when the README shows it."""
    if any(part == "__pycache__" or part.startswith(".") for part in name.parts):
        return False
    screenshot = len(name.parts) == 3 and name.suffix == ".png" and name.stem.startswith("picture")
    return not screenshot or name in shown


def _git_attributes(files: dict[str, bytes]) -> bytes:
    """Binary files go to the Hub's large file storage; in git itself it refuses them."""
    kinds = {
        ".gguf",
        ".safetensors",
        *(Path(name).suffix for name, content in files.items() if b"\0" in content),
    }
    return "".join(f"*{kind} filter=lfs diff=lfs merge=lfs -text\n" for kind in sorted(kinds)).encode()


def _readme(space: Space, lab: Path) -> str:
    """The lab's front matter, what this is, and the lesson in both languages."""
    text, _ = front_matter.split(lab / "README.md")
    titles, summaries = space.texts[space.title], space.texts[space.summary]
    english, chinese = (_from_root(lesson(lab / "README.md", lang), lab) for lang in ("en", "zh"))
    return (
        f"---\n{text}---\n\n# {titles.en} · {titles.zh}\n\n{summaries.en}\n\n{summaries.zh}\n\n"
        "    pip install -r requirements.txt\n    python app.py\n\n"
        f"{english}\n\n{chinese}\n"
    )


def _from_root(text: str, lab: Path) -> str:
    """The lesson's pictures as seen from the README at the top."""
    return _PICTURE.sub(
        lambda found: f"](spaces/{lab.name}/{found[1]})" if (lab / found[1]).is_file() else found[0], text
    )


def _put(staging: Path, folder: Path) -> None:
    """Renames `staging` to `folder`. A repository in there stays: it is how the folder is pushed."""
    if not folder.exists():
        os.replace(staging, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}~old", dir=folder.parent))
    os.replace(folder, old)
    try:
        if (old / ".git").exists():
            os.replace(old / ".git", staging / ".git")
        os.replace(staging, folder)
    except OSError:
        if (staging / ".git").exists():
            os.replace(staging / ".git", old / ".git")
        os.replace(old, folder)
        raise
    shutil.rmtree(old)
