"""Fetches a public file once: https only, limited in size and time, never from a private address."""

import hashlib
import http.client
import ipaddress
import os
import socket
import ssl
import time
import uuid
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from shared.errors import HubError
from shared.settings import settings

MAX_BYTES = 64 * 2**20
TIMEOUT = 20.0
"""Seconds without a byte."""
DEADLINE = 180.0
"""Seconds for the whole file."""
MAX_REDIRECTS = 3
MAX_KEPT = 512 * 2**20
"""Bytes of downloads kept on disk."""


def fetch(url: str, max_bytes: int = MAX_BYTES) -> bytes:
    """The file's content, from the hub's folder when it was fetched before.

    `HubError` says which rule the address breaks, or that it cannot be reached."""
    check(url)
    folder = settings().home / "songs"
    kept = folder / hashlib.sha256(url.encode()).hexdigest()
    if kept.is_file():
        os.utime(kept)
        return kept.read_bytes()
    data = _get(url, max_bytes)
    folder.mkdir(parents=True, exist_ok=True)
    beside = kept.with_name(f"{kept.name}.{uuid.uuid4().hex}.part")
    beside.write_bytes(data)
    beside.replace(kept)  # whole or not there
    _make_room(folder)
    return data


def _make_room(folder: Path) -> None:
    files = sorted((f for f in folder.iterdir() if f.is_file()), key=lambda f: f.stat().st_mtime)
    total = sum(f.stat().st_size for f in files)
    for oldest in files[:-1]:
        if total <= MAX_KEPT:
            break
        total -= oldest.stat().st_size
        oldest.unlink(missing_ok=True)


def check(url: str) -> tuple[str, str, int, str]:
    """(scheme, host, port, path and query) of an address that may be asked."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise HubError("songs.bad_url") from error
    schemes = ("https", "http") if settings().private_urls else ("https",)
    if parts.scheme not in schemes or not host or parts.username or parts.password:
        raise HubError("songs.bad_url")
    if any(ord(c) <= 32 or ord(c) == 127 for c in url.strip()):
        raise HubError("songs.bad_url")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def public_address(host: str, port: int) -> str:
    """The address that is then connected to, so that a name cannot point elsewhere a moment later.

    `HubError` when any of the name's addresses is not a public one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise HubError("songs.url_unreachable", host=host) from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not settings().private_urls and not all(_is_public(address) for address in addresses):
        raise HubError("songs.url_private", host=host)
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is not None:
            ip = inner
        elif ip in ipaddress.ip_network("64:ff9b::/96"):
            ip = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked; TLS still asks for the name."""

    def __init__(self, scheme: str, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._scheme = scheme
        self._address = address

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        self.sock = raw


def _get(url: str, max_bytes: int) -> bytes:
    end = time.monotonic() + DEADLINE
    for _ in range(MAX_REDIRECTS + 1):
        scheme, host, port, path = check(url)
        connection = _Pinned(scheme, host, port, public_address(host, port))
        try:
            connection.request("GET", path, headers={"User-Agent": "hands-on-llm-hub", "Accept": "*/*"})
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.headers.get("Location", ""))
                continue
            if answer.status != 200:
                raise HubError("songs.url_status", host=host, status=answer.status)
            return _read(answer, max_bytes, end)
        except (OSError, http.client.HTTPException) as error:
            raise HubError("songs.url_unreachable", host=host) from error
        finally:
            connection.close()
    raise HubError("songs.url_redirects")


def _read(answer: http.client.HTTPResponse, max_bytes: int, end: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while block := answer.read(1 << 16):
        size += len(block)
        if size > max_bytes:
            raise HubError("songs.url_too_large", limit=f"{max_bytes / 2**20:.0f} MB")
        if time.monotonic() > end:
            raise HubError("songs.url_slow", seconds=f"{DEADLINE:.0f}")
        parts.append(block)
    if answer.length:  # the server promised more
        raise http.client.IncompleteRead(b"".join(parts), answer.length)
    return b"".join(parts)
