"""Accessibility: language, direction, title, heading order, roles of layout tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.checks.finding import Code
from gymletter.checks.page import place_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Page

CODES = {
    "a11y-lang": Code(
        "error",
        "The html element or the wrapper inside body has no lang",
        'Write lang="{{ language }}" on both; webmail drops the outer one',
    ),
    "a11y-dir": Code(
        "warning",
        "The html element or the wrapper inside body has no dir",
        'Write dir="ltr" on both',
    ),
    "a11y-title": Code("error", "There is no title", "Write <title>{{ subject }}</title>"),
    "a11y-heading-first": Code(
        "error", "There is not exactly one h1", "Give the email one h1, and each article an h2"
    ),
    "a11y-heading-order": Code("warning", "A heading skips a level", "Go down one level at a time"),
    "a11y-heading-empty": Code("error", "A heading is empty", "Give it words or take it away"),
    "a11y-table-role": Code(
        "error",
        "A layout table is announced as a table of data",
        'Write role="presentation" on it',
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    yield from _document(page)
    yield from _headings(page)
    for table in page.tree.iter("table"):
        if table.get("role") not in {"presentation", "none"} and table.find(".//th") is None:
            yield "a11y-table-role", "a layout table has no role", place_of(table)


def _document(page: Page) -> Iterator[tuple[str, str, str]]:
    body = page.tree.find("body")
    wrappers = [e for e in body.iterchildren("div", "table") if e.get("role") == "article"]
    for name in ("lang", "dir"):
        for element in (page.tree, *(wrappers or [body])):
            if not element.get(name):
                said = f"<{element.tag}> has no {name}"
                yield f"a11y-{name}", said, place_of(element)
    if not (page.tree.findtext("head/title") or "").strip():
        yield "a11y-title", "the title is empty", "html:1"


def _headings(page: Page) -> Iterator[tuple[str, str, str]]:
    headings = list(page.tree.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    if sum(h.tag == "h1" for h in headings) != 1:
        count = sum(h.tag == "h1" for h in headings)
        yield "a11y-heading-first", f"there are {count} h1 headings", "html:1"
    level = 0
    for heading in headings:
        here = int(heading.tag[1])
        if here > level + 1:
            said = f"{heading.tag} {words_of(heading)!r} follows h{level}" if level else heading.tag
            yield "a11y-heading-order", said, place_of(heading)
        if not words_of(heading):
            yield "a11y-heading-empty", f"an {heading.tag} is empty", place_of(heading)
        level = here
