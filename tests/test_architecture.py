"""Data flows one way: each room imports only what stands before it, and two doors are guarded."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "gymletter"
EVERYWHERE = {"errors", "config", "workspace", ""}
MAY_IMPORT = {
    "errors": set[str](),
    "config_errors": set(),
    "config": {"config_errors"},
    "workspace": set(),
    "network": set(),
    "bodies": set(),
    "http": {"network", "bodies"},
    "database": set(),
    "articles": {"http", "bodies"},
    "issue": {"articles"},
    "rendering": {"issue", "articles", "http"},
    "checks": {"rendering", "issue", "articles", "http", "network"},
    "members": {"database"},
    "providers": {"http", "rendering", "inbox"},
    "campaign": {"members", "rendering", "providers", "database"},
    "inbox": {"http", "articles", "rendering", "pages"},
    "preview": {
        "rendering",
        "checks",
        "issue",
        "articles",
        "pages",
        "members",
        "campaign",
        "database",
    },
    "pages": {"articles"},
    "web": {"members", "campaign", "providers", "database"},
    "scaffold": set(),
}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """The modules of this package that a file imports, and the packages from elsewhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _rooms_of(path: Path) -> set[str]:
    ours = {name for name in _imports(path) if name.startswith("gymletter.")}
    return {name.split(".")[1].replace("__version__", "") for name in ours}


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_what_stands_before_it(path: Path) -> None:
    """No circles, and nothing but the command line imports the command line."""
    room = _room(path)
    if room in ("cli", "__init__", "__main__"):
        return
    allowed = EVERYWHERE | MAY_IMPORT[room] | {room}
    assert _rooms_of(path) <= allowed, f"{room} may import {sorted(MAY_IMPORT[room])}"


@pytest.mark.parametrize(
    ("package", "owners"),
    [
        ("httpx", {"http.py"}),
        ("httpcore", {"http.py", "network.py"}),
        ("premailer", {"rendering"}),
        ("feedparser", {"articles"}),
    ],
)
def test_a_package_has_one_owner(package: str, owners: set[str]) -> None:
    """What may have to be replaced one day is imported in one place."""
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in FILES
        if any(name.split(".")[0] == package for name in _imports(path))
    }
    assert users <= owners
