"""What a source kind is given to read with, and how it says what it found.

Each kind is a module with `read(source, reading) -> Collection`; a `SourceError` or `HttpError`
it raises is about the whole source, what goes wrong with one article goes into `errors`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gymletter.articles.article import Article, Collection, Skipped, SourceFailure
from gymletter.articles.dates import ImpossibleDay
from gymletter.articles.identity import identify
from gymletter.articles.text import clean, clean_paragraphs, summary_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gymletter.articles.article import Image, Window
    from gymletter.articles.dates import Calendar
    from gymletter.http import Client


@dataclass(frozen=True)
class Reading:
    """`root` and `state` are the workspace's folders, `today` is a day on the gym's clock.

    There is a `client` wherever a source other than a folder is read.
    """

    root: Path
    state: Path
    website: str
    calendar: Calendar
    window: Window
    today: date
    client: Client | None


@dataclass(frozen=True)
class Candidate:
    """What was read of one post, before it is known to be an article.

    `dates` are tried in turn; `hidden` is why its author does not want it seen; `place` is the
    file (and line) or address for an error.
    """

    title: str
    url: str
    dates: tuple[object, ...]
    summary: str = ""
    image: Image | None = None
    tags: tuple[str, ...] = ()
    body: str = ""
    guid: str = ""
    hidden: str = ""
    place: str = ""


@dataclass
class Findings:
    """What a source yields while it is read."""

    source: str
    articles: list[Article] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    errors: list[SourceFailure] = field(default_factory=list)

    def offer(self, post: Candidate, reading: Reading) -> None:
        """Take a post of the window as an article, or say why not.

        An undated one is never guessed recent.
        """
        title = clean(post.title)
        try:
            day = reading.calendar.first_day(post.dates)
        except ImpossibleDay as error:
            self.fail(f"{post.place or post.url}: {error}. Correct the date")
            return
        if day and day not in reading.window:
            return
        reason = post.hidden or _why_not(title, day, reading.today)
        if reason or day is None:
            self.skip(reason, title=title, url=post.url)
            return
        self.articles.append(
            Article(
                id=identify(post.guid, post.url, title, day),
                title=title,
                url=post.url,
                date=day,
                summary=summary_of(post.summary),
                image=post.image,
                tags=tuple(dict.fromkeys(filter(None, map(clean, post.tags)))),
                source=self.source,
                body=clean_paragraphs(post.body),
            )
        )

    def skip(self, reason: str, *, title: str = "", url: str = "") -> None:
        """Something that is not offered."""
        self.skipped.append(Skipped(title, url, self.source, reason))

    def fail(self, message: str) -> None:
        """A part that could not be read; the rest goes on."""
        self.errors.append(SourceFailure(self.source, message))

    def collection(self) -> Collection:
        """The whole."""
        return Collection(tuple(self.articles), tuple(self.skipped), tuple(self.errors))


def _why_not(title: str, day: date | None, today: date) -> str:
    if not title:
        return f"has no title ({day.isoformat()})" if day else "has no title and no date"
    if day is None:
        return "has no date"
    return f"is dated in the future, {day.isoformat()}" if day > today else ""
