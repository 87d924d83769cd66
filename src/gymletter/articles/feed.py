"""RSS, Atom, RDF and JSON Feed, from an address or a file in the workspace.

feedparser is given bytes in a `BytesIO`, never a text: it opens files of that name. Dates are
read by us from the raw text: feedparser's own are naive UTC.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gymletter.articles import jsonfeed
from gymletter.articles.article import Image
from gymletter.articles.fetching import Web
from gymletter.articles.markup import (
    absolute,
    document,
    first_image,
    fragment,
    image_of,
    paragraphs_of,
    plain,
)
from gymletter.articles.mediarss import take_texts
from gymletter.articles.reading import Candidate, Findings
from gymletter.articles.text import clean, shorten
from gymletter.articles.webarticle import announced_feed
from gymletter.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.articles.article import Collection
    from gymletter.articles.markup import Element
    from gymletter.articles.reading import Reading
    from gymletter.config import FeedSource

_WHOLE_TEXT = 600  # a longer description without content is the article itself
# Half of a surrogate pair, U+D800 to U+DFFF, is no character, and feedparser stops at it.
_HALF = re.compile(
    rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]))"
    rb"(?![0-9a-f]);?",
    re.IGNORECASE,
)
_LARGEST = 5 * 1024 * 1024
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


def read(source: FeedSource, reading: Reading) -> Collection:
    """All entries of a feed."""
    if urlsplit(source.url).scheme in ("http", "https"):
        web = Web(reading, source.url)
        response = web.page_if_changed(source.url, accept=_ACCEPT)
        if _is_page(response.body):
            found = _announced(response.body, response.url)
            response = web.page_if_changed(found, accept=_ACCEPT)
        data, url = response.body, response.url
        kind = response.headers.get("content-type", "")
    else:
        data, url, kind = _file(source, reading), reading.website + "/", ""
    findings = Findings(source.url)
    for post in posts(data, url, kind, source.url):
        findings.offer(post, reading)
    return findings.collection()


def _file(source: FeedSource, reading: Reading) -> bytes:
    path = reading.root / source.url
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise SourceError(
            "cannot be read",
            place=str(path),
            remedy="Correct `url` in [[sources]]: an http address, or a file in the workspace",
        ) from error
    if len(data) > _LARGEST:
        raise SourceError("is larger than 5 MiB", place=str(path))
    return data


def _is_page(data: bytes) -> bool:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        b"<html" in start and b"<rss" not in start and b"<feed" not in start
    )


def _announced(data: bytes, url: str) -> str:
    found = announced_feed(document(data), url)
    if not found:
        raise SourceError(
            "is a page, and names no feed",
            place=url,
            remedy='Use kind = "webpage", or the address of the feed itself',
        )
    return found


def posts(data: bytes, url: str, kind: str, place: str) -> Iterator[Candidate]:
    """The entries of a feed that was served at `url` as `kind` (a content type, or "")."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return jsonfeed.posts(data, url, place)
    _refuse_entities(data, place)
    data, alts = take_texts(data)
    return _entries(_parse(data, url, "" if alts else kind, place), url, alts)


def _refuse_entities(data: bytes, place: str) -> None:
    """Entities of a feed's own can be nested until they fill any memory; none is expanded."""
    if b"<!ENTITY" in data.replace(b"\x00", b"")[:65536].upper():
        raise SourceError("declares XML entities of its own, which is refused", place=place)


def _parse(data: bytes, url: str, kind: str, place: str) -> Any:
    import feedparser

    headers = {"content-location": url, **({"content-type": kind} if kind else {})}
    whole = BytesIO(_HALF.sub(b"&#xFFFD;", data))
    try:
        found = feedparser.parse(whole, response_headers=headers, sanitize_html=False)
    except (ValueError, OverflowError, RecursionError) as error:
        raise SourceError(
            f"cannot be read: {error}", place=place, remedy="Ask who made the feed to correct it"
        ) from error
    if not found.entries and not found.get("version"):
        cause = found.get("bozo_exception")
        told = (
            f" (line {cause.getLineNumber()}: {cause.getMessage()})"
            if hasattr(cause, "getLineNumber")
            else ""
        )
        raise SourceError(
            f"is not a feed{told}",
            place=place,
            remedy="Use the address of an RSS, Atom or JSON feed",
        )
    return found


def _entries(found: Any, url: str, alts: tuple[str, ...]) -> Iterator[Candidate]:
    """`alts` are the texts about each entry's picture, or none at all."""
    guids = Counter(entry.get("id", "") for entry in found.entries)
    told = alts if len(alts) == len(found.entries) else ("",) * len(found.entries)
    for entry, alt in zip(found.entries, told, strict=True):
        post = _candidate(entry, absolute(entry.get("base"), url) or url, alt)
        yield _with_guid(post, entry, guids)


def _with_guid(post: Candidate, entry: Any, guids: Counter[str]) -> Candidate:
    """A guid that several entries share tells them apart only together with the link."""
    guid = str(entry.get("id", ""))
    return replace(post, guid=f"{guid}|{post.url}" if guid and guids[guid] > 1 else guid)


def _candidate(entry: Any, url: str, alt: str) -> Candidate:
    content = "\n".join(str(part.get("value", "")) for part in entry.get("content", ()))
    summary = str(entry.get("summary", ""))
    root = fragment(content or summary)
    body = paragraphs_of(root)
    return Candidate(
        title=_text(entry, "title"),
        url=absolute(entry.get("link"), url),
        # feedparser's own `get` answers for a missing key with another one's value.
        dates=tuple(dict.get(entry, key) for key in ("published", "created", "updated")),
        summary=_summary(entry, content, body),
        image=_media(entry, url, alt, root)
        or first_image(root, url)
        or first_image(fragment(summary), url),
        tags=tuple(str(tag.get("term") or "") for tag in entry.get("tags", ())),
        body=body,
        place=str(entry.get("link") or url),
    )


def _text(entry: Any, key: str) -> str:
    value = str(entry.get(key) or "")
    kind = (entry.get(f"{key}_detail") or {}).get("type")
    return clean(value) if kind == "text/plain" else plain(value)


def _summary(entry: Any, content: str, body: str) -> str:
    """The entry's own words, else its first paragraph."""
    own = _text(entry, "summary")
    if not own or (content and own == plain(content)):
        return shorten(body.split("\n\n", maxsplit=1)[0])
    return own if len(own) < _WHOLE_TEXT or content else shorten(own)


def _media(entry: Any, url: str, alt: str, content: Element) -> Image | None:
    """Media RSS, then an enclosure, then a thumbnail; `alt` is what the feed says of it."""
    for found in [*entry.get("media_content", ()), *entry.get("enclosures", ())]:
        kind = str(found.get("type") or found.get("medium") or "")
        src = absolute(found.get("url") or found.get("href"), url)
        if src and (kind.startswith("image") or (not kind and _looks_like_picture(src))):
            return Image(src, alt or _alt_within(content, src, url))
    for found in entry.get("media_thumbnail", ()):
        src = absolute(found.get("url"), url)
        if src:
            return Image(src, alt or _alt_within(content, src, url))
    return None


def _alt_within(content: Element, src: str, url: str) -> str:
    """The alternative text that the entry's content gives the same picture."""
    shown = (image_of(img, url) for img in content.iter("img"))
    return next((image.alt for image in shown if image and image.src == src), "")


def _looks_like_picture(src: str) -> bool:
    return urlsplit(src).path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp"))
