"""The Models panel: the registry and the cache as rows, a table, the chip's sentence, and load and unload."""

import hmac
import time
from html import escape
from typing import Any

from shared import i18n
from shared.errors import HubError
from shared.i18n import Lang
from shared.models import MODELS, ModelSpec, cache, default_chat, of_task
from shared.models.hub import hub_state
from shared.models.loaders import can_load, left_out, missing_package
from shared.models.memory import human_bytes
from shared.models.registry import FromGGUF, InPackage, InRepo, InWheel, WithHead
from shared.settings import settings

_COLUMNS = (
    "model",
    "task",
    "licence",
    "size",
    "quantization",
    "source",
    "state",
    "hits",
    "load_time",
    "last_used",
)


def find(key: str) -> ModelSpec:
    """The spec called `key`. Raises HubError when there is none."""
    spec = MODELS.get(key)
    if spec is None:
        raise HubError("hub.unknown_model", model=key)
    return spec


def rows() -> list[dict[str, Any]]:
    """One row a model: what the registry says and what the cache measured. Sizes in bytes, times in
    seconds. Models whose engine is not installed (in a lab published alone) are left out."""
    # the same weights may be there twice (to chat with, to look inside): the one used last speaks for both
    measured = {row.key: row for row in reversed(cache().stats())}
    listed = []
    for spec in MODELS.values():
        if missing_package(spec) or left_out(spec):
            continue
        row = measured.get(spec.key)
        listed.append(
            {
                "key": spec.key,
                "name": spec.name,
                "task": spec.task,
                "repo": spec.repo,
                "licence": spec.licence,
                "parameters": spec.parameters,
                "bytes": spec.bytes,
                "dtype": spec.dtype,
                "quantization": spec.quantization or None,
                "needs": spec.needs or None,
                "source": "remote" if spec.engine == "remote" else "embedded" if spec.embedded else "hub",
                "origin": _origin(spec),
                "state": row.state if row else "cold",
                "loaded": bool(row and row.state != "loading"),
                "memory": row.bytes if row else 0,
                "device": row.device if row else None,
                "hits": row.hits if row else 0,
                "load_seconds": row.load_seconds if row else None,
                "last_used": row.last_used if row else None,
            }
        )
    return listed


def _origin(spec: ModelSpec) -> str:
    match spec.embedded:
        case InWheel(requirement=requirement):
            return requirement
        case InPackage(package=package):
            return package.replace("_", "-")
        case FromGGUF():
            return "gguf"
        case InRepo(folder=folder) | WithHead(folder=folder):
            return folder
    return ""


def table(lang: Lang) -> str:
    """The rows as an HTML table in `lang`."""
    t = i18n.translator("hub", lang)
    head = "".join(f"<th>{escape(t(f'col_{column}'))}</th>" for column in _COLUMNS)
    body = "".join(
        "<tr>" + "".join(_cell(column, row, lang) for column in _COLUMNS) + "</tr>" for row in rows()
    )
    used, budget = human_bytes(cache().used_bytes), human_bytes(cache().budget_bytes)
    asked = {True: "hub_online", False: "hub_offline", None: "hub_unasked"}[hub_state()]
    foot = f"{t('memory_line', used=used, budget=budget)} · {t(asked)}"
    return (
        f"<div class='models-table-wrap'><table class='models-table'><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div><p class='models-foot'>{escape(foot)}</p>"
    )


def _cell(column: str, row: dict[str, Any], lang: Lang) -> str:
    t = i18n.translator("hub", lang)
    kind = ""
    if column == "model":
        content = f"<div>{escape(row['name'])}</div><div class='repo'>{escape(row['repo'])}</div>"
        return f"<td data-label=''>{content}</td>"
    if column == "task":
        content = t(f"task_{row['task']}")
    elif column == "licence":
        content = row["licence"]
    elif column == "size":
        content = f"{count(row['parameters'])} / {human_bytes(row['bytes'])}"
    elif column == "quantization":
        content = row["quantization"] or row["dtype"]
    elif column == "source":
        origin = t("origin_made") if row["origin"] == "gguf" else row["origin"]
        content = t(f"source_{row['source']}", origin=origin)
        if row["needs"]:
            content += f" · {t('needs_' + row['needs'])}"
    elif column == "state":
        kind = f"state-{row['state']}"
        content = t(f"state_{row['state']}", memory=human_bytes(row["memory"]))
    elif column == "hits":
        kind, content = "num", f"{row['hits']:,}"
    elif column == "load_time":
        kind, content = "num", "" if row["load_seconds"] is None else f"{row['load_seconds']:.2f} s"
    else:
        kind, content = "num", "" if row["last_used"] is None else _ago(time.time() - row["last_used"], lang)
    return f"<td class='{kind}' data-label='{escape(t(f'col_{column}'))}'>{escape(content)}</td>"


def count(parameters: int) -> str:
    """Parameters for people: 135 M, 3.82 B; a dash when nobody knows."""
    if not parameters:
        return "—"
    return f"{parameters / 1e9:.2f} B" if parameters >= 1e9 else f"{parameters / 1e6:.0f} M"


def _ago(seconds: float, lang: Lang) -> str:
    if seconds < 90:
        return i18n.text(lang, "hub.seconds_ago", n=round(seconds))
    return i18n.text(lang, "hub.minutes_ago", n=round(seconds / 60))


def chip(lang: Lang, waiting: int) -> dict[str, str]:
    """What the chip in the header shows: `text`, and `state` (ready, loading or cold)."""
    t = i18n.translator("hub", lang)
    used, budget = human_bytes(cache().used_bytes), human_bytes(cache().budget_bytes)
    if not can_load(default_chat()):  # a lab published alone that does not chat
        return {"state": "ready", "text": t("chip_memory", used=used, budget=budget, waiting=waiting)}
    chat = {spec.key for spec in of_task("chat")}
    loaded = [row for row in cache().stats() if row.state != "loading" and row.key in chat]
    shown = MODELS[max(loaded, key=lambda row: row.last_used).key] if loaded else default_chat()
    state, name, device = (
        "ready",
        shown.name,
        next((row.device for row in loaded if row.key == shown.key), "CPU"),
    )
    if cache().loading(shown):
        state, name = "loading", t("chip_loading", model=shown.name)
    elif not loaded:
        state, name = "cold", t("chip_cold", model=shown.name)
    return {
        "state": state,
        "text": t("chip", model=name, device=device, used=used, budget=budget, waiting=waiting),
    }


def load(key: str) -> float:
    """Loads the model and returns the seconds it took."""
    spec = find(key)
    started = time.monotonic()
    with cache().lease(spec):
        return time.monotonic() - started


def unload(key: str, token: str) -> None:
    """Unloads the model for the admin. Raises HubError when the token is wrong or the model is in use."""
    spec = find(key)
    if not settings().admin_token:
        raise HubError("hub.admin_unset")
    if not hmac.compare_digest(token.encode(errors="replace"), settings().admin_token.encode()):
        raise HubError("hub.admin_wrong")
    cache().unload(spec)
