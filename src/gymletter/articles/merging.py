"""The same article from two sources becomes one: the richer one, in the first one's place.

Invariant: two entries of one source, or of two sites, are the same only by guid or link, never by
title and day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gymletter.articles.identity import keys, same_host, title_and_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gymletter.articles.article import Article


def merge(articles: Iterable[Article]) -> list[Article]:
    """Each article once, in the order of their first appearance."""
    merged: list[Article] = []
    places: dict[str, int] = {}
    for article in articles:
        place = _place_of(article, merged, places)
        if place is None:
            place = len(merged)
            merged.append(article)
        else:
            merged[place] = _richer(merged[place], article)
        for key in keys(article):
            places.setdefault(key, place)
    return merged


def _place_of(article: Article, merged: list[Article], places: dict[str, int]) -> int | None:
    by_words = title_and_day(article.title, article.date)
    for key in keys(article):
        place = places.get(key)
        if place is None:
            continue
        if key != by_words or _may_be_one(merged[place], article):
            return place
    return None


def _may_be_one(one: Article, other: Article) -> bool:
    """Whether title and day are enough: two sources of one site, not two branches of a chain."""
    if one.source == other.source:
        return False
    return not (one.url and other.url) or same_host(one.url, other.url)


def _richer(one: Article, other: Article) -> Article:
    """The one that says more, the first on a tie; what it lacks comes from the other."""
    rich, poor = (other, one) if _wealth(other) > _wealth(one) else (one, other)
    return replace(
        rich,
        url=rich.url or poor.url,
        summary=rich.summary or poor.summary,
        image=rich.image or poor.image,
        tags=rich.tags or poor.tags,
        body=rich.body or poor.body,
    )


def _wealth(article: Article) -> tuple[int, int]:
    image = article.image
    has = (article.url, article.summary, image, image and image.alt, article.tags, article.body)
    return sum(map(bool, has)), len(article.summary) + len(article.body)
