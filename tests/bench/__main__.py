"""Runs the benchmarks, prints a table, keeps it as bench.json. `python -m tests.bench chat` runs one of
them."""

import importlib
import json
import platform
import sys
import time
from dataclasses import asdict

import psutil

from tests.bench.result import Result
from tests.conftest import ROOT

BENCHES = ("startup", "chat", "cache", "tokenize", "remote", "classification")
SIGNS = {
    "ratio_at_least": "hub/bare ≥",
    "ratio_at_most": "hub/bare ≤",
    "difference_at_most": "hub-bare ≤",
    "at_most": "hub ≤",
}


def line(result: Result) -> str:
    bare = "" if result.bare is None else f"{result.bare:.4g}"
    return (
        f"| {result.name} | {result.hub:.4g} {result.unit} | {bare} | {result.compared:.3g} "
        f"| {SIGNS[result.compare]} {result.limit:g} | {'yes' if result.holds else 'NO'} | {result.note} |"
    )


def main(wanted: list[str]) -> int:
    results: list[Result] = []
    print(
        "| what | hub | bare | compared | limit | holds | note |\n|---|---|---|---|---|---|---|", flush=True
    )
    for name in wanted or BENCHES:
        for result in importlib.import_module(f"tests.bench.{name}").measure():
            results.append(result)
            print(line(result), flush=True)
    if not wanted:
        kept = {
            "when": time.strftime("%Y-%m-%d %H:%M"),
            "machine": f"{platform.machine()}, {psutil.cpu_count()} cores",
            "results": [asdict(r) | {"compared": r.compared, "holds": r.holds} for r in results],
        }
        (ROOT / "bench.json").write_text(
            json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return 0 if all(result.holds for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
