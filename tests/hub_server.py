"""A Hugging Face Hub on loopback: serves folders by repository id, speaks the protocol that huggingface_hub
2.4 speaks, counts what it served, and fails on request."""

import hashlib
import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

Kind = Literal["slow", "cut", "gated", "status", "wrong size", "wrong checksum"]

LFS = (".safetensors", ".gguf", ".bin", ".pt", ".onnx", ".model")
"""What the real Hub keeps outside git, under its SHA-256; everything else has a git blob id."""
CHUNK = 1 << 16


@dataclass
class Fault:
    """One thing that goes wrong, for a whole repository or for one file of it.

    slow: `seconds` before every 64 kB of a file. cut: the connection closes at byte `at` (None: half way).
    gated: the licence was not accepted, 401 without a token and 403 with one. status: that HTTP status, with
    `retry_after` seconds if any. wrong size: the listing promises one byte more. wrong checksum: one byte of
    the file differs."""

    kind: Kind
    file: str = ""
    times: int | None = None
    """How often it happens; None: always."""
    status: int = 503
    seconds: float = 0.1
    at: int | None = None
    retry_after: int | None = None


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `start` is the first byte asked for."""

    method: str
    path: str
    repo: str
    file: str
    start: int


@dataclass
class Served:
    """What went out of one file: GET requests and their bytes."""

    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class _File:
    path: Path | None
    data: bytes
    size: int
    sha256: str
    oid: str
    lfs: bool

    @property
    def etag(self) -> str:
        return self.sha256 if self.lfs else self.oid

    def read(self, start: int, size: int) -> bytes:
        if self.path is None:
            return self.data[start : start + size]
        with self.path.open("rb") as opened:
            opened.seek(start)
            return opened.read(size)


@dataclass(frozen=True)
class _Repo:
    commit: str
    files: dict[str, _File]
    licence: str


class HubServer(ThreadingHTTPServer):
    """`with HubServer() as hub: hub.add("org/name", folder)`; clients use `HF_ENDPOINT=hub.url`."""

    daemon_threads = True
    # sixteen threads of a test connect at once; the default backlog of 5 makes the others wait a second
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.served: defaultdict[tuple[str, str], Served] = defaultdict(Served)
        self.seen: list[Seen] = []
        self.accepted: set[str] = set()
        """Tokens whose owners accepted the licence of every gated repository."""
        self.repos: dict[str, _Repo] = {}
        self.faults: defaultdict[str, list[Fault]] = defaultdict(list)
        self.lock = threading.Lock()

    def __enter__(self) -> "HubServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self.server_close()

    def add(self, repo: str, source: Path | dict[str, bytes], licence: str = "mit") -> None:
        """Serves a folder, or files given as bytes, as `repo`; a second call is a new commit."""
        if isinstance(source, Path):
            paths = sorted(path for path in source.rglob("*") if path.is_file())
            files = {path.relative_to(source).as_posix(): _on_disk(path) for path in paths}
        else:
            files = {name: _file(name, data) for name, data in source.items()}
        contents = "".join(f"{name}:{file.sha256}\n" for name, file in files.items())
        commit = hashlib.sha1(f"{repo}\n{contents}".encode()).hexdigest()
        self.repos[repo] = _Repo(commit, files, licence)

    def fail(self, repo: str, kind: Kind | int, file: str = "", **details: float | None) -> None:
        """From now on `repo`, or one file of it, fails; a number is an HTTP status. See `Fault`."""
        if isinstance(kind, int):
            kind, details = "status", {"status": kind, **details}
        self.faults[repo].append(Fault(kind, file, **details))  # type: ignore[arg-type]

    def heal(self) -> None:
        self.faults.clear()

    def forget(self) -> None:
        """Counts from zero again."""
        with self.lock:
            self.seen.clear()
            self.served.clear()

    def weight_bytes(self, repo: str = "") -> int:
        """Bytes served of files that the Hub keeps as LFS: weights."""
        with self.lock:
            rows = list(self.served.items())
        return sum(row.bytes for (r, f), row in rows if repo in ("", r) and f.endswith(LFS))

    def take(self, repo: str, file: str, *kinds: Kind) -> Fault | None:
        """The first of these faults that hits `file` (empty: a question about the repository) now."""
        with self.lock:
            for fault in self.faults[repo]:
                if fault.kind in kinds and fault.file in ("", file) and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def has(self, repo: str, file: str, kind: Kind) -> bool:
        return any(f.kind == kind and f.file in ("", file) and f.times != 0 for f in self.faults[repo])


def _file(name: str, data: bytes, path: Path | None = None) -> _File:
    sha256, lfs = hashlib.sha256(data).hexdigest(), name.endswith(LFS)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {len(data)}\n"
    in_git = pointer.encode() if lfs else data
    oid = hashlib.sha1(b"blob %d\0" % len(in_git) + in_git).hexdigest()
    return _File(path, b"" if path else data, len(data), sha256, oid, lfs)


@cache
def _on_disk(path: Path) -> _File:
    return _file(path.name, path.read_bytes(), path)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer
    # headers and a short body in one packet: without it Nagle and delayed ACK cost 40 ms a request
    disable_nagle_algorithm = True

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path, query = unquote(url.path).strip("/"), parse_qs(url.query)
        # a data set is the repository "datasets/org/name"
        name = r"([^/]+/[^/]+|[^/]+)"
        if match := re.fullmatch(rf"api/(models|datasets)/{name}(?:/(revision|tree)/(.+))?", path):
            repo, what, rest = match[2], match[3] or "revision", match[4] or "main"
            repo = repo if match[1] == "models" else f"datasets/{repo}"
            self._note(path, repo)
            self._api(repo, what, rest, query)
        elif match := re.fullmatch(rf"((?:datasets/)?{name})/resolve/(refs/[^/]+/[^/]+|[^/]+)/(.+)", path):
            repo, _, revision, name = match.groups()
            self._note(path, repo, name)
            self._resolve(repo, revision, name)
        elif path == "api/whoami-v2":
            self._note(path)
            self._whoami()
        else:
            self._note(path)
            self._answer(404 if path else 200)

    def _note(self, path: str, repo: str = "", file: str = "") -> None:
        with self.server.lock:
            self.server.seen.append(Seen(self.command, path, repo, file, self._range()[0]))

    def _whoami(self) -> None:
        if not self._token():
            return self._answer(401, {"X-Error-Message": "Invalid credentials in Authorization header"})
        self._json({"type": "user", "name": "loopback", "fullname": "Loopback", "orgs": [], "auth": {}})

    def _api(self, name: str, what: str, rest: str, query: dict[str, list[str]]) -> None:
        repo = self._repo(name, "")
        if repo is None:
            return
        folder = ""
        if what == "tree":
            rest, _, folder = (rest, "", "") if rest.startswith("refs/") else rest.partition("/")
        if rest not in ("main", repo.commit):
            return self._answer(404, {"X-Error-Code": "RevisionNotFound"})
        if what == "revision":
            blobs = "blobs" in query
            return self._json(
                {
                    "_id": repo.commit[:24],
                    "id": name,
                    "modelId": name,
                    "sha": repo.commit,
                    "private": False,
                    "gated": "manual" if self.server.has(name, "", "gated") else False,
                    "tags": [f"license:{repo.licence}"],
                    "cardData": {"license": repo.licence},
                    "siblings": [
                        {"rfilename": file} | (self._sizes(name, file, "blobId", "sha256") if blobs else {})
                        for file in repo.files
                    ],
                }
            )
        recursive = query.get("recursive", ["false"])[0].lower() in ("true", "1")
        rows: list[dict[str, object]] = []
        for file in repo.files:
            inside = file.removeprefix(folder).lstrip("/") if file.startswith(folder) else ""
            if not inside:
                continue
            if "/" in inside and not recursive:
                path = file[: len(file) - len(inside)] + inside.split("/")[0]
                row: dict[str, object] = {
                    "type": "directory",
                    "path": path,
                    "oid": hashlib.sha1(path.encode()).hexdigest(),
                    "size": 0,
                }
                if row not in rows:
                    rows.append(row)
            else:
                rows.append({"type": "file", "path": file} | self._sizes(name, file, "oid", "oid"))
        self._json(rows)

    def _sizes(self, name: str, file: str, blob: str, sha256: str) -> dict[str, object]:
        found = self.server.repos[name].files[file]
        size = found.size + self.server.has(name, file, "wrong size")
        lfs = {"lfs": {sha256: found.sha256, "size": size, "pointerSize": 134}} if found.lfs else {}
        return {blob: found.oid, "size": size, **lfs}

    def _resolve(self, name: str, revision: str, file: str) -> None:
        repo = self._repo(name, file)
        if repo is None:
            return
        commit = {"X-Repo-Commit": repo.commit}
        if revision not in ("main", repo.commit):
            return self._answer(404, {"X-Error-Code": "RevisionNotFound"})
        if self.server.has(name, file, "gated") and self._token() not in self.server.accepted:
            headers = {
                "X-Error-Code": "GatedRepo",
                "X-Error-Message": f"Access to model {name} is restricted",
            }
            return self._answer(403 if self._token() else 401, commit | headers)
        found = repo.files.get(file)
        if found is None:
            return self._answer(404, commit | {"X-Error-Code": "EntryNotFound"})
        self._send(name, file, found, commit)

    def _send(self, name: str, file: str, found: _File, headers: dict[str, str]) -> None:
        start, end = self._range(found.size)
        if start >= end and found.size:
            return self._answer(416, {"Content-Range": f"bytes */{found.size}"})
        promised = found.size + self.server.has(name, file, "wrong size")
        headers |= {"ETag": f'"{found.etag}"', "Accept-Ranges": "bytes", "Content-Length": str(end - start)}
        if found.lfs:
            headers |= {"X-Linked-Etag": f'"{found.etag}"', "X-Linked-Size": str(promised)}
        elif self.command == "HEAD":
            headers |= {"Content-Length": str(promised)}
        ranged = "Range" in self.headers
        if ranged:
            headers |= {"Content-Range": f"bytes {start}-{end - 1}/{found.size}"}
        self._start(206 if ranged else 200, headers)
        if self.command == "HEAD":
            return
        cut = self.server.take(name, file, "cut")
        slow = self.server.take(name, file, "slow")
        damaged = self.server.take(name, file, "wrong checksum") is not None
        stop = end if cut is None else max(start, found.size // 2 if cut.at is None else cut.at)
        with self.server.lock:
            row = self.server.served[name, file]
            row.requests += 1
        try:
            for at in range(start, stop, CHUNK):
                if slow is not None:
                    time.sleep(slow.seconds)
                block = found.read(at, min(CHUNK, stop - at))
                if damaged and at == start:
                    block = block[:-1] + bytes([block[-1] ^ 1])
                # counted first: the client may look at the count as soon as it has the bytes
                with self.server.lock:
                    row.bytes += len(block)
                self.wfile.write(block)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up
        if cut is not None:
            self.close_connection = True

    def _repo(self, name: str, file: str) -> _Repo | None:
        """The repository, or None after the answer that says why not."""
        if fault := self.server.take(name, file, "status"):
            wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            codes = {
                401: {"X-Error-Message": "Invalid credentials in Authorization header"},
                404: {"X-Error-Code": "EntryNotFound" if fault.file else "RepoNotFound"},
            }
            self._answer(fault.status, wait | codes.get(fault.status, {}))
            return None
        repo = self.server.repos.get(name)
        if repo is None:
            # the Hub does not tell strangers which names exist
            self._answer(404 if self._token() else 401, {"X-Error-Code": "RepoNotFound"})
        return repo

    def _range(self, size: int = 0) -> tuple[int, int]:
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if match is None:
            return 0, size
        return int(match[1]), min(size, int(match[2]) + 1) if match[2] else size

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ").strip()

    def _json(self, value: object) -> None:
        self._answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())

    def _answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self._start(status, {"Content-Length": str(len(body)), **(headers or {})})
        if self.command == "GET":
            self.wfile.write(body)

    def _start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""
