"""Feeds from an address or a file: what becomes of an entry, and what is asked for again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gymletter.articles import Image
from tests.articles.gym import AUGUST, Pages, read, site
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.articles import Collection

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>De Kade</title><link>https://dekade.example/</link><description>Blog</description>
{items}
</channel></rss>"""
ITEM = """<item><title>Sterk</title><link>/sterk</link><guid isPermaLink="false">g1</guid>
<pubDate>Wed, 13 Aug 2025 10:00:00 +0200</pubDate>{more}</item>"""


def rss(more: str = "", *items: str) -> str:
    """A feed of one entry with more in it, and more entries."""
    return RSS.format(items="".join([ITEM.format(more=more), *items]))


def from_file(tmp_path: Path, text: str | bytes, name: str = "feed.xml") -> Collection:
    """What a feed in the workspace yields."""
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / name).write_bytes(data)
    return read(tmp_path, {"kind": "feed", "url": name})


@pytest.mark.parametrize(
    ("more", "image"),
    [
        (
            '<media:content url="/m.jpg" medium="image"><media:description>Een m'
            "</media:description></media:content>",
            Image("https://dekade.example/m.jpg", "Een m"),
        ),
        (
            '<media:group><media:content url="f.mp4" type="video/mp4"/>'
            '<media:content url="m.jpg" type="image/jpeg"/></media:group>',
            Image("https://dekade.example/m.jpg"),
        ),
        ('<media:thumbnail url="t.jpg"/>', Image("https://dekade.example/t.jpg")),
        ('<enclosure url="/e.png" type="image/png"/>', Image("https://dekade.example/e.png")),
        ('<enclosure url="//cdn.example/e.JPG"/>', Image("https://cdn.example/e.JPG")),
        ('<enclosure url="/e.mp3" type="audio/mpeg" length="1"/>', None),
        (
            '<enclosure url="/p.jpg" type="image/jpeg"/><content:encoded><![CDATA[<p>x</p>'
            '<img src="/p.jpg" alt="Uit de tekst">]]></content:encoded>',
            Image("https://dekade.example/p.jpg", "Uit de tekst"),
        ),
        (
            '<content:encoded><![CDATA[<img src="pixel.gif" width="1" height="1">'
            '<img src="p.jpg" alt="Een p">]]></content:encoded>',
            Image("https://dekade.example/p.jpg", "Een p"),
        ),
        (
            "<description>&lt;img src='p.jpg' alt='Een p'&gt; Tekst</description>",
            Image("https://dekade.example/p.jpg", "Een p"),
        ),
        ('<enclosure url="javascript:alert(1)" type="image/png"/>', None),
        ('<enclosure url="data:image/png;base64,AA" type="image/png"/>', None),
        ("", None),
    ],
)
def test_a_picture_is_found_and_made_absolute(
    tmp_path: Path, more: str, image: Image | None
) -> None:
    """Media RSS, then enclosures, then the content; alt from the feed or from the content."""
    assert from_file(tmp_path, rss(more)).articles[0].image == image


@pytest.mark.parametrize(
    ("more", "summary"),
    [
        ("<description>Kort &amp;amp; goed</description>", "Kort & goed"),
        ("<description>&lt;p&gt;Kort&lt;/p&gt; &lt;b&gt;goed&lt;/b&gt;</description>", "Kort goed"),
        (
            "<description>Eigen</description><content:encoded>&lt;p&gt;Lang&lt;/p&gt;"
            "</content:encoded>",
            "Eigen",
        ),
        (
            "<media:description>Van de plaat</media:description><description>Eigen</description>",
            "Eigen",
        ),
        ("<content:encoded>&lt;p&gt;Een&lt;/p&gt;&lt;p&gt;Twee&lt;/p&gt;</content:encoded>", "Een"),
        ("<description>Begin [&amp;hellip;]</description>", "Begin…"),
        ("<description>x &lt;script&gt;alert(1)&lt;/script&gt;</description>", "x"),
    ],
)
def test_a_summary_is_the_entrys_own_words(tmp_path: Path, more: str, summary: str) -> None:
    """As plain text; never what the feed says of a picture."""
    assert from_file(tmp_path, rss(more)).articles[0].summary == summary


def test_an_atom_feed_is_read(tmp_path: Path) -> None:
    """xml:base, an HTML title, published before updated, categories."""
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://dekade.example/blog/">
    <title>B</title><entry><id>tag:dekade.example,2025:1</id>
    <title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><link href="sterk"/>
    <published>2025-07-31T22:30:00Z</published><updated>2025-11-01T00:00:00Z</updated>
    <category term="kracht"/><category term="kracht"/>
    <content type="html">&lt;img src="m.jpg" alt="M"&gt;&lt;p&gt;Tekst&lt;/p&gt;</content>
    </entry></feed>"""
    (article,) = from_file(tmp_path, atom).articles
    assert (article.title, article.url) == ("A & B", "https://dekade.example/blog/sterk")
    assert str(article.date) == "2025-08-01"
    assert article.id == "tag:dekade.example,2025:1"
    assert article.tags == ("kracht",)
    assert article.image == Image("https://dekade.example/blog/m.jpg", "M")


def test_a_json_feed_is_read(tmp_path: Path) -> None:
    """JSON Feed 1.1, with relative addresses."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 7,
                "url": "/sterk",
                "title": "Sterk &amp; snel",
                "content_html": "<p>Tekst</p><img src='/m.jpg' alt='M'>",
                "date_published": "2025-08-13T10:00:00+02:00",
                "image": "/m.jpg",
                "tags": ["kracht"],
            },
            {"id": "x", "content_text": "zonder titel", "date_published": "2025-08-13"},
            "geen item",
        ],
    }
    found = from_file(tmp_path, json.dumps(feed), "feed.json")
    (article,) = found.articles
    assert (article.id, article.title) == ("7", "Sterk & snel")
    assert article.url == "https://dekade.example/sterk"
    assert article.image == Image("https://dekade.example/m.jpg", "M")
    assert article.summary == "Tekst"
    assert [s.reason for s in found.skipped] == ["has no title (2025-08-13)"]


def test_a_guid_that_all_entries_share_does_not_make_them_one(tmp_path: Path) -> None:
    """A feed that gives every entry the same guid is told apart by links."""
    second = ITEM.format(more="").replace("/sterk", "/snel").replace("Sterk", "Snel")
    found = from_file(tmp_path, rss("", second))
    assert len({article.id for article in found.articles}) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not a feed"),
        (b"<html><body>404</body></html>", "is not a feed"),
        (b"zomaar tekst", "is not a feed"),
        (b"\x89PNG\r\n\x1a\n", "is not a feed"),
        (b'{"posts": []}', "not a JSON feed"),
        (b'{"items": ', "not valid JSON"),
        (b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "entities"),
        ('<!DOCTYPE r [<!ENTITY a "x">]><rss/>'.encode("utf-16"), "entities"),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "entities"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MiB"),
    ],
)
def test_what_is_no_feed_is_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    """The source is named, and nothing else is hidden."""
    found = from_file(tmp_path, data)
    (error,) = found.errors
    assert says in error.message
    assert error.source == "feed.xml"
    assert "\n" not in error.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the path that was tried."""
    found = read(tmp_path, {"kind": "feed", "url": "nergens.xml"})
    assert str(tmp_path / "nergens.xml") in found.errors[0].message


def test_a_file_named_in_a_feed_is_not_opened(tmp_path: Path) -> None:
    """A feed whose whole text is a file's name is a text, not that file."""
    (tmp_path / "echt.xml").write_text(rss())
    found = from_file(tmp_path, str(tmp_path / "echt.xml"), "feed.xml")
    assert not found.articles
    assert "is not a feed" in found.errors[0].message


def test_an_unchanged_feed_is_not_downloaded_again(tmp_path: Path) -> None:
    """ETag and Last-Modified are kept; the second time the answer is 304 and the articles stay."""
    statuses: list[int] = []

    def answer(request: Request) -> Answer:
        known = request.headers.get("if-none-match") == '"v1"'
        assert known == ("if-modified-since" in request.headers)
        statuses.append(304 if known else 200)
        headers = {"ETag": '"v1"', "Last-Modified": "Wed, 13 Aug 2025 10:00:00 GMT"}
        return Answer(b"", 304) if known else Answer(rss().encode(), headers=headers)

    with serve(answer) as url:
        first = read(tmp_path, {"kind": "feed", "url": f"{url}/feed"})
        second = read(tmp_path, {"kind": "feed", "url": f"{url}/feed"})
    assert statuses == [200, 304]
    assert first == second
    assert first.articles
    kept = [path for path in (tmp_path / ".gymletter").rglob("*") if path.is_file()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


def test_a_spoilt_cache_is_read_anew(tmp_path: Path) -> None:
    """What was kept is a convenience; when it is broken the feed is downloaded."""
    headers = {"ETag": '"v1"'}
    with serve(lambda _: Answer(rss().encode(), headers=headers)) as url:
        source = {"kind": "feed", "url": f"{url}/feed"}
        read(tmp_path, source)
        for path in (tmp_path / ".gymletter" / "cache").iterdir():
            path.write_bytes(b"kapot")
        assert read(tmp_path, source).articles


def test_a_pages_feed_is_found(tmp_path: Path) -> None:
    """The address of the site itself will do, where its page names the feed."""
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    pages: Pages = {"/": f"<!doctype html><html><head>{link}</head></html>", "/feed.xml": rss()}
    with site(pages) as url:
        found = read(tmp_path, {"kind": "feed", "url": f"{url}/"}, window=AUGUST)
        assert found.articles[0].url == f"{url}/sterk"
        none = read(tmp_path, {"kind": "feed", "url": f"{url}/feed.xml?x"})
    assert "status 404" in none.errors[0].message


def test_a_page_that_names_no_feed_says_what_to_do(tmp_path: Path) -> None:
    """The other kinds are the remedy."""
    with site({"/": "<!doctype html><html><body>Welkom</body></html>"}) as url:
        found = read(tmp_path, {"kind": "feed", "url": f"{url}/"})
    assert 'kind = "webpage"' in found.errors[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_feeds_own_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """As the XML declaration or a byte order mark says."""
    text = rss("<description>Caf\u00e9 \u00e9\u00e9n</description>").replace("UTF-8", encoding)
    assert from_file(tmp_path, text.encode(encoding)).articles[0].summary == "Café één"


@pytest.mark.parametrize("half", ["&#55296;", "&#57343;", "&#xD800;", "&#XdFfF;"])
def test_half_a_character_spoils_no_feed(tmp_path: Path, half: str) -> None:
    """In whatever part of an entry; its text is whole again, and the other entries are read."""
    odd = f"<item><title>Half {half} heel</title><link>/half{half}</link><guid>g{half}</guid>"
    odd += f"<category>c{half}</category><pubDate>Wed, 13 Aug 2025 10:00:00 +0200</pubDate></item>"
    found = from_file(tmp_path, rss("", odd))
    assert {article.title for article in found.articles} == {"Sterk", "Half \ufffd heel"}
    assert repr(found).encode()
    assert not found.errors


def test_half_a_character_in_a_json_feed(tmp_path: Path) -> None:
    """JSON can write one in any text; an article's address and id hold none."""
    entry = {key: f"https://dekade.example/\ud800{key}" for key in ("id", "url", "title", "image")}
    feed = {"items": [entry | {"date_published": "2025-08-13", "tags": ["\ud800"]}]}
    (article,) = from_file(tmp_path, json.dumps(feed), "feed.json").articles
    for text in (article.id, article.url, article.title, *article.tags):
        assert text.isascii()
