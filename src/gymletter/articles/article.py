"""`Article`, a blog post, and what collecting yields.

Invariant: an article's `date` is a calendar day on the gym's clock; windows are half-open days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Image:
    """A picture's absolute address (or, before publication, its file) and its alternative text."""

    src: str
    alt: str = ""


@dataclass(frozen=True)
class Article:
    """A dated post. All texts are plain text: no markup, no control characters.

    `id` is the source's guid, else the canonical link, else title and date. `source` names where
    it was read. `body` may be empty.
    """

    id: str
    title: str
    url: str
    date: date
    summary: str = ""
    image: Image | None = None
    tags: tuple[str, ...] = ()
    source: str = ""
    body: str = ""


@dataclass(frozen=True)
class Skipped:
    """Something a source holds that is not offered, and the reason for a person to read."""

    title: str
    url: str
    source: str
    reason: str


@dataclass(frozen=True)
class SourceFailure:
    """A source, or a part of it, that could not be read."""

    source: str
    message: str


@dataclass(frozen=True)
class Collection:
    """What was found: newest first, ties in the source's order."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[SourceFailure, ...] = ()


@dataclass(frozen=True)
class Window:
    """The days `[since, until)`; an open end is None."""

    since: date | None = None
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (
            self.until is None or day < self.until
        )


def whole_month(day: date) -> Window:
    """The calendar month that holds `day`; that at the end of time lacks its last day."""
    first = day.replace(day=1)
    longest = timedelta(days=31)
    if first > date.max - longest:
        return Window(first, date.max)
    return Window(first, (first + longest).replace(day=1))
