"""The public endpoint as a process of its own, over a workspace with two members."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from gymletter.http import Client, Response
from gymletter.members.keys import keys
from gymletter.members.unsubscribe import Ticket, make_token
from tests.members.helpers import store, take_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gymletter.workspace import Workspace

ONE_CLICK = b"List-Unsubscribe=One-Click"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
        return port


@dataclass(frozen=True)
class Endpoint:
    """A running `gymletter serve`."""

    workspace: Workspace
    base: str
    process: subprocess.Popen[str]
    client: Client

    def url(self, member_id: int = 1, issue: str = "2025-08") -> str:
        """The link in a member's mail."""
        return f"{self.base}/u/{make_token(keys(self.workspace), Ticket(member_id, issue))}"

    def get(self, url: str) -> Response:
        """Follow a link."""
        return self.client.call("GET", url)

    def post(self, url: str, body: bytes = ONE_CLICK, **headers: str) -> Response:
        """Post a form."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call("POST", url, headers={**kind, **named}, content=body)

    def statuses(self) -> Mapping[str, str]:
        """Every member's status by address."""
        return {member.email: member.status for member in store(self.workspace).find()}

    def stop(self) -> str:
        """Ask it to stop; gives what it logged."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def endpoint(workspace: Workspace) -> Iterator[Endpoint]:
    """Serve, and stop at the end."""
    take_in(workspace, "email,taal\njan@x.example,nl\njane@x.example,en\n")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gymletter", "-C", str(workspace.root), "serve", f"--port={port}"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    with Client() as client:
        made = Endpoint(workspace, f"http://127.0.0.1:{port}", process, client)
        _wait(made)
        yield made
    process.kill()
    process.communicate()


def _wait(made: Endpoint) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(made.base.rpartition(":")[2]))).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("gymletter serve did not start")
