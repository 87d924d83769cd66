"""Which articles are the same one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gymletter.articles import Article, Image
from gymletter.articles.identity import canonical, identify, keys
from gymletter.articles.merging import merge

ONE = Article("guid-1", "Sterker worden", "https://dekade.example/sterker", date(2025, 8, 13))


@pytest.mark.parametrize(
    "url",
    [
        "http://dekade.example/sterker",
        "https://www.dekade.example/sterker/",
        "https://DeKade.example/sterker#kop",
        "https://dekade.example:443/sterker?utm_source=x&utm_medium=y",
        "https://dekade.example/sterker?fbclid=1&gclid=2&mc_cid=3",
        "https://dekade.example/%73terker",
    ],
)
def test_addresses_of_one_page_are_one(url: str) -> None:
    """Scheme, www, case, port, fragment, closing slash and tracking do not count."""
    assert canonical(url) == "dekade.example/sterker"


@pytest.mark.parametrize(
    "url",
    [
        "https://dekade.example/sterk",
        "https://dekade.example/Sterker",
        "https://dekade.example/sterker?p=12",
        "https://blog.dekade.example/sterker",
        "https://dekade.example:8080/sterker",
    ],
)
def test_other_addresses_stay_apart(url: str) -> None:
    """Path, query, host and odd port count."""
    assert canonical(url) != canonical(ONE.url)


def test_an_article_is_known_by_guid_then_link_then_title_and_day() -> None:
    """The first of these that there is becomes the id."""
    day = ONE.date
    assert identify("guid-1", ONE.url, ONE.title, day) == "guid-1"
    assert identify("", ONE.url, ONE.title, day) == "dekade.example/sterker"
    assert identify("", "", "Sterker  worden!", day) == "2025-08-13 sterker worden"


@pytest.mark.parametrize(
    "edited",
    [
        replace(ONE, summary="Anders", body="Langer", image=Image("https://x.example/a.jpg")),
        replace(ONE, title="Nog sterker worden", url="https://dekade.example/nog-sterker"),
        replace(ONE, id="guid-2", date=date(2025, 9, 1)),
        replace(ONE, id="guid-3", url="https://dekade.example/blog/sterker"),
    ],
    ids=["text", "title and link", "guid and date", "guid and link"],
)
def test_an_edited_article_shares_a_key_with_what_it_was(edited: Article) -> None:
    """As long as its guid, its link, or its title and day stay, it is the same one."""
    assert set(keys(ONE)) & set(keys(edited))


def test_the_richer_of_two_sources_wins_in_the_first_ones_place() -> None:
    """One article in a feed and on a page is one; what the richer lacks comes from the other."""
    poor = replace(ONE, source="feed", tags=("kracht",))
    other = Article("x", "Iets anders", "https://dekade.example/x", date(2025, 8, 13))
    rich = replace(
        ONE,
        id="dekade.example/sterker",
        source="page",
        summary="Waarom kracht telt.",
        image=Image("https://dekade.example/m.jpg", "Een halter"),
    )
    merged = merge([poor, other, rich])
    assert [article.title for article in merged] == ["Sterker worden", "Iets anders"]
    assert merged[0].source == "page"
    assert merged[0].tags == ("kracht",)


def test_two_entries_of_one_source_with_one_title_and_day_are_two() -> None:
    """A gym that posts "Rooster" twice on a day has two articles."""
    again = replace(ONE, id="guid-2", url="https://dekade.example/sterker-2")
    assert len(merge([ONE, again])) == 2
    assert len(merge([ONE, replace(again, source="elsewhere")])) == 1


def test_two_branches_of_a_chain_may_post_the_same_title_on_a_day() -> None:
    """Title and day make one article of two sources only where both are of one site."""
    north = replace(ONE, id="n", url="https://noord.example/zomerrooster", source="noord")
    south = replace(ONE, id="z", url="https://zuid.example/zomerrooster", source="zuid")
    assert len(merge([north, south])) == 2
    assert len(merge([north, replace(south, url="")])) == 1
