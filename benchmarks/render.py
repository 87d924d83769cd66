"""Rendering and checking twelve articles, in milliseconds of CPU; the goals are 25 and 150.

The baseline is premailer alone, with its default settings, on the same HTML.
"""

from __future__ import annotations

import gc
import logging
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import _sample
from gymletter.checks import check
from gymletter.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 25
GOALS = {"render_ms": 25, "check_ms": 150}


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1000


def _typical(run: Callable[[], object]) -> float:
    """The median of warm runs, without the garbage of what ran before."""
    run()
    gc.collect()
    return median(_milliseconds(run) for _ in range(ROUNDS))


def measure() -> dict[str, object]:
    """Medians of warm runs, the first check of a process, and the ratio to the baseline."""
    from premailer import transform

    from gymletter.rendering.newsletter import source_of

    with _sample.opened() as workspace:
        made = _sample.issue(workspace, 12)
        email = render(workspace, made)
        source = source_of(workspace, made)
        first_check = _milliseconds(lambda: check(workspace, made, email))
        ours = _typical(lambda: render(workspace, made))
        checked = _typical(lambda: check(workspace, made, email))
        premailer = _typical(lambda: transform(source, cssutils_logging_level=logging.CRITICAL))
    return {
        "articles": len(made.articles),
        "premailer_alone_ms": round(premailer, 1),
        "render_ms": round(ours, 1),
        "render_to_premailer": round(ours / premailer, 2),
        "check_ms": round(checked, 1),
        "check_first_ms": round(first_check, 1),
        "goals": GOALS,
    }
