"""Media RSS (rssboard.org/media-rss): what it says of pictures, kept apart from the article.

feedparser takes a picture's title and description for the entry's own, so they are taken out
before it reads the feed.
"""

from __future__ import annotations

import re

from lxml import etree

from gymletter.articles.markup import plain

_NAMESPACE = "http://search.yahoo.com/mrss/"
_FILE_NAME = re.compile(r"\S+\.\w{3,4}$")
_ENTRIES = ("{*}item", "{*}entry")


def take_texts(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The feed without pictures' titles and descriptions, and these per entry, in order.

    A feed without them, or one that is not well-formed, comes back as it is.
    """
    if b"mrss" not in data or not re.search(rb":(description|title)\b", data):
        return data, ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return data, ()
    alts = tuple(_take(entry) for entry in root.iter(*_ENTRIES))
    return etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True), alts


def _take(entry: etree._Element) -> str:
    """The first description, else the first title that is no file name.

    A picture's title stays where the entry has none of its own.
    """
    said: dict[str, str] = {}
    for name in ("description", "title"):
        for tag in (f"{{{_NAMESPACE}}}{name}", f"{{{_NAMESPACE.rstrip('/')}}}{name}"):
            for found in list(entry.iter(tag)):
                said.setdefault(name, plain(found.text or ""))
                if name != "title" or _has_own_title(entry):
                    _remove(found)
    title = said.get("title", "")
    return said.get("description") or ("" if _FILE_NAME.match(title) else title)


def _has_own_title(entry: etree._Element) -> bool:
    titles = (etree.QName(child) for child in entry.iterchildren(etree.Element))
    return any(
        name.localname == "title" and _NAMESPACE.rstrip("/") not in (name.namespace or "")
        for name in titles
    )


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
