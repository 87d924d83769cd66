"""Seeing, exporting and erasing what is stored."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gymletter.database import exclusive
from gymletter.errors import ConfigError, MemberError
from gymletter.members.export import export
from gymletter.members.formulas import defused, fused
from tests.members.helpers import store, take_in, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gymletter.workspace import Workspace
    from tests.conftest import Result


def with_key(workspace: Workspace, key: str) -> Workspace:
    """The workspace with another secret key."""
    return replace(workspace, environment={"GYMLETTER_SECRET_KEY": key})


@pytest.mark.usefixtures("either_database")
def test_a_forgotten_address_is_nowhere_and_does_not_come_back(
    workspace: Workspace, gymletter: Callable[..., Result]
) -> None:
    """Only a keyed hash stays; with a changed key the old one must be listed."""
    take_in(workspace, "email,tags\njan@x.example,yoga\npiet@x.example,yoga\n")
    assert gymletter("members", "forget", "Jan@X.example", "--yes").code == 0
    for file in (workspace.state).iterdir():
        assert b"jan@x.example" not in file.read_bytes() or file.name.endswith("-wal")
    done = take_in(workspace, "email\njan@x.example\n").result
    assert (done.imported, done.suppressed) == (0, 1)
    assert gymletter("members", "show", "jan@x.example").code == 3
    new, old = "another-key-for-tests-only", workspace.environment["GYMLETTER_SECRET_KEY"]
    with pytest.raises(ConfigError, match="NEW,OLD"):
        take_in(with_key(workspace, new), "email\njan@x.example\n")
    done = take_in(with_key(workspace, f"{new},{old}"), "email\njan@x.example\n").result
    assert (done.imported, done.suppressed) == (0, 1)


@pytest.mark.usefixtures("either_database")
def test_show_holds_all_that_is_stored(
    workspace: Workspace, gymletter: Callable[..., Result]
) -> None:
    """Consent and origin too, as JSON that can be handed over."""
    take_in(workspace, "email,club,tags\njan@x.example,Noord,yoga\n")
    shown = gymletter("members", "show", "jan@x.example").json
    assert shown["member"]["consent_source"] == "inschrijfformulier"
    assert shown["member"]["last_import"]["file"] == "leden.csv"
    assert (shown["member"]["tags"], shown["suppression"]) == (["yoga"], None)
    assert shown["deliveries"] == []


def test_an_export_is_safe_and_comes_back_the_same(workspace: Workspace) -> None:
    """Formulas are defused; who said no stays out of a fresh store."""
    text = "email,first_name,mobiel,tags\njan@x.example,-Jan,+31612345678,yoga\nb@x.example,B,,\n"
    take_in(workspace, text, keep=["mobiel"])
    written = io.StringIO()
    assert export(store(workspace), written) == 2
    rows = list(csv.DictReader(io.StringIO(written.getvalue())))
    assert (rows[0]["first_name"], rows[0]["mobiel"]) == ("'-Jan", "'+31612345678")
    before = list(store(workspace).find())
    refused = written.getvalue().replace(",B,,,,,active", ",B,,,,,unsubscribed")
    (workspace.state / "gymletter.db").unlink()
    done = take_in(workspace, refused, keep=["mobiel"]).result
    assert (done.imported, done.suppressed) == (1, 1)
    assert list(store(workspace).find()) == before[:1]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "-", "@x", "Jan", "", "'t Hart", "\t=1", "''+1"])
def test_defusing_is_undone_by_fusing(text: str) -> None:
    """And what is defused never begins like a formula."""
    assert fused(defused(text)) == text
    assert defused(text)[:1] not in ("=", "+", "-", "@", "\t")


@pytest.mark.usefixtures("either_database")
def test_two_imports_at_once_are_told_apart(workspace: Workspace) -> None:
    """The second says so at once, and changes nothing."""
    with exclusive(store(workspace).engine, "import"):
        with pytest.raises(MemberError, match="another import is running"):
            take_in(workspace, "email\njan@x.example\n")
        assert store(workspace).count() == 0


@pytest.mark.slow
def test_a_killed_import_changes_nothing(workspace: Workspace, workspace_dir: Path) -> None:
    """One transaction: half an export is nobody."""
    lines = "".join(f"lid{n}@x.example,opt-in,formulier\n" for n in range(100_000))
    file = write(workspace_dir, "email,consent_basis,consent_source\n" + lines)
    members = store(workspace)
    process = subprocess.Popen(
        [sys.executable, "-m", "gymletter", "-C", str(workspace_dir), "members", "import", file],
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    log = workspace.state / "gymletter.db-wal"
    while process.poll() is None and not (log.exists() and log.stat().st_size > 1 << 20):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert members.count() == 0
    assert take_in(workspace, "email\njan@x.example\n").result.imported == 1
