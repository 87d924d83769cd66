"""Starting senders, each in a process of its own, killing them, and counting what became of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gymletter.campaign import Ledger
from gymletter.campaign.standing import state_of
from gymletter.campaign.tables import deliveries
from gymletter.database import reading
from tests.campaign.people import address
from tests.campaign.victim import BUSY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.providers.fake import Fake


class Senders:
    """Senders that are started one after another, each in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], shape: str) -> None:
        self._process = process
        self.shape = shape

    def run(
        self,
        *,
        kill_after: float | None = None,
        how: signal.Signals = signal.SIGKILL,
        **order: Any,
    ) -> int:
        """Start one, kill it after so many seconds, and tell how it ended; -9 when killed.

        A server may take a moment to see that the last one is dead: then it is started again.
        """
        for _ in range(100):
            if (code := self._run(kill_after, how, order)) != BUSY:
                return code
            time.sleep(0.02)
        raise AssertionError("the lock of a dead sender is still held")

    def _run(self, kill_after: float | None, how: signal.Signals, order: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        timer = threading.Timer(60 if kill_after is None else kill_after, _kill, (child, how))
        timer.start()
        code = int(self._process.stdout.readline())
        timer.cancel()
        return code


def _kill(child: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, how)


@contextmanager
def senders(engine: Engine, shape: str, url: str) -> Iterator[Senders]:
    """A process that starts senders over the same database, which it does not open itself."""
    database = engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.victim", database, shape, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            yield Senders(process, shape)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)


def unknown(engine: Engine, name: str) -> int:
    """How many deliveries of a campaign are in doubt, or were on their way when it was left."""
    campaign = Ledger(engine).find(name)
    if campaign is None:
        return 0
    query = select(func.count()).where(
        deliveries.c.campaign_id == campaign.id, state_of().in_(("unknown", "sending"))
    )
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def require_exactly_once(engine: Engine, fake: Fake, name: str, members: int) -> None:
    """What the ledger says and what the provider recorded are the same, and nobody twice."""
    got = Counter(letter.to for letter in fake.letters)
    assert max(got.values()) == 1
    assert got.keys() == set(map(address, range(members)))
    ledger = Ledger(engine)
    assert ledger.counts(ledger.get(name))["accepted"] == members
