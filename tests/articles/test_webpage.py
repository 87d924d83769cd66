"""Index pages without a feed: the shapes that gyms' sites have, and what goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gymletter.articles import Window
from tests.articles.gym import AUGUST, read, site
from tests.serving import Answer

if TYPE_CHECKING:
    from tests.articles.gym import Pages
    from tests.serving import Request

SITES = Path(__file__).parents[1] / "data" / "sites"


def page(name: str) -> str:
    """One of the pages."""
    return (SITES / f"{name}.html").read_text("utf-8")


SHAPES = {
    "wordpress-blocks": [
        ("Rekken zonder gedoe", "/2025/08/rekken/", "2025-08-20", "Een vrouw rekt haar been"),
        ("Genoeg drinken", "/2025/07/water/", "2025-08-01", "Een glas water"),
    ],
    "wordpress-classic": [
        ("De kettlebell swing", "/kettlebell/", "2025-08-13", "Een zwaaiende kettlebell"),
        ("Slapen hoort bij trainen", "/slaap/", "2025-06-02", "Een bed"),
    ],
    "elementor": [
        ("Hardloopschoenen kiezen", "/schoenen/", "2025-09-11", "Schoenen"),
        ("Hardlopen langs de haven", "/hardlopen/", "2025-08-28", "Een haven"),
    ],
    "webflow": [
        ("Eiwitten na het sporten", "/blog/eiwitten", "2025-08-07", "Een bord met eieren"),
        ("Core op woensdag", "/blog/core", "2025-07-02", "Een mat"),
    ],
    "wix": [
        ("Neem de trap", "/post/neem-de-trap", "2025-08-19", "Een trap"),
        ("Touwtjespringen in tien minuten", "/post/touwtje", "2025-03-03", "Een touw"),
    ],
    "squarespace": [
        ("What your heart rate tells", "/blog/heart-rate", "2025-08-04", "A watch"),
        ("Coming back from an injury", "/blog/back", "2025-05-15", "A back"),
    ],
    "bare-list": [
        ("Het herfstrooster staat online", "/nieuws/rooster.html", "2025-08-14", ""),
        ("De airco doet het weer", "/nieuws/airco.html", "2025-06-02", ""),
    ],
    "next-cards": [
        (
            "Wat doet kracht met je metabolisme?",
            "/blog/metabolisme",
            "2025-08-13",
            "Een man tilt een halter",
        ),
        ("Progressieve overload", "/blog/overload", "2025-07-17", "Een vrouw met dumbbells"),
    ],
    "json-ld": [
        ("Slaap & stress", "/blog/slaap", "2025-08-22", "Een wekker"),
        ("Groepslessen", "/blog/groepslessen", "2025-02-28", ""),
    ],
    "microdata": [
        ("Open dag in augustus", "/artikelen/12-opendag", "2025-08-09", "Vlaggen"),
        ("Kersttijden", "/artikelen/11-kerst", "2024-12-12", "Een boom"),
    ],
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_common_shape_is_read_without_configuration(tmp_path: Path, name: str) -> None:
    """Title, address, day and alt text of every card, nothing from the sidebar or the footer."""
    with site({"/blog": page(name)}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog"})
    articles = [
        (a.title, a.url.removeprefix(url), str(a.date), a.image.alt if a.image else "")
        for a in found.articles
    ]
    assert articles == SHAPES[name]
    assert all(a.source == f"{url}/blog" for a in found.articles)
    assert not found.skipped


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"bare-list"}))
def test_cards_have_summaries_and_absolute_pictures(tmp_path: Path, name: str) -> None:
    """What a card says of the article comes along as text, its picture with a whole address."""
    with site({"/blog": page(name)}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog"})
    assert found.articles
    for article in found.articles:
        assert article.summary or name == "wix"
        assert "<" not in article.summary
        assert article.image
        assert article.image.src.startswith("http")


def test_the_first_users_index_is_completed_from_the_articles(tmp_path: Path) -> None:
    """Cards without titles get them from their own pages, never a neighbour's date."""
    pages: Pages = {
        "/blog": page("root-index"),
        "/metabolisme": page("root-article"),
        "/robots.txt": Answer(b"User-agent: *\nAllow: /\n"),
    }
    with site(pages) as url:
        source = {"kind": "webpage", "url": f"{url}/blog"}
        found = read(tmp_path, source, window=AUGUST)
    (article,) = found.articles
    assert article.title == "Wat doet krachttraining met je metabolisme?"
    assert article.url == f"{url}/metabolisme"
    assert str(article.date) == "2025-08-13"
    assert article.summary.startswith("Ontdek hoe krachttraining")
    assert article.image
    assert article.image.alt == "Een vrouw tilt een halter"
    assert not found.errors


def test_an_article_with_an_index_beside_it_is_one_article_and_its_cards(tmp_path: Path) -> None:
    """The page's own article is dated by the line below its heading, not by a card."""
    with site({"/metabolisme": page("root-article")}) as url:
        source = {"kind": "webpage", "url": f"{url}/metabolisme"}
        found = read(tmp_path, source, window=AUGUST)
    assert [(a.title, str(a.date)) for a in found.articles] == [
        ("Wat doet krachttraining met je metabolisme?", "2025-08-13")
    ]


def test_an_index_built_by_script_says_what_to_try(tmp_path: Path) -> None:
    """No card is no silence: the reason and the other source kinds are named."""
    with site({"/blog": page("script-built")}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog"})
    (error,) = found.errors
    assert "built by script" in error.message
    for kind in ("feed", "sitemap", "wordpress"):
        assert kind in error.message


def test_a_page_without_cards_that_names_a_feed_says_so(tmp_path: Path) -> None:
    """The remedy holds the feed's address."""
    head = '<head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>'
    with site({"/blog": f"<html>{head}<body><h1>Blog</h1></body></html>"}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog"})
    assert f'url = "{url}/feed.xml"' in found.errors[0].message


CARD = """<section class="x"><b class="k">{title}</b><i>{day}</i><u>Een samenvatting hier.</u>
<a href="{href}">ga</a><em data-pic><img src="/p.jpg" alt="Plaat"></em></section>"""


def card(title: str, day: str, href: str) -> str:
    """A card that only selectors can read."""
    return CARD.replace("{title}", title).replace("{day}", day).replace("{href}", href)


SELECTORS = {
    "card": "section.x",
    "title": ".k",
    "date": "i",
    "summary": "u",
    "image": "[data-pic]",
    "link": "a",
}


def test_selectors_read_any_shape(tmp_path: Path) -> None:
    """Each configured selector is what its part is read from."""
    body = card("Sterker", "13 augustus 2025", "/a") + card("Sneller", "1 mei 2025", "/b")
    with site({"/blog": f"<html><body>{body}</body></html>"}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog", **SELECTORS})
    first = found.articles[0]
    assert (first.title, str(first.date), first.url) == ("Sterker", "2025-08-13", f"{url}/a")
    assert first.summary == "Een samenvatting hier."
    assert first.image
    assert (first.image.src, first.image.alt) == (f"{url}/p.jpg", "Plaat")
    assert len(found.articles) == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"card": ".nergens"}, "nothing on the page matches"), ({"card": "a[["}, "CSS selector")],
)
def test_a_wrong_selector_is_told(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    """A selector that matches nothing, or is none, is an error of that source."""
    with site({"/blog": page("webflow")}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog", **settings})
    assert says in found.errors[0].message


def test_an_impossible_day_on_a_card_is_an_error_of_that_article(tmp_path: Path) -> None:
    """30 februari hides no other card."""
    body = card("Fout", "30 februari 2025", "/a") + card("Goed", "1 mei 2025", "/b")
    with site({"/blog": f"<html><body>{body}</body></html>"}) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog", **SELECTORS})
    assert [a.title for a in found.articles] == ["Goed"]
    assert "'30 februari 2025' is not a day" in found.errors[-1].message


def numbered(numbers: range, following: str) -> str:
    """An index page with a card a month, and a link to the next."""
    body = "".join(card(f"Nr {n}", f"1-{n}-2025", f"/{n}") for n in numbers)
    return f'<html><body>{body}<a rel="next" href="{following}">ouder</a></body></html>'


def test_pages_are_followed_until_all_is_older_than_the_window(tmp_path: Path) -> None:
    """The next page is asked for only as long as it may hold something."""
    asked: list[Request] = []
    pages: Pages = {
        "/blog": numbered(range(12, 9, -1), "/blog?page=2"),
        "/blog?page=2": numbered(range(9, 6, -1), "/blog?page=3"),
        "/blog?page=3": numbered(range(6, 3, -1), "/blog?page=4"),
        "/blog?page=4": numbered(range(3, 0, -1), "/blog"),
    }
    with site(pages, asked) as url:
        source = {"kind": "webpage", "url": f"{url}/blog", **SELECTORS}
        found = read(tmp_path, source, window=AUGUST)
    assert [a.title for a in found.articles] == ["Nr 8"]
    assert "/blog?page=3" in [r.path for r in asked]
    assert "/blog?page=4" not in [r.path for r in asked]


def test_all_pages_are_read_for_an_open_window_and_circles_end(tmp_path: Path) -> None:
    """A last page that leads back to the first does not go round for ever."""
    pages: Pages = {
        "/blog": numbered(range(4, 2, -1), "/blog?page=2"),
        "/blog?page=2": numbered(range(2, 0, -1), "/blog"),
    }
    with site(pages) as url:
        found = read(tmp_path, {"kind": "webpage", "url": f"{url}/blog", **SELECTORS})
    assert [a.title for a in found.articles] == ["Nr 4", "Nr 3", "Nr 2", "Nr 1"]


def test_robots_and_limits_are_respected(tmp_path: Path) -> None:
    """A page that robots.txt forbids is not read, nor more than max_pages, nor another host."""
    asked: list[Request] = []
    body = "".join(
        f'<article><h2><a href="{href}">Stuk {n}</a></h2></article>'
        for n, href in enumerate(["/vrij/1", "/geheim/2", "/vrij/3", "/vrij/4"])
    )
    article = "<html><body><h1>Stuk</h1><p>13 augustus 2025</p></body></html>"
    pages: Pages = {
        "/blog": f"<html><body>{body}</body></html>",
        "/robots.txt": Answer(b"User-agent: gymletter\nDisallow: /geheim/\n"),
        "/vrij/1": article,
        "/vrij/3": article,
        "/vrij/4": article,
    }
    with site(pages, asked) as url:
        source = {"kind": "webpage", "url": f"{url}/blog", "max_pages": 3}
        found = read(tmp_path, source)
    paths = [r.path for r in asked]
    assert "/geheim/2" not in paths
    assert "/vrij/4" not in paths
    assert paths.count("/robots.txt") == 1
    assert {a.title for a in found.articles} == {"Stuk 0", "Stuk 2"}
    assert any("robots.txt" in e.message for e in found.errors)
    assert any("max_pages = 3" in s.reason for s in found.skipped)
    assert all(r.headers["user-agent"].startswith("gymletter/") for r in asked)


def test_a_window_leaves_other_pages_unread(tmp_path: Path) -> None:
    """A dated card outside the window costs no request."""
    asked: list[Request] = []
    with site({"/blog": page("root-index")}, asked) as url:
        window = Window(until=AUGUST.since)
        read(tmp_path, {"kind": "webpage", "url": f"{url}/blog"}, window=window)
    assert {r.path for r in asked} == {"/blog", "/robots.txt", "/rekken"}
