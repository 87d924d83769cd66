"""Pictures of a blog that is a folder, and converted ones, are shown from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.pages.pictures import picture_finder
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

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


BASE = "https://dekade.example/mail/pictures"


def with_base(root: Path, closing: str = "/") -> Workspace:
    """The workspace with `[images] base_url`, and one converted picture."""
    config = root / "gymletter.toml"
    images = f'\n[images]\nbase_url = "{BASE}{closing}"\n'
    config.write_text(config.read_text("utf-8") + images, "utf-8")
    (root / "issues" / "2025-08").mkdir()
    (root / "issues" / "2025-08" / "0a1b-544.jpg").write_bytes(b"picture")
    (root / "issues" / "2025-08" / "pictures.json").write_text("{}")
    (root / "issues" / "2025-08" / "out.jpg").symlink_to(config)
    return open_workspace(root)


@pytest.mark.parametrize("closing", ["", "/"])
def test_a_converted_picture_is_found(workspace: Workspace, closing: str) -> None:
    """The address that `[images] base_url` will give it leads to the issue's folder."""
    find = picture_finder(with_base(workspace.root, closing))
    found = find(f"{BASE}/2025-08/0a1b-544.jpg")
    assert found == workspace.issues / "2025-08" / "0a1b-544.jpg"


@pytest.mark.parametrize(
    "path",
    [
        "/2025-08/pictures.json",
        "/2025-08/out.jpg",
        "/2025-08/none.jpg",
        "/2025-08/../2025-08/0a1b-544.jpg",
        "/../articles/a.jpg",
        "/2025-08.md",
        "/2025-08/%2e%2e/a.jpg",
        "/2025-08/\0.jpg",
        "x/2025-08/0a1b-544.jpg",
        "",
    ],
)
def test_nothing_else_of_the_issues_is_found(workspace: Workspace, path: str) -> None:
    """Only pictures that lie in an issue's folder themselves."""
    assert picture_finder(with_base(workspace.root))(BASE + path) is None
