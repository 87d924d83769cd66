"""`Issue`: one edition of the newsletter, as `issues/ID.md` says it.

Invariant: what comes from a blog (titles, summaries) is plain text here; only what a person wrote
(`subject`, `preheader`, `body`) may hold merge fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gymletter.articles.article import Article


@dataclass(frozen=True)
class Cta:
    """A call to action: one button."""

    text: str
    url: str


@dataclass(frozen=True)
class DateItem:
    """One line of an agenda: when, in words, and what."""

    when: str
    what: str


@dataclass(frozen=True)
class Dates:
    """An agenda: opening hours, group classes, events."""

    title: str
    items: tuple[DateItem, ...]


@dataclass(frozen=True)
class Quote:
    """A quote or a tip, and who said it."""

    text: str
    by: str | None = None


@dataclass(frozen=True)
class Issue:
    """An edition: its articles are dated in `[since, until)`; `body` is the intro, in Markdown."""

    id: str
    path: Path
    subject: str
    preheader: str
    since: date
    until: date
    articles: tuple[Article, ...]
    body: str = ""
    vary_by: tuple[str, ...] = ()
    language: str | None = None
    cta: Cta | None = None
    dates: Dates | None = None
    quote: Quote | None = None
