"""`gymletter send` in a terminal: its bar, how it is stopped, and what others see meanwhile."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.campaigns import KEYS, populate, require_everyone_once, settle_on, write_issue
from tests.cli.terminal import terminal
from tests.providers.fake import Fake, running
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEND = ("send", "2025-08", "--yes")
MEMBERS = 1500
GO_ON = "Run `gymletter send 2025-08` again; it goes on where it stopped"
STOPPING = "Stopping when what is on its way is done; Ctrl-C again stops at once."


class Held(Fake):
    """A Resend that keeps a caller waiting from the fourth call on, until it is let go."""

    def __init__(self) -> None:
        super().__init__(SHAPES["resend"](), self._hold)
        self.comes = threading.Event()
        self.let_go = threading.Event()

    def _hold(self, number: int) -> None:
        if number >= 3:
            self.comes.set()
            self.let_go.wait(30)


@pytest.fixture
def fake(workspace_dir: Path) -> Iterator[Held]:
    """It, configured, with an issue and members for fifteen calls."""
    fake = Held()
    write_issue(workspace_dir)
    with running(fake) as url:
        populate(settle_on(workspace_dir, "resend", url), MEMBERS)
        yield fake
        fake.let_go.set()


def _goes_on(run: Callable[..., Any], workspace: Path, fake: Fake) -> None:
    assert run(*SEND, **KEYS).code == 0
    _everyone_has_it(workspace, fake)


def _everyone_has_it(workspace: Path, fake: Fake) -> None:
    require_everyone_once(fake, f"sqlite:///{workspace}/.gymletter/gymletter.db", MEMBERS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_finishes_what_is_on_its_way(
    workspace_dir: Path, gymletter: Callable[..., Any], fake: Held, number: signal.Signals
) -> None:
    """It says so and waits; then nothing is in doubt, and it says how to go on."""
    with terminal(workspace_dir, *SEND, width=120, **KEYS) as shown:
        assert fake.comes.wait(30)
        shown.signal(number)
        shown.wait_for(STOPPING)
        assert shown.process.poll() is None
        fake.let_go.set()
        assert shown.end() == 5
    counted = gymletter("status", "2025-08", "--json").json
    assert (counted["unknown"], counted["sending"]) == (0, 0)
    assert 300 <= counted["accepted"] == len(fake.letters) < MEMBERS
    assert f"Error: 2025-08 is not complete. {GO_ON}" in shown.lines
    _goes_on(gymletter, workspace_dir, fake)


def test_a_second_one_stops_at_once(
    workspace_dir: Path, gymletter: Callable[..., Any], fake: Held
) -> None:
    """What was on its way is in doubt and stays written so; the next run settles it."""
    with terminal(workspace_dir, *SEND, width=120, **KEYS) as shown:
        assert fake.comes.wait(30)
        shown.signal(signal.SIGINT)
        shown.wait_for(STOPPING)
        shown.signal(signal.SIGINT)
        assert shown.end() == 5
    counted = gymletter("status", "2025-08", "--json").json
    assert counted["accepted"] <= 300
    assert 0 < counted["sending"] <= 200
    stopped = "Error: stopped at once: what was on its way may have arrived."
    assert f"{stopped} {GO_ON}" in shown.lines
    fake.let_go.set()
    _goes_on(gymletter, workspace_dir, fake)


def test_others_see_it_and_cannot_disturb_it(
    workspace_dir: Path, gymletter: Callable[..., Any], fake: Held
) -> None:
    """`status` counts meanwhile; a second `send`, and a `reconcile`, say so and leave."""
    with terminal(workspace_dir, *SEND, width=50, **KEYS) as shown:
        assert fake.comes.wait(30)
        counted = gymletter("status", "2025-08", "--json").json
        assert counted["state"] == "incomplete"
        assert 0 < counted["sending"] <= 200
        for command in (SEND, ("reconcile", "2025-08")):
            other = gymletter(*command, **KEYS)
            assert (other.code, other.out) == (1, "")
            assert "'2025-08' is being sent by another process" in other.err
        assert len(fake.letters) <= 300
        fake.let_go.set()
        assert shown.end() == 0
    _everyone_has_it(workspace_dir, fake)


@pytest.mark.parametrize("width", [20, 50])
def test_the_bar_is_one_line_in_a_narrow_terminal(
    workspace_dir: Path, fake: Held, width: int
) -> None:
    """It never wraps, shows how far it is, and goes on from where an earlier run was."""
    fake.let_go.set()
    with terminal(workspace_dir, *SEND, "--canary", "700", width=width, **KEYS) as shown:
        shown.wait_for("Send it to the other 800? [y/N]")
    with terminal(workspace_dir, *SEND, width=width, **KEYS) as shown:
        assert shown.end() == 0
    bars = [line for line in shown.lines if "━" in line]
    assert bars
    assert max(map(len, bars)) <= width
    assert " 700/1500" in bars[0]
    assert " 1500/1500" in bars[-1]
    assert [line for line in shown.lines if line and line not in bars] == [
        "2025-08: 1500 accepted of 1500 members"
    ]
