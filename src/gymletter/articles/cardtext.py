"""What one card says: structured data, then the source's selectors, then its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.articles.article import Image
from gymletter.articles.cards import HEADINGS, leaf_with_day, links_of, selector
from gymletter.articles.markup import absolute, first_image, image_of, text_of
from gymletter.articles.structured import microdata

if TYPE_CHECKING:
    from gymletter.articles.dates import Calendar
    from gymletter.articles.markup import Element
    from gymletter.config import WebpageSource

_MORE = re.compile(
    r"^(lees|read|bekijk|verder|meer|more|continue|ga naar|view|naar)\b.{0,25}$|^[\W_]*$", re.I
)
_LONGEST_TITLE = 160
_SHORTEST_SUMMARY = 30
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.I)


@dataclass(frozen=True)
class Card:
    """What a card says; "" where it says nothing. `date` is as written."""

    title: str
    url: str
    date: str
    summary: str
    image: Image | None


def read_card(card: Element, url: str, source: WebpageSource, calendar: Calendar) -> Card:
    """What a card says: structured data, then the source's selectors, then its words."""
    facts = microdata(card, url)
    heading = _chosen(card, source.title)
    if heading is None:
        heading = next((h for h in card.iter(*HEADINGS) if text_of(h)), None)
    link = _link(card, heading, url, source)
    day = facts.date or _day_text(card, source.date, calendar)
    return Card(
        title=facts.title or _title(heading, link, calendar),
        url=absolute(link.get("href"), url) if link is not None else "",
        date=day,
        summary=_summary(card, source.summary) or facts.summary,
        image=_image(card, source.image, url) or facts.image,
    )


def _chosen(card: Element, css: str | None) -> Element | None:
    found = selector(css)(card) if css else []
    return found[0] if found else None


def _link(
    card: Element, heading: Element | None, url: str, source: WebpageSource
) -> Element | None:
    chosen = _chosen(card, source.link)
    if chosen is not None:
        inside = chosen if chosen.get("href") else chosen.find(".//a[@href]")
        return inside if inside is not None else chosen
    links = links_of(card, url)
    if heading is not None:
        related = {*heading.iter("a"), *heading.iterancestors("a")}
        named = [link for link in links if link in related]
        links = named or links
    return links[0] if links else None


def _title(heading: Element | None, link: Element | None, calendar: Calendar) -> str:
    """The heading; else the link's own words, if they are no whole card and no "read more"."""
    if heading is not None:
        return text_of(heading)
    if link is None:
        return ""
    if _is_label(link) and leaf_with_day(link, calendar) is None:
        text = text_of(link)
        if 0 < len(text) <= _LONGEST_TITLE and not _MORE.match(text):
            return text
    label = link.get("title") or ""
    return "" if _MORE.match(label) else label


def _is_label(link: Element) -> bool:
    """Whether a link is a title rather than a whole card with a picture and a summary."""
    paragraphs = list(link.iter("p"))
    return link.find(".//img") is None and (
        not paragraphs or text_of(paragraphs[0]) == text_of(link)
    )


def _day_text(card: Element, css: str | None, calendar: Calendar) -> str:
    times = [t for t in card.iter("time") if "updated" not in (t.get("class") or "")]
    for time in times:
        if time.get("datetime"):
            return str(time.get("datetime"))
    chosen = _chosen(card, css)
    if chosen is not None:
        return str(chosen.get("datetime") or chosen.get("content") or text_of(chosen))
    leaf = leaf_with_day(card, calendar)
    return text_of(leaf) if leaf is not None else ""


def _summary(card: Element, css: str | None) -> str:
    chosen = _chosen(card, css)
    if chosen is not None:
        return text_of(chosen)
    texts = (text_of(p) for p in card.iter("p"))
    return next((text for text in texts if len(text) >= _SHORTEST_SUMMARY), "")


def _image(card: Element, css: str | None, url: str) -> Image | None:
    chosen = _chosen(card, css)
    if chosen is not None:
        found = image_of(chosen, url) if chosen.tag == "img" else first_image(chosen, url)
        return found or _background(chosen, url)
    return first_image(card, url) or _background(card, url)


def _background(element: Element, url: str) -> Image | None:
    """Builders show pictures as a style; the label beside it is its alternative text."""
    for found in element.iter():
        style = found.get("style") or "" if isinstance(found.tag, str) else ""
        match = _BACKGROUND.search(style)
        src = absolute(match[1], url) if match else ""
        if src:
            return Image(src, found.get("aria-label") or "")
    return None
