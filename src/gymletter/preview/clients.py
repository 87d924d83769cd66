"""What mail programs do to a mail, imitated on its HTML: light and dark, Outlook, Gmail.

These are approximations, and the page says so: the mail that is sent is never made here.
Sources: caniemail.com (css-at-media-prefers-color-scheme, html-style, css-max-width), and
https://github.com/hteumeuleu/email-bugs/issues/41 and /90 for what Gmail clips and drops.
"""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from gymletter.checks.size import CLIPPED, STYLE_BUDGET

Scheme = Literal["light", "dark"]
Client = Literal["none", "outlook", "gmail"]

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.IGNORECASE | re.DOTALL)
_PREFERS = re.compile(r"prefers-color-scheme\s*:\s*(light|dark)", re.IGNORECASE)
_FOR_OUTLOOK = re.compile(r"<!--\[if (?:gte )?mso[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_NOT_OUTLOOK = re.compile(r"<!--\[if !mso[^\]]*\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)
# VML and Office settings mean nothing to a browser.
_OFFICE = re.compile(r"<(xml|v:\w+|o:\w+)\b.*?(?:</\1>|/>)", re.DOTALL | re.IGNORECASE)
_UNKNOWN_TO_WORD = re.compile(
    r"(?<=[;\"\s])(?:max-width|border-radius|box-shadow|opacity)\s*:[^;\"]*;?", re.IGNORECASE
)
# Word takes a picture's width from the attribute, whatever its style says.
_PICTURE = re.compile(r"<img\b(?=[^>]*\swidth=\"\d)[^>]*>", re.IGNORECASE)
_WIDTH = re.compile(r"(?<=[;\"\s])(?:width|height)\s*:[^;\"]*;?", re.IGNORECASE)
_INLINE = re.compile(r"style=\"[^\"]*\"", re.IGNORECASE)
_OPEN_TAG = re.compile(rb"<[^>]*\Z")
_SUPPORTS_DARK = re.compile(r"color-scheme[\"'\s:]+(?:content=[\"'])?[^;\"'}]*dark", re.IGNORECASE)
_MATCHES, _NEVER = "min-width: 0px", "max-width: 0px"


def seen_in(markup: str, client: Client, scheme: Scheme, clipped: str) -> str:
    """The HTML as this program shows it; `clipped` is what Gmail says below what it cut off."""
    if client == "outlook":
        return in_scheme(_outlook(markup), "light")
    if client == "gmail":
        return in_scheme(_gmail(markup, clipped), "light")
    return in_scheme(markup, scheme)


def in_scheme(markup: str, scheme: Scheme) -> str:
    """The HTML as if the reader's device were light or dark, whatever this browser's is."""

    def decide(match: re.Match[str]) -> str:
        return _MATCHES if match[1].lower() == scheme else _NEVER

    supports = bool(_SUPPORTS_DARK.search(markup))
    styled = _STYLE.sub(lambda style: _PREFERS.sub(decide, style.group()), markup)
    used = scheme if supports else "light"
    force = f"<style>:root {{color-scheme: only {used} !important}}</style>"
    at = styled.lower().find("</head>")
    return styled[:at] + force + styled[at:] if at >= 0 else force + styled


def _outlook(markup: str) -> str:
    """The Word engine: no style sheet, its own comments, no max-width, no round corners."""
    shown = _NOT_OUTLOOK.sub("", markup)
    shown = _FOR_OUTLOOK.sub(lambda match: _OFFICE.sub("", match[1]), shown)
    shown = _STYLE.sub("", shown)
    shown = _INLINE.sub(lambda style: _UNKNOWN_TO_WORD.sub("", style.group()), shown)
    return _PICTURE.sub(_by_attribute, shown)


def _by_attribute(picture: re.Match[str]) -> str:
    return _INLINE.sub(lambda style: _WIDTH.sub("", style.group()), picture.group())


def _gmail(markup: str, clipped: str) -> str:
    """No dark mode of the mail's own; all style sheets go when they are too long; clipped."""
    if sum(len(sheet.encode()) for sheet in _STYLE.findall(markup)) > STYLE_BUDGET:
        markup = _STYLE.sub("", markup)
    content = markup.encode("utf-8", "replace")
    if len(content) <= CLIPPED:
        return markup
    kept = _OPEN_TAG.sub(b"", content[:CLIPPED]).decode("utf-8", "ignore")
    note = 'style="clear:both;padding:16px;font:14px Arial,sans-serif;color:#222;background:#fff"'
    return f"{kept}<p {note}>{escape(clipped)}</p>"
