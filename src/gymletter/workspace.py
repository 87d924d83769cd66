"""The folder that holds `gymletter.toml`: where its files are, and the secrets around it.

Every path handed out lies inside the workspace; what is private is readable by the owner alone.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gymletter.config import Config, read_config
from gymletter.errors import ConfigError, IssueError, not_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIG_NAME = "gymletter.toml"
_ISSUE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass(frozen=True)
class Workspace:
    """A workspace's root folder, its configuration and its environment (secrets)."""

    root: Path
    config: Config
    environment: Mapping[str, str] = field(repr=False)

    @property
    def issues(self) -> Path:
        """Where the issue files are."""
        return self.root / "issues"

    @property
    def templates(self) -> Path:
        """Where a workspace may override single templates; need not exist."""
        return self.root / "templates"

    @property
    def state(self) -> Path:
        """`.gymletter/`: made when asked for, readable by the owner alone."""
        path = self.root / ".gymletter"
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            require_writable(path / "file")
            raise ConfigError(
                f"the folder cannot be made: {error.strerror}",
                place=str(path),
                remedy="Give yourself write permission to the workspace",
            ) from error
        return path

    @property
    def database_url(self) -> str:
        """The configured address, with a relative SQLite path made absolute.

        Raises `ConfigError` where that file cannot be written: also reading needs it.
        """
        url = self.config.database.url
        prefix = "sqlite:///"
        if not url.startswith(prefix):
            return url
        path = self.root / url.removeprefix(prefix)
        require_writable(path)
        return f"{prefix}{path}"

    def issue_path(self, issue_id: str) -> Path:
        """The file of an issue; a path or `.md` name is taken as the id it holds."""
        name = Path(issue_id).name.removesuffix(".md")
        if not _ISSUE_ID.fullmatch(name):
            raise IssueError(f"{issue_id!r} is not an issue", remedy="Name one such as 2025-08")
        return self.issues / f"{name}.md"

    def secret(self, name: str) -> str:
        """A secret from the environment or `.env`; raises `ConfigError` where it is missing."""
        value = self.environment.get(name, "")
        if not value:
            raise ConfigError(
                f"{name} is not set", remedy=f"Export it, or add it to {self.root / '.env'}"
            )
        return value


def require_writable(path: Path, can: Callable[[Path, int], bool] = os.access) -> None:
    """Raise `ConfigError` unless the file and its folder can be written, or made where they lack.

    `can`: `os.access`, or what stands in for it.
    """
    folder = next(each for each in path.parents if can(each, os.F_OK))
    if not folder.is_dir():
        raise ConfigError(
            "is a file, where a folder must be", place=str(folder), remedy="Move it out of the way"
        )
    if path.is_dir():
        raise ConfigError(
            "is a folder, where a file must be", place=str(path), remedy="Correct [database] url"
        )
    for each, mode in ((folder, os.W_OK | os.X_OK), (path, os.W_OK | os.R_OK)):
        if can(each, os.F_OK) and not can(each, mode):
            raise ConfigError("cannot be written", place=str(each), remedy=_writing_remedy(each))


def _writing_remedy(path: Path) -> str:
    """Never "use another file": a copy does not know what was sent."""
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return "Its file system is read-only: mount it so that it can be written"
    if path.stat().st_uid == os.geteuid():
        return f"It is yours: run `chmod u+rwX {shlex.quote(str(path))}`"
    return f"Run gymletter as {_owner(path)}, whose it is, or get write permission"


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def find_workspace(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `gymletter.toml`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise ConfigError(
        f"no {CONFIG_NAME} here or above",
        place=str(start),
        remedy="Make a workspace with `gymletter init`, or name one with -C DIR",
    )


def open_workspace(start: Path) -> Workspace:
    """Find and read the workspace around `start`."""
    root = find_workspace(start)
    config = read_config(root / CONFIG_NAME)
    return Workspace(root, config, {**_read_env(root / ".env"), **os.environ})


def _read_env(path: Path) -> dict[str, str]:
    """`NAME=value` lines, `#` comments and one pair of quotes around a value are understood."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise not_read(path, error, kind=ConfigError) from error
    return dict(_env_pair(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if _counts(line))


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _env_pair(line: str, place: str) -> tuple[str, str]:
    name, equals, value = line.strip().removeprefix("export ").partition("=")
    if not equals:
        raise ConfigError(
            "is not a line NAME=value", place=place, remedy="Put # before what is a comment"
        )
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return name.strip(), value
