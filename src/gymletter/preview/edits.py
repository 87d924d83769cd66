"""Edits from the page, saved to the issue's file, one at a time, and undone.

Invariant: an edit is made on the very text that the page showed; where the file has changed since,
nothing is written.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.errors import IssueError
from gymletter.issue.reading import read_text
from gymletter.issue.writing import write_text
from gymletter.preview.studio import version_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_UNDO_AT_MOST = 100


class ChangedUnderneath(IssueError):
    """The file is not what the page showed."""


@dataclass(frozen=True)
class _Step:
    before: str
    after: str


class Edits:
    """The edits of this run, by file."""

    def __init__(self) -> None:
        self._steps: dict[Path, list[_Step]] = {}
        self._lock = threading.Lock()

    def apply(self, path: Path, version: str, change: Callable[[str], str]) -> str:
        """Save `change` of the text that has this version; returns the new version."""
        with self._lock:
            before = _text(path, version)
            after = change(before)
            if after != before:
                write_text(path, after)
                steps = self._steps.setdefault(path, [])
                steps.append(_Step(before, after))
                del steps[:-_UNDO_AT_MOST]
            return version_of(after)

    def undo(self, path: Path, version: str) -> str:
        """Take back the last edit that was made here; returns the new version."""
        with self._lock:
            if not self.can_undo(path, version):
                raise IssueError("there is nothing to undo", place=str(path))
            step = self._steps[path][-1]
            _text(path, version)
            write_text(path, step.before)
            self._steps[path].pop()
            return version_of(step.before)

    def can_undo(self, path: Path, version: str) -> bool:
        """Whether the text of this version came from an edit made here."""
        steps = self._steps.get(path, [])
        return bool(steps) and version_of(steps[-1].after) == version


def _text(path: Path, version: str) -> str:
    text = read_text(path)
    if version_of(text) != version:
        raise ChangedUnderneath(
            "has changed in the meantime; nothing was written",
            place=path.name,
            remedy="Look at what it holds now, and edit again",
        )
    return text
