"""Members on the test's own database, put there the way a person would: from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gymletter.database import open_database
from gymletter.members import Members
from gymletter.members.files import Options, Report, import_file

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.workspace import Workspace

CONSENT = {"basis": "opt-in", "source": "inschrijfformulier"}


def write(folder: Path, text: str, name: str = "leden.csv", encoding: str = "utf-8") -> Path:
    """A member file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def take_in(workspace: Workspace, text: str, **options: Any) -> Report:
    """Import a CSV given as text, with consent from flags."""
    given = Options(**{"consent": CONSENT, **options})
    return import_file(workspace, write(workspace.root, text), given)


def store(workspace: Workspace) -> Members:
    """The workspace's store."""
    return Members(open_database(workspace.database_url))
