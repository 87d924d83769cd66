"""What every command is given: where to work, and the workspace there, read when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """The options of the group."""

    directory: str
    debug: bool

    def workspace(self) -> Workspace:
        """The workspace around the directory."""
        from gymletter.workspace import open_workspace

        return open_workspace(Path(self.directory))
