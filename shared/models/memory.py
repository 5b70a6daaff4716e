"""Sizes: what models may use, what is free, how big things are in words."""

import errno
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import shared
from shared.errors import HubError
from shared.settings import settings

CPU_SHARE = 0.4
"""Of the machine's RAM; the rest is for the system, the browser, datasets and training."""
_M_MMAP_THRESHOLD = -3
"""glibc's malloc.h."""
CUDA_SHARE = 0.9
"""Of the GPU memory that is free at start; the rest is for activations."""


def default_budget() -> int:
    """Bytes that loaded models may take together: the visitor's setting, else a share of the device.

    The GPU is asked only when torch is there already: a budget is not worth a five second import."""
    chosen = settings().cache_bytes
    if chosen is not None:
        return chosen
    cuda = _cuda()
    if cuda is not None:
        return int(cuda.mem_get_info()[0] * CUDA_SHARE)
    import psutil

    return int(psutil.virtual_memory().total * CPU_SHARE)


def free_memory() -> int:
    """Bytes that the device could still give: GPU memory where there is a GPU in use, else RAM."""
    cuda = _cuda()
    if cuda is not None:
        return int(cuda.mem_get_info()[0])
    import psutil

    return int(psutil.virtual_memory().available)


def settle_allocator() -> None:
    """Makes glibc map large blocks by themselves, so that a freed model's memory goes back to the system
    and does
    not stay in the arenas of the threads that loaded it (250 MB after a few hundred loads). Nothing
    elsewhere."""
    import ctypes

    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, 1 << 20)


def rss() -> int:
    """Resident memory of this process, bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def give_back() -> None:
    """Hands freed memory to the system: Python's cycles, glibc's heap, torch's GPU cache."""
    import ctypes
    import gc

    gc.collect()
    if sys.platform == "linux":
        # musl has no malloc_trim, and needs none
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
    cuda = _cuda()
    if cuda is not None:
        cuda.empty_cache()


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether `error`, or what caused it, is a refused allocation: Python's, torch's or llama.cpp's."""
    while error is not None:
        # by name: torch may not be imported
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
            return True
        words = str(error).lower()
        if isinstance(error, RuntimeError) and ("out of memory" in words or "failed to allocate" in words):
            return True
        error = error.__cause__
    return False


def _cuda() -> Any:
    torch = sys.modules.get("torch")
    # another thread may be in the middle of importing torch: then it has no `cuda` yet
    cuda = getattr(torch, "cuda", None)
    if cuda is None or not hasattr(cuda, "mem_get_info") or not cuda.is_available():
        return None
    # on ZeroGPU only the process of a GPU call has a GPU; the others are shown one that is made up
    return None if shared.ON_ZERO_GPU and not cuda.is_initialized() else cuda


def has_cuda() -> bool:
    """Whether an NVIDIA GPU can be used, without importing torch for the answer (five seconds)."""
    if "torch" in sys.modules:
        return _cuda() is not None
    gpus = Path("/proc/driver/nvidia/gpus")
    if sys.platform == "linux" and not Path("/dev/dxg").exists():  # WSL has no /proc entry
        return gpus.is_dir() and any(gpus.iterdir())
    return shutil.which("nvidia-smi") is not None


def human_bytes(n: float) -> str:
    """`98.4 MB`: decimal units, as the Hub and the disk shop count."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(n) < 999.95:
            return f"{n:.0f} B" if unit == "B" else f"{n:.1f} {unit}"
        n /= 1000
    return f"{n:.1f} TB"


def disk_error(error: BaseException, folder: Path) -> HubError | None:
    """What to tell when `folder`'s disk is full or may not be written; None when `error` is something else.

    Rust libraries (safetensors, hf_xet) write the number into the text: `File too large (os error 27)`."""
    in_text = re.search(r"\(os error (\d+)\)", str(error))
    number = int(in_text[1]) if in_text else getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        free = shutil.disk_usage(existing).free
        return HubError("hub.disk_full", folder=str(folder), free=human_bytes(free))
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return HubError("hub.not_writable", folder=str(folder))
    return None
