"""The options that choose days: half-open, `--since` included, `--until` not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gymletter.cli.moments import DAY, MONTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gymletter.articles.article import Window


def days_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--since` and `--until`."""
    since = click.option("--since", type=DAY, metavar="DATE", help="From this day on.")
    until = click.option("--until", type=DAY, metavar="DATE", help="Before this day.")
    return since(until(command))


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--since`, `--until` and `--month`."""
    month = click.option(
        "--month",
        type=MONTH,
        metavar="YYYY-MM",
        help="The days of this month; not with --since or --until.",
    )
    return days_options(month(command))


def window_of(
    since: datetime | None, until: datetime | None, month: datetime | None = None
) -> Window:
    """The window that was asked for; `click.UsageError` where the options contradict."""
    from gymletter.articles.article import Window, whole_month

    if month:
        if since or until:
            raise click.UsageError("Give --month, or --since and --until, not both.")
        return whole_month(month.date())
    if since and until and since >= until:
        raise click.UsageError("--since must be before --until.")
    return Window(since.date() if since else None, until.date() if until else None)
