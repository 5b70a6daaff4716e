"""Makes `spaces.<topic>` importable, with or without Hugging Face's package of the same name.

Import this first, before torch and gradio: ZeroGPU's `spaces` must be loaded before anything touches CUDA.
"""

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

spaces = importlib.import_module("spaces")
_ours = str(ROOT / "spaces")
if _ours not in list(spaces.__path__):
    spaces.__path__.append(_ours)

# as the package itself reads it
ON_ZERO_GPU = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true") and hasattr(spaces, "GPU")


def gpu(duration: int | Callable[..., int] = 60) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hugging Face's `spaces.GPU(duration=seconds)` on ZeroGPU, the identity elsewhere.

    `duration` may be a function of the decorated one's arguments. On ZeroGPU the function runs in a forked
    process: arguments and results are pickled, and what it changes in memory is not changed here."""
    if ON_ZERO_GPU:
        return spaces.GPU(duration=duration)
    return lambda fn: fn
