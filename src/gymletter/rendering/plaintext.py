"""Plain text that reads well: wrapped at 72, addresses never broken."""

from __future__ import annotations

import re
import textwrap

WIDTH = 72


def wrap(text: str, *, first: str = "", rest: str = "") -> str:
    """Each line of `text` wrapped; `first` and `rest` stand before the first and later lines."""
    lines: list[str] = []
    for line in str(text).split("\n"):
        lead = rest if lines else first
        lines += textwrap.wrap(
            line,
            WIDTH,
            initial_indent=lead,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [lead.rstrip()]
    return "\n".join(lines)


def tidy(text: str) -> str:
    """No blanks at line ends, at most one empty line together, one line end at the end."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip("\n") + "\n"
