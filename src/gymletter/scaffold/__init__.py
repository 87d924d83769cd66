"""Making a workspace: the files a new newsletter starts with.

Invariant: no file that exists is ever changed, but for lines that its .gitignore lacks.
"""

from __future__ import annotations

import secrets
import shutil
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from gymletter.errors import ConfigError, not_written
from gymletter.workspace import CONFIG_NAME

if TYPE_CHECKING:
    from pathlib import Path

_ELSEWHERE = "Name a folder that you may write to"
_GITIGNORE = """\
# The database and the embedded inbox, secrets, and member files never go into git.
.gymletter/
.env
members*.csv
leden*.csv
*.xlsx
"""


def make_workspace(root: Path) -> None:
    """A workspace in `root` (made when missing); raises `ConfigError` where there is one."""
    if (root / CONFIG_NAME).exists():
        raise ConfigError(
            "is there already; nothing was changed",
            place=str(root / CONFIG_NAME),
            remedy="Edit it, or name another folder",
        )
    _make_folders(root, "articles", "issues", "templates")
    _ignore(root / ".gitignore")
    _write_secret(root / ".env")
    _write_new(root / CONFIG_NAME, files(__package__).joinpath(CONFIG_NAME).read_text("utf-8"))


def make_sample_workspace(root: Path) -> None:
    """A workspace with a sample blog, pictures and sample members in `.example` domains."""
    make_workspace(root)
    with as_file(files("gymletter").joinpath("sample")) as sample:
        shutil.copytree(sample / "blog", root / "articles", dirs_exist_ok=True)
        shutil.copyfile(sample / "members.csv", root / "members.csv")
    config = root / CONFIG_NAME
    config.write_text(config.read_text("utf-8").replace("# logo", "logo"), encoding="utf-8")


def _make_folders(root: Path, *names: str) -> None:
    try:
        for name in names:
            (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the folder cannot be made: {error.strerror}",
            place=str(root),
            remedy=_ELSEWHERE,
        ) from error


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        _write(path, text, 0o666)


def _ignore(path: Path) -> None:
    """What must never go into git is ignored in a repository that was there before, too."""
    try:
        there = path.read_text("utf-8", "surrogateescape") if path.exists() else ""
        own = {line.strip() for line in there.splitlines()}
        lacking = [line for line in _GITIGNORE.splitlines(keepends=True) if line.strip() not in own]
        if any(not line.startswith("#") for line in lacking):
            end = "" if there.endswith("\n") or not there else "\n"
            with path.open("a", encoding="utf-8") as file:
                file.write(end + "".join(lacking))
    except OSError as error:
        raise not_written(path, error, _ELSEWHERE, kind=ConfigError) from error


def _write_secret(path: Path) -> None:
    """A fresh key for our own tokens, readable by the owner alone."""
    if not path.exists():
        _write(path, f"GYMLETTER_SECRET_KEY={secrets.token_urlsafe(32)}\n", 0o600)


def _write(path: Path, text: str, mode: int) -> None:
    try:
        path.touch(mode)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise not_written(path, error, _ELSEWHERE, kind=ConfigError) from error
