"""A new workspace is whole, private where it must be, and never overwrites anything."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gymletter.errors import ConfigError
from gymletter.scaffold import make_sample_workspace, make_workspace
from gymletter.workspace import open_workspace

REPOSITORY = Path(__file__).parents[1]


def test_a_new_workspace_can_be_opened(tmp_path: Path) -> None:
    """What `init` writes is a valid workspace with a secret key of its own."""
    make_workspace(tmp_path / "new")
    workspace = open_workspace(tmp_path / "new" / "issues")
    assert workspace.config.sources[0].kind == "folder"
    assert len(workspace.secret("GYMLETTER_SECRET_KEY")) > 30
    assert stat.S_IMODE((tmp_path / "new" / ".env").stat().st_mode) == 0o600


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    """Only what is missing is written."""
    (tmp_path / ".env").write_text("GYMLETTER_SECRET_KEY=mine\n")
    make_workspace(tmp_path)
    assert open_workspace(tmp_path).secret("GYMLETTER_SECRET_KEY") == "mine"


@pytest.mark.parametrize("before", ["mine\n", "mine\n*.xlsx", "\udcffmine\n.env\n"])
def test_a_repository_that_was_there_ignores_members_too(tmp_path: Path, before: str) -> None:
    """Its own lines stay, to the byte; those that keep members and secrets out of git are added."""
    there = before.encode("utf-8", "surrogateescape")
    (tmp_path / ".gitignore").write_bytes(there)
    make_workspace(tmp_path)
    after = (tmp_path / ".gitignore").read_bytes()
    assert after.startswith(there)
    assert {b".gymletter/", b".env", b"members*.csv", b"leden*.csv", b"*.xlsx"} <= {
        *after.splitlines()
    }
    assert len(after.splitlines()) == len({*after.splitlines()})


def test_a_gitignore_that_lacks_nothing_is_left_alone(tmp_path: Path) -> None:
    """No line is added twice."""
    make_workspace(tmp_path / "first")
    whole = (tmp_path / "first" / ".gitignore").read_bytes().replace(b"# The", b"# My own: the")
    (tmp_path / ".gitignore").write_bytes(whole)
    make_workspace(tmp_path)
    assert (tmp_path / ".gitignore").read_bytes() == whole


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    """A second `init` changes nothing and says so."""
    make_workspace(tmp_path)
    (tmp_path / "gymletter.toml").write_text("# edited\n")
    with pytest.raises(ConfigError, match="nothing was changed"):
        make_workspace(tmp_path)
    assert (tmp_path / "gymletter.toml").read_text() == "# edited\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file in the way is an error with a remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"):
        make_workspace(tmp_path / "file" / "below")


def test_the_sample_has_a_blog_pictures_and_members(tmp_path: Path) -> None:
    """The sample workspace holds all that the demo needs."""
    make_sample_workspace(tmp_path)
    workspace = open_workspace(tmp_path)
    assert len(list((tmp_path / "articles").glob("*.md"))) >= 10
    assert len((tmp_path / "members.csv").read_text("utf-8").splitlines()) > 25
    for logo in (workspace.config.brand.logo, workspace.config.brand.logo_dark):
        assert logo is not None
        assert (tmp_path / "articles" / "pictures" / logo.rpartition("/")[2]).exists()


def test_the_repository_itself_is_a_workspace() -> None:
    """Its configuration is the example: what `init` writes, but for the folder and the logo."""
    ours = open_workspace(REPOSITORY).config
    example = (REPOSITORY / "src/gymletter/scaffold/gymletter.toml").read_text("utf-8")
    assert ours.newsletter.name in example
    assert (REPOSITORY / "templates").is_dir()
    assert list((REPOSITORY / "issues").glob("*.md"))
