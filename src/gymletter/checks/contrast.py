"""Contrast, computed from the inlined styles as a mail program would, in light and in dark.

WCAG 2.2, criterion 1.4.3: 4.5 to 1, or 3 to 1 for text of 24 px, or 18.66 px in bold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml.cssselect import CSSSelector

from gymletter.checks.finding import Code
from gymletter.checks.page import declarations, place_of
from gymletter.rendering.colors import READABLE, VISIBLE, contrast, palette

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gymletter.checks.page import Page

_DARK = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*1(?:\.0*)?\s*)?\)")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_LARGE, _LARGE_BOLD, _BOLD = 24.0, 18.66, 700

CODES = {
    "a11y-contrast": Code(
        "error",
        "Text can't be read well on its ground, in light or in dark",
        "Use the palette's colours: they are chosen for contrast",
    ),
    "a11y-brand": Code(
        "note",
        "The brand's colour can't be read as text, so a darker or lighter one of it is used",
        "Nothing needs doing; it stays as it is on buttons and in the headline",
    ),
}


@dataclass(frozen=True)
class _Look:
    """What an element hands down: colours, size in pixels, weight."""

    ink: str = "#000000"
    ground: str = "#ffffff"
    size: float = 16.0
    bold: bool = False
    hidden: bool = False

    def with_style(self, style: Mapping[str, str]) -> _Look:
        """The look of an element with these declarations inside one with this look."""
        return _Look(
            _hex(style.get("color")) or self.ink,
            _hex(style.get("background-color")) or _hex(style.get("background")) or self.ground,
            _pixels(style.get("font-size")) or self.size,
            _is_bold(style["font-weight"]) if "font-weight" in style else self.bold,
            self.hidden or style.get("display", "").startswith("none"),
        )

    @property
    def needed(self) -> float:
        """The ratio asked for at this size."""
        large = self.size >= (_LARGE_BOLD if self.bold else _LARGE)
        return VISIBLE if large else READABLE


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    brand = page.workspace.config.brand
    made = palette(brand.color, brand.accent).light
    if made.link != brand.color:
        ratio = min(contrast(brand.color, ground) for ground in (made.page, made.sheet, made.tint))
        said = f"{brand.color} reads {ratio:.1f}:1 as text, so links are {made.link}"
        yield "a11y-brand", said, "html:1"
    body = page.tree.find("body")
    yield from _walk(body, _Look(), {}, "light")
    dark = _dark_styles(page)
    if dark:
        yield from _walk(body, _Look(), dark, "dark")


def _walk(
    element: Any, above: _Look, more: Mapping[Any, dict[str, str]], mode: str
) -> Iterator[tuple[str, str, str]]:
    style = declarations(element.get("style") or "") | more.get(element, {})
    look = above.with_style(_TAGS.get(element.tag, {}) | style)
    if look.hidden:
        return
    if _own_text(element):
        ratio = contrast(look.ink, look.ground)
        if ratio < look.needed:
            said = f"{_own_text(element)[:40]!r} is {look.ink} on {look.ground} in {mode}"
            yield "a11y-contrast", f"{said}: {ratio:.1f}:1 of {look.needed}:1", place_of(element)
    for child in element.iterchildren("*"):
        yield from _walk(child, look, more, mode)


_TAGS = {tag: {"font-weight": "bold"} for tag in ("b", "strong", "th", "h1", "h2", "h3", "h4")}


def _own_text(element: Any) -> str:
    parts = [element.text, *(child.tail for child in element)]
    return " ".join(" ".join(part or "" for part in parts).split()).strip("\u200a\u200b")


def _dark_styles(page: Page) -> dict[Any, dict[str, str]]:
    """What the dark style sheet says of each element; later rules win."""
    found: dict[Any, dict[str, str]] = {}
    for text, _ in page.style_sheets:
        for block in _DARK.findall(text):
            for heads, body in _RULE.findall(block):
                rule = {
                    n: v.replace("!important", "").strip() for n, v in declarations(body).items()
                }
                for element in _matching(page, heads.strip()):
                    found.setdefault(element, {}).update(rule)
    return found


def _matching(page: Page, heads: str) -> list[Any]:
    selector = _selector(heads)
    return list(selector(page.tree)) if selector else []


@lru_cache(maxsize=256)
def _selector(heads: str) -> CSSSelector | None:
    try:
        return CSSSelector(heads, translator="html")
    except (SyntaxError, ValueError):
        return None


def _hex(value: str | None) -> str | None:
    """`#rrggbb` of a colour without transparency, else None."""
    if not value:
        return None
    value = _NAMED.get(value.lower(), value.lower()).split()[0] if "(" not in value else value
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        return value
    rgb = _RGB.match(value)
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in rgb.groups()) if rgb else None


def _pixels(value: str | None) -> float | None:
    match = re.match(r"([\d.]+)px", value or "")
    return float(match[1]) if match else None


def _is_bold(value: str) -> bool:
    return value.startswith("bold") or (value.isdigit() and int(value) >= _BOLD)
