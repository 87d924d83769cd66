"""`gymletter members …` as a person runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.members.helpers import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

ROW = "email,first_name,club,tags,consent_basis,consent_source\n"


def test_import_and_list_have_the_documented_shapes(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Scripts rely on the names."""
    file = write(workspace_dir, ROW + "jan@x.example,Jan,Noord,yoga,opt-in,formulier\nx,,,,,\n")
    done = gymletter("members", "import", str(file), "--json").json
    assert done == {
        "imported": 1,
        "updated": 0,
        "unchanged": 0,
        "suppressed": 0,
        "rejected": [{"line": 3, "reason": "is not an e-mail address: it has no @"}],
    }
    assert gymletter("members", "list", "--json").json == {
        "members": [
            {
                "email": "jan@x.example",
                "first_name": "Jan",
                "last_name": "",
                "language": "",
                "status": "active",
                "fields": {"club": "Noord"},
                "tags": ["yoga"],
            }
        ]
    }


def test_a_file_without_an_email_column_is_one_line(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Place and remedy, exit code 1, nothing stored."""
    result = gymletter("members", "import", str(write(workspace_dir, "naam,club\nJan,Noord\n")))
    assert result.code == 1
    assert "leden.csv:1: has no e-mail column" in result.err
    assert "--map email=COLUMN" in result.err
    assert result.err.count("\n") == 1
