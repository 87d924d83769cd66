"""`gymletter init` and `demo` where they cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: one with a workspace, one that refuses a file, and a file."""
    (tmp_path / "gym").mkdir()
    (tmp_path / "gym" / "gymletter.toml").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / ".env").symlink_to(tmp_path / "nowhere" / "x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("init gym", 1, "gym/gymletter.toml: is there already; nothing was changed. Edit it"),
        ("demo gym", 1, "is not empty and not a sample workspace. Name a new folder"),
        ("init file", 2, "Directory 'file' is a file."),
        ("demo file", 2, "Directory 'file' is a file."),
        ("init file/x", 1, "the folder cannot be made: Not a directory. Name a folder that you"),
        ("init half", 1, "half/.env: cannot be written: No such file or directory. Name a"),
    ],
)
def test_a_folder_that_will_not_do_is_named(
    gymletter: Callable[..., Result], around: Path, arguments: str, code: int, says: str
) -> None:
    """One line with the remedy; no file that was there is changed."""
    result = gymletter(*arguments.split())
    assert result.code == code
    assert says in result.err.splitlines()[-1]
    assert (around / "gym" / "gymletter.toml").read_text() == "mine"
