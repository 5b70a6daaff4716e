"""The registry: every model the hub knows, by key."""

from shared.models.catalogue import SPECS
from shared.models.spec import Embedded, Engine, FromGGUF, InPackage, InWheel, ModelSpec, Needs, Task

__all__ = [
    "DEFAULT_CHAT",
    "DEFAULT_EMBED",
    "MODELS",
    "Embedded",
    "Engine",
    "FromGGUF",
    "InPackage",
    "InWheel",
    "ModelSpec",
    "Needs",
    "Task",
    "of_task",
    "register",
]

MODELS: dict[str, ModelSpec] = {spec.key: spec for spec in SPECS}
DEFAULT_CHAT = "smollm2-135m"
DEFAULT_EMBED = "minilm-l6"


def register(spec: ModelSpec) -> None:
    """Adds a model. Raises ValueError when the key is taken."""
    if spec.key in MODELS:
        raise ValueError(f"the model key {spec.key!r} is taken")
    MODELS[spec.key] = spec


def of_task(task: Task) -> list[ModelSpec]:
    """The models that do `task`, embedded ones first."""
    return sorted((s for s in MODELS.values() if s.task == task), key=lambda s: s.embedded is None)
