"""`gymletter status` before anything was sent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result


def test_without_a_campaign_it_says_so(gymletter: Callable[..., Result]) -> None:
    """A sentence for people, an empty list for programs, nothing to do for a named issue."""
    assert gymletter("status").out.startswith("Nothing was sent yet.")
    assert gymletter("status", "--json").json == []
    assert gymletter("status", "2025-08").code == 3


def test_a_list_of_the_missing_needs_an_issue(gymletter: Callable[..., Result]) -> None:
    """Wrong usage is told before anything is printed."""
    result = gymletter("status", "--missing", "who.csv")
    assert (result.code, result.out) == (2, "")


def _without_roots_rights() -> list[str]:
    """The words before a command that may then write no more than its user, be it root."""
    if os.geteuid() != 0:
        return []
    words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if not shutil.which("setpriv") or subprocess.run([*words, "true"], check=False).returncode:
        pytest.skip("root may write everywhere, and cannot give that up here")
    return words


@pytest.mark.parametrize("command", ["status", "collect"])
def test_a_workspace_that_cannot_be_written(workspace_dir: Path, command: str) -> None:
    """One line names the folder and how to make it writable, also before there is a database."""
    as_any_user = _without_roots_rights()
    workspace_dir.chmod(0o500)
    done = subprocess.run(
        [*as_any_user, sys.executable, "-m", "gymletter", "-C", str(workspace_dir), command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    workspace_dir.chmod(0o700)
    place = str(workspace_dir)
    remedy = f"It is yours: run `chmod u+rwX '{place}'`"
    assert (done.returncode, done.stderr) == (1, f"Error: {place}: cannot be written. {remedy}\n")
