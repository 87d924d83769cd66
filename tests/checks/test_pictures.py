"""Pictures: alternative text, type, width, address."""

from __future__ import annotations

import pytest

from gymletter.articles.article import Image
from tests.checks.looking import found, in_body
from tests.rendering.issues import article, issue


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('<img src="https://x.example/a.jpg" width="9">', "picture-alt"),
        ('<img src="https://x.example/a.jpg" alt="">', "picture-width"),
        ('<img src="https://x.example/a.jpg" alt="" width="50%">', "picture-width"),
        ('<img src="a.jpg" alt="" width="9">', "picture-address"),
        ('<img src="file:///a.jpg" alt="" width="9">', "picture-address"),
        ('<img src="http://localhost/a.jpg" alt="" width="9">', "picture-address"),
        ('<img src="http://x.example/a.jpg" alt="" width="9">', "picture-insecure"),
        ('<img src="https://x.example/a.WEBP?x=1" alt="" width="9">', "picture-type"),
        ('<img src="https://x.example/a.svg" alt="" width="9">', "picture-type"),
        ('<img src="data:image/png;base64,AAAA" alt="" width="9">', "picture-data"),
    ],
)
def test_a_picture_that_would_not_show_is_found(markup: str, code: str) -> None:
    """One picture wrong, one code, with its line."""
    assert code not in found()
    assert found(change=in_body(markup))[code].place.startswith("html:")


def test_an_article_picture_without_words_is_warned_of() -> None:
    """The title stands in for them, but says less."""
    bare = issue(articles=(article(0, image=Image("https://dekade.example/a.jpg")),))
    assert found(bare)["picture-described"].severity == "warning"


@pytest.mark.parametrize("src", ["pictures/a.jpg", "/etc/passwd", "file:///a.jpg", "javascript:x"])
def test_an_article_picture_without_a_usable_address_is_an_error(src: str) -> None:
    """It is left out of the mail, and that is said."""
    lost = issue(articles=(article(0, image=Image(src, "Een plaat")),))
    assert found(lost)["picture-address"].severity == "error"
