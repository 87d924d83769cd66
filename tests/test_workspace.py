"""The workspace: found upwards, secrets from the environment first, paths that stay inside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gymletter.errors import ConfigError, IssueError
from gymletter.workspace import Workspace, find_workspace, open_workspace, require_writable

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_found_from_a_folder_below(workspace_dir: Path) -> None:
    """Any folder inside the workspace will do."""
    assert find_workspace(workspace_dir / "articles") == workspace_dir.resolve()


def test_none_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    """Outside of any workspace the remedy is named."""
    with pytest.raises(ConfigError, match="gymletter init"):
        find_workspace(tmp_path)


def test_the_environment_wins_over_the_env_file(
    workspace_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that is exported is the one used."""
    (workspace_dir / ".env").write_text("A_KEY='from file'\nexport B_KEY=b # not cut\n\n# note\n")
    monkeypatch.setenv("A_KEY", "from environment")
    workspace = open_workspace(workspace_dir)
    assert workspace.secret("A_KEY") == "from environment"
    assert workspace.secret("B_KEY") == "b # not cut"


def test_a_missing_secret_is_named_but_never_shown(workspace: Workspace) -> None:
    """The error says which variable to set; no secret is in a workspace's text."""
    with pytest.raises(ConfigError, match="BREVO_API_KEY is not set"):
        workspace.secret("BREVO_API_KEY")
    assert workspace.secret("GYMLETTER_SECRET_KEY") not in repr(workspace)


def test_a_broken_env_line_is_named(workspace_dir: Path) -> None:
    """A line without `=` is an error with its number."""
    (workspace_dir / ".env").write_text("A=1\nnonsense\n")
    with pytest.raises(ConfigError, match=r"\.env:2"):
        open_workspace(workspace_dir)


@pytest.mark.parametrize("name", ["2025-08", "2025-08.md", "issues/2025-08.md"])
def test_an_issue_is_named_by_id_or_path(workspace: Workspace, name: str) -> None:
    """All the ways a person names an issue lead to its file."""
    assert workspace.issue_path(name) == workspace.root / "issues" / "2025-08.md"


@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "", "-x", "a\nb"])
def test_a_name_that_is_no_issue_is_refused(workspace: Workspace, name: str) -> None:
    """No name leads out of the issues folder or looks like an option."""
    with pytest.raises(IssueError):
        workspace.issue_path(name)


def test_a_relative_database_lies_in_the_workspace(workspace: Workspace) -> None:
    """Whatever the current folder is."""
    assert workspace.database_url == f"sqlite:///{workspace.root}/.gymletter/gymletter.db"


@pytest.mark.parametrize("name", ["kept", "kept/gymletter.db"])
def test_a_database_that_cannot_be_written_is_named_with_its_owner(
    tmp_path: Path, name: str
) -> None:
    """The remedy fits who asks, and never proposes another file, which knows of nothing sent."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "gymletter.db").touch()
    refused = tmp_path / name

    def can(path: Path, mode: int) -> bool:
        return mode == os.F_OK or path != refused

    with pytest.raises(ConfigError) as caught:
        require_writable(tmp_path / "kept" / "gymletter.db", can)
    assert (caught.value.place, caught.value.message) == (str(refused), "cannot be written")
    assert caught.value.remedy == f"It is yours: run `chmod u+rwX {refused}`"


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """The setting is named that has to be corrected."""
    with pytest.raises(ConfigError, match="is a folder, where a file must be"):
        require_writable(tmp_path)


def test_what_cannot_be_made_or_read_is_told_with_its_place(workspace_dir: Path) -> None:
    """A file where the state folder goes, a folder where `.env` goes."""
    workspace = open_workspace(workspace_dir)
    (workspace_dir / ".gymletter").write_text("")
    for ask in (lambda: workspace.state, lambda: workspace.database_url):
        with pytest.raises(ConfigError, match="is a file, where a folder must be"):
            ask()
    (workspace_dir / ".env").unlink()
    (workspace_dir / ".env").mkdir()
    with pytest.raises(ConfigError, match=r"\.env: cannot be read: Is a directory"):
        open_workspace(workspace_dir)
