"""WordPress's REST API: `/wp-json/wp/v2/posts` (developer.wordpress.org/rest-api/reference/posts).

`date` is naive and on the site's clock; titles and excerpts are HTML with entities.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from gymletter.articles.article import Image
from gymletter.articles.fetching import Web
from gymletter.articles.markup import absolute, first_image, fragment, paragraphs_of, plain
from gymletter.articles.reading import Candidate, Findings
from gymletter.articles.text import shorten
from gymletter.errors import SourceError

if TYPE_CHECKING:
    from gymletter.articles.article import Collection, Window
    from gymletter.articles.reading import Reading
    from gymletter.config import WordpressSource
    from gymletter.http import Response

_PER_PAGE = 20
_MOST_PAGES = 100
_FIELDS = "id,date,date_gmt,guid,link,title,excerpt,content,_links,_embedded"
_REMEDY = 'Check the address, or use kind = "feed": WordPress serves one at /feed/'


def read(source: WordpressSource, reading: Reading) -> Collection:
    """All posts of the window."""
    web = Web(reading, source.url)
    findings = Findings(source.url)
    api = _api(source.url)
    page, pages = 1, 1
    while page <= min(pages, _MOST_PAGES):
        response = _ask(web, api, _query(reading.window, page))
        for post in _posts(response):
            findings.offer(_candidate(post, source.url), reading)
        total = response.headers.get("x-wp-totalpages", "1")
        pages = int(total) if total.isdecimal() else 1
        page += 1
    return findings.collection()


def _api(url: str) -> str:
    base = url.split("/wp-json", maxsplit=1)[0].rstrip("/")
    return f"{base}/wp-json/wp/v2/posts"


def _query(window: Window, page: int) -> dict[str, str]:
    """A day is added at both ends, whatever the site's clock; the window itself decides later."""
    query = {"per_page": str(_PER_PAGE), "page": str(page), "orderby": "date", "order": "desc"}
    day = timedelta(days=1)
    if window.since:
        query["after"] = f"{window.since - day}T00:00:00"
    if window.until:
        query["before"] = f"{window.until + day}T00:00:00"
    return query | {"_embed": "wp:featuredmedia,wp:term", "_fields": _FIELDS}


def _ask(web: Web, api: str, query: dict[str, str]) -> Response:
    """By the short address; sites without permalinks know only `?rest_route=`."""
    try:
        return web.page(f"{api}?{urlencode(query)}", accept="application/json")
    except SourceError as error:
        base = api.removesuffix("/wp-json/wp/v2/posts")
        routed = urlencode({"rest_route": "/wp/v2/posts"} | query)
        try:
            return web.page(f"{base}/?{routed}", accept="application/json")
        except SourceError:
            raise SourceError(error.message, place=api, remedy=_REMEDY) from error


def _posts(response: Response) -> list[dict[str, Any]]:
    try:
        posts = json.loads(response.body)
    except (ValueError, RecursionError):
        posts = None
    if not isinstance(posts, list):
        raise SourceError(
            "is not WordPress's list of posts",
            place=response.url.split("?", maxsplit=1)[0],
            remedy=_REMEDY,
        )
    return [post for post in posts if isinstance(post, dict)]


def _candidate(post: dict[str, Any], url: str) -> Candidate:
    content = fragment(_rendered(post, "content"))
    link = absolute(_text(post.get("link")), url)
    body = paragraphs_of(content)
    content_of = post.get("content")
    protected = isinstance(content_of, dict) and content_of.get("protected")
    return Candidate(
        title=plain(_rendered(post, "title")),
        url=link,
        dates=(_text(post.get("date")), _gmt(post)),
        summary=plain(_rendered(post, "excerpt")) or shorten(body.split("\n\n")[0]),
        image=_featured(post, url) or first_image(content, link or url),
        tags=tuple(_terms(post)),
        body=body,
        guid=_rendered(post, "guid"),
        hidden="is protected by a password" if protected else "",
        place=link or url,
    )


def _gmt(post: dict[str, Any]) -> str:
    moment = _text(post.get("date_gmt"))
    return f"{moment}Z" if moment else ""


def _rendered(post: dict[str, Any], key: str) -> str:
    value = post.get(key)
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _embedded(post: dict[str, Any], key: str) -> list[Any]:
    embedded = post.get("_embedded")
    found = embedded.get(key) if isinstance(embedded, dict) else None
    return found if isinstance(found, list) else []


def _featured(post: dict[str, Any], url: str) -> Image | None:
    for media in _embedded(post, "wp:featuredmedia"):
        if isinstance(media, dict):
            src = absolute(_text(media.get("source_url")), url)
            if src:
                return Image(src, plain(_text(media.get("alt_text"))))
    return None


def _terms(post: dict[str, Any]) -> list[str]:
    groups = (group for group in _embedded(post, "wp:term") if isinstance(group, list))
    terms = (term for group in groups for term in group if isinstance(term, dict))
    return [plain(_text(term.get("name"))) for term in terms]
