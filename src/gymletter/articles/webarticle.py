"""An article's own page: structured data first, then the words beside its heading.

Invariant: a date further away than the heading's own surroundings is never taken; it is likely
to be another article's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.articles.article import Image
from gymletter.articles.markup import absolute, first_image, paragraphs_of, text_of
from gymletter.articles.reading import Candidate
from gymletter.articles.structured import Facts, page_facts
from gymletter.articles.text import shorten

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from gymletter.articles.dates import Calendar
    from gymletter.articles.markup import Element

_ELSEWHERE = frozenset({"aside", "nav", "footer", "a", "li", "select", "form"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_LONGEST_BYLINE = 120
_BLOCKS_AFTER = 6
_BLOCKS_BEFORE = 3
_SHORTEST_PARAGRAPH = 40


@dataclass(frozen=True)
class Page:
    """A page read as an article; `byline` is the dated text beside its heading, if any."""

    post: Candidate
    byline: str | None


def read_page(
    root: Element, url: str, calendar: Calendar, *, apart: Iterable[Element] = ()
) -> Page:
    """What a page says of the article it holds; `apart` are the cards of other articles."""
    facts = page_facts(root, url)
    heading = _heading(root, facts)
    around = _article_around(heading) if heading is not None else root
    others = {part for card in apart if heading not in set(card.iter()) for part in card.iter()}
    byline = beside(heading, calendar, others) if heading is not None else None
    post = Candidate(
        title=_title(root, heading, facts),
        url=facts.url or url,
        dates=(facts.date, byline),
        summary=facts.summary or shorten(_first_paragraph(around)),
        image=_with_alt(facts, around, url),
        tags=facts.tags,
        body=paragraphs_of(around),
        place=url,
    )
    return Page(post, byline)


def announced_feed(root: Element, url: str) -> str:
    """The feed that a page names in `<link rel="alternate">`, or ""."""
    for link in root.iter("link"):
        rel = (link.get("rel") or "").casefold().split()
        kind = (link.get("type") or "").split(";")[0].strip().casefold()
        target = absolute(link.get("href"), url)
        if "alternate" in rel and kind in _FEED_TYPES and target:
            return target
    return ""


def beside(heading: Element, calendar: Calendar, others: Container[Element]) -> str | None:
    """The byline that holds a date: just after the heading, else just before it.

    `others` are the elements of other articles' cards, which are passed over.
    """
    root = heading.getroottree().getroot()
    leaves = [
        leaf
        for leaf in root.iter()
        if isinstance(leaf.tag, str) and _own_text(leaf) and leaf not in others
    ]
    inside = set(heading.iter())
    own = [n for n, leaf in enumerate(leaves) if leaf in inside]
    if not own:
        return None
    before = leaves[max(0, own[0] - _BLOCKS_BEFORE) : own[0]][::-1]
    after = leaves[own[-1] + 1 : own[-1] + 1 + _BLOCKS_AFTER]
    near = set(_surroundings(heading).iter())
    return _byline(after, calendar, set(root.iter())) or _byline(before, calendar, near)


def _byline(leaves: list[Element], calendar: Calendar, within: set[Element]) -> str | None:
    for leaf in leaves:
        if leaf.tag in _HEADINGS or leaf not in within:
            return None
        text = leaf.get("datetime") or text_of(leaf)
        if len(text) > _LONGEST_BYLINE:
            return None
        if not _is_elsewhere(leaf) and calendar.mentions_day(text):
            return str(text)
    return None


def _own_text(element: Element) -> bool:
    pieces = [element.text, *(child.tail for child in element)]
    return any(piece and piece.strip() for piece in pieces) and element.tag not in (
        "script",
        "style",
        "noscript",
        "title",
    )


def _is_elsewhere(element: Element) -> bool:
    return any(ancestor.tag in _ELSEWHERE for ancestor in element.iterancestors()) or (
        element.tag in _ELSEWHERE
    )


def _surroundings(heading: Element) -> Element:
    """Two levels around the heading, but never the whole page."""
    found = heading
    for ancestor in list(heading.iterancestors())[:2]:
        if ancestor.tag in ("body", "html"):
            break
        found = ancestor
    return found


def _heading(root: Element, facts: Facts) -> Element | None:
    """The heading that is the article's: the only `<h1>`, else the one that the facts name."""
    headings = [h for h in root.iter("h1") if text_of(h)]
    named = [h for h in root.iter(*_HEADINGS) if text_of(h) and _alike(text_of(h), facts.title)]
    if named:
        return named[0]
    return headings[0] if len(headings) == 1 else None


def _title(root: Element, heading: Element | None, facts: Facts) -> str:
    if heading is not None and (not facts.title or _alike(text_of(heading), facts.title)):
        return text_of(heading)
    if facts.title:
        return facts.title
    found = root.find(".//title")
    return text_of(found) if found is not None else ""


def _alike(heading: str, title: str) -> bool:
    """One holds the other, letters and digits only: a title often has the site's name behind."""
    one, other = (re.sub(r"[\W_]+", "", text.casefold()) for text in (heading, title))
    return bool(one and other) and (one in other or other in one)


def _article_around(heading: Element) -> Element:
    for ancestor in heading.iterancestors():
        if ancestor.tag in ("article", "main", "body"):
            return ancestor
    return heading.getroottree().getroot()


def _first_paragraph(around: Element) -> str:
    texts = (text_of(p) for p in around.iter("p") if not _is_elsewhere(p))
    return next((text for text in texts if len(text) >= _SHORTEST_PARAGRAPH), "")


def _with_alt(facts: Facts, around: Element, url: str) -> Image | None:
    """The announced picture; its alt text from the page where it stands there too."""
    shown = first_image(around, url)
    if facts.image is None:
        return shown
    if not facts.image.alt and shown and _name(shown.src) == _name(facts.image.src):
        return Image(facts.image.src, shown.alt)
    return facts.image


def _name(src: str) -> str:
    """A picture's file name without the size that WordPress and others put behind it."""
    return re.sub(r"-\d+x\d+(?=\.\w+$)|\?.*$", "", src.rsplit("/", 1)[-1])
