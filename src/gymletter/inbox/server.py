"""The embedded inbox of a workspace: found where it runs, else started for as long as needed.

Invariant: an address from the state file is used only after the server there has named this
workspace's inbox; another program may have got the port since.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.errors import ConfigError, HttpError, not_written
from gymletter.http import Client
from gymletter.inbox.app import make_app
from gymletter.pages.serving import listen, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from gymletter.workspace import Workspace

IDENTITY_PATH = "/api/gymletter"
_PATIENCE = 2  # seconds for a program on this machine to say who it is


@dataclass(frozen=True)
class _Running:
    url: str
    identity: str


@contextmanager
def running(workspace: Workspace) -> Iterator[str]:
    """Yields the base address of a running inbox: one that runs already, else our own."""
    url = find_running(workspace)
    if url:
        yield url
    else:
        with started(workspace, listen()) as own:
            yield own


@contextmanager
def started(workspace: Workspace, listening: socket.socket) -> Iterator[str]:
    """Serve the workspace's inbox on `listening` in a thread, and let others find it."""
    identity = secrets.token_hex(16)
    with listening, serving(make_app(workspace, identity), listening) as url:
        _write(_state_file(workspace), _Running(url, identity))
        try:
            yield url
        finally:
            _forget(workspace, identity)


def find_running(workspace: Workspace) -> str | None:
    """The address of this workspace's running inbox, asked and answered; else None."""
    state = _read(_state_file(workspace))
    if state is None:
        return None
    try:
        with Client(timeout=_PATIENCE) as client:
            answer = client.call("GET", state.url + IDENTITY_PATH, limit=1024)
    except HttpError:
        return None
    named = answer.ok and answer.text == state.identity
    return state.url if named else None


def _state_file(workspace: Workspace) -> Path:
    return workspace.state / "inbox.json"


def _read(path: Path) -> _Running | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return _Running(str(found["url"]), str(found["identity"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, state: _Running) -> None:
    part = path.with_suffix(f".{state.identity}")
    said = json.dumps({"url": state.url, "identity": state.identity})
    try:
        part.touch(mode=0o600)
        part.write_text(said, encoding="utf-8")
        part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise not_written(path, error, "Move it out of the way", kind=ConfigError) from error


def _forget(workspace: Workspace, identity: str) -> None:
    state = _read(_state_file(workspace))
    if state and state.identity == identity:
        _state_file(workspace).unlink(missing_ok=True)
