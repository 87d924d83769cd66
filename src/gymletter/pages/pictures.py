"""From a picture's address on the web site to its file in the workspace, before publication.

Invariant: whatever an address says, only a file inside a configured folder is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.articles.files import local_pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gymletter.workspace import Workspace


def picture_finder(workspace: Workspace) -> Callable[[str], Path | None]:
    """A function that gives the file behind an address, or None; it takes any text."""
    look_up = local_pictures(workspace)

    def find(address: str) -> Path | None:
        try:
            return look_up(address)
        except (ValueError, OSError):  # no address at all, or longer than a file name may be
            return None

    return find
