"""How a running campaign is shown: sent, rate, time left, rejected, unknown."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rich.progress import Task

_TOLD = ("rejected", "excluded", "unknown")
_SETTLED = 1  # seconds after which a rate says something


@contextmanager
def shown(
    total: int, done: Callable[[], int] = lambda: 0
) -> Iterator[Callable[[Mapping[str, int]], None]]:
    """Yields a function to be told how many deliveries came into each state.

    Draws a bar on standard error when that is a terminal, else nothing. It is one line, however
    narrow the terminal: the bar takes what the figures leave. `done`: how many need nothing more.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn
    from rich.table import Column
    from rich.text import Text

    class Figures(TextColumn):
        """In words, cut rather than wrapped where they are too long."""

        def __init__(self) -> None:
            super().__init__("", table_column=Column(no_wrap=True, overflow="ellipsis"))

        def render(self, task: Task) -> Text:
            """What is known by now."""
            return Text(_figures(task, seen), no_wrap=True, overflow="ellipsis")

    seen: Counter[str] = Counter()
    bar = BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=1))
    console = Console(stderr=True)
    before = done()
    with Progress(bar, Figures(), console=console, expand=True) as progress:
        task = progress.add_task("", total=total, completed=before)

        def tell(moved: Mapping[str, int]) -> None:
            seen.update(moved)
            progress.update(task, completed=before + sum(seen.values()))

        yield tell


def _figures(task: Task, seen: Mapping[str, int]) -> str:
    parts = [f"{task.completed:.0f}/{task.total:.0f}"]
    seconds, sent = task.elapsed or 0, sum(seen.values())
    if sent and seconds > _SETTLED:
        rate = sent / seconds
        minutes, left = divmod(int(task.remaining / rate), 60) if task.remaining else (0, 0)
        parts += [f"{rate:.0f}/s", f"{minutes}:{left:02d} left"]
    return "  ".join([*parts, *(f"{seen[state]} {state}" for state in _TOLD if seen.get(state))])
