"""The fixed texts of the templates, per language; `t` in a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Texts:
    """What a template says of its own accord. `{name}` and `{title}` are filled in there."""

    email: str
    read_article: str
    read_title: str
    more: str
    in_this_issue: str
    why: str
    unsubscribe: str
    website: str
    reply: str


TEXTS = {
    "nl": Texts(
        email="e-mail",
        read_article="Lees het hele artikel",
        read_title="Lees het hele artikel: {title}",
        more="Verder in deze nieuwsbrief",
        in_this_issue="In deze nieuwsbrief",
        why="Je krijgt deze nieuwsbrief als klant van {name}, of omdat je je ervoor aanmeldde.",
        unsubscribe="Afmelden voor deze nieuwsbrief",
        website="Naar de website",
        reply="Vraag? Beantwoord gewoon deze mail.",
    ),
    "en": Texts(
        email="email",
        read_article="Read the whole article",
        read_title="Read the whole article: {title}",
        more="Also in this newsletter",
        in_this_issue="In this newsletter",
        why="You get this newsletter as a customer of {name}, or because you signed up for it.",
        unsubscribe="Unsubscribe from this newsletter",
        website="Visit the website",
        reply="A question? Just reply to this email.",
    ),
}


def day(value: date, language: str) -> str:
    """`13 augustus 2025`."""
    return format_date(value, "d MMMM y", locale=language)


def period(since: date, until: date, language: str) -> str:
    """The month an issue starts in, or both when it ends in another: `juli – augustus 2025`."""
    last = until.fromordinal(until.toordinal() - 1)
    month = format_skeleton("yMMMM", last, locale=language)
    if (since.year, since.month) == (last.year, last.month) or since > last:
        return month
    if since.year == last.year:
        return f"{format_date(since, 'LLLL', locale=language)} – {month}"
    return f"{format_skeleton('yMMMM', since, locale=language)} – {month}"
