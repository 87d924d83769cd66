"""One file of a folder as a candidate: what Hugo, Jekyll, Pelican, Eleventy and Obsidian write.

Each kind of file has one function `(File) -> Candidate`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gymletter.articles.article import Image
from gymletter.articles.cards import find_cards
from gymletter.articles.frontmatter import Page, split
from gymletter.articles.markdown import before_more, to_html
from gymletter.articles.markup import document, first_image, fragment, paragraphs_of, plain, text_of
from gymletter.articles.reading import Candidate
from gymletter.articles.text import clean, shorten
from gymletter.articles.webarticle import read_page

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.articles.dates import Calendar
    from gymletter.articles.files import Base
    from gymletter.articles.markup import Element

_DATES = ("date", "published", "publishdate", "pubdate", "published_at", "publish_date", "created")
_SUMMARIES = ("summary", "description", "excerpt", "intro", "teaser", "lead", "samenvatting")
_IMAGES = ("image", "cover", "featured_image", "featuredimage", "thumbnail", "hero", "banner")
_IMAGES_TOO = ("cover_image", "coverimage", "images", "picture", "img", "afbeelding")
_DAY_IN_NAME = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})[-_ ]*")


@dataclass(frozen=True)
class File:
    """A file's path and text, the folder it belongs to, and how to read its dates."""

    path: Path
    text: str
    base: Base
    calendar: Calendar

    @property
    def name(self) -> str:
        """What the file is called; a page bundle (`name/index.md`) is called as its folder."""
        bundle = self.path.stem in ("index", "_index") and self.path.parent != self.base.folder
        return self.path.parent.name if bundle else self.path.stem

    @property
    def day_in_name(self) -> str | None:
        """`2025-08-13` of `2025-08-13-title.md`, as Jekyll has it."""
        found = _DAY_IN_NAME.match(self.name)
        return found[1] if found else None

    def address(self, slug: str = "") -> str:
        """Below the source's address: subfolders, then the slug, else the file's name."""
        parts = list(self.path.relative_to(self.base.folder).parent.parts)
        if parts and self.name == parts[-1]:
            parts.pop()
        kept = [part for part in parts if not part.startswith("_")]
        return self.base.address("/".join([*kept, slug or _DAY_IN_NAME.sub("", self.name)]))


def from_markdown(file: File) -> Candidate:
    """Markdown with a head, or without."""
    page = split(file.text, str(file.path))
    root = fragment(to_html(page.body))
    title = _text(page.head, "title") or _heading(root) or (file.name if " " in file.name else "")
    return Candidate(
        title=title,
        url=_url(page.head, file),
        dates=(*(page.head.get(key) for key in _DATES), file.day_in_name),
        summary=_text(page.head, *_SUMMARIES) or _opening(page.body, root),
        image=_image(page.head, file) or _first_picture(root, file),
        tags=_tags(page.head),
        body=paragraphs_of(root),
        guid=_text(page.head, "guid"),
        hidden=_hidden(page.head, file),
        place=f"{file.path}:{_date_line(page)}",
    )


def from_html(file: File) -> Candidate:
    """A page saved as HTML, or HTML below a head (Hugo, Jekyll)."""
    if file.text.startswith(("---\n", "+++\n", "---\r\n")):
        return from_markdown(file)
    root, url = document(file.text), file.address() + file.path.suffix
    cards = find_cards(root, url, file.calendar)
    return read_page(root, url, file.calendar, apart=cards).post


def _text(head: dict[str, Any], *names: str) -> str:
    """The first of these keys that holds words."""
    for name in names:
        value = head.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            found = plain(str(value))
            if found:
                return found
    return ""


def _heading(root: Element) -> str:
    """The first heading, taken out of the body so that the title is not there twice."""
    found = root.find(".//h1")
    if found is None:
        return ""
    title = text_of(found)
    found.drop_tree()
    return title


def _opening(body: str, root: Element) -> str:
    opening = before_more(body)
    if opening is not None:
        return plain(to_html(opening))
    texts = (text_of(p) for p in root.iter("p"))
    return shorten(next((text for text in texts if text), ""))


def _hidden(head: dict[str, Any], file: File) -> str:
    parts = file.path.relative_to(file.base.folder).parts
    if _is(head.get("draft")) or "_drafts" in parts:
        return "is a draft"
    if any(_is_not(head.get(key)) for key in ("published", "publish")):
        return "is not published"
    status = str(head.get("status", "")).casefold()
    return f"has the status {status}" if status in ("draft", "hidden", "skip", "private") else ""


def _is(value: object) -> bool:
    return str(value).casefold() in ("true", "yes", "1")


def _is_not(value: object) -> bool:
    return str(value).casefold() in ("false", "no", "0")


def _url(head: dict[str, Any], file: File) -> str:
    slug = _text(head, "slug").strip("/")
    for key in ("canonical_url", "canonical", "url", "permalink", "link"):
        value = _text(head, key)
        if re.match(r"https?://\S+$", value):
            return value
        if value.startswith("/") and not re.search(r"[:{]", value):
            return file.base.picture(file.path, value)
        if value and not re.search(r"[:{\s]", value):
            slug = slug or value.strip("/")
    return file.address(slug)


def _tags(head: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for key in ("tags", "categories", "category", "keywords"):
        value = head.get(key)
        parts = value if isinstance(value, list) else str(value or "").split(",")
        found.extend(str(part).strip().lstrip("#") for part in parts)
    return tuple(found)


def _image(head: dict[str, Any], file: File) -> Image | None:
    for key in (*_IMAGES, *_IMAGES_TOO):
        value = head.get(key)
        value = value[0] if isinstance(value, list) and value else value
        alt = _text(head, f"{key}_alt", f"{key}alt", "image_alt", "alt")
        if isinstance(value, dict):
            alt = _text(value, "alt", "alt_text", "caption") or alt
            value = next((value[k] for k in ("src", "url", "path", "image") if value.get(k)), None)
        src = file.base.picture(file.path, _unwrapped(value)) if isinstance(value, str) else ""
        if src:
            return Image(src, clean(alt))
    return None


def _unwrapped(value: str) -> str:
    """Obsidian's `[[picture.jpg]]` and Pelican's `{static}/picture.jpg` as plain paths."""
    return re.sub(r"^\{(static|attach|filename)\}/?", "", value.strip().strip("[]!"))


def _first_picture(root: Element, file: File) -> Image | None:
    for img in root.iter("img"):
        img.set("src", file.base.picture(file.path, _unwrapped(img.get("src", ""))))
    return first_image(root, file.base.url + "/")


def _date_line(page: Page) -> int:
    return next((page.line_of(key) for key in _DATES if page.head.get(key)), 1)
