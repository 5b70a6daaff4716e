"""A data set of the Hugging Face Hub by its id: its Parquet, CSV or JSON Lines files; never its scripts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from shared.data.tables import MAX_CELL, MAX_ROWS, Table, read_table
from shared.errors import HubError
from shared.models import hub

FORMATS = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
MAX_DOWNLOAD = 300_000_000
"""Bytes of one data set."""
CONVERTED = "refs/convert/parquet"
"""Where the Hub keeps the Parquet it made of data sets that have a script or another format."""
_SPLITS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval"),
}
_ORDER = tuple(_SPLITS)


@dataclass(frozen=True)
class _Part:
    """One file: of which split it is, and its name in the repository."""

    split: str
    file: str


def read_hub_dataset(repo: str) -> Table:
    """All splits of `repo` in one table; the column `split` says which is which, unless there is one split.

    Raises HubError: unknown, gated, offline, no table in it, too large."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise HubError("hub.data_unknown", name=repo[:120]) from error
    if hub.hub_online():
        parts, folder = _download(repo)
    else:
        parts, folder = _from_cache(repo)
    columns: dict[str, list[str]] = {}
    splits: list[str] = []
    cut = False
    for part in parts:
        rows = _read(folder / part.file, part.file, MAX_ROWS - len(splits))
        count = len(next(iter(rows.values()), ()))
        for name in rows:
            columns.setdefault(name, [""] * len(splits))
        for name, values in columns.items():
            values.extend(rows.get(name) or [""] * count)
        splits.extend([part.split] * count)
        if len(splits) >= MAX_ROWS:
            cut = True
            break
    if not splits:
        raise HubError("hub.data_empty")
    if len(set(splits)) > 1:
        columns["split"] = splits
    return Table(repo, columns, Path(parts[0].file).suffix[1:], cut=cut)


def _download(repo: str) -> tuple[list[_Part], Path]:
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub.errors import HTTPError, RevisionNotFoundError

    api = HfApi(endpoint=hub.endpoint())
    try:
        info = api.dataset_info(repo, files_metadata=True, timeout=10)
        parts = choose_files(_names(info), _card(info))
        revision = "main"  # by name: the cache finds it again without a network
        if not parts:
            try:
                info = api.dataset_info(repo, revision=CONVERTED, files_metadata=True, timeout=10)
            except RevisionNotFoundError:
                raise HubError("hub.data_no_table", repo=repo) from None
            parts, revision = choose_files(_names(info), {}), CONVERTED
        if not parts:
            raise HubError("hub.data_no_table", repo=repo)
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or []}
        if sum(sizes.get(part.file, 0) for part in parts) > MAX_DOWNLOAD:
            raise HubError("hub.data_too_large", limit=f"{MAX_DOWNLOAD // 1_000_000} MB")
        folder = snapshot_download(
            repo,
            repo_type="dataset",
            revision=revision,
            endpoint=hub.endpoint(),
            allow_patterns=[part.file for part in parts],
        )
    except (HTTPError, OSError) as error:
        raise hub.hub_error(error, repo, "main", Path(constants.HF_HUB_CACHE)) from error
    return parts, Path(folder)


def _from_cache(repo: str) -> tuple[list[_Part], Path]:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    for revision in ("main", CONVERTED):
        try:
            folder = Path(
                snapshot_download(repo, repo_type="dataset", revision=revision, local_files_only=True)
            )
        except LocalEntryNotFoundError:
            continue
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        if parts := choose_files(names, {}):
            return parts, folder
    raise HubError("hub.offline_dataset", repo=repo)


def _names(info: Any) -> list[str]:
    return [file.rfilename for file in info.siblings or []]


def _card(info: Any) -> dict[str, Any]:
    card: Any = getattr(info, "card_data", None)
    return dict(card.to_dict()) if hasattr(card, "to_dict") else dict(card or {})


def choose_files(names: Sequence[str], card: dict[str, Any]) -> list[_Part]:
    """The files of the default configuration as the card tells, or else of one folder and one format."""
    tables = sorted(name for name in names if name.lower().endswith(FORMATS))
    if told := _as_the_card_says(tables, card):
        return told
    for ending in FORMATS:
        of_format = [name for name in tables if name.lower().endswith(ending)]
        if not of_format:
            continue
        folders: dict[str, list[_Part]] = {}
        for name in of_format:
            folders.setdefault(_configuration(name), []).append(_Part(_split_of(name), name))
        # a configuration with a test part first; then `default`, then by name
        best = min(
            folders,
            key=lambda key: (-len({part.split for part in folders[key]}), key not in ("", "default"), key),
        )
        return _ordered(folders[best])
    return []


def _as_the_card_says(tables: Sequence[str], card: dict[str, Any]) -> list[_Part]:
    configs = [c for c in card.get("configs") or [] if isinstance(c, dict) and c.get("data_files")]
    if not configs:
        return []
    chosen = next((c for c in configs if c.get("default")), configs[0])
    files = chosen["data_files"]
    if isinstance(files, str | list) and not (isinstance(files, list) and isinstance(files[0], dict)):
        files = [{"split": "train", "path": files}]
    parts = []
    for entry in files:
        patterns = entry.get("path") or []
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            parts += [_Part(str(entry.get("split")), name) for name in tables if fnmatch(name, str(pattern))]
    return _ordered(list(dict.fromkeys(parts)))


def _ordered(parts: list[_Part]) -> list[_Part]:
    known = {name: n for n, name in enumerate(_ORDER)}
    return sorted(parts, key=lambda part: (known.get(part.split, 9), part.split, part.file))


def _split_of(name: str) -> str:
    """The split that a file's name or its folder speaks of; train when it speaks of none."""
    for piece in reversed(name.lower().split("/")):
        words = set(re.split(r"[^a-z]+", piece))
        for split, spellings in _SPLITS.items():
            if words & set(spellings):
                return split
    return "train"


def _configuration(name: str) -> str:
    """The folder above the file, and above the folder of its split."""
    folders = name.split("/")[:-1]
    if folders and folders[-1].lower() in {word for words in _SPLITS.values() for word in words}:
        folders = folders[:-1]
    return "/".join(folders).removeprefix("data/").removeprefix("data")


def _read(path: Path, name: str, limit: int) -> dict[str, list[str]]:
    if not name.endswith(".parquet"):
        table = read_table(path.read_bytes(), name)
        return {column: values[:limit] for column, values in table.columns.items()}
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        opened = parquet.ParquetFile(path)
        flat = [field for field in opened.schema_arrow if not pyarrow.types.is_nested(field.type)]
        batches, found = [], 0
        for batch in opened.iter_batches(batch_size=10_000, columns=[field.name for field in flat]):
            batches.append(batch)
            found += batch.num_rows
            if found >= limit:
                break
        names = class_names(opened.schema_arrow.metadata or {})
    except (pyarrow.ArrowException, OSError) as error:
        raise HubError("hub.data_damaged", name=name) from error
    columns: dict[str, list[str]] = {}
    for field in flat:
        if pyarrow.types.is_binary(field.type) or pyarrow.types.is_large_binary(field.type):
            continue  # pictures and sounds
        values = [value for batch in batches for value in batch.column(field.name).to_pylist()][:limit]
        columns[field.name] = [_cell(value, names.get(field.name)) for value in values]
    return columns


def class_names(metadata: dict[bytes, bytes]) -> dict[str, list[str]]:
    """The names of `ClassLabel` columns, which `datasets` writes into the file's metadata."""
    import json

    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
        return {
            name: [str(n) for n in feature["names"]]
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and feature.get("names")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _cell(value: Any, names: list[str] | None) -> str:
    if value is None:
        return ""
    if names is not None and isinstance(value, int):
        return names[value] if 0 <= value < len(names) else ""
    return str(value)[:MAX_CELL].strip()
