"""The imitations of mail programs drop what those programs drop, and nothing else."""

from __future__ import annotations

import pytest

from gymletter.checks.size import CLIPPED, STYLE_BUDGET
from gymletter.preview.clients import in_scheme, seen_in
from gymletter.preview.places import numbered

STYLE = "@media (prefers-color-scheme: dark) { .a { color: #fff !important } }"
MAIL = f"""<!DOCTYPE html>
<html><head><meta name="color-scheme" content="light dark"><style>{STYLE}</style></head>
<body><!--[if mso]><table width="600"><tr><td><![endif]-->
<div style="max-width:600px;color:#333;border-radius:8px">Over prefers-color-scheme: dark</div>
<!--[if !mso]><!--><p>niet voor Outlook</p><!--<![endif]-->
<img width="160" style="width:100%;border:0" src="a.png"></body></html>"""


@pytest.mark.parametrize(
    ("scheme", "query", "used"),
    [("light", "max-width: 0px", "only light"), ("dark", "min-width: 0px", "only dark")],
)
def test_scheme(scheme: str, query: str, used: str) -> None:
    """The mail's own dark rules hold or not as chosen; its words stay as they are."""
    shown = in_scheme(MAIL, scheme)  # type: ignore[arg-type]
    assert f"@media ({query})" in shown
    assert f"color-scheme: {used}" in shown
    assert "Over prefers-color-scheme: dark" in shown


def test_a_mail_without_dark_stays_light() -> None:
    """A mail that does not say it knows dark is shown on white, as mail programs do."""
    assert "only light" in in_scheme("<html><head></head><p>Hallo</p>", "dark")


def test_outlook() -> None:
    """Its own comments count, style sheets, round corners and maximum widths do not."""
    shown = seen_in(MAIL, "outlook", "dark", "")
    assert STYLE not in shown
    assert '<table width="600">' in shown
    assert "niet voor Outlook" not in shown
    assert '<div style="color:#333;">' in shown
    assert '<img width="160" style="border:0"' in shown


def test_gmail_keeps_a_short_style_and_drops_a_long_one() -> None:
    """A style sheet beyond Gmail's budget takes them all along."""
    long = MAIL.replace(STYLE, STYLE + "/*" + "x" * STYLE_BUDGET + "*/")
    assert ".a { color" in seen_in(MAIL, "gmail", "light", "")
    assert ".a { color" not in seen_in(long, "gmail", "light", "")


@pytest.mark.parametrize("extra", [0, 1, 5000])
def test_gmail_clips(extra: int) -> None:
    """A mail of more than 102 KB is cut at 102 KB, never within a tag, and it says so."""
    unit = "<p class='é'>Een alinea</p>"
    mail = unit * (CLIPPED // len(unit.encode()))
    mail += "x" * (CLIPPED - len(mail.encode()) + extra)
    shown = seen_in(mail, "gmail", "light", "[ingekort]")
    assert ("[ingekort]" in shown) == (extra > 0)
    assert len(shown.encode()) < CLIPPED + 400


def test_lines() -> None:
    """Each tag of the body bears the line it ends on; comments, styles and the head do not."""
    text = (
        "<!DOCTYPE html>\n<html><head>\n<style>a>b{}</style></head>\n<body>\n<p\n class='>'>x</p>\n"
    )
    text += '<!-- <p> -->\n<img alt="a > b"\n>'
    shown = numbered(text)
    assert "<p data-line=\"6\"\n class='>'>" in shown
    assert '<img data-line="9" alt="a > b"' in shown
    assert shown.count("data-line") == 2
    assert shown.count("\n") == text.count("\n")
