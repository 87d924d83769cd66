"""`gymletter doctor`: what would stop a send is named, and members inside git are found."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result


def test_a_good_workspace_has_no_findings(gymletter: Callable[..., Result]) -> None:
    """It says so, and exits with 0."""
    result = gymletter("doctor")
    assert (result.code, result.out) == (0, "Nothing found that would stop a send.\n")


def test_a_missing_key_and_a_missing_address_stop_a_send(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Both are told in one run."""
    config = workspace_dir / "gymletter.toml"
    text = config.read_text("utf-8").replace('base_url = "https://nieuws.dekade.example"', "")
    config.write_text(text, "utf-8")
    result = gymletter("doctor", "--json", GYMLETTER_SECRET_KEY="short")
    assert result.code == 1
    assert [f["code"] for f in result.json["findings"]] == ["secret-key", "unsubscribe"]
    assert "short" not in result.json["findings"][0]["message"].replace("shorter", "")


def test_the_database_and_member_files_inside_git_are_found(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Whatever they are called; sample addresses and ignored files are not mentioned."""
    subprocess.run(["git", "init", "-q", str(workspace_dir)], check=True)
    (workspace_dir / ".gitignore").write_text(".env\nleden*.csv\n")
    members = "naam;e-mail\nJan;jan@sportschool.nl\n"
    (workspace_dir / "uitdraai.csv").write_text(members)
    (workspace_dir / "leden.csv").write_text(members)
    (workspace_dir / "voorbeeld.csv").write_text("naam;e-mail\nJan;jan@x.example\n")
    gymletter("members", "list")
    found = gymletter("doctor", "--json").json["findings"]
    names = {(f["code"], f["place"].rpartition("/")[2]) for f in found}
    assert ("members-in-git", "uitdraai.csv") in names
    assert ("private-file-in-git", "gymletter.db") in names
    assert not {name for _, name in names} & {"leden.csv", "voorbeeld.csv", ".env"}
