"""What `doctor` looks at: configuration, secrets, database, ways to leave, and what git holds.

Invariant: nothing is changed and nothing leaves this machine; no secret and no member is printed.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from gymletter.database import open_database
from gymletter.errors import GymletterError, MemberError
from gymletter.http import Client
from gymletter.members import keys
from gymletter.members.address import parse
from gymletter.members.columns import find_columns
from gymletter.members.readers import open_sheet
from gymletter.members.unsubscribe import check_mode
from gymletter.providers import open_provider
from gymletter.providers.opening import capabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gymletter.workspace import Workspace

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".json")
_LARGEST = 50 << 20
_ROWS = 20


@dataclass(frozen=True)
class Finding:
    """What would stop a send ("error") or may do harm ("warning")."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    place: str
    remedy: str


def examine(workspace: Workspace) -> Iterator[Finding]:
    """Every finding, the ones that stop a send first."""
    yield from _attempt("secret-key", lambda: keys.keys(workspace), workspace)
    yield from _attempt("provider", lambda: _open_provider(workspace), workspace)
    yield from _attempt("unsubscribe", lambda: _check_leaving(workspace), workspace)
    yield from _attempt("database", lambda: open_database(workspace.database_url), workspace)
    yield from _in_git(workspace)


def _attempt(code: str, act: Callable[[], object], workspace: Workspace) -> Iterator[Finding]:
    try:
        act()
    except GymletterError as error:
        place = error.place or str(workspace.root / "gymletter.toml")
        yield Finding(code, "error", error.message, place, error.remedy or "")


def _open_provider(workspace: Workspace) -> None:
    settings = workspace.config.provider
    if settings.name == "inbox" and settings.base_url is None:
        return  # the embedded one, which `send` starts
    with Client() as client:
        open_provider(workspace, client)


def _check_leaving(workspace: Workspace) -> None:
    able = capabilities()[workspace.config.provider.name]
    check_mode(workspace, provider_has_link=bool(able.unsubscribe))


def _in_git(workspace: Workspace) -> Iterator[Finding]:
    """Files that git holds, or would with the next `git add`."""
    for path in _git_files(workspace.root):
        if path.name == ".env" or workspace.root / ".gymletter" in path.parents or _is_store(path):
            yield _leak("private-file-in-git", "is private and inside git", path)
        elif path.suffix.lower() in _TABLES and _holds_members(path):
            yield _leak("members-in-git", "holds members' addresses and is inside git", path)


def _git_files(root: Path) -> list[Path]:
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, "--exclude-standard"], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return [root / name for name in names if name]


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _holds_members(path: Path) -> bool:
    """An e-mail column with an address that is not a sample's (`.example`, RFC 2606)."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        with open_sheet(path) as sheet:
            at = find_columns(sheet.headings, {}, (), "").roles["email"]
            return any(_is_real(cells[at]) for _, cells in islice(sheet.rows, _ROWS) if cells[at:])
    except (GymletterError, OSError):
        return False


def _is_real(text: str) -> bool:
    try:
        return not parse(text)[1].endswith(".example")
    except MemberError:
        return False


def _leak(code: str, message: str, path: Path) -> Finding:
    remedy = (
        "Add it to .gitignore and `git rm --cached` it; where it was pushed, the history holds it"
    )
    return Finding(code, "warning", message, str(path), remedy)
