"""Sitemaps (sitemaps.org): used to find pages; each page's own date counts.

`lastmod` is when a page was last changed, so it only rules pages out: what was not touched since
a day was not published since then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree

from gymletter.articles.cards import find_cards
from gymletter.articles.dates import ImpossibleDay
from gymletter.articles.fetching import Web
from gymletter.articles.identity import same_host
from gymletter.articles.markup import Element, absolute, document
from gymletter.articles.reading import Candidate, Findings
from gymletter.articles.webarticle import read_page
from gymletter.bodies import MEBIBYTE, inflate
from gymletter.errors import HttpError, SourceError

if TYPE_CHECKING:
    from datetime import date

    from gymletter.articles.article import Collection
    from gymletter.articles.reading import Reading
    from gymletter.config import SitemapSource
    from gymletter.http import Response

_LIMIT = 20 * MEBIBYTE
_MOST_SITEMAPS = 50


@dataclass(frozen=True)
class Entry:
    """A page: its address, when it was last changed, and what a news sitemap says of it."""

    url: str
    modified: date | None
    published: str = ""


def read(source: SitemapSource, reading: Reading) -> Collection:
    """The articles among the pages that a sitemap names."""
    web = Web(reading, source.url)
    findings = Findings(source.url)
    wanted = _matching(_entries(web, source, reading, findings), source, reading)
    for entry in wanted[source.max_pages :]:
        findings.skip(f"is page {source.max_pages + 1} or later: raise max_pages", url=entry.url)
    wanted = wanted[: source.max_pages]

    def article(response: Response) -> Candidate:
        root = document(response.body)
        cards = find_cards(root, response.url, reading.calendar)
        return read_page(root, response.url, reading.calendar, apart=cards).post

    for entry, found in zip(wanted, web.pages([e.url for e in wanted], article), strict=True):
        if isinstance(found, str):
            findings.fail(found)
        else:
            findings.offer(replace(found, dates=(*found.dates, entry.published)), reading)
    return findings.collection()


def _matching(entries: list[Entry], source: SitemapSource, reading: Reading) -> list[Entry]:
    """Pages of the source's host that may lie in the window, the last changed first."""
    try:
        pattern = re.compile(source.match or "")
    except re.error as error:
        raise SourceError(
            f"`match` is not a regular expression: {error}", place=source.url
        ) from error
    since = reading.window.since
    wanted = [
        entry
        for entry in {entry.url: entry for entry in entries}.values()
        if pattern.search(entry.url)
        and same_host(entry.url, source.url)
        and not (since and entry.modified and entry.modified < since)
    ]
    return sorted(wanted, key=lambda e: e.modified or reading.today, reverse=True)


def _entries(web: Web, source: SitemapSource, reading: Reading, findings: Findings) -> list[Entry]:
    """All pages, through sitemap indexes; a broken sitemap of an index does not hide the others."""
    entries: list[Entry] = []
    waiting, seen = [source.url], {source.url}
    while waiting:
        url = waiting.pop(0)
        try:
            root = _sitemap(web.page_if_changed(url))
        except (SourceError, HttpError) as error:
            if url == source.url:
                raise
            findings.fail(str(error))
            continue
        below = _below(root, url, findings)
        new = [each for each in dict.fromkeys(below) if each not in seen]
        room = _MOST_SITEMAPS - len(seen)
        if new[room:]:
            findings.fail(f"{url}: {len(new) - room} sitemaps beyond {_MOST_SITEMAPS} are not read")
        seen.update(new[:room])
        waiting += new[:room]
        entries.extend(_entry(node, url, reading) for node in root.iterfind("{*}url"))
    return [entry for entry in entries if entry.url]


def _below(root: Element, base: str, findings: Findings) -> list[str]:
    """The sitemaps that an index names."""
    named = [node.findtext("{*}loc") for node in root.iterfind("{*}sitemap")]
    for said in named:
        if not absolute(said, base):
            findings.fail(f"{base}: names a sitemap whose address cannot be used: {said!r}")
    return [url for url in (absolute(said, base) for said in named) if url]


def _sitemap(response: Response) -> Element:
    data = response.body
    if data.startswith(b"\x1f\x8b"):
        data = inflate([data], _LIMIT, response.url)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise SourceError(
            "is not a sitemap",
            place=response.url,
            remedy="robots.txt of the site often names it, behind Sitemap:",
        )
    return root


def _entry(node: Element, base: str, reading: Reading) -> Entry:
    try:
        modified = reading.calendar.day(node.findtext("{*}lastmod"))
    except ImpossibleDay:
        modified = None
    published = node.findtext("{*}news/{*}publication_date") or ""
    return Entry(absolute(node.findtext("{*}loc"), base), modified, published)
