"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gymletter.articles.article import Image
from gymletter.articles.markup import absolute, first_image, fragment, paragraphs_of, plain
from gymletter.articles.reading import Candidate
from gymletter.articles.text import clean, shorten
from gymletter.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator


def posts(data: bytes, url: str, place: str) -> Iterator[Candidate]:
    """The items of a JSON feed; raises `SourceError` where it is none."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"is not valid JSON: {error}", place=place) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise SourceError(
            "is JSON, but not a JSON feed: it has no list `items`",
            place=place,
            remedy='A WordPress site\'s posts are read with kind = "wordpress"',
        )
    return (_candidate(item, url) for item in items if isinstance(item, dict))


def _candidate(item: dict[str, Any], url: str) -> Candidate:
    markup = _text(item, "content_html")
    root = fragment(markup)
    link = absolute(_text(item, "url") or _text(item, "external_url"), url)
    body = paragraphs_of(root) or _text(item, "content_text")
    src = absolute(_text(item, "image") or _text(item, "banner_image"), url)
    shown = first_image(root, link or url)
    tags = item.get("tags")
    return Candidate(
        title=plain(_text(item, "title")),
        url=link,
        dates=(_text(item, "date_published"), _text(item, "date_modified")),
        summary=plain(_text(item, "summary")) or shorten(clean(body.split("\n\n")[0])),
        image=Image(src, shown.alt if shown and shown.src == src else "") if src else shown,
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        body=body,
        guid=_text(item, "id"),
        place=link or url,
    )


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, str | int | float) else ""
