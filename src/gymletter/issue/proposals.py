"""The first text of an issue: a subject, a preheader and an opening in the gym's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gymletter.articles.article import whole_month
from gymletter.articles.text import shorten
from gymletter.issue.writing import article_lines, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gymletter.articles.article import Article, Window
    from gymletter.config import Newsletter

_SHORTEST = 15
_SUBJECT = 50  # about what a phone shows
_PREHEADER = 110
_WORDS = {
    "nl": {
        "more": "{title} en meer",
        "also": "Verder: {titles}",
        "opening": (
            'Beste {{{{ member.first_name | default("sporter") }}}},\n\n'
            "{since}Veel leesplezier, en tot snel in de sportschool.\n"
        ),
        "month": "Dit las je in {month} op onze site. ",
    },
    "en": {
        "more": "{title} and more",
        "also": "Also: {titles}",
        "opening": (
            'Dear {{{{ member.first_name | default("member") }}}},\n\n'
            "{since}Enjoy the read, and see you at the gym.\n"
        ),
        "month": "This is what we wrote in {month}. ",
    },
}


def propose(newsletter: Newsletter, articles: Sequence[Article], window: Window) -> str:
    """The text of a new issue with these articles."""
    words = _WORDS[newsletter.language]
    days = (("since", window.since), ("until", window.until))
    head = [
        f"subject: {scalar(_inert(_subject(articles, words['more'])))}",
        f"preheader: {scalar(_inert(_preheader(articles, words['also'])))}",
        *(f"{name}: {day}" for name, day in days if day),
        "articles:",
    ]
    opening = words["opening"].format(since=_said_month(newsletter.language, window))
    return "---\n" + "\n".join(head) + f"\n{article_lines(articles)}---\n{opening}"


def _inert(text: str) -> str:
    """Without the signs of a template: a blog's title must not become a member's merge field."""
    return re.sub(r"\{(?=[{%#])", "{ ", text)


def _subject(articles: Sequence[Article], more: str) -> str:
    title = articles[0].title
    if len(articles) == 1:
        return _short(title, _SUBJECT)
    return more.format(title=_short(title.rstrip("."), _SUBJECT - len(more.format(title=""))))


def _short(title: str, most: int) -> str:
    """A title that fits: its first sentence, or what stands before a bracket or dash."""
    if len(title) <= most:
        return title
    part = re.split(r"\s+\(|\s+[–—|-]\s+|(?<=[?!.])\s+|:\s+", title)[0]
    return part if _SHORTEST <= len(part) <= most else shorten(title, most)


def _preheader(articles: Sequence[Article], also: str) -> str:
    if len(articles) == 1:
        return shorten(articles[0].summary or articles[0].title, _PREHEADER)
    titles = " · ".join(article.title for article in articles[1:])
    return shorten(also.format(titles=titles), _PREHEADER)


def _said_month(language: str, window: Window) -> str:
    """A sentence that names the month, where the window is one whole month."""
    since, until = window.since, window.until
    if not since or not until or window != whole_month(since):
        return ""
    from babel.dates import format_date

    month = format_date(since, "MMMM", locale=language)
    return _WORDS[language]["month"].format(month=month)
