"""`gymletter compose`, as a person runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

    Run = Callable[..., Result]


def write(workspace_dir: Path, name: str, day: str, tags: str = "[]") -> None:
    """An article in the folder source."""
    text = f"---\ntitle: {name.title()}\ndate: {day}\ntags: {tags}\n---\nTekst van {name}.\n"
    (workspace_dir / "articles" / f"{name}.md").write_text(text)


@pytest.fixture
def blog(workspace_dir: Path) -> Path:
    """A workspace with two articles of August and one of July."""
    write(workspace_dir, "sterk", "2025-08-13", "[kracht]")
    write(workspace_dir, "snel", "2025-08-20")
    write(workspace_dir, "oud", "2025-07-31")
    return workspace_dir


def test_the_month_of_the_id_is_composed(blog: Path, gymletter: Run) -> None:
    """The issue holds that month's articles, newest first, and says so."""
    result = gymletter("compose", "2025-08")
    path = blog / "issues" / "2025-08.md"
    assert result.code == 0
    assert result.out == f"Wrote {path}:\n  2025-08-20  Snel\n  2025-08-13  Sterk\n"
    text = path.read_text("utf-8")
    assert "since: 2025-08-01\nuntil: 2025-09-01\n" in text
    assert text.index("Snel") < text.index("title: Sterk")


def test_composing_again_only_adds(blog: Path, gymletter: Run) -> None:
    """Nothing new exits with 3 and changes nothing; a new article is added below."""
    gymletter("compose", "2025-08")
    path = blog / "issues" / "2025-08.md"
    text = path.read_text("utf-8").replace("subject: ", "subject: Mijn ")
    path.write_text(text, "utf-8")
    again = gymletter("compose", "2025-08")
    assert again.code == 3
    assert "no new article, so nothing was written. See what there is with" in again.err
    assert path.read_text("utf-8") == text
    write(blog, "nieuw", "2025-08-31")
    result = gymletter("compose", "2025-08", "--json")
    assert result.code == 0
    assert result.json["created"] is False
    assert [article["title"] for article in result.json["added"]] == ["Nieuw"]
    assert result.json["kept"] == 2
    assert "subject: Mijn " in path.read_text("utf-8")


def test_options_choose(blog: Path, gymletter: Run) -> None:
    """Days, order, maximum and tags."""
    result = gymletter(
        "compose", "zomer", "--since", "2025-07-01", "--until", "2025-09-01", "--order", "oldest",
        "--max", "2", "--json",
    )  # fmt: skip
    assert [article["title"] for article in result.json["added"]] == ["Oud", "Sterk"]
    tagged = gymletter("compose", "2025-08", "--tag", "Kracht", "--json")
    assert [article["title"] for article in tagged.json["added"]] == ["Sterk"]


def test_nothing_to_write_about_writes_nothing(blog: Path, gymletter: Run) -> None:
    """No article, no issue; exit code 3."""
    result = gymletter("compose", "2025-01")
    assert result.code == 3
    assert not (blog / "issues" / "2025-01.md").exists()


def test_an_id_that_is_no_month_needs_its_days(blog: Path, gymletter: Run) -> None:
    """Wrong usage, with what to add."""
    result = gymletter("compose", "zomer")
    assert result.code == 2
    assert "--since" in result.err


def test_a_broken_article_exits_1_and_the_issue_is_written(blog: Path, gymletter: Run) -> None:
    """What could be read is composed; what could not is told."""
    (blog / "articles" / "fout.md").write_text("---\ntitle: [\n---\n")
    result = gymletter("compose", "2025-08")
    assert result.code == 1
    assert "fout.md:" in result.err
    assert (blog / "issues" / "2025-08.md").exists()


def test_a_broken_issue_is_not_overwritten(blog: Path, gymletter: Run) -> None:
    """The line is told and the file stays as the person left it."""
    path = blog / "issues" / "2025-08.md"
    path.write_text("---\nsubject: [\n---\nMijn tekst\n")
    result = gymletter("compose", "2025-08")
    assert result.code == 1
    assert "2025-08.md:" in result.err
    assert path.read_text() == "---\nsubject: [\n---\nMijn tekst\n"


def test_what_was_sent_is_neither_offered_nor_touched(blog: Path, gymletter: Run) -> None:
    """After sending, the issue is frozen and its articles are not new any more."""
    members = blog / "leden.csv"
    members.write_text("email\njan@leden.example\n")
    consent = ("--consent-basis", "opt-in", "--consent-source", "balie")
    assert gymletter("members", "import", str(members), *consent).code == 0
    assert gymletter("compose", "2025-08").code == 0
    sent = gymletter("send", "2025-08", "--yes")
    path = blog / "issues" / "2025-08.md"
    before = path.read_bytes()
    assert sent.code == 0, sent.err
    write(blog, "nieuw", "2025-08-31")
    refused = gymletter("compose", "2025-08")
    assert refused.code == 1
    assert "its campaign exists" in refused.err
    assert path.read_bytes() == before
    found = gymletter("collect", "--json", "--month", "2025-08")
    assert [article["title"] for article in found.json["articles"]] == ["Nieuw"]
    assert {s["reason"] for s in found.json["skipped"]} == {"went out in issue 2025-08"}
    shown = gymletter("collect", "--json", "--month", "2025-08", "--include-sent")
    assert len(shown.json["articles"]) == 3


def test_a_source_that_failed_is_an_error_not_an_empty_month(
    workspace_dir: Path, gymletter: Run
) -> None:
    """Exit code 1, so that a script does not take trouble for a quiet month."""
    (workspace_dir / "articles" / "fout.md").write_text("---\ntitle: Nieuw: x\n---\n")
    result = gymletter("compose", "2025-08")
    assert result.code == 1
    assert "nothing was written. Mend what `gymletter collect` names" in result.err
    assert not (workspace_dir / "issues" / "2025-08.md").exists()
