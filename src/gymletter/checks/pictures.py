"""Pictures: an alternative text, a type every client shows, a width for Word, https."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gymletter.checks.finding import Code
from gymletter.checks.page import place_of
from gymletter.network import is_private_host
from gymletter.rendering.links import safe_url
from gymletter.rendering.pictures import CARD_WIDTH, LEAD_WIDTH, name_of, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Page

# https://www.caniemail.com/features/image-webp/, image-avif, image-svg
_POOR = re.compile(r"\.(webp|avif|svg|heic|tiff?|bmp)$", re.IGNORECASE)
HEAVY = 1024 * 1024
_SHOWN_AS = {
    "webp": "Outlook for Windows shows an empty frame",
    "avif": "Gmail and Outlook show an empty frame",
    "svg": "Gmail and Outlook show an empty frame",
}

CODES = {
    "picture-alt": Code(
        "error",
        "A picture has no alt attribute, so a screen reader reads its address",
        "Describe the picture in alt, or write alt: '' where it only decorates",
    ),
    "picture-described": Code(
        "warning",
        "An article's picture has an empty alternative text",
        "Describe it in the issue's front matter: image: {src: …, alt: …}",
    ),
    "picture-address": Code(
        "error",
        "A picture's address is not complete, or members can't reach it",
        "Use the picture's public https:// address, or set [images] base_url",
    ),
    "picture-insecure": Code(
        "warning",
        "A picture goes over http, which mail programs block or warn of",
        "Use https://, or set [images] base_url",
    ),
    "picture-type": Code(
        "warning",
        "A picture is of a type that mail programs don't show: WebP, AVIF, SVG, …",
        "Set [images] base_url, so that it is converted, or link a JPEG or PNG",
    ),
    "picture-data": Code(
        "error",
        "A picture is written into the mail as data:, which Gmail doesn't show",
        "Link a JPEG or PNG",
    ),
    "picture-refused": Code(
        "error",
        "A picture can't be converted: no picture, damaged, over 20 MB or 12,000 pixels",
        "Put another picture in the article",
    ),
    "picture-unconverted": Code(
        "warning",
        "A picture's server could not be asked, so the original is linked",
        "Render again when the blog is up",
    ),
    "picture-heavy": Code(
        "warning",
        "A picture weighs more than 1 MB, slow on a phone",
        "Set [images] base_url, so that it is made smaller, or link a smaller one",
    ),
    "picture-width": Code(
        "warning",
        "A picture has no width in pixels, so Outlook for Windows shows it at its own size",
        "Give the <img> a width attribute of whole pixels",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    sources = {i.get("src"): place_of(i) for i in page.pictures}
    for article in page.issue.articles:
        if article.image and not safe_url(article.image.src):
            said = f"the picture of {article.title!r} is left out: {_short(article.image.src)!r}"
            yield "picture-address", said, "html:1"
        elif article.image and not article.image.alt.strip():
            place = sources.get(article.image.src, "html:1")
            yield "picture-described", f"the picture of {article.title!r} has no words", place
    if page.workspace.config.images.base_url:
        yield from _converted(page, sources)
    for image in page.pictures:
        if image.get("alt") is None:
            yield "picture-alt", f"{_short(image.get('src'))} has no alt", place_of(image)
        if not re.fullmatch(r"[1-9]\d*", image.get("width") or ""):
            yield "picture-width", f"{_short(image.get('src'))} has no width", place_of(image)
        yield from _source(image.get("src") or "", place_of(image))


def _converted(page: Page, sources: dict[str | None, str]) -> Iterator[tuple[str, str, str]]:
    """What became of the blog's pictures, as the rendering wrote it down."""
    manifest = read_manifest(page.issue)
    for number, article in enumerate(page.issue.articles):
        src = article.image.src if article.image else ""
        made = manifest.get(name_of(src, CARD_WIDTH if number else LEAD_WIDTH))
        place = sources.get(src, "html:1")
        if src and made is None:
            yield "picture-unconverted", f"{_short(src)} was not converted", place
        elif made and made.refused:
            yield "picture-refused", f"{_short(src)}: {made.refused}", place
        elif made and made.size > HEAVY:
            yield "picture-heavy", f"{made.file} weighs {made.size / HEAVY:.1f} MB", place


def _source(url: str, place: str) -> Iterator[tuple[str, str, str]]:
    if url.startswith("data:"):
        yield "picture-data", f"{_short(url)} is written into the mail", place
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or is_private_host(parts.hostname or ""):
        yield "picture-address", f"{_short(url) or 'a picture'} can't be reached", place
    elif parts.scheme == "http":
        yield "picture-insecure", f"{_short(url)} goes over http", place
    poor = _POOR.search(parts.path)
    if poor:
        shown = _SHOWN_AS.get(poor[1].lower(), "few mail programs show it")
        yield "picture-type", f"{_short(url)} is a {poor[1].upper()}: {shown}", place


def _short(url: Any) -> str:
    return str(url or "")[:100]
