"""`gymletter collect`, as a person and a script run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

    Run = Callable[..., Result]


@pytest.fixture
def blog(workspace_dir: Path) -> Path:
    """A blog of two articles, a draft and a picture."""
    folder = workspace_dir / "articles"
    post = "---\ntitle: {}\ndate: {}\n{}---\nDe eerste alinea.\n"
    image = "image: {src: m.jpg, alt: Een halter}\ntags: [kracht]\n"
    (folder / "sterk.md").write_text(post.format("Sterk", "2025-08-13", image))
    (folder / "snel.md").write_text(post.format("Snel", "2025-07-31", ""))
    (folder / "later.md").write_text(post.format("Later", "2025-08-20", "draft: true\n"))
    return folder


def test_json_has_the_documented_shape(blog: Path, gymletter: Run) -> None:
    """Articles, skipped and errors with the keys that scripts rely on."""
    result = gymletter("collect", "--json", "--month", "2025-08")
    assert result.code == 0
    assert result.json == {
        "articles": [
            {
                "id": "dekade.example/blog/sterk",
                "title": "Sterk",
                "url": "https://dekade.example/blog/sterk",
                "date": "2025-08-13",
                "summary": "De eerste alinea.",
                "image": {"src": "https://dekade.example/blog/m.jpg", "alt": "Een halter"},
                "tags": ["kracht"],
                "source": "articles",
            }
        ],
        "skipped": [
            {
                "title": "Later",
                "url": "https://dekade.example/blog/later",
                "source": "articles",
                "reason": "is a draft",
            }
        ],
        "errors": [],
    }


def test_a_person_sees_articles_and_why_others_are_not_there(blog: Path, gymletter: Run) -> None:
    """Both are the result, so both are on standard output."""
    result = gymletter("collect")
    assert result.out == (
        "2025-08-13  Sterk\n            https://dekade.example/blog/sterk\n"
        "2025-07-31  Snel\n            https://dekade.example/blog/snel\n"
        "\nSkipped:\n  Later\n            is a draft, in articles\n"
    )
    assert result.err == ""


def test_long_titles_hang_in_a_narrow_terminal(blog: Path, gymletter: Run) -> None:
    """No line but an address is wider than the terminal, and the words stand below each other."""
    title = "Twintig minuten is genoeg voor wie weinig tijd heeft"
    text = f"---\ntitle: {title}\ndate: 2025-08-21\n---\nTekst.\n"
    (blog / "lang.md").write_text(text)
    lines = gymletter("collect", "--since", "2025-08-21", COLUMNS="40").out.splitlines()
    assert lines[0] == "2025-08-21  Twintig minuten is genoeg"
    assert lines[1] == "            voor wie weinig tijd heeft"


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (("--since", "2025-08-01"), ["Sterk"]),
        (("--until", "2025-08-01"), ["Snel"]),
        (("--since", "2025-07-31", "--until", "2025-08-14"), ["Sterk", "Snel"]),
        (("--month", "2025-07"), ["Snel"]),
    ],
)
def test_days_are_half_open(
    blog: Path, gymletter: Run, arguments: tuple[str, ...], titles: list[str]
) -> None:
    """--since is in, --until is out."""
    found = gymletter("collect", "--json", *arguments).json["articles"]
    assert [article["title"] for article in found] == titles


def test_a_broken_article_exits_1_and_the_rest_is_listed(blog: Path, gymletter: Run) -> None:
    """File and line on standard error; standard output stays usable."""
    (blog / "fout.md").write_text("---\ntitle: Fout\ndate: 30 februari 2025\n---\n")
    result = gymletter("collect", "--json")
    assert result.code == 1
    assert len(result.json["articles"]) == 2
    assert "fout.md:3: '30 februari 2025' is not a day" in result.json["errors"][0]["message"]
    told = gymletter("collect")
    assert told.code == 1
    assert told.err.count("Error (articles): ") == 1


def test_nothing_new_exits_3(blog: Path, gymletter: Run) -> None:
    """With --json the document is printed all the same."""
    result = gymletter("collect", "--json", "--month", "2020-01")
    assert result.code == 3
    assert result.json["articles"] == []
    assert "no new article. Ask for other days, or with --include-sent" in result.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--month 2025-13", "'2025-13' is not a month, such as `--month 2025-08`."),
        ("--month augustus", "'augustus' is not a month, such as `--month 2025-08`."),
        ("--month 2025-08 --since 2025-08-01", "not both."),
        ("--since 2025-08-02 --until 2025-08-01", "--since must be before --until."),
        ("--since gisteren", "'gisteren' is not a day, such as `--since 2025-08-13`."),
        ("--until 2025-08", "'2025-08' is not a day, such as `--until 2025-08-13`."),
    ],
)
def test_wrong_days_are_wrong_usage(gymletter: Run, arguments: str, says: str) -> None:
    """Exit code 2, before anything is read, and an example in place of a pattern."""
    result = gymletter("collect", *arguments.split())
    assert result.code == 2
    assert result.err.splitlines()[-1].endswith(says)
    assert "%" not in result.err


def test_the_last_month_of_all(gymletter: Run) -> None:
    """A month that Python knows no next one of is a month without articles."""
    assert gymletter("collect", "--month", "9999-12").code == 3


def test_a_missing_folder_exits_1_with_a_remedy(workspace_dir: Path, gymletter: Run) -> None:
    """The path that was looked for, and what to correct."""
    (workspace_dir / "articles").rmdir()
    result = gymletter("collect")
    assert result.code == 1
    assert str(workspace_dir / "articles") in result.err
    assert "Correct `path`" in result.err
