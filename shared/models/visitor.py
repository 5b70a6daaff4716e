"""Models that visitors bring: any Hub repository whose config and file list show that the hub can run it."""

import re
import threading
from dataclasses import dataclass
from typing import Any

from shared.errors import HubError
from shared.models import hub
from shared.models.registry import MODELS, register
from shared.models.spec import Engine, ModelSpec, Task

MAX_ADDED = 32
"""How many models visitors may add to one process; the list of models must stay readable."""

_CAUSAL = (
    "LlamaForCausalLM",
    "MistralForCausalLM",
    "Phi3ForCausalLM",
    "Qwen2ForCausalLM",
    "Qwen3ForCausalLM",
    "SmolLM3ForCausalLM",
)
_ENCODERS = ("Bert", "DistilBert", "MPNet", "ModernBert", "Roberta", "XLMRoberta")

ARCHITECTURES: dict[Task, tuple[str, ...]] = {
    "chat": _CAUSAL,
    "causal-lm": (*_CAUSAL, "GPT2LMHeadModel"),
    # an embedding model often keeps the name of the head it was pretrained with: all-mpnet-base-v2 does
    "embed": tuple(f"{name}{head}" for name in _ENCODERS for head in ("Model", "ForMaskedLM")),
    "rerank": tuple(f"{name}ForSequenceClassification" for name in _ENCODERS),
    "sentiment": tuple(f"{name}ForSequenceClassification" for name in _ENCODERS),
    "fill-mask": tuple(f"{name}ForMaskedLM" for name in _ENCODERS),
    "seq2seq": ("T5ForConditionalGeneration", "MT5ForConditionalGeneration"),
    "clip": ("CLIPModel", "OpenCLIP"),
    "vqa": ("Blip2ForConditionalGeneration",),
}
"""The `architectures` of config.json that each task's code was written for and tested with."""

_ENGINES: dict[Task, Engine] = {"embed": "sentence-transformers", "rerank": "cross-encoder"}
_ITEM = {"float32": 4, "float16": 2, "bfloat16": 2}
_OPEN_CLIP = "open_clip_config.json"
_WEIGHTS = re.compile(r"(\d+_\w+/)?model(-\d+-of-\d+)?\.safetensors")
_TEXTS = re.compile(r"(\d+_\w+/)?[\w.-]+\.(json|txt|model|jinja)")
_MAX_CONFIG = 1_000_000

_adding = threading.Lock()
_added: set[str] = set()


@dataclass(frozen=True)
class Offer:
    """What a visitor confirms before a byte of weights is fetched. `bytes`: of the weights."""

    spec: ModelSpec
    bytes: int
    architecture: str
    licence: str


def inspect(repo: str, task: Task) -> Offer:
    """What it would take to run `repo` for `task`, from its file list and its config.json alone.

    Raises HubError: unknown, gated or unreachable repository, pickles only, custom code, architecture."""
    repo = _repo_id(repo)
    if task not in ARCHITECTURES:
        raise HubError("hub.offer_task", task=task)
    known = next(
        (s for s in MODELS.values() if (s.repo, s.task) == (repo, task) and not s.quantization), None
    )
    if known is not None:
        return Offer(known, known.bytes, "", known.licence)
    if not hub.hub_online():
        raise HubError("hub.offline_repo", repo=repo)
    listing = hub.listing(repo)
    open_clip = task == "clip" and _OPEN_CLIP in listing.files
    config_file = _OPEN_CLIP if open_clip else "config.json"
    if not 0 < listing.files.get(config_file, 0) <= _MAX_CONFIG:
        raise HubError("hub.offer_no_config", repo=repo, file=config_file)
    config = hub.read_json(repo, config_file, listing.commit)
    architecture = "OpenCLIP" if open_clip else _checked_architecture(repo, task, config)
    if open_clip:
        weights, others = ["open_clip_model.safetensors"], [_OPEN_CLIP]
    else:
        weights = [name for name in listing.files if _WEIGHTS.fullmatch(name)]
        others = [name for name in listing.files if _TEXTS.fullmatch(name)]
    size = sum(listing.files.get(name, 0) for name in weights)
    if not size:
        raise HubError("hub.no_safe_weights", model=repo.split("/")[-1], repo=repo)
    dtype = str(config.get("dtype") or config.get("torch_dtype") or "float32")
    dtype = dtype if dtype in _ITEM else "float32"
    spec = ModelSpec(
        key=f"{repo.replace('/', '--')}--{task}",
        name=repo.split("/")[-1],
        task=task,
        engine="open-clip" if open_clip else _ENGINES.get(task, "transformers"),
        repo=repo,
        # what was checked is what is fetched, whatever its author uploads in between
        revision=listing.commit,
        licence=listing.licence or "not stated",
        parameters=size // _ITEM[dtype],
        bytes=size,
        dtype=dtype,
        files=(*weights, *others),
        context_length=_context_length(config),
        needs="gpu" if size // _ITEM[dtype] > 1_500_000_000 else "",
    )
    return Offer(spec, size, architecture, spec.licence)


def add(offer: Offer) -> ModelSpec:
    """Registers what was offered, for this process. A second call gives the model that is there.

    Raises HubError when visitors have added `MAX_ADDED` models already."""
    with _adding:
        if offer.spec.key in MODELS:
            return MODELS[offer.spec.key]
        if len(_added) >= MAX_ADDED:
            raise HubError("hub.offer_full", limit=MAX_ADDED)
        register(offer.spec)
        _added.add(offer.spec.key)
        return offer.spec


def _repo_id(text: str) -> str:
    """The repository's id, also from its address in the browser."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    repo = re.sub(r"^(https?://)?(www\.)?(huggingface\.co|hf\.co|hf-mirror\.com)/", "", text.strip()).rstrip(
        "/"
    )
    repo = re.sub(r"/(tree|blob)/.*$", "", repo)
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise HubError("hub.unknown_repo", repo=text) from error
    return repo


def _checked_architecture(repo: str, task: Task, config: dict[str, Any]) -> str:
    if config.get("auto_map"):
        raise HubError("hub.offer_custom_code", repo=repo)
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else "?"
    if architecture not in ARCHITECTURES[task]:
        allowed = ", ".join(ARCHITECTURES[task])
        raise HubError("hub.offer_architecture", repo=repo, architecture=architecture, allowed=allowed)
    if config.get("quantization_config"):
        raise HubError("hub.offer_quantised", repo=repo)
    # transformers' own default: two labels where the config names none
    names = config.get("id2label")
    labels = len(names) if isinstance(names, dict) else 2
    if (task == "rerank" and labels != 1) or (task == "sentiment" and labels < 2):
        raise HubError("hub.offer_labels", repo=repo, labels=labels)
    return architecture


def _context_length(config: dict[str, Any]) -> int:
    inner = config.get("text_config")
    for part in (config, inner if isinstance(inner, dict) else {}):
        for name in ("max_position_embeddings", "n_positions"):
            if isinstance(part.get(name), int):
                return int(part[name])
    return 0
