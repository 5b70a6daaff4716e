"""LoRA adapters on a model in memory: attached and detached in place, no second copy of the base."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.errors import HubError


def check_folder(folder: Path) -> None:
    """Raises HubError unless `folder` has a LoRA adapter in safetensors; pickles are never opened."""
    import json

    config, weights = folder / "adapter_config.json", folder / "adapter_model.safetensors"
    for file in (config, weights):
        if not file.is_file():
            raise HubError("hub.bad_adapter", folder=str(folder), reason=f"no {file.name}")
    try:
        kind = json.loads(config.read_text(encoding="utf-8"))["peft_type"]
    except (ValueError, KeyError, TypeError) as error:
        raise HubError("hub.bad_adapter", folder=str(folder), reason=f"{config.name}: {error}") from error
    if kind != "LORA":
        raise HubError("hub.bad_adapter", folder=str(folder), reason=f"peft_type {kind}")


class Adapters:
    """The adapters of one model. Between two `applied` blocks the model answers as it was loaded. The caller
    sees to it that nobody runs the model during `attach`, `detach` or somebody else's `applied`."""

    def __init__(self, model: Any) -> None:
        self._model = model
        # an adapter that the model was loaded with (ModelSpec.adapter) belongs to it
        self._resident = list(model.peft_config) if getattr(model, "_hf_peft_config_loaded", False) else []
        self._inner: dict[str, str] = {}
        self._numbers = itertools.count()
        self._users: Counter[str] = Counter()
        self._guard = threading.Lock()

    @property
    def names(self) -> list[str]:
        return list(self._inner)

    def attach(self, folder: Path, name: str) -> None:
        """Loads the adapter; it is used only where it is asked for."""
        check_folder(folder)
        if name in self._inner:
            raise HubError("hub.adapter_taken", name=name)
        # a name of ours: peft makes module names of it (no dots), transformers looks for it in keys
        inner = f"hub-adapter-{next(self._numbers)}"
        # load_adapter leaves the adapter's renamings here, and a later save_pretrained would apply them
        conversions = getattr(self._model, "_weight_conversions", None)
        try:
            report = self._model.load_adapter(str(folder), adapter_name=inner)
            lost = [*(report.missing_keys or ()), *(report.mismatched_keys or ())]
            if lost:
                raise ValueError(f"{len(lost)} of its tensors do not fit the model, the first is {lost[0]}")
        except Exception as error:
            self._remove(inner)
            raise HubError("hub.bad_adapter", folder=str(folder), reason=str(error)[:200]) from error
        finally:
            self._model._weight_conversions = conversions
        self._inner[name] = inner
        self._restore()

    def detach(self, name: str) -> None:
        """Takes the adapter's weights out of memory. Raises HubError while an answer uses it."""
        inner = self._known(name)
        with self._guard:
            if self._users[name]:
                raise HubError("hub.model_busy", model=name)
            del self._inner[name]
        self._remove(inner)

    @contextmanager
    def in_use(self, name: str) -> Iterator[None]:
        """While it lasts, the adapter cannot be detached."""
        with self._guard:
            self._known(name)
            self._users[name] += 1
        try:
            yield
        finally:
            with self._guard:
                self._users[name] -= 1

    @contextmanager
    def applied(self, name: str, scale: float) -> Iterator[None]:
        """The model runs with the adapter, its LoRA scaling (alpha / r) times `scale`."""
        inner = self._known(name)
        scaled = [(layer, layer.scaling[inner]) for layer in self._layers() if inner in layer.scaling]
        self._model.set_adapter([*self._resident, inner])
        self._model.enable_adapters()
        for layer, scaling in scaled:
            layer.scaling[inner] = scaling * scale
        try:
            yield
        finally:
            for layer, scaling in scaled:
                layer.scaling[inner] = scaling
            self._restore()

    def check(self, name: str) -> None:
        """Raises HubError when no adapter of that name is attached."""
        self._known(name)

    def _known(self, name: str) -> str:
        if name not in self._inner:
            raise HubError("hub.unknown_adapter", name=name)
        return self._inner[name]

    def _restore(self) -> None:
        if self._resident:
            self._model.set_adapter(self._resident)
        else:
            self._model.disable_adapters()

    def _remove(self, inner: str) -> None:
        """Also after a load that failed half-way: then the layers are there and the config may not be."""
        if inner in getattr(self._model, "peft_config", {}):
            self._model.delete_adapter(inner)
        if self._inner or self._resident:
            self._restore()
            return
        # the last one is gone: the wrappers go too, and the model is what it was
        from peft.tuners.tuners_utils import BaseTunerLayer

        for path, module in list(self._model.named_modules()):
            if isinstance(module, BaseTunerLayer):
                parent, _, leaf = path.rpartition(".")
                setattr(self._model.get_submodule(parent), leaf, module.get_base_layer())

    def _layers(self) -> list[Any]:
        from peft.tuners.lora import LoraLayer

        return [module for module in self._model.modules() if isinstance(module, LoraLayer)]
