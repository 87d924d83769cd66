"""All sources together: side by side, each article once, nothing that went out already."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gymletter.articles import Window
from gymletter.articles.identity import keys
from tests.articles.gym import AUGUST, TODAY, Pages, folder, gym, read, site
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from pathlib import Path

RSS = "<rss version='2.0'><channel><title>t</title><link>{url}</link>%s</channel></rss>"


def feed(*items: tuple[str, str, str]) -> str:
    """A feed of (title, path, day)."""
    return RSS % "".join(
        f"<item><title>{title}</title><link>{{url}}{path}</link><pubDate>{day}</pubDate></item>"
        for title, path, day in items
    )


def post(title: str, day: str, more: str = "") -> str:
    """A Markdown file."""
    return f"---\ntitle: {title}\ndate: {day}\n{more}---\nTekst van {title}.\n"


def test_a_broken_source_hides_no_other(tmp_path: Path) -> None:
    """Each failure names its source; the rest is listed."""
    with site({"/feed": feed(("Goed", "/goed", "2025-08-13"))}) as url:
        found = read(
            tmp_path,
            {"kind": "feed", "url": f"{url}/weg"},
            {"kind": "feed", "url": f"{url}/feed"},
            {"kind": "folder", "path": "nergens"},
            {"kind": "webpage", "url": "http://nergens.invalid/"},
        )
    assert [a.title for a in found.articles] == ["Goed"]
    assert [e.source for e in found.errors] == [f"{url}/weg", "nergens", "http://nergens.invalid/"]


def test_a_redirect_to_no_host_hides_no_other_source(tmp_path: Path) -> None:
    """A blog that leads to a name which no network can hold is one failure."""

    def answer(request: Request) -> Answer:
        return Answer(b"", 302, {"location": "http://xn--/"})

    good = {"kind": "feed", "url": "feed.xml"}
    (tmp_path / "feed.xml").write_text(feed(("Goed", "/goed", "2025-08-13")))
    with serve(answer) as url:
        found = read(tmp_path, {"kind": "feed", "url": f"{url}/feed"}, good)
    assert [a.title for a in found.articles] == ["Goed"]
    (failure,) = found.errors
    assert "is an address that cannot be used" in failure.message


def test_newest_first_and_ties_in_the_sources_order(tmp_path: Path) -> None:
    """Two posts of one day stand as the blog has them, the first source's first."""
    pages: Pages = {
        "/a": feed(("A1", "/a1", "2025-08-13"), ("A2", "/a2", "2025-08-13")),
        "/b": feed(("B1", "/b1", "2025-08-13"), ("B0", "/b0", "2025-08-14")),
    }
    with site(pages) as url:
        sources = [{"kind": "feed", "url": f"{url}/{name}"} for name in "ab"]
        found = read(tmp_path, *sources)
    assert [a.title for a in found.articles] == ["B0", "A1", "A2", "B1"]


def test_the_same_article_from_two_sources_appears_once(tmp_path: Path) -> None:
    """The richer one wins: the page has the picture that the feed leaves out."""
    card = '<article><h2><a href="/a">Aaa</a></h2><time datetime="2025-08-13">x</time>'
    more = '<p>Een samenvatting die lang genoeg is.</p><img src="/i.jpg" alt="I"></article>'
    pages: Pages = {
        "/feed": feed(("Aaa", "/a?utm_source=rss", "2025-08-13")),
        "/blog": f"<html><body>{card}{more}</body></html>",
    }
    with site(pages) as url:
        found = read(
            tmp_path,
            {"kind": "feed", "url": f"{url}/feed"},
            {"kind": "webpage", "url": f"{url}/blog"},
        )
    (article,) = found.articles
    assert article.image
    assert article.summary == "Een samenvatting die lang genoeg is."


def test_what_went_out_is_not_offered_again(tmp_path: Path) -> None:
    """Not even edited; it is listed with its issue, and shown when asked for."""
    files = {"a.md": post("Aaa", "2025-08-13"), "b.md": post("Bbb", "2025-08-20")}
    before = folder(tmp_path, files)
    sent = dict.fromkeys(keys(before.articles[1]), "2025-08")
    edited = {"a.md": post("Aaa, herzien", "2025-08-25", "summary: Nieuw\n")}
    after = folder(tmp_path, edited, sent=sent)
    assert [a.title for a in after.articles] == ["Bbb"]
    assert [(s.title, s.reason) for s in after.skipped] == [
        ("Aaa, herzien", "went out in issue 2025-08")
    ]
    shown = folder(tmp_path, {}, sent=sent, include_sent=True)
    assert len(shown.articles) == 2


@pytest.mark.parametrize(
    ("window", "titles"),
    [
        (AUGUST, ["31", "1"]),
        (Window(), ["sep", "31", "1", "jul"]),
        (Window(since=date(2025, 9, 1)), ["sep"]),
        (Window(until=date(2025, 8, 1)), ["jul"]),
        (Window(date(2025, 8, 2), date(2025, 8, 31)), []),
    ],
)
def test_the_window_is_half_open(tmp_path: Path, window: Window, titles: list[str]) -> None:
    """Its first day is in, its last is not."""
    days = {"jul": "2025-07-31", "1": "2025-08-01", "31": "2025-08-31", "sep": "2025-09-01"}
    files = {f"{name}.md": post(f"'{name}'", day) for name, day in days.items()}
    found = folder(tmp_path, files, window=window)
    assert [a.title for a in found.articles] == titles


def test_sources_are_read_side_by_side(tmp_path: Path) -> None:
    """Eight servers that wait for each other all get asked: none waits for another's answer."""
    all_there = threading.Barrier(8, timeout=20)

    def answer(request: Request) -> Answer:
        all_there.wait()
        name = request.path[1:]
        return Answer(feed((name, f"/{name}", "2025-08-13")).replace("{url}", "http://x").encode())

    with serve(answer) as url:
        sources = [{"kind": "feed", "url": f"{url}/{n}"} for n in range(8)]
        found = read(tmp_path, *sources)
    assert [a.title for a in found.articles] == [str(n) for n in range(8)]


def test_a_feed_does_not_lead_to_a_private_server(tmp_path: Path) -> None:
    """What a configured feed redirects to must be public, or the configured server itself."""
    with site({"/geheim": feed(("Geheim", "/x", "2025-08-13"))}) as inner:
        lead = Answer(b"", 302, {"Location": f"{inner}/geheim"})
        with serve(lambda _: lead) as url:
            found = read(tmp_path, {"kind": "feed", "url": f"{url}/feed"})
    assert not found.articles
    assert "private address" in found.errors[0].message


def test_no_source_yields_nothing(tmp_path: Path) -> None:
    """A workspace without sources is empty, not broken."""
    found = read(tmp_path)
    assert not found.articles
    assert not found.skipped
    assert not found.errors
    assert date(2026, 1, 15) == TODAY
    assert gym(tmp_path).config.sources == ()
