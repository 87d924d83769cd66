"""A blog's index page without a feed: its cards, completed from the articles' own pages.

Invariant: only pages of the configured host are followed, at most `max_pages` of them, and only
where robots.txt allows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gymletter.articles.cards import find_cards, selector
from gymletter.articles.cardtext import Card, read_card
from gymletter.articles.dates import ImpossibleDay
from gymletter.articles.fetching import Web
from gymletter.articles.identity import canonical, same_host
from gymletter.articles.markup import absolute, document
from gymletter.articles.reading import Candidate, Findings
from gymletter.articles.structured import json_ld_articles
from gymletter.articles.webarticle import announced_feed, read_page
from gymletter.errors import HttpError, SourceError

if TYPE_CHECKING:
    from datetime import date

    from gymletter.articles.article import Collection
    from gymletter.articles.markup import Element
    from gymletter.articles.reading import Reading
    from gymletter.config import WebpageSource
    from gymletter.http import Response

_MOST_INDEX_PAGES = 50


@dataclass(frozen=True)
class _Index:
    """One page of the index: its cards, the article it may be itself, and the next page."""

    posts: list[Candidate]
    next_url: str


def read(source: WebpageSource, reading: Reading) -> Collection:
    """All articles that the index shows, from page to page, back to the window's first day."""
    web = Web(reading, source.url)
    findings = Findings(source.url)
    found: dict[str, Candidate] = {}
    url, seen = source.url, set[str]()
    while url and url not in seen and len(seen) < _MOST_INDEX_PAGES:
        seen.add(url)
        try:
            index = _read_index(web.page(url), source, reading)
        except (SourceError, HttpError) as error:
            if len(seen) == 1:
                raise
            findings.fail(str(error))  # a later page does not hide the first ones
            break
        for post in index.posts:
            found.setdefault(canonical(post.url) or f"{post.title}{post.dates}", post)
        url = "" if _all_older(index.posts, reading) else index.next_url
    _complete(list(found.values()), source, reading, findings, web)
    return findings.collection()


def _read_index(response: Response, source: WebpageSource, reading: Reading) -> _Index:
    root, url = document(response.body), response.url
    cards = find_cards(root, url, reading.calendar, source.card)
    described = {canonical(f.url): f for f in json_ld_articles(root, url) if f.url}
    posts = []
    own = read_page(root, url, reading.calendar, apart=cards)
    if own.byline and not source.card and canonical(url) not in described:
        posts.append(own.post)
    for element in cards:
        card = read_card(element, url, source, reading.calendar)
        facts = described.pop(canonical(card.url), None) if card.url else None
        posts.append(_candidate(card, url, facts.date if facts else ""))
    posts += [
        Candidate(f.title, f.url, (f.date,), f.summary, f.image, f.tags, place=f.url)
        for f in described.values()
        if f.title and same_host(f.url, url)
    ]
    if not posts:
        raise _nothing_there(root, url, source)
    return _Index(posts, _next_page(root, url, source))


def _candidate(card: Card, url: str, described_date: str) -> Candidate:
    return Candidate(
        title=card.title,
        url=card.url,
        dates=(described_date, card.date),
        summary=card.summary,
        image=card.image,
        place=card.url or url,
    )


def _nothing_there(root: Element, url: str, source: WebpageSource) -> SourceError:
    if source.card:
        return SourceError(
            f"nothing on the page matches card = {source.card!r}",
            place=url,
            remedy="Correct the selector in [[sources]]",
        )
    feed = announced_feed(root, url)
    if feed:
        return SourceError(
            "shows no article", place=url, remedy=f'Use kind = "feed" with url = "{feed}"'
        )
    return SourceError(
        "shows no article; it may be built by script, which is not run",
        place=url,
        remedy='Try the site\'s feed, its sitemap, or kind = "wordpress"; or set `card`',
    )


def _next_page(root: Element, url: str, source: WebpageSource) -> str:
    if source.next:
        found = selector(source.next)(root)
    else:
        rel = 'contains(concat(" ", @rel, " "), " next ")'
        found = root.xpath(f"//link[{rel}] | //a[{rel}]") or selector(
            ".pagination .next a[href], .pagination a.next, a.next.page-numbers, "
            ".nav-links a.next, .older-posts a, a.older-posts, a.w-pagination-next"
        )(root)
    target = absolute(found[0].get("href"), url) if found else ""
    return target if target and same_host(target, source.url) else ""


def _day_of(post: Candidate, reading: Reading) -> date | None:
    try:
        return reading.calendar.first_day(post.dates)
    except ImpossibleDay:  # told when the post is offered
        return None


def _all_older(posts: list[Candidate], reading: Reading) -> bool:
    since = reading.window.since
    days = [_day_of(post, reading) for post in posts]
    return since is not None and all(day is not None and day < since for day in days)


def _complete(
    posts: list[Candidate],
    source: WebpageSource,
    reading: Reading,
    findings: Findings,
    web: Web,
) -> None:
    """Offer each post, those that lack something with the help of their own pages."""
    lacking = [post for post in posts if _lacks(post, source, reading)]
    asked = lacking[: source.max_pages]

    def own_page(response: Response) -> Candidate:
        root = document(response.body)
        cards = find_cards(root, response.url, reading.calendar)
        return read_page(root, response.url, reading.calendar, apart=cards).post

    answers = dict(zip(map(id, asked), web.pages([p.url for p in asked], own_page), strict=True))
    for post in posts:
        answer = answers.get(id(post))
        if isinstance(answer, str) and not _stands_alone(post):
            findings.fail(answer)
        if isinstance(answer, Candidate):
            findings.offer(_joined(post, answer), reading)
        elif answer is None and post in lacking:
            findings.offer(_too_many(post, source), reading)
        else:
            findings.offer(post, reading)


def _stands_alone(post: Candidate) -> bool:
    """Whether a card is an article without its own page, though not as rich."""
    return bool(post.title) and any(post.dates)


def _too_many(post: Candidate, source: WebpageSource) -> Candidate:
    if _stands_alone(post):
        return post
    return replace(post, hidden=f"its page is one more than max_pages = {source.max_pages}")


def _lacks(post: Candidate, source: WebpageSource, reading: Reading) -> bool:
    """Whether a page of its own may help; not for a post whose day is outside the window."""
    if not post.url or not same_host(post.url, source.url):
        return False
    if canonical(post.url) == canonical(source.url):
        return False
    day = _day_of(post, reading)
    if day is not None and day not in reading.window:
        return False
    alt = post.image.alt if post.image else ""
    return not (post.title and day and post.summary and post.image and alt)


def _joined(card: Candidate, page: Candidate) -> Candidate:
    """The card's words first; the page's where the card has none."""
    same = card.image and page.image and card.image.src == page.image.src
    image = page.image if card.image is None or (same and not card.image.alt) else card.image
    return replace(
        page,
        title=card.title or page.title,
        url=card.url,
        dates=(*card.dates, *page.dates),
        summary=card.summary or page.summary,
        image=image,
        tags=page.tags or card.tags,
    )
