"""The Chromium on this machine, if there is one."""

from __future__ import annotations

import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
HOW_TO_GET = "Install Chromium (Debian, Ubuntu: apt-get install chromium)"


def find_chromium() -> str | None:
    """The path of Chromium or one of its kin, looked for on the PATH."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
