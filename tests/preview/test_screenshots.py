"""`gymletter preview ISSUE --screenshots DIR`: pictures for a colleague to approve."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.preview.conftest import make_issue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

ARTICLE = "---\ntitle: Sterk\ndate: 2025-08-13\nsummary: Zo doe je dat.\n---\nTekst.\n"


@pytest.fixture
def issue(workspace_dir: Path) -> str:
    """An issue of one article."""
    (workspace_dir / "articles" / "sterk.md").write_text(ARTICLE, encoding="utf-8")
    make_issue(workspace_dir, "2025-08")
    return "2025-08"


@pytest.mark.browser
def test_pictures_of_every_view(
    issue: str, workspace_dir: Path, gymletter: Callable[..., Result]
) -> None:
    """A desktop, a phone, a dark one and one without pictures, each as tall as its mail."""
    folder = workspace_dir / "shots"
    result = gymletter("preview", issue, "--screenshots", str(folder))
    assert result.code == 0, result.err
    pictures = {path.stem: Image.open(path).convert("RGB") for path in folder.iterdir()}
    widths = {name.removeprefix("2025-08-"): one.width for name, one in pictures.items()}
    assert widths == {"desktop": 900, "phone": 375, "dark": 375, "pictures-off": 375}
    assert all(300 < one.height < 3000 for one in pictures.values())
    corner = {name: one.getpixel((2, 2)) for name, one in pictures.items()}
    assert corner["2025-08-dark"] != corner["2025-08-phone"]


def test_without_a_browser(
    issue: str, workspace_dir: Path, gymletter: Callable[..., Result]
) -> None:
    """Where there is no Chromium, one line says how to get one."""
    result = gymletter("preview", issue, "--screenshots", "x", PATH=os.devnull)
    assert result.code == 1
    assert "no Chromium" in result.err
    assert "apt-get install chromium" in result.err
    assert len(result.err.splitlines()) == 1


def test_without_an_issue(gymletter: Callable[..., Result]) -> None:
    """Pictures of nothing are wrong usage."""
    assert gymletter("preview", "--screenshots", "x").code == 2
