"""Dutch or English, as the browser asks."""

from __future__ import annotations

import pytest

from gymletter.inbox.texts import TEXTS
from gymletter.pages.language import preferred


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("nl", "nl"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("de,nl;q=0.5", "nl"),
        ("de", "en"),
        ("", "en"),
        ("nl;q=x, *", "en"),
    ],
)
def test_preferred(accept: str, language: str) -> None:
    """The better of the two by the browser's weights; English where it asks for neither."""
    assert preferred(accept) == language


def test_both_languages_say_everything() -> None:
    """No text is missing in one of them."""
    assert TEXTS["nl"].keys() == TEXTS["en"].keys()
