"""Premailer behind one function, with its traps coded around.

Invariant: inlining loses no text, no merge field and not the doctype, or it is an error. Never run
it twice on the same HTML: the first run takes the mark off the style sheets that must stay.
"""

from __future__ import annotations

import html
import logging
import re

from gymletter.errors import TemplateError

DOCTYPE = "<!DOCTYPE html>"
_HIDDEN = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_CLASS = re.compile(r' class="([^"]*)"')
_STYLE = re.compile(r' style="[^"]*"')
_STAYING = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def inline(source: str) -> str:
    """The HTML with its style sheet in `style` attributes; `data-premailer="ignore"` ones stay."""
    from premailer import transform

    if not source.startswith(DOCTYPE):
        raise TemplateError(
            f"the HTML does not begin with {DOCTYPE}",
            place="newsletter.html.j2:1",
            remedy="Begin the template with it, without a space or line before it",
        )
    result: str = transform(
        _COMMENT.sub(_conditional, source),
        allow_network=False,
        strip_important=False,
        keep_style_tags=False,
        disable_validation=True,
        cssutils_logging_level=logging.CRITICAL,
        align_floating_images=False,
        disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
        remove_classes=False,
    )
    _require_whole(source, result)
    return _tighten(result)


def _conditional(comment: re.Match[str]) -> str:
    """Only Outlook's conditional comments are worth their weight."""
    return comment[0] if comment[0].startswith(("<!--[if", "<!--<![endif")) else ""


def _require_whole(source: str, result: str) -> None:
    if not result.startswith(DOCTYPE):
        raise TemplateError("inlining lost the doctype", place="newsletter.html.j2:1")
    if visible(source) != visible(result):
        raise TemplateError(
            "inlining lost a part of the text",
            place="newsletter.html.j2",
            remedy="Look for tags nested deeper than 250 levels, or a tag that is not closed",
        )


def visible(source: str) -> str:
    """The text of some HTML, without white space."""
    return "".join(html.unescape(_TAG.sub("", _HIDDEN.sub("", source))).split())


def _tighten(result: str) -> str:
    """Without indentation, blanks in styles and the classes that no style sheet asks for."""
    styles = "".join(_STAYING.findall(result))
    asked = set(re.findall(r"\.([A-Za-z][\w-]*)", styles))

    def keep(match: re.Match[str]) -> str:
        names = [name for name in match[1].split() if name in asked]
        return f' class="{" ".join(names)}"' if names else ""

    tight = _STYLE.sub(lambda style: style[0].replace("; ", ";"), _CLASS.sub(keep, result))
    return re.sub(r"\n\s*(?=<)", "\n", tight).rstrip() + "\n"
