"""Plain-text exports of the first user's kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.articles.gym import folder

EXPORT = (Path(__file__).parents[1] / "data" / "exports" / "sterk.txt").read_text("utf-8")


def test_an_export_is_one_article_and_its_cards_are_skipped(tmp_path: Path) -> None:
    """Title, day and summary from the first lines; the list below holds no article."""
    found = folder(tmp_path, {"sterk.txt": EXPORT})
    (article,) = found.articles
    assert article.title == "Waarom een sterke rug begint bij je heupen (en hoe je dat traint)"
    assert str(article.date) == "2025-06-03"
    assert article.summary.startswith("Leer waarom je heupen bepalen")
    assert article.url == "https://dekade.example/blog/sterk"
    assert [s.reason[:40] for s in found.skipped] == [
        "a card of 2025-10-14 without a title: Ee",
        "a card of 2025-09-02 without a title: Ni",
        "a card of 2025-05-11 without a title: Wa",
    ]
    assert not found.errors


def test_a_date_within_the_article_does_not_end_it(tmp_path: Path) -> None:
    """The body goes on to the list of other articles, and not into it."""
    (article,) = folder(tmp_path, {"sterk.txt": EXPORT}).articles
    assert "7 juni 2025" in article.body
    assert article.body.endswith("Begin vandaag, met één oefening.")


@pytest.mark.parametrize("change", ["\ufeff", "\r\n", "\n\n"], ids=["BOM", "CRLF", "empty lines"])
def test_how_it_was_saved_does_not_matter(tmp_path: Path, change: str) -> None:
    """A byte order mark, Windows' line ends and leading empty lines change nothing."""
    text = EXPORT.replace("\n", change) if change == "\r\n" else change + EXPORT
    before = folder(tmp_path / "a", {"sterk.txt": EXPORT})
    assert folder(tmp_path / "b", {"sterk.txt": text}) == before


def test_an_impossible_day_is_an_error_with_its_file(tmp_path: Path) -> None:
    """30 februari is told; the other files are read all the same."""
    wrong = EXPORT.replace("3 juni 2025", "30 februari 2025", 1)
    found = folder(tmp_path, {"fout.txt": wrong, "goed.txt": EXPORT})
    assert len(found.articles) == 1
    assert "fout.txt: '30 februari 2025' is not a day" in found.errors[0].message


def test_a_text_without_a_date_is_skipped(tmp_path: Path) -> None:
    """Notes lying about in the folder are listed, not offered."""
    found = folder(tmp_path, {"todo.txt": "Boodschappen\n\nMelk en eiwitten.\n", "leeg.txt": ""})
    assert not found.articles
    assert {(s.title, s.reason) for s in found.skipped} == {
        ("Boodschappen", "has no date"),
        ("", "has no title and no date"),
    }
