"""`gymletter send` where the disk fills up while it sends: a real disk, full, or a file's limit."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.campaigns import KEYS, populate, require_everyone_once, settle_on, write_issue
from tests.providers.fake import Fake, running
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SEND = ("send", "2025-08", "--yes")
MEMBERS = {"mailpit": 400, "resend": 3000}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(disk: Path, left: int) -> Path:
    """Write a file that leaves so many bytes on the disk."""
    filler = disk / "filler"
    found = os.statvfs(disk)
    filler.write_bytes(bytes(found.f_bavail * found.f_frsize - left))
    return filler


def _stops(run: Callable[..., Any], fake: Fake, before: Sequence[str] = ()) -> int:
    """It ends in one line, having sent to some; gives how many were on their way."""
    sent = run(*SEND, before=before, **KEYS)
    assert (sent.code, sent.out, sent.err.count("\n")) == (5, "", 1)
    assert sent.err.startswith("Error: the ledger cannot be written: d")
    assert "Make room" in sent.err
    counts = run("status", "2025-08", "--json", before=before).json
    assert counts["accepted"] + counts["sending"] == len(fake.letters) < counts["audience"]
    assert run("reconcile", "2025-08", before=before, **KEYS).err.count("\n") == 1
    return int(counts["sending"])


@pytest.mark.parametrize("limit", ["disk", "file"])
def test_a_disk_that_fills_up_loses_and_repeats_nothing(
    workspace_dir: Path,
    gymletter: Callable[..., Any],
    request: pytest.FixtureRequest,
    limit: str,
) -> None:
    """Some calls are in doubt, and said to be; with room, `reconcile` and `send` finish it."""
    shape = "mailpit" if limit == "disk" else "resend"
    folder = request.getfixturevalue("disk") if limit == "disk" else workspace_dir
    before: Sequence[str] = ()
    fake = Fake(SHAPES[shape]())
    write_issue(workspace_dir)
    with running(fake) as url:
        database = settle_on(workspace_dir, shape, url, f"sqlite:///{folder}/store.db")
        populate(database, MEMBERS[shape])
        assert gymletter(*SEND, "--canary", "1", **KEYS).code == 5
        if limit == "disk":
            filler = _fill(folder, left=60_000)
        else:  # the log that SQLite writes first may have 200 kB; who exceeds it gets SIGXFSZ
            before = ("sh", "-c", 'ulimit -f 400; exec "$@"', "sh")
        assert 0 < _stops(gymletter, fake, before) < 300
        if limit == "disk":
            filler.unlink()
        assert gymletter("reconcile", "2025-08", **KEYS).code == 5
        assert gymletter(*SEND, **KEYS).code == 0
    require_everyone_once(fake, database, MEMBERS[shape])


def test_room_that_is_made_in_time_is_used(
    workspace_dir: Path, gymletter: Callable[..., Any], disk: Path
) -> None:
    """The sender waits some seconds before it gives up: then it goes on, and no call is lost."""
    write_issue(workspace_dir)
    fillers: list[Path] = []
    free: list[int] = []

    def make_room() -> None:
        free.append(os.statvfs(disk).f_bavail)
        fillers[0].unlink()

    def soon(number: int) -> None:
        if number == 3:
            threading.Timer(0.7, make_room).start()

    fake = Fake(SHAPES["resend"](), soon)
    with running(fake) as url:
        database = settle_on(workspace_dir, "resend", url, f"sqlite:///{disk}/store.db")
        populate(database, 3000)
        assert gymletter(*SEND, "--canary", "1", **KEYS).code == 5
        fillers.append(_fill(disk, left=100_000))
        sent = gymletter(*SEND, **KEYS)
    assert (sent.code, sent.err, free) == (0, "", [0])
    assert len(fake.calls) == 1 + 30
    require_everyone_once(fake, database, 3000)
