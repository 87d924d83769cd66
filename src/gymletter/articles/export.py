"""Plain-text exports: a blog's page saved as text.

The first line is the title, a line that is a date follows, then the summary, then the body.
Under it may stand the blog's list of other articles: dates with a summary and a picture's alt
text each, but no title. Those are told as `cards`, never as articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.articles.text import clean, clean_paragraphs

if TYPE_CHECKING:
    from datetime import date

    from gymletter.articles.dates import Calendar

_LONGEST_DATE_LINE = 40
_DATE_WITHIN = 6  # lines below the title in which its date is looked for


@dataclass(frozen=True)
class Card:
    """An entry of the list of other articles."""

    day: date
    summary: str


@dataclass(frozen=True)
class Export:
    """A page saved as text; `day` is None where no line is a date."""

    title: str
    day: date | None
    day_line: str
    summary: str
    body: str
    cards: tuple[Card, ...]


def read_export(text: str, calendar: Calendar) -> Export:
    """Take a page of text apart."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").strip().split("\n")
    below = lines[1:]
    day_at = next(
        (n for n, line in enumerate(below[:_DATE_WITHIN]) if calendar.only_day(line)), None
    )
    day = calendar.only_day(below[day_at]) if day_at is not None else None
    rest = below[day_at + 1 :] if day_at is not None else below
    start = _list_start(rest, calendar)
    paragraphs = clean_paragraphs("\n".join(rest[:start])).split("\n\n")
    return Export(
        title=clean(lines[0]),
        day=day,
        day_line=_likely_day_line(below),
        summary=paragraphs[0],
        body="\n\n".join(paragraphs[1:]) or paragraphs[0],
        cards=tuple(_cards(rest[start:], calendar)),
    )


def _likely_day_line(lines: list[str]) -> str:
    """The first short line with a year in it, for an error to name."""
    return next(
        (
            line
            for line in lines[:_DATE_WITHIN]
            if re.search(r"\d{4}", line) and len(line) < _LONGEST_DATE_LINE
        ),
        "",
    )


def _list_start(lines: list[str], calendar: Calendar) -> int:
    """Where the list of other articles begins: from there on every paragraph has a date line.

    A date line within the article, with ordinary paragraphs below it, does not begin the list.
    """
    start = len(lines)
    for paragraph in reversed(_paragraphs(lines)):
        days = [n for n in paragraph if calendar.only_day(lines[n])]
        if not days:
            break
        start = days[0]
        if start != paragraph[0]:
            break
    return start


def _paragraphs(lines: list[str]) -> list[list[int]]:
    """The numbers of the lines of each paragraph."""
    found: list[list[int]] = [[]]
    for number, line in enumerate(lines):
        if line.strip():
            found[-1].append(number)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _cards(lines: list[str], calendar: Calendar) -> list[Card]:
    cards: list[Card] = []
    for line in lines:
        day = calendar.only_day(line)
        if day:
            cards.append(Card(day, ""))
        elif cards and not cards[-1].summary:
            cards[-1] = Card(cards[-1].day, clean(line))
    return cards
