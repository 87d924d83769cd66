"""Feeds that feedparser's and the W3C validator's authors wrote, against what they expect."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gymletter.articles import feed
from gymletter.articles.dates import Calendar, ImpossibleDay
from gymletter.articles.markup import plain
from gymletter.articles.text import clean
from gymletter.errors import SourceError

DATA = Path(__file__).parents[1] / "data" / "feeds"
FEEDS = sorted(path for path in DATA.glob("*/*") if path.suffix in (".xml", ".json"))
SERVED_AT = "http://127.0.0.1:8097/feed.xml"
CALENDAR = Calendar(ZoneInfo("Europe/Amsterdam"))
ENTITIES = "rdf-doctype_contains_entity_decl.xml"
EXPECTS = re.compile(
    r"entries\[0\](?:\['(link|title|id|guid)'\]|\.(link)) == ('[^']*'|\"[^\"]*\")(?: |$)", re.M
)


def _expected(path: Path) -> tuple[str, str] | None:
    match = EXPECTS.search(path.read_text("utf-8", errors="replace"))
    return ((match[1] or match[2]), ast.literal_eval(match[3])) if match else None


EXPECTING = [(path, *found) for path in FEEDS if (found := _expected(path))]


def test_there_are_enough_of_them() -> None:
    """The two collections are really there."""
    assert len(FEEDS) >= 200
    assert len(EXPECTING) >= 30


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_feed_yields_its_entries_or_one_line(path: Path) -> None:
    """No published feed breaks the reader, and no date of one does."""
    data = path.read_bytes()
    try:
        posts = list(feed.posts(data, SERVED_AT, "", path.name))
    except SourceError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert told.startswith(f"{path.name}: ")
        assert "\n" not in told
        return
    assert len(posts) == len(re.findall(rb"<(?:\w+:)?(?:item|entry)[\s>]", data)) or (
        path.suffix == ".json" or path.name.startswith("illformed")
    )
    for post in posts:
        try:
            CALENDAR.first_day(post.dates)
        except ImpossibleDay:
            assert any(word in path.name for word in ("bad", "invalid"))


@pytest.mark.parametrize(
    ("path", "key", "value"), EXPECTING, ids=[path.name for path, *_ in EXPECTING]
)
def test_link_title_and_guid_are_what_the_authors_expect(path: Path, key: str, value: str) -> None:
    """What the test feed's own comment expects of its first entry; titles as text."""
    if path.name == ENTITIES:
        with pytest.raises(SourceError, match="entities"):
            list(feed.posts(path.read_bytes(), SERVED_AT, "", path.name))
        return
    post = next(iter(feed.posts(path.read_bytes(), SERVED_AT, "", path.name)))
    if key == "title":
        assert clean(post.title) in (plain(value), clean(value))
    elif key == "link":
        assert post.url == value
    else:
        assert post.guid.partition("|")[0] == value


@pytest.mark.parametrize(
    ("name", "src"),
    [
        ("feedparser/media-media_thumbnail.xml", "http://example.com/thumbnail.jpg"),
        ("feedparser/rss-item_enclosure_multiple.xml", "http://example.com/1"),
        ("feedvalidator/media-valid_thumbnail_time_now.xml", "http://example.com/thumbnail"),
        ("feedvalidator/media-example3.xml", None),
        ("feedvalidator/media-example1.xml", None),
        ("feedvalidator/entry-multi-enclosure-test.xml", None),
        ("feedvalidator/enclosure-item_enclosure_type.xml", None),
    ],
)
def test_media_is_a_picture_only_where_it_is_one(name: str, src: str | None) -> None:
    """Thumbnails and picture enclosures count; films and sound do not."""
    post = next(iter(feed.posts((DATA / name).read_bytes(), SERVED_AT, "", name)))
    assert (post.image.src if post.image else None) == src


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("feedparser/rss-item_pubDate.xml", "2004-01-01"),
        ("feedparser/rss-item_dc_date.xml", "2003-12-31"),
        ("feedparser/rss-item_dcterms_created.xml", "2003-12-31"),
        ("feedparser/rss-item_dcterms_issued.xml", "2003-12-31"),
        ("feedvalidator/entry-multiple-published.xml", "2003-12-12"),
        ("feedvalidator/entry-link-full-uri.xml", "2003-12-13"),
        ("feedvalidator/item-multi-enclosure-test.xml", "2004-12-27"),
    ],
)
def test_dates_come_from_the_raw_text(name: str, day: str) -> None:
    """pubDate, Dublin Core and Atom dates, when it was published before when it was changed."""
    post = next(iter(feed.posts((DATA / name).read_bytes(), SERVED_AT, "", name)))
    assert str(CALENDAR.first_day(post.dates)) == day
