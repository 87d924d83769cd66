"""Sitemaps find pages; the pages' own dates count."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.articles.gym import AUGUST, Pages, read, site
from tests.serving import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serving import Request

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: tuple[str, str]) -> str:
    """A sitemap of (path, lastmod)."""
    urls = "".join(
        f"<url><loc>{{url}}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in entries
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {XMLNS}>{urls}</urlset>'


def article(title: str, day: str) -> str:
    """A page with a byline."""
    image = '<img src="/i.jpg" alt="Een i">'
    text = "<p>Een alinea die lang genoeg is om de samenvatting te zijn.</p>"
    return f"<html><body><h1>{title}</h1><p>{day}</p>{image}{text}</body></html>"


def test_pages_are_found_and_dated_by_themselves(tmp_path: Path) -> None:
    """Lastmod is never the date; a page without one is skipped."""
    pages: Pages = {
        "/sitemap.xml": urlset(("/a", "2025-12-01"), ("/b", ""), ("/contact", "2025-12-01")),
        "/a": article("Aaa", "13 augustus 2025"),
        "/b": article("Bbb", "2 juli 2025"),
        "/contact": "<html><body><h1>Contact</h1><p>Bel ons.</p></body></html>",
    }
    with site(pages) as url:
        found = read(tmp_path, {"kind": "sitemap", "url": f"{url}/sitemap.xml"})
    assert [(a.title, str(a.date)) for a in found.articles] == [
        ("Aaa", "2025-08-13"),
        ("Bbb", "2025-07-02"),
    ]
    assert found.articles[0].image
    assert found.articles[0].image.src == f"{url}/i.jpg"
    assert [(s.title, s.reason) for s in found.skipped] == [("Contact", "has no date")]


def test_a_page_not_touched_since_is_not_read(tmp_path: Path) -> None:
    """Lastmod rules out what cannot be in the window, and nothing else."""
    asked: list[Request] = []
    pages: Pages = {
        "/sitemap.xml": urlset(("/oud", "2025-07-31"), ("/nieuw", "2025-08-01"), ("/x", "kapot")),
        "/nieuw": article("Nieuw", "1 augustus 2025"),
        "/x": article("X", "2 augustus 2025"),
    }
    with site(pages, asked) as url:
        source = {"kind": "sitemap", "url": f"{url}/sitemap.xml"}
        found = read(tmp_path, source, window=AUGUST)
    assert {a.title for a in found.articles} == {"Nieuw", "X"}
    assert "/oud" not in {r.path for r in asked}


def test_indexes_and_gzip_are_followed_in_bounds(tmp_path: Path) -> None:
    """Other hosts, circles and a broken part do not stop the rest."""
    index = (
        f"<sitemapindex {XMLNS}><sitemap><loc>{{url}}/posts.xml.gz</loc></sitemap>"
        "<sitemap><loc>{url}/sitemap.xml</loc></sitemap><sitemap><loc>{url}/weg.xml</loc></sitemap>"
        "</sitemapindex>"
    )
    asked: list[Request] = []
    pages: Pages = {
        "/sitemap.xml": index,
        "/blog/a": article("Aaa", "13 augustus 2025"),
    }
    with site(pages, asked) as url:
        posts = urlset(("/blog/a", ""), ("/blog/a", ""), ("/shop/b", "")).replace("{url}", url)
        elsewhere = posts.replace(
            "</urlset>", "<url><loc>http://x.example/blog/c</loc></url></urlset>"
        )
        pages["/posts.xml.gz"] = Answer(gzip.compress(elsewhere.encode()))
        source = {"kind": "sitemap", "url": f"{url}/sitemap.xml", "match": "/blog/"}
        found = read(tmp_path, source)
    assert [a.title for a in found.articles] == ["Aaa"]
    assert [r.path for r in asked].count("/blog/a") == 1
    assert "/shop/b" not in {r.path for r in asked}
    assert [e.message for e in found.errors] == [
        f"{url}/weg.xml: answers with the status 404. Correct `url` in [[sources]]"
    ]


def test_at_most_so_many_pages_are_read_and_the_rest_is_listed(tmp_path: Path) -> None:
    """The last changed come first."""
    days = [(f"/{n}", f"2025-08-{n:02d}") for n in range(1, 10)]
    pages: Pages = {"/sitemap.xml": urlset(*days)}
    pages |= {path: article(f"Nr {path}", day) for path, day in days}
    with site(pages) as url:
        source = {"kind": "sitemap", "url": f"{url}/sitemap.xml", "max_pages": 3}
        found = read(tmp_path, source)
    assert [a.title for a in found.articles] == ["Nr /9", "Nr /8", "Nr /7"]
    assert len(found.skipped) == 6
    assert "raise max_pages" in found.skipped[0].reason


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>404</body></html>",
        b"",
        b"\x1f\x8bkapot",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        gzip.compress(bytes(30 * 1024 * 1024)),
    ],
    ids=["page", "empty", "broken gzip", "entity", "bomb"],
)
def test_what_is_no_sitemap_is_one_line(tmp_path: Path, body: bytes) -> None:
    """No crash, no other file."""
    with site({"/sitemap.xml": Answer(body)}) as url:
        found = read(tmp_path, {"kind": "sitemap", "url": f"{url}/sitemap.xml"})
    (error,) = found.errors
    assert "root:" not in error.message
    assert error.message.startswith(f"{url}/sitemap.xml: ")


def test_a_wrong_pattern_is_told(tmp_path: Path) -> None:
    """`match` is a regular expression."""
    with site({"/sitemap.xml": urlset(("/a", ""))}) as url:
        source = {"kind": "sitemap", "url": f"{url}/sitemap.xml", "match": "("}
        found = read(tmp_path, source)
    assert "regular expression" in found.errors[0].message


def test_a_sitemap_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """One whose address is none, and those beyond fifty: it is said, and the rest is read."""
    many = "".join(f"<sitemap><loc>{{url}}/s{n}.xml</loc></sitemap>" for n in range(60))
    odd = "<sitemap><loc>mailto:x</loc></sitemap>"
    pages: Pages = {
        "/sitemap.xml": f"<sitemapindex {XMLNS}>{odd}{many}</sitemapindex>",
        **{f"/s{n}.xml": urlset() for n in range(1, 60)},
        "/s0.xml": urlset(("/a", "")),
        "/a": article("Aaa", "13 augustus 2025"),
    }
    with site(pages) as url:
        found = read(tmp_path, {"kind": "sitemap", "url": f"{url}/sitemap.xml"})
    assert [a.title for a in found.articles] == ["Aaa"]
    told = [failure.message for failure in found.errors]
    assert "'mailto:x'" in told[0]
    assert "11 sitemaps beyond 50" in told[1]
