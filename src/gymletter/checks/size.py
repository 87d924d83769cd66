"""Size: Gmail clips an HTML part of more than about 102 KB, and drops a long style sheet.

The figures are of the merged email with every link rewritten by the provider's click tracking,
should that be on (https://github.com/hteumeuleu/email-bugs/issues/41, /90).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.checks.finding import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Page

CLIPPED = 102 * 1024
NEAR = 90 * 1024
STYLE_BUDGET = 16 * 1024
# A tracking link of SendGrid or Mailgun is some 200 bytes longer than what it stands for.
_REWRITTEN = 200

CODES = {
    "size-clipped": Code(
        "error",
        "The HTML part is so large that Gmail cuts it off, with the way out at its end",
        "Take articles out, or shorten the summaries",
    ),
    "size-large": Code(
        "warning",
        "The HTML part comes near the size at which Gmail cuts it off",
        "Take articles out, or shorten the summaries",
    ),
    "size-style": Code(
        "error",
        "The style sheets in the head are longer than Gmail accepts, which drops them all",
        "Shorten head.css.j2 and dark.css.j2",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    size = len(page.email.html.encode("utf-8", "replace")) + _REWRITTEN * len(page.links)
    if size >= NEAR:
        code = "size-clipped" if size >= CLIPPED else "size-large"
        yield code, f"the HTML part may become {size / 1024:.0f} KB; Gmail shows 102 KB", "html:1"
    styles = sum(len(text.encode("utf-8", "replace")) for text, _ in page.style_sheets)
    if styles > STYLE_BUDGET:
        yield "size-style", f"the style sheets are {styles / 1024:.0f} KB of 16 KB", "html:1"
