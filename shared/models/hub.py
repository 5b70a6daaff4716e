"""The Hugging Face Hub: whether it answers, what of it is on this disk, downloads with clear errors."""

import fnmatch
import hashlib
import io
import json
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import HubError
from shared.models.memory import disk_error

log = logging.getLogger(__name__)

Progress = Callable[[str, float], None]
"""Called with what is being fetched and the fraction done, 0 to 1."""

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle", "*.joblib", "*.py")
"""Never downloaded, whatever a spec asks for: loading one of these runs the author's code."""
_SECONDS = 2.0

_asking = threading.Lock()
_online: bool | None = None


def endpoint() -> str:
    """`HF_ENDPOINT`, read at every call (huggingface_hub reads it once, at import)."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"


def hub_state() -> bool | None:
    """The last answer of `hub_online`, without asking; None when nobody asked yet."""
    return _online


def hub_online(again: bool = False) -> bool:
    """Does the Hub answer within two seconds? Asked once per process, or when `again` says so."""
    global _online
    with _asking:
        if _online is None or again:
            before, _online = _online, _answers()
            if not _online and before is not False:
                log.warning("%s does not answer; working offline", endpoint())
        return _online


def _answers() -> bool:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE"):
            return False
    from huggingface_hub.errors import HTTPError
    from huggingface_hub.utils import get_session

    statuses: list[int] = []

    def ask() -> None:
        try:
            statuses.append(get_session().head(endpoint(), timeout=_SECONDS).status_code)
        except (HTTPError, OSError) as error:
            log.info("%s: %s", endpoint(), error)

    # a thread, because no HTTP timeout covers a name server that does not answer
    thread = threading.Thread(target=ask, name="hub-online", daemon=True)
    thread.start()
    thread.join(_SECONDS)
    return bool(statuses) and statuses[0] < 500


def in_cache(repo: str, patterns: Sequence[str], revision: str = "main", *, sure: bool = True) -> Path | None:
    """The snapshot of `repo` in the Hugging Face cache, without a network; None when it is not there.

    `sure`: only when the cached listing of the repository proves that no file is missing. Other programs fill
    the cache file by file and leave no listing; then only the Hub can tell, or, offline, the loader."""
    from huggingface_hub import get_cached_repo_tree, snapshot_download
    from huggingface_hub.errors import CachedRepoTreeNotFoundError, LocalEntryNotFoundError

    try:
        if sure:
            get_cached_repo_tree(repo, revision=revision)
        return Path(
            snapshot_download(
                repo,
                revision=revision,
                allow_patterns=list(patterns),
                ignore_patterns=list(PICKLES),
                local_files_only=True,
            )
        )
    except (CachedRepoTreeNotFoundError, LocalEntryNotFoundError):
        return None


def download(
    repo: str, patterns: Sequence[str], revision: str, progress: Progress | None = None, name: str = ""
) -> Path:
    """The snapshot of `repo` with all files that match `patterns`; `progress` hears `name`."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HTTPError

    try:
        folder = Path(
            snapshot_download(
                repo,
                revision=revision,
                endpoint=endpoint(),
                allow_patterns=list(patterns),
                ignore_patterns=list(PICKLES),
                tqdm_class=_bar(progress, name or repo) if progress else None,
            )
        )
        _check_sums(folder, name or repo)
        return folder
    except (HTTPError, OSError, RuntimeError) as error:  # RuntimeError: hf_xet, the Hub's chunk store
        raise hub_error(error, repo, revision, Path(constants.HF_HUB_CACHE)) from error


def _check_sums(folder: Path, name: str) -> None:
    """Compares what was downloaded with the Hub's sums and deletes what differs: huggingface_hub compares
    sizes only. About a second per gigabyte, once per download.

    The sum is the name of the blob that a file of the snapshot links to: SHA-256 for weights, git's own id
    (with a header) for the rest. Without symbolic links (Windows) there is nothing to compare with."""
    for path in folder.rglob("*"):
        if not path.is_symlink() or not path.is_file():
            continue
        expected = path.readlink().name
        digest = hashlib.sha256()
        if len(expected) != 64:
            digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        with path.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != expected:
            path.resolve().unlink()
            path.unlink()
            raise HubError("hub.checksum", model=name, file=path.relative_to(folder).as_posix())


@dataclass(frozen=True)
class Listing:
    """What the Hub tells about a repository before anything is downloaded. `files`: name -> bytes."""

    commit: str
    licence: str
    files: dict[str, int]


def listing(repo: str) -> Listing:
    """Asks the Hub about `repo`. Raises HubError: unknown, gated, offline."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HTTPError

    try:
        info = HfApi(endpoint=endpoint()).model_info(repo, files_metadata=True, timeout=10)
    except (HTTPError, OSError) as error:
        raise hub_error(error, repo, "main", Path(constants.HF_HUB_CACHE)) from error
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    files = {file.rfilename: file.size or 0 for file in info.siblings or []}
    return Listing(info.sha or "main", tags[0] if tags else "", files)


def read_json(repo: str, file: str, revision: str) -> dict[str, Any]:
    """One small JSON file of `repo`; empty when it is no JSON object. Raises HubError like `listing`."""
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import HTTPError

    try:
        path = hf_hub_download(repo, file, revision=revision, endpoint=endpoint())
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (HTTPError, OSError) as error:
        raise hub_error(error, repo, revision, Path(constants.HF_HUB_CACHE)) from error
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def matching(folder: Path, patterns: Sequence[str]) -> list[str]:
    """The files below `folder` that match, as huggingface_hub matches (`*` crosses folders)."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in patterns))


def hub_error(error: Exception, repo: str, revision: str, cache_folder: Path) -> HubError:
    from huggingface_hub import errors

    # "not in the cache" is what huggingface_hub says whenever the Hub fails; the reason is its cause
    cause = (isinstance(error, errors.LocalEntryNotFoundError) and error.__cause__) or error
    if full := disk_error(cause, cache_folder):
        return full
    if isinstance(cause, errors.OfflineModeIsEnabled):
        return HubError("hub.offline_repo", repo=repo)
    if isinstance(cause, errors.GatedRepoError):
        return HubError("hub.gated", repo=repo, url=f"{endpoint()}/{repo}")
    if isinstance(cause, errors.RepositoryNotFoundError):
        return HubError("hub.unknown_repo", repo=repo)
    if isinstance(cause, errors.RevisionNotFoundError):
        return HubError("hub.unknown_revision", repo=repo, revision=revision)
    if isinstance(cause, errors.HfHubHTTPError):
        status = cause.response.status_code
        if status in (401, 403):
            return HubError("hub.token_refused", repo=repo)
        if status == 429:
            return HubError("hub.rate_limited", repo=repo)
        return HubError("hub.hub_trouble", repo=repo, status=status)
    return HubError("hub.download_cut", repo=repo)


def _bar(progress: Progress, name: str) -> Any:
    """A tqdm that draws nothing and reports the bytes of huggingface_hub's one bar for the whole snapshot."""
    from tqdm import tqdm

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            # three bars are made: files, bytes from the network, bytes written; the last has the right total
            self._reports = str(kwargs.get("desc", "")).startswith("Reconstructing")
            super().__init__(*args, **kwargs | {"file": io.StringIO(), "mininterval": 3600.0})

        def update(self, n: float | None = 1) -> bool | None:
            drawn = super().update(n)
            if self._reports and self.total:
                progress(name, min(1.0, self.n / self.total))
            return drawn

    return Bar
