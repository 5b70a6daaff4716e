"""From a `ModelSpec` to a local folder: the user's own, what this disk has, the Hub, the embedded source."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from shared.errors import HubError
from shared.models import embedded, hub
from shared.models.hub import Progress
from shared.models.registry import MODELS, FromGGUF, InPackage, InWheel, ModelSpec, WithHead
from shared.settings import settings

log = logging.getLogger(__name__)


def fetch(spec: ModelSpec, progress: Progress | None = None) -> Path:
    """The folder with the files of `spec`, downloaded or made if need be; no network for what is here.

    `progress(name, fraction)` hears about downloads and conversions. Raises HubError."""
    folder = _named(spec) or embedded.present(spec) or _from_hub(spec, progress)
    if folder is not None:
        return folder
    match spec.embedded:
        case InWheel() as source:
            return embedded.from_wheel(spec, source, progress)
        case FromGGUF(key=key):
            origin = MODELS[key]
            return embedded.from_gguf(spec, fetch(origin, progress) / origin.gguf, progress)
        case WithHead(key=key) as source:
            return embedded.with_head(spec, source, fetch(MODELS[key], progress), progress)
        case InPackage(package=package):
            raise HubError("hub.package_missing", model=spec.name, package=package.replace("_", "-"))
    raise HubError("hub.offline_model", model=spec.name, id=spec.key)


def on_disk(spec: ModelSpec) -> Path | None:
    """The folder of `spec` if nothing has to be fetched or made for it. Raises HubError for a damaged one."""
    return _named(spec) or embedded.present(spec) or _cached(spec, sure=False)


def fetch_repo(repo: str, patterns: Sequence[str], revision: str = "main") -> Path:
    """The snapshot of any Hub repository with the files that match `patterns`. Cache first, then the Hub.

    Raises HubError: unknown, gated, offline, or with none of these files."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    # both become parts of paths in the cache
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise HubError("hub.unknown_repo", repo=repo) from error
    if not revision or ".." in revision or revision.startswith("/"):
        raise HubError("hub.unknown_revision", repo=repo, revision=revision)

    folder = hub.in_cache(repo, patterns, revision)
    if folder is None and hub.hub_online():
        folder = hub.download(repo, patterns, revision)
    elif folder is None:
        folder = hub.in_cache(repo, patterns, revision, sure=False)
    if folder is None:
        raise HubError("hub.offline_repo", repo=repo)
    if not hub.matching(folder, patterns):
        raise HubError("hub.no_such_files", repo=repo, files=", ".join(patterns))
    return folder


def _named(spec: ModelSpec) -> Path | None:
    folder = dict(settings().model_folders).get(spec.key)
    if folder is None:
        return None
    if not folder.is_dir():
        raise HubError("hub.folder_missing", model=spec.name, folder=str(folder), id=spec.key)
    if missing := _missing(spec, folder):
        raise HubError("hub.folder_incomplete", model=spec.name, folder=str(folder), file=missing)
    return folder


def _from_hub(spec: ModelSpec, progress: Progress | None) -> Path | None:
    """From the cache or the Hub; None when neither can help and an embedded source may."""
    if not spec.files:
        return None
    if (folder := _cached(spec, sure=True)) is not None:
        return folder
    if not hub.hub_online():
        return _cached(spec, sure=False)
    try:
        folder = hub.download(spec.repo, spec.files, spec.revision, progress, spec.name)
        if _missing(spec, folder):
            raise HubError("hub.no_safe_weights", model=spec.name, repo=spec.repo)
        return folder
    except HubError as error:
        if spec.embedded is None:
            raise
        log.info("%s: not from the Hub (%s), from its embedded source", spec.key, error)
        return None


def _cached(spec: ModelSpec, *, sure: bool) -> Path | None:
    folder = hub.in_cache(spec.repo, spec.files, spec.revision, sure=sure) if spec.files else None
    return None if folder is None or _missing(spec, folder) else folder


def _missing(spec: ModelSpec, folder: Path) -> str:
    """The first file without which `spec` cannot load from `folder`; empty when it has all it needs."""
    if spec.engine == "llamacpp":
        return "" if (folder / spec.gguf).is_file() else spec.gguf
    if spec.engine == "tokenizer":
        return "" if hub.matching(folder, spec.files) else ", ".join(spec.files)
    for index in folder.glob("*.safetensors.index.json"):
        shards = set(json.loads(index.read_text())["weight_map"].values())
        return next((shard for shard in sorted(shards) if not (folder / shard).is_file()), "")
    # a folder with pickles only (pytorch_model.bin) counts as without weights
    return "" if any(folder.rglob("*.safetensors")) else "model.safetensors"
