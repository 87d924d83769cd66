"""Text for people out of what was written for browsers.

Invariant: what comes out is plain text: no markup, no control characters, no line break unless
asked for paragraphs.
"""

from __future__ import annotations

import re
import unicodedata

SUMMARY_LENGTH = 300
_TOO_LONG = 2000
# Characters that hide or turn text around; the joiners of emoji and scripts stay.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MORE = re.compile(r"\s*(\[?(…|\.\.\.)\]?|\[&hellip;\])\s*$")


def words(text: str) -> frozenset[str]:
    """A set of names, written as one text."""
    return frozenset(text.split())


def clean(text: str) -> str:
    """One line of text: control characters and runs of white space become one space."""
    return " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).split())


def clean_paragraphs(text: str) -> str:
    """The same with paragraphs kept, one empty line between them."""
    paragraphs = (clean(part) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "\n\n".join(part for part in paragraphs if part)


def shorten(text: str, most: int = SUMMARY_LENGTH) -> str:
    """At most `most` characters, cut after a whole word, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return cut.rsplit(" ", 1)[0].rstrip(" ,;:.–—-") + "…" if " " in cut else cut + "…"


def summary_of(text: str) -> str:
    """A summary somebody wrote: cleaned, without a blog's own `[…]`, and not endless."""
    cleaned = clean(text)
    return shorten(_MORE.sub("…", cleaned), _TOO_LONG)
