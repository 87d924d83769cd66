"""An error with the lines around its place, for the page; only files of the workspace are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gymletter.rendering.templates import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.errors import GymletterError

_AROUND = 4
_LARGEST = 2 * 1024 * 1024


def error_json(error: GymletterError, root: Path) -> dict[str, Any]:
    """Message, place (relative to the workspace), remedy and excerpt: `[[line, text], …]`."""
    file, line = _located(error.place or "", root)
    return {
        "message": error.message,
        "place": _told(error.place or "", root),
        "remedy": error.remedy or "",
        "line": line,
        "excerpt": _excerpt(file, line) if file and line else [],
    }


def _located(place: str, root: Path) -> tuple[Path | None, int]:
    match = re.fullmatch(r"(.+?):(\d+)", place)
    if not match:
        return None, 0
    allowed = [root.resolve(), shipped().resolve()]
    for folder in (root, root / "templates", shipped()):
        path = (folder / match[1]).resolve()
        if path.is_file() and any(path.is_relative_to(one) for one in allowed):
            return path, int(match[2])
    return None, int(match[2])


def _told(place: str, root: Path) -> str:
    for folder in (root, root.resolve()):
        place = place.replace(f"{folder}/", "")
    return place


def _excerpt(path: Path, line: int) -> list[tuple[int, str]]:
    if path.suffix not in (".md", ".j2", ".toml") or path.stat().st_size > _LARGEST:
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    first = max(1, line - _AROUND)
    return [(n, lines[n - 1][:300]) for n in range(first, min(len(lines), line + _AROUND) + 1)]
