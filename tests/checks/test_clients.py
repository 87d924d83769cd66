"""What mail programs support."""

from __future__ import annotations

import pytest

from gymletter.checks.clients import support, used
from gymletter.checks.page import Page
from gymletter.rendering import render
from tests.checks.looking import found, in_body
from tests.rendering.issues import BLOCKS, issue, workspace


@pytest.mark.parametrize(
    ("markup", "clients"),
    [
        ('<p style="display:flex">x</p>', ["Outlook for Windows"]),
        ('<p style="margin:calc(1px + 1px)">x</p>', ["Outlook"]),
        ('<p style="color:var(--x)">x</p>', ["Gmail", "Outlook", "Yahoo"]),
        ('<p style="position:absolute">x</p>', ["Gmail"]),
        ("<video></video>", ["Gmail"]),
        ('<img srcset="a 2x" alt="" width="1" src="https://x.example/a.png">', ["Gmail"]),
    ],
)
def test_what_carries_the_layout_is_warned_of(markup: str, clients: list[str]) -> None:
    """The finding names the clients, the line and what they show."""
    assert "client-broken" not in found()
    finding = found(change=in_body(markup))["client-broken"]
    assert finding.place.startswith("html:")
    assert all(client in finding.message for client in clients)
    assert ": " in finding.message


@pytest.mark.parametrize(
    ("client", "most"),
    [
        ("Gmail", 2),
        ("Outlook for Windows", 5),
        ("new Outlook and Outlook.com", 3),
        ("Apple Mail", 1),
        ("Apple Mail on iOS", 1),
    ],
)
def test_the_templates_use_little_that_is_not_supported(client: str, most: int) -> None:
    """No more unsupported features than a hand-made email has; a query belongs to its @media."""
    page = Page(workspace(), full := issue(6, **BLOCKS), render(workspace(), full))
    table = support()
    column = table["clients"].index(client)
    lacking = {
        key
        for key in used(page)
        if key in table["features"] and table["features"][key][1][column] == "n"
    }
    assert len(lacking - {"@media prefers-color-scheme"}) <= most, lacking


def test_a_style_sheet_is_read_with_its_lines() -> None:
    """At-rules, selectors and declarations, nested ones too, comments left out."""
    page = Page(workspace(), issue(), render(workspace(), issue()))
    sheet = "/* display:grid */\n@media (max-width: 9px) {\n .a > b:hover {gap: 1rem !important}\n}"
    page.__dict__["style_sheets"] = ((sheet, 10),)
    keys = used(page)
    assert (keys["@media"], keys[":hover"], keys["gap:"], keys["unit rem"]) == (11, 12, 12, 12)
    assert "a > b" in keys
    assert "display:grid" not in keys
