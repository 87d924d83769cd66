"""Language, headings, tables, contrast."""

from __future__ import annotations

import pytest

from tests.checks.looking import found, in_body, in_html
from tests.rendering.issues import workspace


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('<html lang="nl"', "<html", "a11y-lang"),
        (' lang="nl" dir="ltr" class', ' dir="ltr" class', "a11y-lang"),
        (' dir="ltr"', "", "a11y-dir"),
        ("<title>Sterker de zomer uit</title>", "<title> </title>", "a11y-title"),
        ("<h1", "<h2", "a11y-heading-first"),
        ("<h2", "<h4", "a11y-heading-order"),
        ('role="presentation"', "", "a11y-table-role"),
    ],
)
def test_what_a_screen_reader_needs_is_missed(old: str, new: str, code: str) -> None:
    """Each on its own; in the usual email none is missing."""
    assert not {c for c in found() if c.startswith("a11y") and c != "a11y-brand"}
    assert code in found(change=in_html(old, new))


@pytest.mark.parametrize(
    ("markup", "mode"),
    [
        ('<p style="color:#999999; background-color:#ffffff">Grijs</p>', "light"),
        ('<p style="color:#777; background-color:#fff">Grijs</p>', "light"),
        ('<p style="color:rgb(200, 200, 200); background:white">Grijs</p>', "light"),
        ('<p class="sheet" style="color:#333333; background-color:#ffffff">Grijs</p>', "dark"),
    ],
)
def test_faint_text_is_found_in_light_and_dark(markup: str, mode: str) -> None:
    """The message has both colours, the mode and the ratio."""
    finding = found(change=in_body(markup))["a11y-contrast"]
    assert "'Grijs'" in finding.message
    assert f"in {mode}" in finding.message


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="display:none; color:#ffffff">Verborgen</p>',
        '<p style="color:#767676; background-color:#ffffff">Net genoeg</p>',
        '<p style="color:#888888; background-color:#ffffff; font-size:24px">Groot</p>',
        '<p style="color:#888888; background-color:#ffffff; font-size:19px"><b>Vet</b></p>',
    ],
)
def test_text_that_can_be_read_is_left_alone(markup: str) -> None:
    """Hidden text, the exact ratio, large text and bold text."""
    light = found(change=in_body(markup.replace("<p ", '<p class="x" '))).get("a11y-contrast")
    assert light is None or "in light" not in light.message


def test_a_brand_too_light_for_text_is_said_so() -> None:
    """Links are darker than the brand; the note has both colours."""
    said = found(space=workspace(brand={"color": "#facc15"}))["a11y-brand"]
    assert said.severity == "note"
    assert "#facc15" in said.message
    assert "a11y-brand" not in found(space=workspace(brand={"color": "#7f1d1d"}))
