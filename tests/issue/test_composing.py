"""Composing: a first proposal, and afterwards not one byte of a person's is changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gymletter.articles import Article, Collection, Image, Window
from gymletter.articles.article import whole_month
from gymletter.errors import IssueError
from gymletter.issue import compose, read_issue
from gymletter.issue.composing import select
from gymletter.issue.inserting import insert
from gymletter.issue.reading import parse_issue
from gymletter.issue.writing import scalar

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.workspace import Workspace

AUGUST = whole_month(date(2025, 8, 1))


def article(number: int, title: str = "", **more: object) -> Article:
    """An article of August."""
    url = f"https://dekade.example/{number}"
    made = {
        "id": f"dekade.example/{number}",
        "title": title or f"Stuk {number}",
        "url": url,
        "date": date(2025, 8, 28 - number),
        "summary": f"Over {number}: alles",
        "image": Image(f"{url}.jpg", "Een halter, een mat"),
    }
    return Article(**(made | more))  # type: ignore[arg-type]


def collection(*numbers: int) -> Collection:
    """These articles."""
    return Collection(tuple(article(number) for number in numbers))


def test_a_new_issue_reads_back_as_what_was_collected(workspace: Workspace) -> None:
    """Titles, dates, pictures and guids survive; the file is the person's from then on."""
    found = Collection((article(1, id="tag:guid,1"), article(2, image=None, summary="")))
    composed = compose(workspace, "2025-08", found, AUGUST)
    assert composed.created
    assert composed.added == found.articles
    assert read_issue(workspace, "2025-08").articles == found.articles
    assert composed.path == workspace.issues / "2025-08.md"


def test_subject_and_preheader_are_proposed(workspace: Workspace) -> None:
    """From the newest article, fit for an inbox, in the newsletter's language."""
    title = "Wat doet krachttraining met je metabolisme? (En waarom het de sleutel is)"
    compose(workspace, "2025-08", Collection((article(1, title), article(2))), AUGUST)
    issue = read_issue(workspace, "2025-08")
    assert issue.subject == "Wat doet krachttraining met je… en meer"
    assert issue.preheader == "Verder: Stuk 2"
    assert "augustus" in issue.body
    assert 'default("sporter")' in issue.body
    compose(workspace, "2025-09", Collection((article(1, title),)), Window())
    alone = read_issue(workspace, "2025-09")
    assert alone.subject == "Wat doet krachttraining met je metabolisme?"
    assert alone.preheader == "Over 1: alles"


def test_a_title_that_looks_like_a_template_stays_text(workspace: Workspace) -> None:
    """A blog cannot put a member's merge field into the proposed subject or preheader."""
    sign = "{{ member.email }}{% x %}{# y #}"
    found = Collection((article(1, sign), article(2, sign)))
    compose(workspace, "2025-08", found, AUGUST)
    issue = read_issue(workspace, "2025-08")
    for text in (issue.subject, issue.preheader):
        assert not {"{{", "{%", "{#"} & {text[i : i + 2] for i in range(len(text))}


def test_nothing_new_writes_nothing(workspace: Workspace) -> None:
    """No article, no issue."""
    composed = compose(workspace, "2025-08", Collection(()), AUGUST)
    assert not composed.added
    assert not composed.path.exists()


EDITED = """\
---
# van ons allemaal
subject: 'Mijn onderwerp'   # niet aankomen
preheader:   "Kort"
since: 2025-08-01
until: 2025-09-01
articles:
      # eerst deze
      - url: https://dekade.example/2
        title: "Mijn eigen titel"   # beter

        date: 2025-08-26
        summary: >-
          Over twee regels
          verdeeld.

# tot hier
vary_by: []
---

Beste {{ member.first_name }},

Mijn *eigen* intro.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_composing_again_keeps_every_byte_and_adds(workspace: Workspace, newline: str) -> None:
    """Comments, order, quotes, empty lines, line ends: what stood there stands there."""
    path = workspace.issues / "2025-08.md"
    before = EDITED.replace("\n", newline).encode()
    path.write_bytes(before)
    composed = compose(workspace, "2025-08", collection(1, 2, 3), AUGUST)
    after = path.read_bytes()
    assert [a.title for a in composed.added] == ["Stuk 1", "Stuk 3"]
    assert composed.kept == 1
    start = next(n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    added = len(after) - len(before)
    assert after[:start] + after[start + added :] == before
    titles = [a.title for a in read_issue(workspace, "2025-08").articles]
    assert titles == ["Mijn eigen titel", "Stuk 1", "Stuk 3"]
    assert compose(workspace, "2025-08", collection(1, 2, 3), AUGUST).added == ()
    assert path.read_bytes() == after


@pytest.mark.parametrize(
    "articles",
    [
        "",
        "articles:\n",
        "articles: []\n",
        "articles: null\n",
        "articles: # nog leeg\n",
        "articles:\n- title: A\n  date: 2025-08-01\n",
        "articles:\n  - title: A\n    date: 2025-08-01",
        'articles: [{"title": "A", "date": "2025-08-01"}]\n',
        "articles:\n  - {title: A, date: 2025-08-01} # zo\n",
        "articles:\n  - title: A\n    date: 2025-08-01\n    image: {src: https://x.nl/a, alt: b}\n",
        "articles:\n  - date: 2025-08-01\n    title: |\n      A\n\n",
        "articles:\n  - title: A\n    date: 2025-08-01\n    image:\n      src: https://x.nl\n# x\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("after", ["", "vary_by: []\n"])
def test_any_way_to_write_the_list_can_be_added_to(
    tmp_path: Path, articles: str, after: str
) -> None:
    """Block or flow, empty or missing, at the end or not."""
    tail = after if articles.endswith("\n") or not articles else "\n" + after
    text = f"---\nsubject: Hoi\n{articles}{tail}---\nTekst.\n"
    path = tmp_path / "2025-08.md"
    before = parse_issue(text, path)
    added = insert(text, [article(1), article(2, "Aan: [b], {c} #d")], path)
    titles = [a.title for a in parse_issue(added, path).articles]
    assert titles == [*(a.title for a in before.articles), "Stuk 1", "Aan: [b], {c} #d"]


def test_what_a_person_took_out_stays_out(workspace: Workspace) -> None:
    """An article that was offered once and removed is not put back; a new one is added."""
    compose(workspace, "2025-08", collection(1, 2), AUGUST)
    path = workspace.issues / "2025-08.md"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if "title: Stuk 1" in line)
    path.write_text("".join(lines[:first] + lines[first + 5 :]), "utf-8")
    composed = compose(workspace, "2025-08", collection(1, 2, 3), AUGUST)
    assert [a.title for a in composed.added] == ["Stuk 3"]
    assert [a.title for a in read_issue(workspace, "2025-08").articles] == ["Stuk 2", "Stuk 3"]
    path.unlink()
    assert len(compose(workspace, "2025-08", collection(1, 2, 3), AUGUST).added) == 3


def test_a_frozen_issue_is_not_touched(workspace: Workspace) -> None:
    """Once a campaign exists the issue is what was sent."""
    compose(workspace, "2025-08", collection(1), AUGUST)
    before = (workspace.issues / "2025-08.md").read_bytes()
    with pytest.raises(IssueError, match="its campaign exists"):
        compose(workspace, "2025-08", collection(1, 2), AUGUST, frozen=True)
    assert (workspace.issues / "2025-08.md").read_bytes() == before


def test_order_tags_and_a_maximum_choose(workspace: Workspace) -> None:
    """Oldest first, with and without tags, no more than asked for in all."""
    articles = (article(1, tags=("Kracht",)), article(2, tags=("Eten",)), article(3))
    assert [a.title for a in select(articles, order="oldest")] == ["Stuk 3", "Stuk 2", "Stuk 1"]
    assert [a.title for a in select(articles, tags=["kracht"])] == ["Stuk 1"]
    assert [a.title for a in select(articles, without_tags=["KRACHT"])] == ["Stuk 2", "Stuk 3"]
    first = compose(workspace, "2025-08", Collection(articles), AUGUST, most=1)
    assert len(first.added) == 1
    again = compose(workspace, "2025-08", Collection(articles), AUGUST, most=2)
    assert [a.title for a in again.added] == ["Stuk 2"]
    assert compose(workspace, "2025-08", Collection(articles), AUGUST, most=2).added == ()


ONE_LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
    lambda text: " ".join(text.split()) or "x"
)


@given(ONE_LINE)
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    """Colons, hashes, quotes, braces, figures, emoji: YAML never means something else."""
    import yaml

    assert yaml.safe_load(f"- title: {scalar(text)}\n") == [{"title": text}]
    assert yaml.safe_load(f"x: {{src: {scalar(text, flow=True)}, alt: a}}")["x"]["src"] == text


@given(st.lists(ONE_LINE, min_size=1, max_size=3), ONE_LINE)
def test_an_issue_of_any_texts_reads_back(titles: list[str], summary: str) -> None:
    """What a blog calls its articles never breaks the file."""
    from pathlib import Path

    made = [
        article(n + 1, title, summary=summary, image=Image("https://x.nl/a,b", summary))
        for n, title in enumerate(titles)
    ]
    path = Path("2025-08.md")
    text = insert("---\nsubject: Hoi\n---\n", made, path)
    assert [a.title for a in parse_issue(text, path).articles] == titles
    assert all(a.summary == summary for a in parse_issue(text, path).articles)


def test_an_issue_that_cannot_be_written_is_told(workspace: Workspace) -> None:
    """A file stands where the folder of issues should be; the error has its path and a remedy."""
    workspace.issues.rmdir()
    workspace.issues.write_text("")
    with pytest.raises(IssueError) as caught:
        compose(workspace, "2025-08", collection(1), AUGUST)
    assert caught.value.place == str(workspace.issues / "2025-08.md")
    assert caught.value.remedy == "Get write permission to it and to its folder"
