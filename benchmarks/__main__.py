"""Run every benchmark (or those named) and print one JSON object.

A benchmark is a module here with `measure() -> dict[str, object]`; its figures are ratios against
a baseline of the same run, beside the raw ones.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> None:
    """Measure and print."""
    known = [
        m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_")
    ]
    result = {}
    for name in names or known:
        result[name] = importlib.import_module(f"benchmarks.{name}").measure()
    print(json.dumps(result, indent=2))


main(sys.argv[1:])
