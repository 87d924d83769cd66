"""WordPress's REST API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gymletter.articles import Image
from tests.articles.gym import AUGUST, read
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from pathlib import Path

PER_PAGE = 20


def post(number: int, **changes: Any) -> dict[str, Any]:
    """A post as the API gives it."""
    return {
        "id": number,
        "date": f"2025-08-{number % 28 + 1:02d}T00:30:00",
        "date_gmt": f"2025-08-{number % 28 + 1:02d}T00:30:00",
        "guid": {"rendered": f"https://dekade.example/?p={number}"},
        "link": f"https://dekade.example/stuk-{number}/",
        "title": {"rendered": f"Stuk {number} &#8211; A &amp; B"},
        "excerpt": {"rendered": "<p>Een begin [&hellip;]</p>\n"},
        "content": {"rendered": "<p>Een begin en een eind.</p>", "protected": False},
        "_embedded": {
            "wp:featuredmedia": [
                {"source_url": "/wp-content/m.jpg", "alt_text": "Een halter &amp; een mat"}
            ],
            "wp:term": [[{"name": "Kracht"}], [{"name": "Zaal &amp; huis"}]],
        },
    } | changes


def wordpress(posts: list[dict[str, Any]], asked: list[dict[str, list[str]]] | None = None) -> Any:
    """A function that answers as the API does."""

    def answer(request: Request) -> Answer:
        address = urlsplit(request.path)
        query = parse_qs(address.query)
        if address.path != "/wp-json/wp/v2/posts":
            return Answer(b'{"code":"rest_no_route"}', 404)
        if asked is not None:
            asked.append(query)
        page = int(query["page"][0])
        body = json.dumps(posts[(page - 1) * PER_PAGE : page * PER_PAGE]).encode()
        pages = -(-len(posts) // PER_PAGE)
        return Answer(body, headers={"X-WP-TotalPages": str(pages)})

    return answer


def test_a_post_is_an_article(tmp_path: Path) -> None:
    """Entities are undone, the featured picture has its alt text, the date is the site's own."""
    with serve(wordpress([post(12)])) as url:
        (article,) = read(tmp_path, {"kind": "wordpress", "url": url}).articles
    assert article.id == "https://dekade.example/?p=12"
    assert article.title == "Stuk 12 – A & B"
    assert article.summary == "Een begin…"
    assert str(article.date) == "2025-08-13"
    assert article.image == Image(f"{url}/wp-content/m.jpg", "Een halter & een mat")
    assert article.tags == ("Kracht", "Zaal & huis")
    assert article.url == "https://dekade.example/stuk-12/"


def test_all_pages_of_the_window_are_read(tmp_path: Path) -> None:
    """As many pages as the header says, asking for the window with a day to spare."""
    asked: list[dict[str, list[str]]] = []
    with serve(wordpress([post(n) for n in range(45)], asked)) as url:
        found = read(tmp_path, {"kind": "wordpress", "url": f"{url}/"}, window=AUGUST)
    assert len(found.articles) == 45
    assert [query["page"] for query in asked] == [["1"], ["2"], ["3"]]
    assert asked[0]["after"] == ["2025-07-31T00:00:00"]
    assert asked[0]["before"] == ["2025-09-02T00:00:00"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"content": {"rendered": "", "protected": True}}, "is protected by a password"),
        ({"title": {"rendered": ""}}, "has no title (2025-08-13)"),
        ({"date": None, "date_gmt": None}, "has no date"),
    ],
)
def test_what_is_not_offered_is_listed(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    """Protected, title-less and undated posts are skipped."""
    with serve(wordpress([post(12, **changes)])) as url:
        found = read(tmp_path, {"kind": "wordpress", "url": url})
    assert [s.reason for s in found.skipped] == [reason]


def test_a_post_without_extras_is_read(tmp_path: Path) -> None:
    """No excerpt, no featured picture, broken embeds: the content helps out."""
    content = {"rendered": "<p>Alinea.</p><img src='/i.jpg' alt='In de tekst'>"}
    bare = post(12, excerpt={"rendered": ""}, content=content, _embedded={"wp:term": "x"})
    with serve(wordpress([bare, {}, post(13, _embedded=[])])) as url:
        found = read(tmp_path, {"kind": "wordpress", "url": url})
    article = next(a for a in found.articles if a.title.startswith("Stuk 12"))
    assert article.summary == "Alinea."
    assert article.image == Image("https://dekade.example/i.jpg", "In de tekst")
    assert len(found.articles) == 2


def test_a_site_without_permalinks_is_read(tmp_path: Path) -> None:
    """Where /wp-json/ is not there, `?rest_route=` is asked."""

    def answer(request: Request) -> Answer:
        query = parse_qs(urlsplit(request.path).query)
        if query.get("rest_route") == ["/wp/v2/posts"]:
            return Answer(json.dumps([post(1)]).encode())
        return Answer(b"weg", 404)

    with serve(answer) as url:
        assert len(read(tmp_path, {"kind": "wordpress", "url": url}).articles) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(b"<html>", 200), "is not WordPress's list"),
        (Answer(b'{"code": "x"}', 200), "is not WordPress's list"),
        (Answer(b'{"code": "rest_disabled"}', 401), "status 401"),
        (Answer(b"", 500), "status 500"),
    ],
)
def test_what_is_no_wordpress_is_one_line(tmp_path: Path, answer: Answer, says: str) -> None:
    """The remedy names the feed that every WordPress has."""
    with serve(lambda _: answer) as url:
        found = read(tmp_path, {"kind": "wordpress", "url": url})
    assert says in found.errors[0].message
    assert "/feed/" in found.errors[0].message
