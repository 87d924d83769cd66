"""Text from outside as plain, visible text.

Invariant: no control, bidirectional, zero-width or unassigned code point of a blog reaches an
email (C1 characters make Gmail clip; NUL and surrogates vanish or break in libxml2).
"""

from __future__ import annotations

import re

# C0, C1, soft hyphen kept out; zero-width and bidi controls; surrogates, specials, noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U000ffffe\U000fffff\U0010fffe\U0010ffff]"
)


def plain(text: str) -> str:
    """One line without anything invisible; white space becomes single spaces."""
    return " ".join(_UNWANTED.sub("", text).split())


def plain_lines(text: str) -> str:
    """The same, but line ends and indentation stay."""
    lines = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\t", "    "))
    return re.sub("[\r\x0c\x85\u2028\u2029]", "\n", lines)
