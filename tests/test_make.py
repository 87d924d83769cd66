"""On a fresh machine two commands do all the set-up; here the first, in a path with a space."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def _checkout(target: Path) -> Path:
    """The tracked files as they are now, as a clone would hold them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)
    return target


def _make(folder: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "MAKE", "MFL"))}
    done = subprocess.run(
        ["make", f"PYTHON={sys.executable}", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="needs the git checkout")
def test_make_demo_works_twice_in_a_path_with_a_space(tmp_path: Path) -> None:
    """The first run sets up and sends; the second sends nothing again."""
    folder = _checkout(tmp_path / "a gym's clone")
    inbox = folder / "demo" / ".gymletter" / "inbox"
    _make(folder, "demo")
    sent = len(list(inbox.rglob("*.eml")))
    assert sent >= 25
    _make(folder, "demo")
    assert len(list(inbox.rglob("*.eml"))) == sent
