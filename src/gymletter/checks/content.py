"""Content: the subject and preheader as an inbox shows them, leftovers, a greeting that fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gymletter.articles.dates import Calendar, ImpossibleDay
from gymletter.checks.finding import Code
from gymletter.checks.page import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gymletter.checks.page import Page

# About what Gmail on a phone shows of a subject, and on a screen of subject and preheader.
_SUBJECT_SHOWN = 60
_HALF_A_YEAR = 183
_PREHEADER_SHORT, _PREHEADER_SHOWN = 30, 110
_PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\|[A-Z][A-Z0-9_:]+\||%recipient\.\w+%|\[\[.*?\]\]|%%\w+%%|<%.*?%>|"
    r"\b(?:TODO|FIXME|TBD|XXX)\b"
)
_LOREM = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")

CODES = {
    "content-subject-empty": Code("error", "The subject is empty", "Write one in the issue"),
    "content-subject-long": Code(
        "warning",
        "The subject is longer than a phone shows",
        "Bring the point to the front, in 60 characters or fewer",
    ),
    "content-subject-shouts": Code(
        "warning",
        "The subject has capitals, exclamation marks or signs as spam has",
        "Write it as you would say it",
    ),
    "content-subject-reply": Code(
        "error",
        "The subject pretends to be an answer or a forwarded mail",
        "Take Re: or Fwd: away",
    ),
    "content-preheader": Code(
        "warning",
        "There is no preheader, so an inbox shows the first words of the header",
        "Write preheader: in the issue; 40 to 100 characters",
    ),
    "content-preheader-length": Code(
        "note",
        "The preheader is shorter or longer than what an inbox shows",
        "Write 30 to 110 characters",
    ),
    "content-preheader-repeats": Code(
        "warning", "The preheader repeats the subject", "Say something more in it"
    ),
    "content-placeholder": Code(
        "error",
        "A placeholder is still there, or a text that a provider takes for one",
        "Fill it in, or take it away",
    ),
    "content-lorem": Code("error", "There is filler text (lorem ipsum)", "Write the real text"),
    "content-greeting": Code(
        "warning",
        "A merge field has no default, so a member without that value can't be mailed",
        'Write {{ member.first_name | default("…") }}',
    ),
    "content-date-past": Code(
        "warning",
        "A date in the agenda lies before the days of the issue",
        "Correct it, or take it out",
    ),
    "content-no-article": Code(
        "warning", "The newsletter has no article", "Compose the issue again, or add one"
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    yield from _subject(page.email.subject)
    yield from _preheader(page.email.preheader, page.email.subject)
    if not page.issue.articles:
        yield "content-no-article", "there is nothing to read", "html:1"
    for field in page.raw.fields:
        if field.default is None and field.name not in {"unsubscribe_url", "email"}:
            yield (
                "content-greeting",
                f"member.{field.name} has no default",
                _where(page, field.token),
            )
    for item in page.issue.dates.items if page.issue.dates else ():
        day = _day(item.when, page)
        if day and day < page.issue.since:
            yield (
                "content-date-past",
                f"{item.when!r} is {day}, before {page.issue.since}",
                "html:1",
            )
    yield from _leftovers(page)


def _day(when: str, page: Page) -> date | None:
    """The day that an agenda's words name; without a year, the one nearest after the issue."""
    calendar = Calendar(page.workspace.config.newsletter.zone)
    since = page.issue.since
    try:
        day = calendar.day(when)
        if day:
            return day
        near = [calendar.day(f"{when} {year}") for year in (since.year, since.year + 1)]
    except ImpossibleDay:
        return None
    kept = [day for day in near if day and (since - day).days < _HALF_A_YEAR]
    return min(kept, default=None)


def _where(page: Page, token: str) -> str:
    for part in ("subject", "preheader"):
        if token in getattr(page.raw, part):
            return part
    lines = page.raw.html.split("\n")
    return f"html:{next((n for n, line in enumerate(lines, 1) if token in line), 1)}"


def _subject(subject: str) -> Iterator[tuple[str, str, str]]:
    if not subject:
        yield "content-subject-empty", "the subject is empty", "subject"
    if len(subject) > _SUBJECT_SHOWN:
        said = f"the subject has {len(subject)} characters; a phone shows {_SUBJECT_SHOWN} or fewer"
        yield "content-subject-long", said, "subject"
    if _SHOUTED.search(subject) or re.search(r"[!?]{2}|[€$]{2}|!.*!", subject):
        yield "content-subject-shouts", f"{subject!r} shouts", "subject"
    if re.match(r"(re|fwd?|antw|doorst)\s*:", subject, re.IGNORECASE):
        yield "content-subject-reply", f"{subject!r} looks like an answer", "subject"


def _preheader(preheader: str, subject: str) -> Iterator[tuple[str, str, str]]:
    if not preheader:
        yield "content-preheader", "there is no preheader", "preheader"
    elif preheader.casefold() == subject.casefold():
        yield "content-preheader-repeats", "the preheader is the subject again", "preheader"
    elif not _PREHEADER_SHORT <= len(preheader) <= _PREHEADER_SHOWN:
        said = f"the preheader has {len(preheader)} characters"
        yield "content-preheader-length", said, "preheader"


def _leftovers(page: Page) -> Iterator[tuple[str, str, str]]:
    parts = [("subject", page.email.subject)]
    body = page.tree.find("body")
    texts = [(e.sourceline, e.text) for e in body.iter() if isinstance(e.tag, str)]
    tails = [(e.sourceline, e.tail) for e in body.iter()]
    parts += [(f"html:{line}", text) for line, text in (*texts, *tails) if text]
    parts += [(link.place, link.url) for link in page.links]
    for place, text in parts:
        for found in _PLACEHOLDER.finditer(text):
            yield "content-placeholder", f"{found[0][:60]!r} is still there", place
    if _LOREM.search(words_of(body)):
        yield "content-lorem", "there is lorem ipsum", "html:1"
