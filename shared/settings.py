"""One frozen `Settings`, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """What the person who starts the hub may decide. Sizes are bytes, times seconds."""

    home: Path
    """What the hub fetches and makes (`HUB_HOME`)."""
    host: str = "127.0.0.1"
    port: int | None = None
    share: bool = False
    """Bind the local network (`HUB_SHARE=1`); needs `auth`."""
    tunnel: bool = False
    """Ask Gradio for a public link too (`HUB_TUNNEL=1`); needs `auth`."""
    auth: tuple[str, str] | None = field(default=None, repr=False)
    """`HUB_AUTH=user:password`, one login for the class."""
    admin_token: str = field(default="", repr=False)
    warm: bool = True
    slots: int = 8
    """How many visitors the embedded chat model answers at once."""
    slot_context: int = 2048
    """Window of one visitor, tokens."""
    cache_bytes: int | None = None
    """Memory for models; None: a share of what the device has."""
    quantization: str = ""
    """`HUB_QUANTIZE=nf4` or `int8`: bitsandbytes, for chat models of the transformers engine."""
    add_bytes: int = 4_000_000_000
    """The largest model of the Hub that a visitor may add (`HUB_ADD_MB`); 0: none."""
    private_urls: bool = False
    """Addresses that visitors give may be http and lead to this network (`HUB_PRIVATE_URLS=1`)."""
    model_folders: tuple[tuple[str, Path], ...] = ()
    """`HUB_MODELS=key=/folder;key2=/folder2`: weights the user already has."""
    remote_url: str = ""
    """An OpenAI-compatible server that answers chats (`HUB_REMOTE_URL`); empty: none."""
    remote_model: str = ""
    """Its model (`HUB_REMOTE_MODEL`); empty: its first."""
    remote_api_key: str = field(default="", repr=False)
    remote_context: int | None = None
    """Window of that model, tokens (`HUB_REMOTE_CONTEXT`); None: what the server says."""
    remote_embed_url: str = ""
    """An OpenAI-compatible server that embeds (`HUB_REMOTE_EMBED_URL`); empty: none."""
    remote_embed_model: str = ""
    remote_embed_api_key: str = field(default="", repr=False)
    """`HUB_REMOTE_EMBED_API_KEY`, else `HUB_REMOTE_API_KEY`."""


def from_env(env: Mapping[str, str]) -> Settings:
    """Reads `HUB_*`. Raises `SystemExit` with one sentence when a value makes no sense."""

    def flag(name: str, default: bool = False) -> bool:
        return env.get(name, "1" if default else "0").strip().lower() not in ("", "0", "false", "no", "off")

    def number(name: str, default: int, low: int, high: int) -> int:
        raw = env.get(name, "").strip()
        if not raw:
            return default
        if not raw.isdigit() or not low <= int(raw) <= high:
            raise SystemExit(f"{name} must be a whole number from {low} to {high}, not {raw!r}.")
        return int(raw)

    def server(name: str) -> str:
        url = env.get(name, "").strip()
        try:
            parts = urlsplit(url)
            port = parts.port != 0
        except ValueError:
            parts, port = urlsplit(""), False
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or not port):
            raise SystemExit(f"{name} must look like http://host:8000/v1.")
        if parts.username or parts.password:
            # addresses are logged, keys are not
            raise SystemExit(f"{name} must not contain a login; put the key in HUB_REMOTE_API_KEY.")
        return url

    def secret(name: str) -> str:
        value = env.get(name, "").strip()
        if not (value.isascii() and value.isprintable()) or " " in value:
            raise SystemExit(f"{name} must be one word of plain ASCII characters.")
        return value

    auth = None
    if env.get("HUB_AUTH"):
        user, colon, password = env["HUB_AUTH"].partition(":")
        if not colon or not user or not password:
            raise SystemExit("HUB_AUTH must look like user:password.")
        auth = (user, password)
    share, tunnel = flag("HUB_SHARE"), flag("HUB_TUNNEL")
    if (share or tunnel) and auth is None:
        raise SystemExit(
            "Sharing needs a login: set HUB_AUTH=user:password (everyone in the class uses the same one)."
        )
    folders = tuple(
        (key.strip(), Path(folder.strip()).expanduser())
        for key, equals, folder in (part.partition("=") for part in env.get("HUB_MODELS", "").split(";"))
        if equals
    )
    quantization = env.get("HUB_QUANTIZE", "").strip().lower()
    if quantization not in ("", "nf4", "int8"):
        raise SystemExit("HUB_QUANTIZE must be nf4 or int8 (or empty).")
    cache_mb = number("HUB_CACHE_MB", 0, 0, 10_000_000)
    port = number("HUB_PORT", 0, 0, 65535)
    return Settings(
        home=Path(env.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser(),
        host=env.get("HUB_HOST") or env.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if share else "127.0.0.1"),
        port=port or None,
        share=share,
        tunnel=tunnel,
        auth=auth,
        admin_token=env.get("HUB_ADMIN_TOKEN", ""),
        warm=flag("HUB_WARM", True),
        slots=number("HUB_SLOTS", 8, 1, 256),
        slot_context=number("HUB_CONTEXT", 2048, 256, 1_000_000),
        cache_bytes=cache_mb * 2**20 or None,
        quantization=quantization,
        add_bytes=number("HUB_ADD_MB", 4000, 0, 10_000_000) * 1_000_000,
        private_urls=flag("HUB_PRIVATE_URLS"),
        model_folders=folders,
        remote_url=server("HUB_REMOTE_URL"),
        remote_model=env.get("HUB_REMOTE_MODEL", "").strip(),
        remote_api_key=secret("HUB_REMOTE_API_KEY"),
        remote_context=number("HUB_REMOTE_CONTEXT", 0, 0, 10_000_000) or None,
        remote_embed_url=server("HUB_REMOTE_EMBED_URL"),
        remote_embed_model=env.get("HUB_REMOTE_EMBED_MODEL", "").strip(),
        remote_embed_api_key=secret("HUB_REMOTE_EMBED_API_KEY") or secret("HUB_REMOTE_API_KEY"),
    )


@cache
def settings() -> Settings:
    """The settings of this process."""
    return from_env(os.environ)
