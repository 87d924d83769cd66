"""A provider that answers as it is told, for tests of what its answers lead to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from gymletter.campaign import Ledger
from gymletter.campaign.clock import Clock, Instant
from gymletter.campaign.reconcile import Reconciler
from gymletter.members.tables import members
from gymletter.providers.base import Answer, Call, Capabilities, Outcome
from tests.campaign.people import address, link
from tests.campaign.runs import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Engine

    from gymletter.campaign.reconcile import Choice
    from gymletter.providers.base import Batch

PLAIN = Capabilities(10, 10**9, substitutes=True, calls_at_once=1)
WITH_KEY = replace(PLAIN, repeat="replays", repeat_window=timedelta(hours=1))
ASKED = replace(PLAIN, can_be_asked=True, asks_after=timedelta(minutes=30))


@dataclass
class Scripted:
    """A provider that answers as it is told and remembers whom each call was for."""

    answers: Callable[[int, Call], Answer]
    capabilities: Capabilities = PLAIN
    name: str = "scripted"
    calls: list[list[str]] = field(default_factory=list)

    def prepare(self, batch: Batch) -> Call:
        """The addresses."""
        return Call(len(batch.recipients), json.dumps(batch.recipients.addresses).encode())

    def send(self, call: Call) -> Answer:
        """The next answer."""
        self.calls.append(json.loads(call.body))
        return self.answers(len(self.calls) - 1, call)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """It knows of nobody."""
        return (None,) * len(batch.recipients)


class LateClock(Clock):
    """A clock whose machine was started so much later; `wall` alone when that was set."""

    def __init__(self, later: timedelta, *, wall_only: bool = False) -> None:
        self._later = later
        self._wall_only = wall_only

    def now(self) -> Instant:
        """This instant, and `later`."""
        now = super().now()
        uptime = now.uptime + (0 if self._wall_only else self._later.total_seconds())
        return Instant(now.wall + self._later, now.boot, uptime)


def all_of(state: str) -> Callable[[int, Call], Answer]:
    """Everyone fares alike."""
    return lambda _, call: Answer((Outcome(state),) * call.recipients)  # type: ignore[arg-type]


def reconcile(
    engine: Engine, provider: Scripted, clock: Clock | None = None, choice: Choice | None = None
) -> Mapping[str, int]:
    """Settle what is in doubt."""
    ledger = Ledger(engine)
    campaign = ledger.get(NAME)
    return Reconciler(
        ledger,
        campaign,
        ledger.emails(campaign),
        provider,
        link,
        clock or Clock(),
        choice,
    ).run()


def leave(engine: Engine, number: int) -> None:
    """A member unsubscribes."""
    gone = update(members).where(members.c.email == address(number)).values(status="unsubscribed")
    with engine.begin() as connection:
        connection.execute(gone)
