"""`Page`: what every family of checks looks at, parsed once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import lxml.html

from gymletter.rendering.sample import sample, sample_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

# A declaration's value may hold a semicolon inside quotes or brackets.
_DECLARATION = re.compile(r"\s*([\w-]+)\s*:((?:[^;\"'(]|\"[^\"]*\"|'[^']*'|\([^)]*\))*);?")


@dataclass(frozen=True)
class Link:
    """An `<a href>`: its address, its accessible name and where it is."""

    url: str
    name: str
    place: str


@dataclass(frozen=True)
class Page:
    """An email: `raw` with tokens, `email` as a made-up member would get it.

    `known` is what servers have answered, by kind and address, for other renderings, too.
    """

    workspace: Workspace
    issue: Issue
    raw: Email
    online: bool = False
    spam: bool = False
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def email(self) -> Email:
        """The email as a made-up member would get it."""
        return sample(self.workspace, self.raw)

    @property
    def way_out(self) -> str:
        """The made-up member's unsubscribe link."""
        return sample_values(self.workspace, self.raw)["unsubscribe_url"]

    @cached_property
    def tree(self) -> Any:
        """The HTML part as an lxml tree; `sourceline` is the line in it."""
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        source = self.email.html.encode("utf-8", "replace")
        return lxml.html.document_fromstring(source or b"<html></html>", parser=parser)

    @cached_property
    def elements(self) -> tuple[Any, ...]:
        """Every element, in the order of the document."""
        return tuple(self.tree.iter(lxml.etree.Element))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every `<a href>`."""
        return tuple(
            Link(a.get("href").strip(), name_of(a), place_of(a))
            for a in self.tree.iterfind(".//a[@href]")
        )

    @cached_property
    def pictures(self) -> tuple[Any, ...]:
        """Every `<img>`."""
        return tuple(self.tree.iter("img"))

    @cached_property
    def style_sheets(self) -> tuple[tuple[str, int], ...]:
        """The text of every `<style>` and the line it begins on."""
        return tuple((style.text or "", style.sourceline) for style in self.tree.iter("style"))

    def styled(self) -> Iterator[tuple[Any, dict[str, str]]]:
        """Every element with a style attribute, and its declarations."""
        for element in self.elements:
            if element.get("style"):
                yield element, declarations(element.get("style"))


def declarations(style: str) -> dict[str, str]:
    """`{property: value}` of a style attribute, in lower case but for quoted parts."""
    return {name.lower(): value.strip() for name, value in _DECLARATION.findall(style)}


def place_of(element: Any) -> str:
    """Where an element is: `html:LINE`."""
    return f"html:{element.sourceline}"


def words_of(element: Any) -> str:
    """An element's text with single spaces, also where only a tag parts two words."""
    return " ".join(" ".join(element.xpath(".//text()")).split())


def name_of(element: Any) -> str:
    """An element's accessible name: aria-label, else its text and its pictures' alt texts."""
    if element.get("aria-label"):
        return str(element.get("aria-label")).strip()
    shown = [i.get("alt") or "" for i in element.iter("img") if not _is_hidden(i)]
    return " ".join([words_of(element), *shown]).strip()


def _is_hidden(element: Any) -> bool:
    return declarations(element.get("style") or "").get("display") == "none"
