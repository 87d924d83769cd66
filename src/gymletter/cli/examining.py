"""What `doctor` looks at: configuration, secrets, database, ways to leave, and what git holds.

Invariant: nothing is changed and nothing leaves this machine; no secret and no member is printed.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, inspect, select

from gymletter.database import is_there, open_database, reading
from gymletter.errors import GymletterError, MemberError
from gymletter.http import Client
from gymletter.members import keys, mailable
from gymletter.members.address import parse
from gymletter.members.columns import find_columns
from gymletter.members.readers import open_sheet
from gymletter.members.tables import members
from gymletter.members.unsubscribe import check_mode
from gymletter.providers import open_provider
from gymletter.providers.opening import capabilities
from gymletter.workspace import CONFIG_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gymletter.workspace import Workspace

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".json")
_LARGEST = 50 << 20
_ROWS = 20
_RESERVED = re.compile(r"\.example(?![\w.-])", re.IGNORECASE)  # RFC 2606


@dataclass(frozen=True)
class Finding:
    """What would stop a send ("error") or may do harm ("warning")."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    place: str
    remedy: str


@dataclass(frozen=True)
class Look:
    """One thing that was looked at: what was seen, and what is wrong with it."""

    code: str
    saw: str
    findings: tuple[Finding, ...] = ()


def examine(workspace: Workspace) -> Iterator[Look]:
    """Every look, the ones that may stop a send first."""
    yield _settings(workspace)
    yield _attempt("secret-key", _see_key, workspace)
    yield _attempt("provider", _see_provider, workspace)
    yield _attempt("unsubscribe", _see_leaving, workspace)
    yield _attempt("database", _see_database, workspace)
    yield _git(workspace.root, workspace.root / ".gymletter")


def _settings(workspace: Workspace) -> Look:
    """What a new workspace holds until somebody fills it in: addresses that nobody can own."""
    place = str(workspace.root / CONFIG_NAME)
    config = workspace.config
    known = {
        "newsletter.from": config.newsletter.sender,
        "newsletter.reply_to": config.newsletter.reply_to,
        "newsletter.website": config.newsletter.website,
        "unsubscribe.base_url": config.unsubscribe.base_url,
    }
    left = [key for key, value in known.items() if _RESERVED.search(value or "")]
    saw = f"{place}, sources: {len(config.sources)}"
    if not left:
        return Look("settings", saw)
    severity: Literal["error", "warning"] = "warning" if _stays_here(workspace) else "error"
    message = f"{', '.join(left)}: an example's address (.example) still"
    finding = Finding("placeholder", severity, message, place, "Fill in your own")
    return Look("settings", saw, (finding,))


def _stays_here(workspace: Workspace) -> bool:
    return workspace.config.provider.name in ("inbox", "mailpit")


def _attempt(code: str, see: Callable[[Workspace], str], workspace: Workspace) -> Look:
    try:
        return Look(code, see(workspace))
    except GymletterError as error:
        place = error.place or str(workspace.root / CONFIG_NAME)
        finding = Finding(code, "error", error.message, place, error.remedy or "")
        return Look(code, "", (finding,))


def _see_key(workspace: Workspace) -> str:
    count = len(keys.keys(workspace))
    return f"{keys.NAME} holds {count} key{'s' * (count != 1)}"


def _see_provider(workspace: Workspace) -> str:
    settings = workspace.config.provider
    if settings.name == "inbox" and settings.base_url is None:  # which `send` starts
        return "inbox, the embedded one: mail stays on this machine"
    with Client() as client:
        open_provider(workspace, client)
    return f"{settings.name}: its settings and keys are there"


def _see_leaving(workspace: Workspace) -> str:
    able = capabilities()[workspace.config.provider.name]
    check_mode(workspace, provider_has_link=bool(able.unsubscribe))
    settings = workspace.config.unsubscribe
    where = {"hosted": settings.base_url, "mailto": settings.address, "provider": "its own link"}
    return f"{settings.mode}: {where[settings.mode]}"


def _see_database(workspace: Workspace) -> str:
    if not is_there(workspace.database_url):
        return "none yet; the first import of members makes it"
    engine = open_database(workspace.database_url)
    try:
        with reading(engine) as connection:
            there = inspect(connection).has_table(members.name)
            query = select(func.count()).select_from(members).where(mailable())
            count = connection.scalar(query) if there else 0
    finally:
        engine.dispose()
    return f"members who may be mailed: {count:,}"


def _git(root: Path, state: Path) -> Look:
    """Files that git holds, or would with the next `git add`."""
    paths = _git_files(root)
    if paths is None:
        return Look("git", "the workspace is not inside git")
    found = [finding for path in paths for finding in _leaks(path, state)]
    return Look("git", f"files looked at: {len(paths):,}; none is private", tuple(found))


def _leaks(path: Path, state: Path) -> Iterator[Finding]:
    if path.name == ".env" or state in path.parents or _is_store(path):
        yield _leak("private-file-in-git", "is private and inside git", path)
    elif path.suffix.lower() in _TABLES and _holds_members(path):
        yield _leak("members-in-git", "holds members' addresses and is inside git", path)


def _git_files(root: Path) -> list[Path] | None:
    """None where git is missing, or the folder is not inside a repository."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, "--exclude-standard"], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
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
