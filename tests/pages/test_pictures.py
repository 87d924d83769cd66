"""Pictures of a blog that is a folder are shown from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.pages.pictures import picture_finder

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


def test_found_by_its_address(workspace: Workspace) -> None:
    """The address that a picture has on the site leads to its file."""
    path = workspace.root / "articles" / "pictures" / "a b.jpg"
    path.parent.mkdir()
    path.write_bytes(b"picture")
    assert picture_finder(workspace)("https://dekade.example/blog/pictures/a%20b.jpg") == path


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://[",
        "file:///etc/passwd",
        "https://dekade.example/blog/../../gymletter.toml",
        "https://dekade.example/blog/%2e%2e/gymletter.toml",
        "https://dekade.example/blog/link/gymletter.toml",
        "https://dekade.example/blog/%00",
        "https://dekade.example/blog/" + "x" * 5000,
        "https://other.example/blog/pictures/a.jpg",
    ],
)
def test_never_outside_the_folder(workspace: Workspace, address: str) -> None:
    """Neither dots nor links nor nonsense lead anywhere else."""
    (workspace.root / "articles" / "link").symlink_to(workspace.root)
    assert picture_finder(workspace)(address) is None
