"""How a running campaign is shown: sent, rate, time left, rejected, unknown."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@contextmanager
def shown(total: int) -> Iterator[Callable[[Mapping[str, int]], None]]:
    """Yields a function to be told how many deliveries came into each state.

    Draws a bar on standard error when that is a terminal, else nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.speed:.0f}/s"),
        Left(),
        TextColumn("{task.description}"),
    )
    seen: Counter[str] = Counter()
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=10) as progress:
        task = progress.add_task("", total=total)

        def tell(moved: Mapping[str, int]) -> None:
            seen.update(moved)
            described = "  ".join(
                f"{seen[state]} {state}" for state in ("rejected", "excluded", "unknown")
            )
            progress.update(task, completed=sum(seen.values()), description=described)

        yield tell
