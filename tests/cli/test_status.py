"""`gymletter status` before anything was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Result


def test_without_a_campaign_it_says_so(gymletter: Callable[..., Result]) -> None:
    """A sentence for people, an empty list for programs, nothing to do for a named issue."""
    assert gymletter("status").out.startswith("Nothing was sent yet.")
    assert gymletter("status", "--json").json == []
    assert gymletter("status", "2025-08").code == 3


def test_a_list_of_the_missing_needs_an_issue(gymletter: Callable[..., Result]) -> None:
    """Wrong usage is told before anything is printed."""
    result = gymletter("status", "--missing", "who.csv")
    assert (result.code, result.out) == (2, "")
