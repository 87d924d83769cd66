"""`gymletter render`."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

ISSUE = """\
---
subject: Sterker de zomer uit
preheader: Wat krachttraining met je metabolisme doet
since: 2025-08-01
until: 2025-09-01
articles:
  - title: Wat doet krachttraining met je metabolisme?
    url: https://dekade.example/metabolisme
    date: 2025-08-13
    summary: Ontdek hoe krachttraining je stofwisseling versnelt.
    image: {src: https://dekade.example/m.jpg, alt: Een vrouw tilt een halter}
---
Beste {{ member.first_name | default("sporter") }},

De intro, in Markdown.
"""


@pytest.fixture
def issue_file(workspace_dir: Path) -> Path:
    """The issue 2025-08 in the workspace."""
    path = workspace_dir / "issues" / "2025-08.md"
    path.write_text(ISSUE, encoding="utf-8")
    return path


def test_it_writes_three_files(
    gymletter: Callable[..., Result], issue_file: Path, tmp_path: Path
) -> None:
    """HTML, text and a message, filled in for a made-up member; their paths are printed."""
    done = gymletter("render", "2025-08", "-o", str(tmp_path / "out" / "x"))
    assert (done.code, done.err) == (0, "")
    paths = [tmp_path / "out" / "x" / f"2025-08.{kind}" for kind in ("html", "txt", "eml")]
    assert done.out.split("\n")[:3] == [str(path) for path in paths]
    html, text, raw = (path.read_bytes() for path in paths)
    assert b"Beste sporter," in html
    assert b"Beste sporter," in text
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "Sterker de zomer uit"
    assert message["List-Unsubscribe"].startswith("<https://nieuws.dekade.example/")


def test_a_broken_condition_names_the_line_of_the_issue(
    gymletter: Callable[..., Result], issue_file: Path
) -> None:
    """The place is the line in the file, front matter counted."""
    issue_file.write_text(ISSUE + "\n{% if member.city %}hier{% endif %}\n", encoding="utf-8")
    done = gymletter("render", "2025-08")
    assert done.code == 1
    assert "2025-08.md:17: member.city can't be looked at" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("2025-09", "Write it with `gymletter compose 2025-09`"), ("juni", "There is: 2025-08")],
)
def test_an_issue_that_does_not_exist(
    gymletter: Callable[..., Result], issue_file: Path, name: str, remedy: str
) -> None:
    """A month can be composed; for another name, those that there are are named."""
    done = gymletter("render", name)
    place = issue_file.with_name(f"{name}.md")
    assert (done.code, done.err) == (1, f"Error: {place}: there is no such issue. {remedy}\n")


@pytest.mark.parametrize("folder", ["taken/x", "out"])
def test_a_path_that_cannot_be_written_is_told_in_full(
    gymletter: Callable[..., Result],
    issue_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: str,
) -> None:
    """Also where the folder was named from the current one; the remedy is another one."""
    (tmp_path / "taken").write_text("")
    (tmp_path / "out" / "2025-08.html").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    done = gymletter("render", "2025-08", "-o", folder)
    assert (done.code, done.out) == (1, "")
    assert f"Error: {tmp_path}/{folder}/2025-08.html: cannot be written: " in done.err
    assert done.err.endswith("Name a folder that you may write to with -o, such as `-o out`\n")
    assert done.err.count("\n") == 1
