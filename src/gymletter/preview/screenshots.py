"""PNGs of an issue's mail through the Chromium of this machine, for a colleague to approve.

The mail is what the preview shows at the same settings: the same handlers give it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from gymletter.errors import GymletterError, not_written
from gymletter.preview.chromium import HOW_TO_GET, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

_TALLEST = 12000  # pixels; what is below the mail is cut off afterwards
_PATIENCE = 60  # seconds
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class View:
    """One picture: its name, how wide, and the settings of the mail's address."""

    name: str
    width: int
    query: str


VIEWS = (
    View("desktop", 900, "scheme=light"),
    View("phone", 375, "scheme=light"),
    View("dark", 375, "scheme=dark"),
    View("pictures-off", 375, "scheme=light&pictures=0"),
)


def take_screenshots(url: str, issue_id: str, folder: Path) -> Iterator[Path]:
    """Write `ISSUE-VIEW.png` for every view of the running site at `url`; yields each path.

    Raises `GymletterError` where there is no Chromium, or it does not do it.
    """
    chromium = find_chromium()
    if chromium is None:
        raise GymletterError("there is no Chromium on this machine", remedy=HOW_TO_GET)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GymletterError(
            f"cannot be made: {error.strerror}", place=str(folder), remedy="Name another folder"
        ) from error
    for view in VIEWS:
        path = folder / f"{issue_id}-{view.name}.png"
        _take(chromium, f"{url}/issue/{issue_id}/mail?{view.query}", view.width, path)
        yield path


def _take(chromium: str, address: str, width: int, path: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        raw = Path(profile) / "shot.png"
        # As root Chromium runs without its sandbox only; the mail itself has no script to fear.
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        command = [
            chromium,
            *_FLAGS,
            *root,
            f"--user-data-dir={profile}",
            f"--window-size={width},{_TALLEST}",
            f"--screenshot={raw}",
            address,
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GymletterError("Chromium took no picture", place=chromium) from error
        if not raw.exists():
            raise GymletterError("Chromium took no picture", place=chromium, remedy=HOW_TO_GET)
        _save_cut(raw, path)


def _save_cut(raw: Path, path: Path) -> None:
    """The picture without the empty ground below the mail."""
    with Image.open(raw) as opened:
        picture = opened.convert("RGB")
    ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    box = ImageChops.difference(picture, ground).getbbox()
    bottom = min(picture.height, box[3] + 24) if box else picture.height
    try:
        picture.crop((0, 0, picture.width, bottom)).save(path, optimize=True)
    except OSError as error:
        raise not_written(path, error, "Name another folder with --screenshots") from error
