"""`gymletter preview` opens, says where, and ends at once on Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gymletter.http import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Result


@pytest.fixture
def running(workspace_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address it told; the issue is broken."""
    (workspace_dir / "issues" / "2025-08.md").write_text("no front matter\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "gymletter", "preview", "2025-08", "--no-open", "--port", "0"],
        cwd=workspace_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    yield process, found.group()
    process.kill()
    process.communicate()


def test_opens_and_ends(running: tuple[subprocess.Popen[str], str]) -> None:
    """Ctrl-C ends it within a second, though a page listens, and without a traceback."""
    process, url = running
    with Client() as client:
        assert client.call("GET", url).ok
    assert url.endswith("/issue/2025-08")
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as listening:
        listening.sendall(f"GET /events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert b"200 OK" in listening.recv(100)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert time.monotonic() - began < 2
    assert (process.returncode, errors) == (0, "")


def test_a_taken_port(gymletter: Callable[..., Result]) -> None:
    """One line says who has the port and proposes another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = gymletter("preview", "--no-open", "--port", str(port))
    assert result.code == 1
    assert f"port {port} is taken by " in result.err
    assert len(result.err.splitlines()) == 1


def test_an_address_that_is_not_this_machines(gymletter: Callable[..., Result]) -> None:
    """No other port would help, so another address is asked for."""
    result = gymletter("preview", "--no-open", "--port", "0", "--host", "192.0.2.1")
    assert result.code == 1
    warning, error = result.err.splitlines()
    assert warning.startswith("Warning: whoever reaches 192.0.2.1 can read and edit")
    assert error.endswith("Name an address of this machine with --host")


def test_an_issue_that_does_not_exist(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """It ends at once, and says how the issue would be made."""
    result = gymletter("preview", "2025-09", "--no-open", "--port", "0")
    place = workspace_dir / "issues" / "2025-09.md"
    remedy = "Write it with `gymletter compose 2025-09`"
    assert (result.code, result.out) == (1, "")
    assert result.err == f"Error: {place}: there is no such issue. {remedy}\n"
