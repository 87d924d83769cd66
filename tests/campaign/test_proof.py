"""The proof: senders killed with SIGKILL, at random and at every step, and nobody gets it twice.

The provider is another process's business: it keeps its own record of who was really sent what.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from gymletter.campaign import Ledger
from gymletter.campaign.standing import state_of
from gymletter.campaign.tables import deliveries
from gymletter.database import reading
from tests.campaign.people import address, gym
from tests.campaign.runs import frozen
from tests.campaign.victim import STEPS
from tests.providers.fake import Fake, running
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

KILLS = 44  # per shape: 220 in all
PER_CALL = 25
FAULTS = (
    "reset before reading",
    "reset after reading",
    "reset after accepting",
    "reset in the middle of the answer",
    "answer truncated",
    "answer not JSON",
    "500 before accepting",
    "500 after accepting",
    "503",
)


class Senders:
    """Senders that are started one after another, each in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        *,
        kill_after: float | None = None,
        how: signal.Signals = signal.SIGKILL,
        **order: Any,
    ) -> int:
        """Start one, kill it after so many seconds, and tell how it ended; -9 when killed."""
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
def senders(path: Path, shape: str, url: str) -> Iterator[Senders]:
    """A process that starts senders."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.victim", str(path), shape, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            yield Senders(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)


def _unknown(engine: Engine, name: str) -> int:
    campaign = Ledger(engine).find(name)
    if campaign is None:
        return 0
    query = select(func.count()).where(
        deliveries.c.campaign_id == campaign.id, state_of().in_(("unknown", "sending"))
    )
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def _require_exactly_once(engine: Engine, fake: Fake, name: str, members: int) -> None:
    """What the ledger says and what the provider recorded are the same, and nobody twice."""
    got = Counter(letter.to for letter in fake.letters)
    assert max(got.values()) == 1
    assert got.keys() == set(map(address, range(members)))
    ledger = Ledger(engine)
    assert ledger.counts(ledger.get(name))["accepted"] == members


@pytest.mark.parametrize("shape", SHAPES)
def test_killed_at_any_moment_nobody_gets_it_twice_and_nobody_is_missed(
    tmp_path: Path, shape: str
) -> None:
    """Senders killed at random and at every step, over and over, until everyone has it once."""
    chance = random.Random(shape)
    members = 150 if shape == "mailpit" else 1500
    engine = gym(tmp_path / "db", members)
    slots, per_call = (32, 1) if shape == "mailpit" else (4, PER_CALL)
    kills = campaigns = 0
    while kills < KILLS:
        campaigns += 1
        fake = Fake(
            SHAPES[shape](), lambda _: chance.choice(FAULTS) if chance.random() < 0.02 else None
        )
        with running(fake) as url, senders(tmp_path / "db", shape, url) as sender:
            name = f"campaign {campaigns}"
            order: dict[str, Any] = {"campaign": name, "per_call": PER_CALL}
            code, rounds = -9, 0
            while code:
                before, faults = _unknown(engine, name), fake.faulty
                rounds += 1
                if rounds % 2:
                    step = STEPS[rounds // 2 % len(STEPS)]
                    code = sender.run(step=step, nth=chance.randrange(12), **order)
                else:
                    code = sender.run(kill_after=chance.uniform(0.02, 0.12), **order)
                assert code in (0, 1, -9)
                kills += code == -9
                in_flight = (slots if code == -9 else 0) + fake.faulty - faults
                assert _unknown(engine, name) - before <= in_flight * per_call
                assert max(Counter(letter.to for letter in fake.letters).values(), default=0) <= 1
            for _ in range(20):
                if not _unknown(engine, name) and code == 0:
                    break
                assert sender.run(reconcile=True, **order) == 0
                code = sender.run(**order)
            _require_exactly_once(engine, fake, name, members)


def test_a_polite_stop_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    """What is in flight is finished and written; a later run sends the rest."""
    engine = gym(tmp_path / "db", 1200)
    fake = Fake(SHAPES["mailpit"]())
    order: dict[str, Any] = {"campaign": "polite", "per_call": 1}
    with running(fake) as url, senders(tmp_path / "db", "mailpit", url) as sender:
        frozen(engine, "polite")
        code = sender.run(kill_after=0.4, how=signal.SIGTERM, **order)
        ledger = Ledger(engine)
        counts = ledger.counts(ledger.get("polite"))
        assert (code, counts["unknown"], counts["sending"]) == (1, 0, 0)
        assert counts["accepted"] == len(fake.letters) < 1200
        assert sender.run(**order) == 0
        _require_exactly_once(engine, fake, "polite", 1200)
