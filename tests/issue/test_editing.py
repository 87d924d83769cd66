"""Changing one value of an issue leaves every other byte as a person wrote it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gymletter.articles import Article
from gymletter.errors import IssueError
from gymletter.issue import arrange, set_article, set_text
from gymletter.issue.reading import parse_issue

PATH = Path("issues/2025-08.md")
TEXT = """\
---
# Ons zomernummer
subject: Sterker de zomer uit  # kort houden
preheader:
since: 2025-08-01
until: 2025-09-01

articles:
  # de belangrijkste
  - title: 'Een'   # met zorg
    url: https://dekade.example/een
    date: 2025-08-03
    summary: >-
      Een lange
      samenvatting.

  - {title: Twee, date: 2025-08-02, summary: "Kort"}   # in één regel
  # en deze
  - title: Drie
    date: 2025-08-01
# slot
vary_by: []
---
Beste {{ member.first_name | default("sporter") }},

Tekst.
"""
NEW = Article("x", "Nieuw: 'één'", "https://dekade.example/nieuw", date(2025, 8, 9), "Ja.")


def titles(text: str) -> list[str]:
    """The titles of an issue's articles."""
    return [article.title for article in parse_issue(text, PATH).articles]


@pytest.mark.parametrize("value", ["Nieuw", "a: b # c", '"{{ member.first_name }}"', "2025", "- x"])
def test_the_subject(value: str) -> None:
    """Whatever is typed reads back as typed, and the comment behind it stays."""
    changed = set_text(TEXT, PATH, "subject", value)
    assert parse_issue(changed, PATH).subject == value
    was, now = TEXT.splitlines(), changed.splitlines()
    assert now[2].endswith("  # kort houden")
    assert was[:2] + was[3:] == now[:2] + now[3:]


def test_a_value_that_was_empty_or_missing() -> None:
    """An empty preheader is filled in on its line, a missing summary behind the other keys."""
    filled = set_text(TEXT, PATH, "preheader", "Voorproefje")
    added = set_article(TEXT, PATH, 2, "summary", "Derde: ja")
    assert filled == TEXT.replace("preheader:\n", "preheader: Voorproefje\n")
    assert 'date: 2025-08-01\n    summary: "Derde: ja"\n' in added


def test_a_missing_preheader() -> None:
    """A key that is not there is added."""
    changed = set_text(TEXT.replace("preheader:\n", ""), PATH, "preheader", "Nu wel")
    assert parse_issue(changed, PATH).preheader == "Nu wel"


def test_a_block_text() -> None:
    """A folded summary becomes one line; the blank line behind it stays."""
    changed = set_article(TEXT, PATH, 0, "summary", "Nieuw.")
    assert "    summary: Nieuw.\n\n  - {title: Twee" in changed


def test_a_flow_article() -> None:
    """An article on one line is changed on its line, and its comment stays."""
    changed = set_article(TEXT, PATH, 1, "summary", "Kort, maar {krachtig}")
    assert "  # in één regel\n" in changed
    assert parse_issue(changed, PATH).articles[1].summary == "Kort, maar {krachtig}"


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_title_does_not_make_another_article(index: int) -> None:
    """The article keeps its identity, though it was known by its title: it is not new."""
    before = parse_issue(TEXT, PATH).articles[index]
    after = parse_issue(set_article(TEXT, PATH, index, "title", "Anders"), PATH).articles[index]
    assert (after.title, after.id) == ("Anders", before.id)


@pytest.mark.parametrize("order", [[2, 0, 1], [1], [0, 2], [], [1, 0, 2]])
def test_order(order: list[int]) -> None:
    """Articles move and leave with the comments above and behind them."""
    changed = arrange(TEXT, PATH, list(order))
    assert titles(changed) == [["Een", "Twee", "Drie"][index] for index in order]
    assert ("# de belangrijkste\n  - title: 'Een'   # met zorg" in changed) == (0 in order)
    assert ("# in één regel" in changed) == (1 in order)
    assert ("# en deze\n  - title: Drie" in changed) == (2 in order)
    assert changed.endswith(TEXT[TEXT.index("# slot") :])


def test_the_same_order_is_the_same_file() -> None:
    """Nothing asked for, nothing changed."""
    assert arrange(TEXT, PATH, [0, 1, 2]) == TEXT


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")])
def test_a_new_article_in_between(text: str) -> None:
    """A new article takes its place; line ends stay as they were."""
    changed = arrange(text, PATH, [0, NEW, 1, 2])
    assert titles(changed) == ["Een", NEW.title, "Twee", "Drie"]
    assert ("\r\n" in text) == ("\r\n" in changed)
    assert changed.count("\r") in (0, changed.count("\n"))


@pytest.mark.parametrize(
    "listed", ["articles: []", "articles:", "articles: [{title: Een, date: 2025-08-03}]"]
)
def test_other_ways_to_write_the_list(listed: str) -> None:
    """An empty list, no list and a list on one line take an article too."""
    text = f"---\nsubject: x\nsince: 2025-08-01\nuntil: 2025-09-01\n{listed}\n---\nTekst\n"
    kept = list(range(len(titles(text))))
    changed = arrange(text, PATH, [NEW, *reversed(kept)])
    assert titles(changed)[0] == NEW.title
    assert titles(arrange(changed, PATH, [])) == []


def test_what_cannot_be_changed_is_left() -> None:
    """A list written with an alias is refused with a remedy."""
    text = (
        "---\nsubject: &a x\npreheader: *a\nsince: 2025-08-01\nuntil: 2025-09-01\n"
        "articles: []\n---\n"
    )
    with pytest.raises(IssueError, match="editor"):
        set_text(text, PATH, "preheader", "y")


def test_an_empty_title_is_refused() -> None:
    """What the file may not hold is not written into it."""
    with pytest.raises(IssueError, match="title"):
        set_article(TEXT, PATH, 0, "title", " ")


def test_an_article_that_is_not_there() -> None:
    """A number beyond the list is an error, not another article."""
    with pytest.raises(IssueError):
        set_article(TEXT, PATH, 3, "title", "x")
