"""`gymletter inbox` opens, says where, and ends at once on Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from gymletter.http import Client
from gymletter.inbox.server import running
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result


def test_opens_and_ends(workspace_dir: Path) -> None:
    """The address answers while it runs; Ctrl-C ends it in a second, without a traceback."""
    command = ["-m", "gymletter", "-C", ".", "inbox", "--no-open", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=workspace_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    with Client() as client:
        assert client.call("GET", found.group()).ok
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - began < 3


def test_runs_already(workspace_dir: Path, gymletter: Callable[..., Result]) -> None:
    """Where the inbox runs already, its address is given."""
    with running(open_workspace(workspace_dir)) as url:
        assert url in gymletter("inbox", "--no-open").out
