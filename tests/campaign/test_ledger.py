"""The ledger adds up, whatever happens in whatever order."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select, update

from gymletter.campaign import Ledger, claiming, erasing, resuming, settling
from gymletter.campaign.campaign import STATES, Campaign, ClaimedBatch, Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.standing import deliveries_of, open_spans
from gymletter.campaign.tables import batches
from gymletter.database import reading
from gymletter.members.tables import members
from gymletter.providers.base import Capabilities, Outcome
from tests.campaign.people import EMAIL, address, gym
from tests.campaign.runs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Update

CUTTER = Cutter(Capabilities(3, 10**9, substitutes=True), {"": EMAIL}, 100)
OUTCOMES = st.sampled_from(["accepted", "rejected", "unknown", "pending"])


class LedgerMachine(RuleBasedStateMachine):
    """A sender's steps in any order, with deaths and leavers between them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine: Engine = gym(Path(self.folder.name) / "db", 12)
        self.campaign = frozen(self.engine)
        self.ledger = Ledger(self.engine)
        self.word = self.ledger.take(self.campaign)
        self.flying: list[ClaimedBatch] = []
        self.planned: list[ClaimedBatch] = []
        self.accepted: set[int] = set()
        self.unknown: set[int] = set()
        self.gone: set[int] = set()
        self.numbers = itertools.count(1)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.engine.dispose()
        self.folder.cleanup()

    @rule(most=st.integers(1, 3))
    def plan(self, most: int) -> None:
        """Look who comes next, and write nothing; what was planned before is planned anew."""
        self.planned = planned(self.engine, self.campaign, self.numbers)[:most]

    @rule()
    def claim(self) -> None:
        """Take what was planned, whatever has happened to its members since."""
        with self.engine.begin() as connection:
            found = claiming.claim(connection, self.campaign, self.planned)
        assert len(found.taken) + len(found.changed) == len(self.planned)
        self.planned = []
        for batch in found.taken:
            positions = _positions(batch)
            assert not positions & self.accepted, "claimed again what was accepted"
            assert all(not positions & _positions(other) for other in self.flying)
            assert not positions & self.gone, "claimed who had left"
            self.flying.append(batch)

    @precondition(lambda self: self.flying)
    @rule(states=st.lists(OUTCOMES, min_size=3, max_size=3))
    def settle(self, states: list[str]) -> None:
        """An answer comes, one outcome each."""
        batch = self.flying.pop(0)
        outcomes = tuple(
            Outcome(state, reason="r")  # type: ignore[arg-type]
            for state in states[: len(batch.deliveries)]
        )
        self._write(Result(batch, "settled", outcomes))
        for delivery, outcome in zip(batch.deliveries, outcomes, strict=True):
            if outcome.state == "accepted":
                self.accepted.add(delivery.position)
            if outcome.state == "unknown":
                self.unknown.add(delivery.position)

    @precondition(lambda self: self.flying)
    @rule(verdict=st.sampled_from(["unknown", "released"]))
    def give_up(self, verdict: str) -> None:
        """A call ends without an answer."""
        batch = self.flying.pop()
        self._write(Result(batch, verdict, reason="r"))  # type: ignore[arg-type]
        if verdict == "unknown":
            self.unknown |= _positions(batch)

    @precondition(lambda self: any(len(batch.deliveries) > 1 for batch in self.flying))
    @rule()
    def halve(self) -> None:
        """A batch is refused whole."""
        batch = next(batch for batch in self.flying if len(batch.deliveries) > 1)
        self.flying.remove(batch)
        with self.engine.begin() as connection:
            result = Result(batch, "halved", reason="r")
            halves = settling.halves_of(result, self.numbers.__next__, Clock().now())
            settling.settle(connection, self.campaign, [result])
            found = claiming.claim(connection, self.campaign, halves)
        assert all(not _positions(half) & self.gone for half in found.taken)
        self.flying += found.taken

    @rule()
    def die(self) -> None:
        """The sender is killed; the next one finds exactly what was in flight."""
        with self.engine.begin() as connection:
            found = resuming.unfinished(connection, self.campaign)
        assert {batch.number: _positions(batch) for batch in found} == {
            batch.number: _positions(batch) for batch in self.flying
        }
        assert all(batch.doubted for batch in found)
        self.flying = found
        self.planned = []

    @precondition(lambda self: self.unknown)
    @rule(state=st.sampled_from(["accepted", "rejected", "pending"]))
    def reconcile(self, state: str) -> None:
        """No sender is there, and one batch is no longer in doubt."""
        self.planned = []
        with self.engine.begin() as connection:
            query = select(batches).where(batches.c.state == "unknown").limit(1)
            row = connection.execute(query).one()
            doubtful = deliveries_of(connection, self.campaign, row, "unknown")
        batch = ClaimedBatch(row.number, "", doubtful, Clock().now(), holds=False)
        outcome = Outcome(state, reason="r")  # type: ignore[arg-type]
        self._write(Result(batch, "settled", (outcome,) * len(doubtful)))
        self.unknown -= _positions(batch)
        if state == "accepted":
            self.accepted |= _positions(batch)

    @rule(number=st.integers(1, 12))
    def leave(self, number: int) -> None:
        """A member unsubscribes."""
        with self.engine.begin() as connection:
            connection.execute(_leaves(number))
        self.gone.add(number)

    @rule(number=st.integers(1, 12))
    def forget(self, number: int) -> None:
        """A member is forgotten: what is on its way keeps the address, what is not loses it."""
        with self.engine.begin() as connection:
            connection.execute(_leaves(number))
            kept = erasing.forget(connection, address(number - 1), f"hash {number}")
        flying = any(number in _positions(batch) for batch in self.flying)
        assert kept == (flying or number in self.unknown)
        self.gone.add(number)

    def _write(self, result: Result) -> None:
        with self.engine.begin() as connection:
            settling.settle(connection, self.campaign, [result])

    @invariant()
    def it_adds_up(self) -> None:
        """Every delivery is in one state, and what was accepted stays so."""
        counts = self.ledger.counts(self.campaign)
        assert sum(counts[state] for state in STATES) == self.campaign.audience
        assert counts["accepted"] == len(self.accepted)
        assert counts["unknown"] == len(self.unknown)
        assert counts["sending"] == sum(len(batch.deliveries) for batch in self.flying)


def planned(engine: Engine, campaign: Campaign, numbers: Iterator[int]) -> list[ClaimedBatch]:
    """All that is pending, in batches of at most three."""
    with reading(engine) as connection:
        spans = open_spans(connection, campaign)
        rows = [claiming.look(connection, campaign, span, 12) for span in spans]
        parts = [part for found in rows for part in claiming.apart(connection, campaign, found)]
    groups = [group for part in parts for group in CUTTER.cut(part)]
    now = Clock().now()
    return [ClaimedBatch(next(numbers), "", tuple(group), now) for group in groups]


def _leaves(number: int) -> Update:
    return update(members).where(members.c.id == number).values(status="unsubscribed")


def _positions(batch: ClaimedBatch) -> set[int]:
    return {delivery.position for delivery in batch.deliveries}


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
