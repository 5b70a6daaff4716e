"""Discovers the labs, mounts one tab per topic, launches."""

import shared  # noqa: F401, I001  (first: it makes `spaces` importable, see shared/__init__.py)

from shared.launch import launch
from shared.shell import build_hub
from shared.space import discover

demo = build_hub(discover())

if __name__ == "__main__":
    launch(demo)
