"""The cards of a blog's index page: which elements they are.

A source's own CSS selectors come first; without them the common shapes are tried, then whatever
repeats a date and a link.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from gymletter.articles.identity import canonical, same_host
from gymletter.articles.markup import absolute, text_of
from gymletter.articles.text import words
from gymletter.errors import SourceError

if TYPE_CHECKING:
    from gymletter.articles.dates import Calendar
    from gymletter.articles.markup import Element

# WordPress themes and builders, Webflow, Wix, Squarespace, and plain hand-made lists.
_SHAPES = (
    '[itemtype*="BlogPosting"], [itemtype*="NewsArticle"]',
    ".h-entry, .hentry, .type-post, .wp-block-post, .elementor-post, .et_pb_post",
    ".w-dyn-item",
    '[data-hook="post-list-item"], [data-hook="blog-post-card"], .gallery-item-container',
    ".summary-item, .BlogList-item, .blog-item, .blog-basic-grid--container",
    "article",
    ".post, .blog-post, .blog-card, .post-card, .post-item, .news-item, .nieuws-item, .entry",
    ".card",
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OTHER_PAGES = re.compile(
    r"/(tag|tags|category|categorie|categories|author|auteur|page|pagina|feed|wp-content)(/|$)",
    re.I,
)
_FILES = re.compile(r"\.(jpe?g|png|gif|webp|avif|svg|pdf|zip|mp4|css|js)$", re.I)
_DATELESS = words("img script style h1 h2 h3 h4 h5 h6")
_ASIDE = words("nav footer header aside form")
_LONGEST_LABEL = 120


@cache
def selector(css: str) -> CSSSelector:
    """A compiled CSS selector; raises `SourceError` where it is none."""
    try:
        return CSSSelector(css, translator="html")
    except SelectorError as error:
        raise SourceError(
            f"{css!r} is not a CSS selector: {error}", remedy="Correct it in [[sources]]"
        ) from error


def find_cards(
    root: Element, url: str, calendar: Calendar, css: str | None = None
) -> list[Element]:
    """The elements that are cards, in the page's order."""
    if css:
        return list(selector(css)(root))
    for shape in _SHAPES:
        found = [element for element in selector(shape)(root) if _leads_on(element, url)]
        inner = _innermost(found)
        if len(inner) > 1 or (inner and leaf_with_day(inner[0], calendar) is not None):
            return inner
    return _around_days(root, url, calendar)


def _innermost(elements: list[Element]) -> list[Element]:
    outer = {ancestor for element in elements for ancestor in element.iterancestors()}
    return [element for element in elements if element not in outer]


def _leads_on(card: Element, url: str) -> bool:
    aside = any(ancestor.tag in _ASIDE for ancestor in card.iterancestors())
    return not aside and bool(links_of(card, url))


def links_of(card: Element, url: str) -> list[Element]:
    """The links to other pages of the same site that may be articles."""
    anchors = ([card] if card.tag == "a" else []) + list(card.iter("a"))
    found = []
    for anchor in dict.fromkeys(anchors):
        target = absolute(anchor.get("href"), url)
        path = canonical(target).partition("/")[2]
        if not target or not path or not same_host(target, url):
            continue
        listing = canonical(target) == canonical(url) or _OTHER_PAGES.search(f"/{path}")
        if not listing and not _FILES.search(path):
            found.append(anchor)
    return found


def _around_days(root: Element, url: str, calendar: Calendar) -> list[Element]:
    """From each date upwards, the largest element with a link that holds no other date."""
    days = [leaf for leaf in root.iter() if _is_day(leaf, calendar)]
    above: dict[Element, int] = {}
    for leaf in days:
        for ancestor in leaf.iterancestors():
            above[ancestor] = above.get(ancestor, 0) + 1
    found = []
    for leaf in days:
        chain = [leaf, *(a for a in leaf.iterancestors() if above[a] == 1)]
        card = next((e for e in chain if e.tag == "a" or links_of(e, url)), None)
        if card is not None and not any(a.tag in _ASIDE for a in card.iterancestors()):
            found.append(_with_neighbours(card, chain))
    return _innermost(list(dict.fromkeys(found)))


def _with_neighbours(card: Element, chain: list[Element]) -> Element:
    """One step further up where that still is the same card: its heading or picture beside it."""
    at = chain.index(card)
    wider = chain[at + 1] if at + 1 < len(chain) else None
    if wider is None or wider.tag in ("body", "html", "main", "section"):
        return card
    return wider if len({a.get("href") for a in wider.iter("a")}) <= 1 else card


def _is_day(leaf: Element, calendar: Calendar) -> bool:
    if not isinstance(leaf.tag, str) or len(leaf):
        return False
    text = leaf.text or ""
    return 5 < len(text) < 60 and calendar.only_day(text) is not None  # noqa: PLR2004


def leaf_with_day(card: Element, calendar: Calendar) -> Element | None:
    """The first short text with a date in it; a day that cannot be counts, to be told later."""
    for leaf in card.iter():
        if leaf.tag in _DATELESS or (leaf.tag == "p" and len(text_of(leaf)) > _LONGEST_LABEL):
            continue
        if leaf.tag == "time" and leaf.get("datetime"):
            return leaf
        text = " ".join([leaf.text or "", *(child.tail or "" for child in leaf)])
        if 5 < len(text) <= _LONGEST_LABEL and calendar.mentions_day(text):  # noqa: PLR2004
            return leaf
    return None
