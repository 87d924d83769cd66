"""Mail programs: what an email uses that one of them doesn't support, and what it shows then.

The table is made of caniemail's data by `scripts/caniemail_table.py`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gymletter.checks.finding import Code
from gymletter.checks.page import declarations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Page

CODES = {
    "client-broken": Code(
        "warning",
        "Something that carries the layout or the content is not supported by a mail program",
        "Leave it out, or make sure that the email also works without",
    ),
    "client-plain": Code(
        "note",
        "A nicety is not supported by a mail program, which shows something plainer",
        "Nothing needs doing if that looks good too",
    ),
}
# What is shown instead; those of the second table carry the layout or the content.
_PLAINER = {
    "border-radius:": "corners are square",
    "@media": "the layout for wide screens, and light colours",
    "@media prefers-color-scheme": "light colours, or colours inverted by the program itself",
    "<meta name=color-scheme>": "the program's own choice of light or dark",
    "color-scheme:": "the program's own choice of light or dark",
    "[attribute]": "the colours of other programs, which these rules are not for",
    "word-break:": "a very long word may stick out",
    "aria-label=": "a screen reader reads the visible words",
    "aria-hidden=": "a screen reader also reads what is hidden from it",
    "image svg": "an empty frame",
}
_BROKEN = {
    "display:flex": "the columns stand below each other",
    "display:grid": "the cells stand below each other",
    "position:": "the element stands where it would without",
    "float:": "the element stands in the text's flow",
    "background-image:": "no picture behind the text",
    "background=": "no picture behind the text",
    "linear-gradient()": "no colour behind the text",
    "var()": "the declaration is dropped",
    "calc()": "the size is dropped",
    "max()": "the size is dropped",
    "min()": "the size is dropped",
    "clamp()": "the size is dropped",
    "unit rem": "the size is dropped",
    "unit vw": "the size is dropped",
    "srcset=": "the picture in src",
    "<picture>": "the picture in <img>",
    "<svg>": "nothing",
    "<video>": "nothing, or what stands inside",
    "<audio>": "nothing, or what stands inside",
    "<form>": "the fields without a way to send them",
    "<select>": "its text",
    "<textarea>": "its text",
    "<object>": "nothing",
    "<link>": "the email without that style sheet",
    "@import": "the email without that style sheet",
}
_FAMILIES = ("Gmail", "Outlook", "Apple Mail")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}|([^{};]*)\{")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"[\d.](rem|em|vw|vh|vmin|vmax|ch|ex|cm|mm|in|pc|pt)\b")
_PSEUDO = re.compile(r"::?[a-z-]+")


@lru_cache(maxsize=1)
def support() -> dict[str, Any]:
    """The table: `clients`, and per feature its page's slug and a letter per client."""
    found: dict[str, Any] = json.loads(
        files("gymletter.checks").joinpath("caniemail.json").read_text(encoding="utf-8")
    )
    return found


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    table = support()
    for key, line in used(page).items():
        if key not in table["features"]:
            continue
        slug, marks = table["features"][key]
        lacking = [c for c, mark in zip(table["clients"], marks, strict=True) if mark == "n"]
        code = "client-broken" if key in _BROKEN else "client-plain"
        shown = _BROKEN.get(key) or _PLAINER.get(key) or "the email without it"
        said = f"{key.strip(':=')} is not for {_named(lacking)}: {shown} (caniemail: {slug})"
        yield code, said, f"html:{line}"


def _named(clients: list[str]) -> str:
    """The names, with one for a program that lacks it wherever it runs."""
    whole = [
        name for name in _FAMILIES if {c for c in support()["clients"] if name in c} <= {*clients}
    ]
    rest = [client for client in clients if not any(name in client for name in whole)]
    return ", ".join([*whole, *rest])


def used(page: Page) -> dict[str, int]:
    """Every feature that an email uses, and the first line that does."""
    found: dict[str, int] = {}
    for key, line in (*_in_elements(page), *_in_sheets(page)):
        found[key] = min(line, found.get(key, line))
    return found


def _in_elements(page: Page) -> Iterator[tuple[str, int]]:
    for element in page.elements:
        line = element.sourceline
        yield f"<{element.tag}>", line
        if element.tag == "meta" and element.get("name") == "color-scheme":
            yield "<meta name=color-scheme>", line
        for name in element.attrib:
            yield f"{name}=", line
    for element, style in page.styled():
        yield from ((key, element.sourceline) for key in _in_style(style))
    for image in page.pictures:
        src = image.get("src") or ""
        kind = "data:" if src.startswith("data:") else urlsplit(src).path.rpartition(".")[2].lower()
        yield f"image {kind}", image.sourceline


def _in_style(style: dict[str, str]) -> Iterator[str]:
    for name, value in style.items():
        if value != "auto":
            yield f"{name}:"
        yield f"{name}:{value.removesuffix('!important').strip().lower()}"
        if "(" in value:
            yield from (f"{function}()" for function in _FUNCTION.findall(value))
        yield from (f"unit {unit}" for unit in _UNIT.findall(value))


def _in_sheets(page: Page) -> Iterator[tuple[str, int]]:
    for text, first in page.style_sheets:
        clean = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
        for rule in _RULE.finditer(clean):
            line = first + clean.count("\n", 0, rule.end())
            head = (rule[1] or rule[3] or "").strip().removeprefix("}").strip()
            yield from ((key, line) for key in _in_head(head))
            yield from ((key, line) for key in _in_style(declarations(rule[2] or "")))


def _in_head(head: str) -> Iterator[str]:
    """The features of a selector or at-rule."""
    if head.startswith("@"):
        name, _, condition = head.partition(" ")
        yield name
        if "prefers-color-scheme" in condition:
            yield "@media prefers-color-scheme"
        return
    if "[" in head:
        yield "[attribute]"
    for mark in (">", "+", "~"):
        if mark in head:
            yield f"a {mark} b"
    yield from (pseudo for pseudo in _PSEUDO.findall(head) if pseudo != ":root")
