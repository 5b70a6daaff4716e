"""OpenAI-compatible servers on loopback: a real one that can be killed, and one that fails as it is told."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

KEY = "sk-the-key-of-the-tests-0123456789"

_SERVE = """
import sys, xllamacpp
path, key, slots, embedding = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = path
params.n_parallel = int(slots)
params.n_ctx = 2048 * int(slots)
params.n_batch = 256
params.cpuparams.n_threads = 2
params.verbosity = 0
params.api_keys = [key]
params.cache_ram_mib = 0
if embedding == "embedding":
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


class LlamaServer:
    """llama.cpp in a process of its own."""

    def __init__(self, gguf: Path, slots: int = 2, embedding: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(gguf), KEY, str(slots), "embedding" if embedding else "chat"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.kill()
            raise RuntimeError("llama.cpp did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


Behaviour = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request to a `ScriptedServer`, with what its behaviours need to answer."""

    protocol_version = "HTTP/1.1"
    server: "ScriptedServer"

    def do_GET(self) -> None:
        self._do(None)

    def do_POST(self) -> None:
        self._do(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _do(self, body: Any) -> None:
        self.body = body
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, body, time.monotonic()))
        fixed = self.server.paths.get(self.path)
        if fixed is not None:
            fixed(self)
        elif self.path == "/v1/models":
            self.json({"data": [{"id": "scripted"}]})
        elif self.command == "POST" and self.path in ("/v1/chat/completions", "/v1/embeddings"):
            self.server.script.get(timeout=10)(self)
        else:
            self.json({"detail": "Not Found"}, 404)

    def json(self, answer: Any, status: int = 200, **headers: str) -> None:
        self.raw(json.dumps(answer).encode(), "application/json", status, **headers)

    def raw(self, content: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, data: Any) -> None:
        self.wfile.write(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def word(self, text: str, finish_reason: str | None = None, logprobs: Any = None) -> None:
        choice = {
            "index": 0,
            "delta": {"content": text},
            "finish_reason": finish_reason,
            "logprobs": logprobs,
        }
        self.event({"id": "1", "object": "chat.completion.chunk", "choices": [choice]})

    def log_message(self, *_: object) -> None:
        pass


class ScriptedServer(ThreadingHTTPServer):
    """Answers chats and embeddings with the next behaviour of `script`, other paths with `paths`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.script: queue.Queue[Behaviour] = queue.Queue()
        self.paths: dict[str, Behaviour] = {}
        self.seen: list[tuple[str, str, dict[str, str], Any, float]] = []
        self.gone = threading.Event()
        """Set by a behaviour that saw its client leave."""
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def then(self, *behaviours: Behaviour) -> "ScriptedServer":
        for behaviour in behaviours:
            self.script.put(behaviour)
        return self

    @property
    def posts(self) -> list[tuple[dict[str, str], Any, float]]:
        """Headers (names in lower case), body and time of the chats and embeddings asked for."""
        return [(headers, body, when) for command, _, headers, body, when in self.seen if command == "POST"]

    def handle_error(self, *_: object) -> None:
        pass  # clients that leave are what the tests are about


def scripted() -> Iterator[ScriptedServer]:
    """For a fixture."""
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def answer(*words: str) -> Behaviour:
    """A good answer, a chunk per word."""

    def behave(request: Request) -> None:
        request.events()
        for word in words:
            request.word(word)
        request.word("", "stop")
        request.event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": len(words)}})
        request.event("[DONE]")

    return behave


def error(status: int, message: str, **headers: str) -> Behaviour:
    return lambda request: request.json({"error": {"message": message, "code": status}}, status, **headers)


def wait_for_leave(request: Request) -> None:
    """Writes until the client has closed the connection."""
    try:
        for _ in range(1000):
            request.event({"choices": []})
            time.sleep(0.01)
    except OSError:
        request.server.gone.set()
