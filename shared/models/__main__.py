"""`python -m shared.models install|list`: fetch and convert the embedded models; say what is on this disk."""

import argparse
import logging
import sys
import time

from shared import i18n
from shared.errors import HubError
from shared.models.fetch import fetch, on_disk
from shared.models.memory import human_bytes
from shared.models.registry import MODELS
from shared.texts import TEXTS


def install() -> int:
    """Every model that needs no Hub. What is there already is only looked at."""
    failed = 0
    for spec in (spec for spec in MODELS.values() if spec.embedded is not None):
        started = time.perf_counter()
        try:
            folder = fetch(spec)
        except HubError as error:
            failed += 1
            print(f"{spec.name}: {i18n.explain(error, 'en')}", file=sys.stderr)
        else:
            print(f"{spec.name}: {folder} ({time.perf_counter() - started:.1f} s)", flush=True)
    return 1 if failed else 0


def show() -> int:
    """One line a model: key, task, size, licence, and where it is."""
    for spec in MODELS.values():
        try:
            where = str(on_disk(spec) or "not on this disk")
        except HubError as error:
            where = i18n.explain(error, "en")
        print(f"{spec.key:26} {spec.task:10} {human_bytes(spec.bytes):>9}  {spec.licence:11} {where}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m shared.models", description=__doc__)
    parser.add_argument("command", choices=("install", "list"))
    logging.basicConfig(format="%(message)s")
    i18n.register("hub", TEXTS)
    return install() if parser.parse_args().command == "install" else show()


if __name__ == "__main__":
    sys.exit(main())
