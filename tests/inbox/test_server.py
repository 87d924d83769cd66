"""A running inbox is found again; another program at its address is not taken for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gymletter.errors import ConfigError
from gymletter.http import Client
from gymletter.inbox.server import find_running, running
from tests.serving import Answer, serve

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


def test_found_again(workspace: Workspace) -> None:
    """Whoever asks while an inbox runs gets that one; afterwards there is none."""
    with running(workspace) as first, running(workspace) as second:
        assert first == second == find_running(workspace)
    assert find_running(workspace) is None
    assert not (workspace.state / "inbox.json").exists()


def test_the_inner_one_leaves_the_outer_one_running(workspace: Workspace) -> None:
    """Using an inbox that somebody else started does not end it."""
    with running(workspace) as first:
        with running(workspace):
            pass
        with Client() as client:
            assert client.call("GET", f"{first}/api/v1/messages").ok


def test_another_program_at_the_address(workspace: Workspace) -> None:
    """A state file left behind by a killed inbox does not lead to whoever has its port now."""
    with serve(lambda _: Answer(b"hello")) as stranger:
        (workspace.state / "inbox.json").write_text(
            json.dumps({"url": stranger, "identity": "0" * 32})
        )
        with running(workspace) as url:
            assert url != stranger


@pytest.mark.parametrize("name", ["inbox", "inbox/read/x", "inbox.json/x"])
def test_what_stands_in_the_way_is_named(workspace: Workspace, name: str) -> None:
    """A file where the messages go, a folder where a file goes; nothing keeps listening."""
    path = workspace.state / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    with pytest.raises(ConfigError, match="cannot be written"), running(workspace):
        pass
    assert find_running(workspace) is None


def test_a_broken_list_of_what_was_read(workspace: Workspace) -> None:
    """It is as good as none."""
    (workspace.state / "inbox").mkdir()
    (workspace.state / "inbox" / "read").write_bytes(b"\xff[")
    with running(workspace) as url:
        assert find_running(workspace) == url


def test_a_broken_state_file(workspace: Workspace) -> None:
    """A state file that is no JSON is as good as none."""
    (workspace.state / "inbox.json").write_text("{")
    with running(workspace) as url:
        assert find_running(workspace) == url
