"""Where a line of the HTML is in the mail: start tags get the number of the line they end on."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"<!--.*?-->|<(?:style|script|title|head)\b.*?</(?:style|script|title|head)\s*>"
    r"|<(?P<name>[a-z][\w:-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^'\">])*)>",
    re.IGNORECASE | re.DOTALL,
)


def numbered(markup: str) -> str:
    """The HTML with `data-line` on every tag of its body, for the page to find a place by."""
    parts: list[str] = []
    at, line = 0, 1
    for match in _TAG.finditer(markup):
        line += markup.count("\n", at, match.end())
        parts.append(markup[at : match.start()])
        parts.append(_with_line(match, line))
        at = match.end()
    parts.append(markup[at:])
    return "".join(parts)


def _with_line(match: re.Match[str], line: int) -> str:
    if not match["name"] or match["name"].lower() in ("html", "body", "meta", "link"):
        return match.group()
    return f'<{match["name"]} data-line="{line}"{match["rest"]}>'
