"""How long `gymletter --help` takes, against `python -c "import click"`; the goal is 2.5 times."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

GOAL = 2.5
ROUNDS = 15


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure() -> dict[str, object]:
    """Medians of alternating runs, in seconds, and their ratio."""
    pairs = [
        (_seconds("-c", "import click"), _seconds("-m", "gymletter", "--help"))
        for _ in range(ROUNDS)
    ]
    baseline, ours = (median(column) for column in zip(*pairs, strict=True))
    return {
        "import_click_s": round(baseline, 4),
        "gymletter_help_s": round(ours, 4),
        "ratio": round(ours / baseline, 2),
        "goal": GOAL,
    }
