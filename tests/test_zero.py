"""ZeroGPU, as far as it goes without one: Hugging Face's own `spaces` package, forks, pickles, packed weights
and a device API on loopback. Two of its functions are replaced: waking the card, copying weights to it."""

import shared  # noqa: I001  (first: see shared/__init__.py)

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from gradio_client import Client

from shared.engines import lent
from shared.engines.base import Sampling
from shared.engines.local import LocalEngine
from shared.errors import HubError
from shared.models import MODELS
from shared.models.loaders import from_folder
from shared.publish.folder import publish
from shared.zero import lent_models
from tests.checkpoints import Checkpoints
from tests.conftest import ROOT, Hub, free_port
from tests.test_hub import call_raw, endpoints
from tests.test_isolation import wait_until_idle

PACKAGE = "spaces==0.51.3"
KEY = "qwen2-0.5b-bf16"
REPO = MODELS[KEY].repo
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Hugging Face's `spaces`. Not installed: the other tests do without it."""
    folder = tmp_path_factory.mktemp("spaces-package")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--quiet",
        "--dest",
        str(folder),
        PACKAGE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(done.stderr)
        pytest.skip(f"PyPI does not give {PACKAGE}")
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(folder)
    return folder


@dataclass
class DeviceAPI:
    """Who lends the GPUs: `/startup-report`, `/schedule`, `/allow`, `/release`; a GPU is lent at once."""

    url: str
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    idle: bool = False
    """What /schedule says: whether the process that had this GPU last may take it again."""
    status: int = 200
    borrowers: list[int] = field(default_factory=list)
    """The processes that had a GPU. Like the real one, it ends them: they do not end with the hub."""

    def end_borrowers(self) -> None:
        for pid in self.borrowers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def named(self, path: str) -> list[dict[str, str]]:
        return [values for called, values in self.calls if called == path]

    def wait(self, path: str, count: int, seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while len(self.named(path)) < count:
            assert time.monotonic() < end, self.calls
            time.sleep(0.02)


@pytest.fixture(scope="module")
def running_api() -> Iterator[DeviceAPI]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            values = dict(parse_qsl(parts.query))
            api.calls.append((parts.path, values))
            if parts.path == "/allow":
                api.borrowers.append(int(values["pid"]))
            status = api.status if parts.path == "/schedule" else 200
            token = f"token-{len(api.calls)}"
            gpu = {"idle": api.idle, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": token}
            body = json.dumps(gpu if status == 200 else {}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    api = DeviceAPI(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield api
    server.shutdown()
    server.server_close()
    api.end_borrowers()


@pytest.fixture
def device_api(running_api: DeviceAPI) -> DeviceAPI:
    """As if it had just been started."""
    running_api.calls.clear()
    running_api.idle, running_api.status = False, 200
    return running_api


@pytest.fixture(scope="module")
def zero_env(
    package: Path, running_api: DeviceAPI, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What a ZeroGPU Space has in its environment, and where the package keeps packed weights."""
    place = tmp_path_factory.mktemp("zero")
    (place / "cgroup").write_text("0::/a-space\n")
    (place / "stand_in.py").write_text(STAND_IN)
    return {
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": running_api.url,
        "ZEROGPU_PROC_SELF_CGROUP_PATH": str(place / "cgroup"),
        "ZEROGPU_OFFLOAD_DIR": str(place / "packed"),
        "PYTHONPATH": f"{package}{os.pathsep}{place}",
    }


STAND_IN = '''
"""In the place of a card: the weights that were packed for it are read into memory of the forked process."""
import sys

def install():
    import torch
    import spaces.zero.torch as zero
    import spaces.zero.torch.patching as patching

    def move(callback=None):
        for pack in patching.tensor_packs:
            data = open(pack.path(), "rb").read()
            start = 0
            for tensor, size, aligned in [*(t for batch in pack.batches for t in batch), *pack.big_tensors]:
                storage = torch.frombuffer(bytearray(data[start:start + size]), dtype=torch.uint8)
                start += aligned
                loaded = torch.empty(0, dtype=tensor.dtype).set_(
                    storage.untyped_storage(), 0, tensor.shape, tensor.stride()
                )
                for fake in pack.fakes[tensor]:
                    fake.data = loaded

    zero.init = lambda nvidia_uuid: None
    zero.move = move
'''


def run_python(code: str, env: dict[str, str], cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


WATCH = """
    import sys
    order = []

    class Watch:
        def find_spec(self, name, path=None, target=None):
            if name in ("spaces", "torch", "gradio", "transformers", "sentence_transformers"):
                order.append(name)

    sys.meta_path.insert(0, Watch())
    import app
    print(" ".join(dict.fromkeys(order)))
"""


def test_spaces_comes_first_and_the_import_of_the_app_touches_no_cuda(zero_env):
    said = run_python(
        WATCH
        + """
    import shared, torch, gradio
    assert shared.ON_ZERO_GPU
    assert gradio.Blocks.launch is not sys.modules["spaces.zero.gradio"]._orig_launch  # packs at launch
    assert torch.cuda.is_available()  # so the package says
    assert not torch.cuda._initialized and not torch.cuda.is_initialized()
    print(len(sys.modules["spaces.zero.decorator"].decorated_cache))
    print([path.rsplit("/", 1)[1] for path in sys.modules["spaces"].__path__])
    """,
        zero_env,
    ).splitlines()
    assert said[0].split()[0] == "spaces"
    assert {"torch", "gradio"} <= set(said[0].split())
    assert int(said[-2]) > 0  # a Space without any GPU function is stopped by Hugging Face
    assert said[-1] == "['spaces', 'spaces']"


def test_elsewhere_spaces_still_comes_first_and_torch_not_at_all(package):
    for path, on_disk in (("", 1), (str(package), 2)):
        code = WATCH + '\n    print(len(set(sys.modules["spaces"].__path__)), "torch" in sys.modules)'
        said = run_python(code, {"PYTHONPATH": path, "SPACES_ZERO_GPU": ""}).splitlines()
        assert said[0].split()[:2] == ["spaces", "gradio"]
        assert said[-1] == f"{on_disk} False"


def test_the_labs_work_beside_the_installed_package(package, start_hub):
    hub = start_hub(HUB_WARM="0", PYTHONPATH=f"{package}{os.pathsep}{ROOT}").wait()
    assert Client(hub.url, verbose=False).predict("abc", ["clip"], api_name="/tokenize")["clip"]["count"] == 1


def test_decorator_is_the_identity_elsewhere(zero_env):
    def plain() -> int:
        return 1

    assert not shared.ON_ZERO_GPU and shared.gpu(duration=5)(plain) is plain
    said = run_python("import shared; print(shared.ON_ZERO_GPU)", {**zero_env, "SPACES_ZERO_GPU": "false"})
    assert said == "False\n"


def test_values_and_generators_come_back_from_a_forked_process_and_changes_do_not(zero_env, device_api):
    """The package's own wrappers, through our decorator."""
    said = run_python(
        """
        import shared, stand_in
        stand_in.install()
        import os, gradio as gr
        seen = []

        @shared.gpu(duration=7)
        def count(n):
            seen.append(n)
            for i in range(n):
                yield os.getpid(), i

        @shared.gpu(duration=lambda x: 3 * abs(x))
        def double(x):
            if x < 0:
                raise ValueError("too small")
            return os.getpid(), 2 * x

        here = os.getpid()
        drawn = list(count(3))
        print([i for _, i in drawn], {pid for pid, _ in drawn} != {here}, seen)
        print(double(21)[1], double(21)[0] != here)
        try:
            double(-1)
        except gr.Error as error:
            print(error.message)
        """,
        zero_env,
    )
    lines = [line for line in said.splitlines() if "DEBUG" not in line]
    assert lines[0] == "[0, 1, 2] True []" and lines[1] == "42 True" and lines[-1] == "ValueError"
    assert [call["durationSeconds"] for call in device_api.named("/schedule")] == ["7", "63", "63", "3"]
    assert [call["fail"] for call in device_api.named("/release")] == ["false"] * 3 + ["true"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny double of the chat model, with a window that holds a long answer."""
    folder = Checkpoints(tmp_path_factory.mktemp("checkpoints")).folder(REPO)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"max_position_embeddings": 2048}))
    return folder


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prompting lab alone, its front matter naming the chat model."""
    folder = tmp_path_factory.mktemp("space") / "prompting"
    publish("prompting", folder)
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8").replace("models:\n", f"models:\n  - {REPO}\n", 1)
    readme.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def zero_hub(space, checkpoint, zero_env, tmp_path_factory) -> Iterator[Hub]:
    """The published lab on the simulated ZeroGPU."""
    gate = tmp_path_factory.mktemp("gate")
    # app.py imports shared first and the shell next: between them the package is there to be changed
    (gate / "sitecustomize.py").write_text(
        "import sys\n"
        "class After:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'shared.shell':\n"
        "            import stand_in; stand_in.install()\n"
        "sys.meta_path.insert(0, After())\n"
    )
    env = {**zero_env, "PYTHONPATH": os.pathsep.join([str(gate), zero_env["PYTHONPATH"], str(space)])}
    log = gate / "hub.log"
    hub = Hub(log, space, HUB_MODELS=f"{KEY}={checkpoint}", HUB_WARM="0", HF_HUB_OFFLINE="1", **env)
    try:
        yield hub.wait(120)
    finally:
        hub.stop()


@pytest.fixture(scope="module")
def bare(checkpoint) -> LocalEngine:
    """The same weights in this process."""
    return LocalEngine(MODELS[KEY], from_folder(MODELS[KEY], checkpoint, attention="sdpa"))


def said_by(engine, messages, sampling) -> str:
    return "".join(delta.text for delta in engine.stream(messages, sampling))


def ask(tokens: int, seed: int = 0, temperature: float = 0.0):
    return (QUESTION, KEY, temperature, 1.0, tokens, seed)


def test_a_chat_model_answers_through_lent_gpus(zero_hub: Hub, device_api: DeviceAPI, bare: LocalEngine):
    client = Client(zero_hub.url, verbose=False)
    row = next(row for row in client.predict(api_name="/models") if row["key"] == KEY)
    assert (row["loaded"], row["device"], row["state"]) == (True, "ZeroGPU", "idle")

    # the same tokens as without ZeroGPU, streamed from another process
    job = client.submit(*ask(12), api_name="/prompt")
    assert job.result(timeout=60) == said_by(bare, QUESTION, Sampling(0.0, 1.0, max_new_tokens=12, seed=0))
    drawn = client.predict(*ask(12, 5, 1.0), api_name="/prompt")
    assert drawn == said_by(bare, QUESTION, Sampling(1.0, 1.0, max_new_tokens=12, seed=5))
    tokens = client.predict(QUESTION, KEY, 1.0, 1.0, 5, api_name="/next_token")
    expected = bare.next_token(QUESTION)
    assert [token["id"] for token in tokens] == expected.ids[:5].tolist()

    assert [call["durationSeconds"] for call in device_api.named("/schedule")] == ["15", "15", "15"]
    pids = {int(call["pid"]) for call in device_api.named("/allow")}
    assert len(pids) == 3 and zero_hub.process.pid not in pids
    device_api.wait("/release", 3)
    assert {call["fail"] for call in device_api.named("/release")} == {"false"}

    # a process that still has the GPU is taken again
    device_api.idle = True
    assert client.predict(*ask(12), api_name="/prompt") == job.result()
    assert len(device_api.named("/allow")) == 3 and len(device_api.named("/schedule")) == 4


def test_start_reports_itself_before_the_page_is_there(zero_env, device_api):
    """What `launch` sends when it has packed the weights; without it the Space is stopped."""
    run_python(
        """
        import shared, gradio
        from shared.launch import launch
        with gradio.Blocks() as demo:
            gradio.Markdown("x")
        launch(demo, prevent_thread_lock=True, server_port=None)
        """,
        zero_env,
    )
    assert [path for path, _ in device_api.calls] == ["/startup-report"]


def test_llama_cpp_needs_no_gpu_function(zero_hub: Hub, device_api: DeviceAPI):
    client = Client(zero_hub.url, verbose=False)
    answer = client.predict(QUESTION, "smollm2-135m", 0.0, 1.0, 16, 0, api_name="/prompt")
    assert answer == "The capital of France is Paris."
    assert not device_api.named("/schedule")


def test_stop_ends_the_answer_in_the_other_process_and_frees_the_gpu(zero_hub: Hub, device_api: DeviceAPI):
    client = Client(zero_hub.url, verbose=False)
    job = client.submit(*ask(1900, temperature=1.0), api_name="/prompt")
    while not job.outputs():
        assert not job.done(), job.exception()
        time.sleep(0.02)
    assert not device_api.named("/release")
    job.cancel()
    device_api.wait("/release", 1, seconds=4)
    assert len(Client(zero_hub.url, verbose=False).predict(*ask(3), api_name="/prompt")) > 0
    wait_until_idle(zero_hub, 10.0, KEY)


def test_mistakes_are_told_before_a_gpu_is_asked_for(zero_hub: Hub, device_api: DeviceAPI):
    index = endpoints(zero_hub.url)["prompt"]
    long = [{"role": "user", "content": "sea " * 3000}]
    said = call_raw(zero_hub.url, index, [long, KEY, 0.0, 1.0, 16, 0], **{"accept-language": "en"})
    assert "tokens too long" in said
    assert not device_api.named("/schedule")


def test_no_gpu_to_lend_is_said_and_the_next_visitor_is_served(zero_hub: Hub, device_api: DeviceAPI):
    index = endpoints(zero_hub.url)["prompt"]
    device_api.status = 503
    assert "No GPU was available" in call_raw(zero_hub.url, index, list(ask(4)))
    device_api.status = 200
    assert '"success":true' in call_raw(zero_hub.url, index, list(ask(4))).replace(" ", "")


def test_four_visitors_get_processes_of_their_own(zero_hub: Hub, device_api: DeviceAPI, bare: LocalEngine):
    clients = [Client(zero_hub.url, verbose=False) for _ in range(4)]
    jobs = [client.submit(*ask(8, n, 1.0), api_name="/prompt") for n, client in enumerate(clients)]
    for n, job in enumerate(jobs):
        expected = said_by(bare, QUESTION, Sampling(1.0, 1.0, max_new_tokens=8, seed=n))
        assert job.result(timeout=120) == expected
    assert len({call["pid"] for call in device_api.named("/allow")}) == 4


def test_model_of_the_front_matter_that_is_not_to_be_had_does_not_stop_the_start(space, zero_env, start_hub):
    paths = os.pathsep.join([zero_env["PYTHONPATH"], str(space)])
    hub = start_hub(cwd=space, HUB_WARM="0", HF_HUB_OFFLINE="1", **{**zero_env, "PYTHONPATH": paths}).wait(90)
    assert httpx.get(hub.url).status_code == 200
    assert f"{KEY} was not loaded at start" in hub.log.read_text()


# The engine by itself, where `shared.gpu` is the identity


@pytest.fixture
def borrowing(checkpoint) -> Iterator[lent.LentEngine]:
    engine = LocalEngine(MODELS[KEY], from_folder(MODELS[KEY], checkpoint, attention="sdpa"))
    found = lent.LentEngine(KEY, engine)
    yield found
    found.close()


def test_only_transformers_chat_models_borrow_the_gpu():
    repos = [spec.repo for spec in MODELS.values()]
    borrowing = lent_models(repos)
    assert {spec.key for spec in borrowing} == {
        "qwen2-0.5b-bf16",
        "qwen1.5-1.8b",
        "qwen3-0.6b",
        "phi-3-mini-bf16",
    }
    assert lent_models([]) == []


def test_lent_engine_is_a_chat_engine(borrowing, bare):
    sampling = Sampling(0.0, 1.0, max_new_tokens=6, top_logprobs=3)
    assert list(borrowing.stream(QUESTION, sampling)) == list(bare.stream(QUESTION, sampling))
    assert borrowing.render(QUESTION) == bare.render(QUESTION)
    assert borrowing.tokenize("a b") == bare.tokenize("a b")
    assert borrowing.name == bare.name and borrowing.context_length == bare.context_length
    stream = borrowing.stream(QUESTION, sampling)
    next(stream)
    assert borrowing.active == 1
    stream.close()
    assert borrowing.active == 0


def test_errors_of_the_other_process_keep_their_sentence(borrowing, monkeypatch):
    def fails(*args):
        raise HubError("hub.answer_out_of_memory", free="1 GB")

    monkeypatch.setattr(borrowing._engine, "stream", fails)
    monkeypatch.setattr(borrowing._engine, "next_token", fails)
    for call in (
        lambda: list(borrowing.stream(QUESTION, Sampling())),
        lambda: borrowing.next_token(QUESTION),
    ):
        with pytest.raises(HubError) as caught:
            call()
        assert (caught.value.key, caught.value.values) == ("hub.answer_out_of_memory", {"free": "1 GB"})


def test_adapters_are_refused_with_a_sentence(borrowing, tmp_path):
    with pytest.raises(HubError) as caught:
        borrowing.attach(tmp_path, "mine")
    assert caught.value.key == "hub.zero_adapter"


@pytest.mark.parametrize(("tokens", "seconds"), [(1, 15), (256, 27), (1024, 66), (5000, 120)])
def test_time_asked_for_grows_with_the_answer(tokens, seconds):
    assert lent._stream_seconds(KEY, [], Sampling(max_new_tokens=tokens)) == seconds
