"""The ledger adds up, whatever happens in whatever order."""

from __future__ import annotations

import random
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import update

from gymletter.campaign import Ledger, claiming, settling
from gymletter.campaign.campaign import STATES, ClaimedBatch, Delivery, Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.cutting import Cutter
from gymletter.members.tables import members
from gymletter.providers.base import Capabilities, Outcome
from tests.campaign.people import EMAIL, gym
from tests.campaign.runs import frozen

if TYPE_CHECKING:
    from sqlalchemy import Engine

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
        self.accepted: set[int] = set()
        self.cursor = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.engine.dispose()
        self.folder.cleanup()

    @rule(most=st.integers(1, 3))
    def claim(self, most: int) -> None:
        """Take the next batches."""
        with self.engine.begin() as connection:
            found = claiming.claim(
                connection,
                self.campaign,
                after=self.cursor,
                until=self.campaign.audience,
                cutter=CUTTER,
                most=most,
                number=claiming.next_number(connection, self.campaign),
                now=Clock().now(),
            )
        self.cursor = found.cursor
        for batch in found.batches:
            positions = {delivery.position for delivery in batch.deliveries}
            assert not positions & self.accepted, "claimed again what was accepted"
            assert all(not positions & _positions(other) for other in self.flying)
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
        self.cursor = 0

    @precondition(lambda self: self.flying)
    @rule(verdict=st.sampled_from(["unknown", "released"]))
    def give_up(self, verdict: str) -> None:
        """A call ends without an answer."""
        self._write(Result(self.flying.pop(), verdict, reason="r"))  # type: ignore[arg-type]
        self.cursor = 0

    @precondition(lambda self: any(len(batch.deliveries) > 1 for batch in self.flying))
    @rule()
    def halve(self) -> None:
        """A batch is refused whole."""
        batch = next(batch for batch in self.flying if len(batch.deliveries) > 1)
        self.flying.remove(batch)
        with self.engine.begin() as connection:
            number = claiming.next_number(connection, self.campaign)
            result = Result(batch, "halved", reason="r")
            now = Clock().now()
            self.flying += settling.halve(connection, self.campaign, result, number, now)

    @rule()
    def die(self) -> None:
        """The sender is killed; the next one finds exactly what was in flight."""
        with self.engine.begin() as connection:
            found = claiming.unfinished(connection, self.campaign)
        assert {batch.number for batch in found} == {batch.number for batch in self.flying}
        assert all(batch.doubted for batch in found)
        self.flying = found
        self.cursor = 0

    @rule(number=st.integers(1, 12))
    def leave(self, number: int) -> None:
        """A member unsubscribes."""
        gone = update(members).where(members.c.id == number).values(status="unsubscribed")
        with self.engine.begin() as connection:
            connection.execute(gone)

    def _write(self, result: Result) -> None:
        with self.engine.begin() as connection:
            settling.settle(connection, self.campaign, [result])

    @invariant()
    def it_adds_up(self) -> None:
        """Every delivery is in one state, and what was accepted stays so."""
        counts = self.ledger.counts(self.campaign)
        assert sum(counts[state] for state in STATES) == self.campaign.audience
        assert counts["accepted"] == len(self.accepted)
        assert counts["sending"] == sum(len(batch.deliveries) for batch in self.flying)


def _positions(batch: ClaimedBatch) -> set[int]:
    return {delivery.position for delivery in batch.deliveries}


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_batches_are_never_heavier_than_a_call_may_be(tmp_path: Path) -> None:
    """The weight by which batches are cut is at least that of the call that is made of them."""
    from gymletter.campaign.recipients import recipient_maker
    from gymletter.http import Client
    from gymletter.providers.base import Batch
    from tests.campaign.people import link
    from tests.providers.fake import Fake, running
    from tests.providers.opening import opened
    from tests.providers.shapes import SHAPES

    engine = gym(tmp_path / "db", 400)
    campaign = frozen(engine)
    make = recipient_maker(link)
    for shape in ("brevo", "mailgun", "resend", "postmark"):
        fake = Fake(SHAPES[shape]())
        with running(fake) as url, Client() as client:
            provider = opened(shape, client, url)
            limit = random.Random(shape).randrange(20_000, 60_000)
            can = Capabilities(500, limit, substitutes=provider.capabilities.substitutes)
            cutter = Cutter(can, {"": EMAIL}, len(link(1)))
            with engine.connect() as connection:
                query = claiming._pending()
                rows = connection.execute(
                    query,
                    {"b_campaign": campaign.id, "b_after": 0, "b_until": 400, "b_limit": 400},
                ).all()
            groups = cutter.cut([Delivery._make(row[:-1]) for row in rows])
            for number, group in enumerate(groups[:4]):
                people = [make(delivery) for delivery in group]
                provider.send(Batch(str(uuid.UUID(int=number)), "0" * 32, EMAIL, people[:100]))
        assert len(fake.calls) == 4
        assert max(len(call.body) for call in fake.calls) <= limit
