"""From a picture's address on the web to its file in the workspace, before publication.

Invariant: whatever an address says, only a picture inside a configured folder, or one that was
converted for an issue, is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gymletter.articles.files import local_pictures
from gymletter.errors import IssueError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gymletter.workspace import Workspace

_CONVERTED = (".jpg", ".png")


def picture_finder(workspace: Workspace) -> Callable[[str], Path | None]:
    """A function that gives the file behind an address, or None; it takes any text."""
    look_up = local_pictures(workspace)

    def find(address: str) -> Path | None:
        try:
            return _converted(workspace, address) or look_up(address)
        except (ValueError, OSError):  # no address at all, or longer than a file name may be
            return None

    return find


def _converted(workspace: Workspace, address: str) -> Path | None:
    """The file `issues/ID/NAME` that `[images] base_url` will serve as `BASE_URL/ID/NAME`."""
    base = (workspace.config.images.base_url or "").rstrip("/")
    if not base or not address.startswith(f"{base}/"):
        return None
    issue_id, _, name = urlsplit(address).path.removeprefix(urlsplit(base).path)[1:].partition("/")
    try:
        folder = workspace.issue_path(issue_id).with_suffix("")
    except IssueError:
        return None
    path = folder / name
    fits = "/" not in name and path.suffix in _CONVERTED and path.is_file()
    return (
        path if fits and path.resolve().parent == workspace.issues.resolve() / folder.name else None
    )
