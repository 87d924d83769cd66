"""What an issue holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gymletter.articles.article import Article


@dataclass(frozen=True)
class Cta:
    """A call to action: a button's text and its http(s) or mailto address."""

    text: str
    url: str


@dataclass(frozen=True)
class DateItem:
    """One line of the agenda; both are free text."""

    when: str
    what: str


@dataclass(frozen=True)
class Dates:
    """The agenda."""

    title: str
    items: tuple[DateItem, ...]


@dataclass(frozen=True)
class Quote:
    """Words of a member or trainer."""

    text: str
    by: str | None = None


@dataclass(frozen=True)
class Issue:
    """One edition. `body` is Markdown with merge fields; the days are `[since, until)`."""

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
