"""`gymletter doctor`: what would stop a send is named, and members inside git are found."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result


def _fill_in(workspace_dir: Path) -> None:
    config = workspace_dir / "gymletter.toml"
    config.write_text(config.read_text("utf-8").replace(".example", ".nl"), "utf-8")


def test_a_good_workspace_is_told_what_was_looked_at(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Each look is a line, also when all is well; nothing is changed, and it exits with 0."""
    _fill_in(workspace_dir)
    before = sorted(workspace_dir.iterdir())
    result = gymletter("doctor", COLUMNS="300")
    *looks, unseen, said = result.out.splitlines()
    assert (result.code, said) == (0, "Nothing found that would stop a send.")
    assert looks == [
        f"ok       settings: {workspace_dir}/gymletter.toml, sources: 1",
        "ok       secret-key: GYMLETTER_SECRET_KEY holds 1 key",
        "ok       provider: inbox, the embedded one: mail stays on this machine",
        "ok       unsubscribe: hosted: https://nieuws.dekade.nl",
        "ok       database: none yet; the first import of members makes it",
        "ok       git: the workspace is not inside git",
    ]
    assert "not asked" in unseen
    assert sorted(workspace_dir.iterdir()) == before


def test_members_who_may_be_mailed_are_counted(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Those who are suppressed are not among them."""
    (workspace_dir / "leden.csv").write_text("email\na@x.example\nb@x.example\n")
    consent = ("--consent-basis", "opt-in", "--consent-source", "the front desk")
    gymletter("members", "import", str(workspace_dir / "leden.csv"), *consent)
    gymletter("members", "suppress", "a@x.example", "--reason", "asked")
    looks = {look["code"]: look["saw"] for look in gymletter("doctor", "--json").json["looked_at"]}
    assert looks["database"] == "members who may be mailed: 1"


@pytest.mark.parametrize(("provider", "code"), [("inbox", 0), ("brevo", 1)])
def test_what_nobody_filled_in_is_named(
    gymletter: Callable[..., Result], workspace_dir: Path, provider: str, code: int
) -> None:
    """A new workspace's addresses do no harm in the inbox, and stop a send by a real provider."""
    with (workspace_dir / "gymletter.toml").open("a", encoding="utf-8") as file:
        file.write(f'[provider]\nname = "{provider}"\n')
    result = gymletter("doctor", "--json", BREVO_API_KEY="a-key")
    [found] = result.json["findings"]
    assert (result.code, found["code"]) == (code, "placeholder")
    assert "newsletter.from, newsletter.reply_to" in found["message"]


def test_a_missing_key_and_a_missing_address_stop_a_send(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Both are told in one run."""
    _fill_in(workspace_dir)
    config = workspace_dir / "gymletter.toml"
    text = config.read_text("utf-8").replace('base_url = "https://nieuws.dekade.nl"', "")
    config.write_text(text, "utf-8")
    result = gymletter("doctor", "--json", GYMLETTER_SECRET_KEY="short")
    assert result.code == 1
    assert [f["code"] for f in result.json["findings"]] == ["secret-key", "unsubscribe"]
    assert result.err.endswith("this would stop a send. Mend it and run `gymletter doctor`\n")
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
