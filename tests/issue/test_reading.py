"""Reading issues: everything that a person may write, and what is wrong with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gymletter.articles import Image
from gymletter.errors import IssueError
from gymletter.issue import Cta, DateItem, Dates, Quote, list_issues, read_issue

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

FULL = """\
---
subject: Sterker de zomer uit   # kort
preheader: "Wat kracht doet"
since: 2025-08-01
until: 2025-09-01
articles:
  - title: 2025 in cijfers
    url: https://dekade.example/metabolisme
    date: 2025-08-13
    summary: Ontdek het.
    image: {src: https://dekade.example/m.jpg, alt: Een halter}
  - title: Zonder meer
    date: 2025-08-14
    id: guid-7
vary_by: [goal]
language: en
cta: {text: Kom proeven, url: "https://dekade.example/proefles"}
dates:
  title: Agenda
  items:
    - {when: 1 september, what: Herfstrooster}
quote: {text: Doorgaan., by: Jan}
---
Beste {{ member.first_name }},

Intro.
"""


def written(workspace: Workspace, text: str, name: str = "2025-08") -> str:
    """Write an issue; returns its id."""
    (workspace.issues / f"{name}.md").write_bytes(text.encode())
    return name


@pytest.mark.parametrize("value", ["[" * 3000, "{a: " * 2000 + "}" * 2000])
def test_brackets_without_end_are_no_traceback(workspace: Workspace, value: str) -> None:
    """The parser gives up, and the file is named."""
    name = written(workspace, f"---\nsubject: {value}\n---\n")
    with pytest.raises(IssueError, match="the front matter is nested too deeply"):
        read_issue(workspace, name)


def test_a_full_issue_is_read(workspace: Workspace) -> None:
    """Every documented key arrives; a title of figures is a text."""
    issue = read_issue(workspace, written(workspace, FULL))
    assert (issue.id, issue.subject) == ("2025-08", "Sterker de zomer uit")
    assert (issue.since, issue.until) == (date(2025, 8, 1), date(2025, 9, 1))
    first, second = issue.articles
    assert (first.title, first.id) == ("2025 in cijfers", "dekade.example/metabolisme")
    assert first.image == Image("https://dekade.example/m.jpg", "Een halter")
    assert (second.url, second.id) == ("", "guid-7")
    assert issue.vary_by == ("goal",)
    assert issue.language == "en"
    assert issue.cta == Cta("Kom proeven", "https://dekade.example/proefles")
    assert issue.dates == Dates("Agenda", (DateItem("1 september", "Herfstrooster"),))
    assert issue.quote == Quote("Doorgaan.", "Jan")
    assert issue.body == "Beste {{ member.first_name }},\n\nIntro.\n"


def test_a_short_issue_takes_its_month_from_its_name(workspace: Workspace) -> None:
    """Only the subject must be there."""
    issue = read_issue(workspace, written(workspace, "---\nsubject: Hoi\n---\n"))
    assert (issue.since, issue.until) == (date(2025, 8, 1), date(2025, 9, 1))
    assert issue.articles == ()


@pytest.mark.parametrize("name", ["2025-08", "2025-08.md", "issues/2025-08.md"])
def test_a_path_names_the_issue_too(workspace: Workspace, name: str) -> None:
    """As the shell completes it."""
    written(workspace, FULL)
    assert read_issue(workspace, name).id == "2025-08"


def test_line_ends_and_a_byte_order_mark_do_not_matter(workspace: Workspace) -> None:
    """Windows writes both."""
    plain = read_issue(workspace, written(workspace, FULL))
    odd = read_issue(workspace, written(workspace, "\ufeff" + FULL.replace("\n", "\r\n")))
    assert odd == plain


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("preheader:", "preheder:", 3, "Did you mean 'preheader'?"),
        ("    summary:", "    sumary:", 10, "Did you mean 'summary'?"),
        ("subject: Sterker de zomer uit", "subject:", 2, "subject"),
        ("since: 2025-08-01", "since: 1 augustus 2025", 4, "must be a day such as 2025-08-13"),
        ("date: 2025-08-13", "date: 2025-02-30", 9, "articles.0.date"),
        ("until: 2025-09-01", "until: 2025-08-01", 5, "must be after"),
        ("url: https://dekade.example/metab", "url: /metab", 8, "must be an http"),
        ("{src: https://dekade.example/m.jpg", "{src: m.jpg", 11, "must be an http"),
        ("language: en", "language: fy", 16, "language"),
        ("url: \"https://dekade.example/p", "url: \"javascript:p", 17, "cta.url"),
        ("{text: Doorgaan.", "{txt: Doorgaan.", 22, "Did you mean 'text'?"),
        ("{when: 1 september,", "{wen: 1 september,", 21, "Did you mean 'when'?"),
        ("articles:\n", "articles: [\n", 7, "not valid YAML"),
        ("---\nsubject", "subject", 1, "does not begin with front matter"),
        ("Sterker de zomer uit", "Sterker: de zomer", 2, "Put a value with a colon between quotes"),
        ("Sterker de zomer uit", "@home", 2, "Put the value between quotes, "),
        ("    summary:", "\tsummary:", 10, "Indent with spaces"),
        ('"Wat kracht doet"', "[kracht", 3, "Close the quote or bracket"),
        ("since:", "subject: Nog een\nsince:", 4, "'subject' stands there twice"),
        ("    date: 2025-08-14", "    title: Weer\n    date: 2025-08-14", 13, "twice"),
        ("subject: Sterker de zomer uit", "subject: [a, b]", 2, "must be a text"),
        ("vary_by: [goal]", "vary_by: 3", 15, "must be a list"),
        ("quote: {text: Doorgaan., by: Jan}", "quote: Doorgaan", 22, "keys of its own"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    workspace: Workspace, right: str, wrong: str, line: int, says: str
) -> None:
    """The file, the line and the remedy, on one line."""
    assert right in FULL
    name = written(workspace, FULL.replace(right, wrong, 1))
    with pytest.raises(IssueError) as caught:
        read_issue(workspace, name)
    assert f"2025-08.md:{line}: " in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_issue_that_is_not_there_says_how_to_make_it(workspace: Workspace) -> None:
    """With the command."""
    with pytest.raises(IssueError, match="gymletter compose 2025-09"):
        read_issue(workspace, "2025-09")


def test_a_file_that_is_not_utf8_is_told(workspace: Workspace) -> None:
    """Not guessed."""
    (workspace.issues / "2025-08.md").write_bytes(FULL.encode("utf-16"))
    with pytest.raises(IssueError, match="is not UTF-8"):
        read_issue(workspace, "2025-08")


def test_all_issues_are_listed_by_name(workspace: Workspace) -> None:
    """Hidden and half-written files are none."""
    for name in ("2025-09", "2025-08", "extra", ".2025-10.md.partial"):
        written(workspace, FULL, name)
    assert list_issues(workspace) == ("2025-08", "2025-09", "extra")
