"""`gymletter check`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_render import ISSUE, issue_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

__all__ = ["issue_file"]


def test_a_good_issue_passes(gymletter: Callable[..., Result], issue_file: Path) -> None:
    """Exit code 0 and counts."""
    done = gymletter("check", "2025-08")
    assert done.code == 0, done.out
    assert re.fullmatch(r"0 errors, 0 warnings, \d notes \(see them with --notes\)\n", done.out)


def test_notes_are_shown_when_asked_for(gymletter: Callable[..., Result], issue_file: Path) -> None:
    """Each with what stands at its place."""
    done = gymletter("check", "2025-08", "--notes", "--no-spam")
    assert done.code == 0
    assert "border-radius is not for Outlook for Windows: corners are square" in done.out
    assert re.search(r"html:\d+ \| .*border-radius", done.out)


def test_no_token_is_shown(gymletter: Callable[..., Result], issue_file: Path) -> None:
    """Where a member's value will stand, an excerpt has the field's name; JSON has no token."""
    issue_file.write_text(
        ISSUE.replace("subject: Sterker", "subject: 'Re: {{ member.first_name }}'\n#").replace(
            "De intro", "Klik [hier](http://x.nl/?m={{ member.email|urlencode }}), De intro"
        )
    )
    shown = gymletter("check", "2025-08", "--no-spam", "--notes").out
    assert "subject | Re: {first_name}\n" in shown
    assert "http://x.nl/?m={email}" in shown
    told = gymletter("check", "2025-08", "--no-spam", "--json").out
    assert "content-subject-reply" in told
    assert not re.search(r"gm[0-9a-f]{22}", shown + told)


def test_json_has_the_five_keys(gymletter: Callable[..., Result], issue_file: Path) -> None:
    """Standard output is one document, and an error makes exit code 4."""
    issue_file.write_text(ISSUE.replace("subject: ", "subject: 'Re: ").replace("uit\n", "uit'\n"))
    done = gymletter("check", "2025-08", "--json")
    assert done.code == 4
    (finding,) = [f for f in done.json["findings"] if f["severity"] == "error"]
    assert set(finding) == {"code", "severity", "message", "place", "remedy"}
    assert finding["code"] == "content-subject-reply"
    assert finding["place"] == "subject"
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 4), ("note", 4), ("never", 0)]
)
def test_fail_on_chooses_the_gate(
    gymletter: Callable[..., Result], issue_file: Path, fail_on: str, code: int
) -> None:
    """A warning stops only whoever asks for it."""
    issue_file.write_text(ISSUE.replace("Een vrouw tilt een halter", "''"))
    done = gymletter("check", "2025-08", "--fail-on", fail_on)
    assert done.code == code
    assert "picture-described" in done.out
    assert "html:" in done.out
