"""Inlining: what must stay stays, and nothing is lost silently."""

from __future__ import annotations

import pytest

from gymletter.errors import TemplateError
from gymletter.rendering.inline import inline

PAGE = """<!DOCTYPE html>
<html><head><style>.a {color: #112233; margin: 0} .b {padding: 1px}</style>
<style data-premailer="ignore">@media (max-width: 9px) {.a {color: #000000 !important}}</style>
</head><body><!-- away --><!--[if mso]><table role="presentation"><![endif]-->
<p class="a b">Tekst &amp; uitleg</p><!--[if !mso]><!--><i>i</i><!--<![endif]--></body></html>
"""


def test_rules_become_style_attributes() -> None:
    """The inlined sheet is gone, the other one is untouched, with its !important."""
    result = inline(PAGE)
    assert '<p class="a" style="color:#123;margin:0;padding:1px">' in result
    assert "@media (max-width: 9px) {.a {color: #000000 !important}}" in result
    assert "data-premailer" not in result
    assert result.count("<style") == 1


def test_conditional_comments_stay_and_others_go() -> None:
    """Outlook reads the conditional ones; the rest is weight."""
    result = inline(PAGE)
    assert '<!--[if mso]><table role="presentation"><![endif]-->' in result
    assert "<!--[if !mso]><!-->" in result
    assert "<!--<![endif]-->" in result
    assert "away" not in result


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (PAGE.lower(), "does not begin with"),
        ("\n" + PAGE, "does not begin with"),
        (PAGE.replace("<p", "<div>" * 400 + "<p"), "lost a part of the text"),
    ],
)
def test_what_premailer_would_lose_is_an_error(page: str, message: str) -> None:
    """No doctype means quirks mode; deep nesting means text that is gone."""
    with pytest.raises(TemplateError, match=message):
        inline(page)
