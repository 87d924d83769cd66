"""Links: addresses and names."""

from __future__ import annotations

import pytest

from tests.checks.looking import found, in_body
from tests.rendering.issues import article, issue, workspace


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('<a href="/contact">Contact</a>', "link-address"),
        ('<a href="javascript:x()">Contact</a>', "link-address"),
        ('<a href="http://x.example/">Contact</a>', "link-insecure"),
        ('<a href="http://localhost:8000/">Contact</a>', "link-local"),
        ('<a href="https://192.168.1.2/">Contact</a>', "link-local"),
        ('<a href="https://x.example/"></a>', "link-empty"),
        ('<a href="https://x.example/"><img src="x" alt="" width="1"></a>', "link-empty"),
        ('<a href="https://x.example/">Lees meer</a>', "link-bare"),
        ('<a href="https://x.example/">klik hier</a>', "link-bare"),
        ('<a href="https://x.example/">Read more →</a>', "link-bare"),
        (
            '<a href="https://x.example/">Naar Kees</a><a href="https://y.example/">naar kees</a>',
            "link-ambiguous",
        ),
    ],
)
def test_a_link_that_would_annoy_is_found(markup: str, code: str) -> None:
    """One link wrong, one code, with its line."""
    assert code not in found()
    assert found(change=in_body(markup))[code].place.startswith("html:")


def test_an_article_without_a_usable_address_is_an_error() -> None:
    """Its title would link nowhere."""
    bad = issue(articles=(article(0, url="javascript:alert(1)"),))
    assert found(bad)["link-article"].severity == "error"


def test_a_link_without_utm_is_noted_where_they_are_wanted() -> None:
    """A template that forgot `link()`; the way out is never tracked."""
    tracked = workspace(links={"utm": {}})
    assert "link-utm" not in found(space=tracked)
    change = in_body('<a href="https://x.example/">Naar Kees</a>')
    assert "link-utm" in found(space=tracked, change=change)
