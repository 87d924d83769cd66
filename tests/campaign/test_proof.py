"""The proof: senders killed with SIGKILL, at random and at every step, and nobody gets it twice.

The provider is another process's business: it keeps its own record of who was really sent what.
"""

from __future__ import annotations

import random
import signal
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from gymletter.campaign import Ledger
from gymletter.database import open_database
from tests.campaign.people import gym, populated
from tests.campaign.runs import frozen
from tests.campaign.senders import require_exactly_once, senders, unknown
from tests.campaign.victim import STEPS
from tests.providers.fake import Fake, running
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.campaign.senders import Senders

KILLS = 44  # per shape: 220 in all
KILLS_ON_POSTGRESQL = 20  # per shape, of two: one with a key, one without
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


@dataclass(frozen=True)
class Executioner:
    """Lets senders of one campaign be killed until one gets through.

    `steps`: a kill comes at one of so many; `seconds`: after at most so long, by turns.
    """

    engine: Engine
    fake: Fake
    sender: Senders
    chance: random.Random
    steps: int
    seconds: float

    def run(self, name: str) -> int:
        """Send it; gives how many senders were killed."""
        order: dict[str, Any] = {"campaign": name, "per_call": PER_CALL}
        code, rounds, kills = -9, 0, 0
        while code:
            before, faults = unknown(self.engine, name), self.fake.faulty
            rounds += 1
            code = self._round(rounds, order)
            assert code in (0, 1, -9)
            kills += code == -9
            slots, per_call = (32, 1) if self.sender.shape == "mailpit" else (4, PER_CALL)
            in_flight = (slots if code == -9 else 0) + self.fake.faulty - faults
            assert unknown(self.engine, name) - before <= in_flight * per_call
            assert max(Counter(letter.to for letter in self.fake.letters).values(), default=0) <= 1
        for _ in range(20):
            if not unknown(self.engine, name) and code == 0:
                break
            assert self.sender.run(reconcile=True, **order) == 0
            code = self.sender.run(**order)
        return kills

    def _round(self, number: int, order: dict[str, Any]) -> int:
        if number % 2:
            step = STEPS[number // 2 % len(STEPS)]
            return self.sender.run(step=step, nth=self.chance.randrange(self.steps), **order)
        return self.sender.run(kill_after=self.chance.uniform(0.02, self.seconds), **order)


def prove(engine: Engine, shape: str, members: int, most: int, **how: Any) -> None:
    """Kill `most` senders, over as many campaigns as it takes; everyone has each of them once."""
    chance = random.Random(shape)
    kills = campaigns = 0
    while kills < most:
        campaigns += 1
        fake = Fake(
            SHAPES[shape](), lambda _: chance.choice(FAULTS) if chance.random() < 0.02 else None
        )
        name = f"campaign {campaigns}"
        with running(fake) as url, senders(engine, shape, url) as sender:
            kills += Executioner(engine, fake, sender, chance, **how).run(name)
        require_exactly_once(engine, fake, name, members)


@pytest.mark.parametrize("shape", SHAPES)
def test_killed_at_any_moment_nobody_gets_it_twice_and_nobody_is_missed(
    tmp_path: Path, shape: str
) -> None:
    """Senders killed at random and at every step, over and over, until everyone has it once."""
    members = 150 if shape == "mailpit" else 1500
    engine = gym(tmp_path / "db", members)
    prove(engine, shape, members, KILLS, steps=12, seconds=0.12)


@pytest.mark.parametrize("shape", ["brevo", "mailgun"])
def test_killed_at_any_moment_over_postgresql(postgres_url: str, shape: str) -> None:
    """The same, where the ledger is on a server that outlives every sender."""
    engine = populated(open_database(postgres_url), 1000)
    prove(engine, shape, 1000, KILLS_ON_POSTGRESQL, steps=40, seconds=0.3)


def test_a_polite_stop_leaves_nothing_in_doubt(tmp_path: Path) -> None:
    """What is in flight is finished and written; a later run sends the rest."""
    engine = gym(tmp_path / "db", 1200)
    fake = Fake(SHAPES["mailpit"]())
    order: dict[str, Any] = {"campaign": "polite", "per_call": 1}
    with running(fake) as url, senders(engine, "mailpit", url) as sender:
        frozen(engine, "polite")
        code = sender.run(kill_after=0.4, how=signal.SIGTERM, **order)
        ledger = Ledger(engine)
        counts = ledger.counts(ledger.get("polite"))
        assert (code, counts["unknown"], counts["sending"]) == (1, 0, 0)
        assert counts["accepted"] == len(fake.letters) < 1200
        assert sender.run(**order) == 0
        require_exactly_once(engine, fake, "polite", 1200)
