"""HTML in: parsing without reading anything else, text, pictures and addresses.

Invariant: no entity is expanded, no file or address is opened, no depth of nesting hurts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from gymletter.articles.article import Image
from gymletter.articles.text import clean, words

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any  # lxml ships no types
_HIDDEN = words("script style noscript template head svg iframe button")
_INLINE = words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp "
    "small span strike strong sub sup time tt u var wbr"
)
_BREAK = "\x00"
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-image", "src")
_TINY = re.compile(r"^[01](px)?$")


def document(data: bytes | str) -> Element:
    """The root of a page; an empty one for an empty page. The charset comes from the page."""
    root = _parse(data)
    return root if root is not None else lxml_html.Element("html")


def fragment(markup: str) -> Element:
    """A piece of HTML, as the `<div>` around it."""
    root = _parse(f"<div>{markup}</div>")
    found = root.find(".//div") if root is not None else None
    return found if found is not None else lxml_html.Element("div")


def _parse(data: bytes | str) -> Element | None:
    unicode = isinstance(data, str)
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    parser = lxml_html.HTMLParser(
        encoding="utf-8" if unicode or _is_utf8(raw) else None,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        return lxml_html.document_fromstring(raw.replace(b"\x00", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def plain(markup: str) -> str:
    """The text of a piece of HTML (or of plain text) on one line."""
    if "<" not in markup and "&" not in markup:
        return clean(markup)
    return text_of(fragment(markup))


def text_of(element: Element) -> str:
    """The text a reader sees, on one line."""
    return clean(" ".join(_blocks(element)))


def paragraphs_of(element: Element) -> str:
    """The text a reader sees, one empty line between blocks."""
    return "\n\n".join(block for block in map(clean, _blocks(element)) if block)


def _blocks(element: Element) -> list[str]:
    return "".join(_pieces(element)).split(_BREAK)


def _pieces(root: Element) -> Iterator[str]:
    """White space in the source is a space; only blocks and `<br>` break."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        hidden = element.tag in _HIDDEN and element is not root
        block = element.tag not in _INLINE
        if block:
            yield _BREAK
        if event == "start":
            if hidden:
                walk.skip_subtree()
            elif element.text:
                yield " ".join(f"{element.text}|".splitlines())[:-1]
        elif element is not root and element.tail:
            yield " ".join(f"{element.tail}|".splitlines())[:-1]


def absolute(address: str | None, base: str) -> str:
    """An http(s) address without odd characters, or "" where it is none."""
    if not address or not address.strip():
        return ""
    try:
        joined = urljoin(base, address.strip())
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
    except ValueError:
        return ""
    safe = ":/?#[]@!$&'()*+,;=%~-._|"
    return quote(joined, safe=safe, errors="replace").replace("|", "%7C")


def image_of(element: Element, base: str) -> Image | None:
    """The picture of one `<img>`; lazy ones keep their address elsewhere. None for a pixel."""
    if _TINY.match(element.get("width", "")) or _TINY.match(element.get("height", "")):
        return None
    sources = [element.get(name) for name in _LAZY]
    sources.append((element.get("srcset") or element.get("data-srcset") or "").split(" ")[0])
    for source in sources:
        src = absolute(source, base)
        if src:
            return Image(src, clean(element.get("alt") or ""))
    return None


def first_image(element: Element, base: str) -> Image | None:
    """The first picture that is more than a pixel."""
    for found in element.iter("img"):
        image = image_of(found, base)
        if image:
            return image
    return None
