"""`Campaign`: an issue, frozen, as the ledger knows it; and what a batch of it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.campaign.clock import Instant
    from gymletter.providers.base import Outcome

STATES = ("accepted", "rejected", "excluded", "unknown", "pending", "sending")
Verdict = Literal["settled", "unknown", "unclear", "released", "refused", "halved"]


@dataclass(frozen=True)
class Campaign:
    """A row of `campaigns`.

    `uid` is what the provider is told; `name` is the issue's id, or a name that was given.
    """

    id: int
    uid: str
    name: str
    issue_id: str
    content_hash: str
    provider: str
    segment: str | None
    audience: int
    frozen_at: datetime
    scheduled_for: datetime | None
    completed_at: datetime | None
    stopped: str | None

    @property
    def command(self) -> str:
        """What goes on with it."""
        named = "" if self.name == self.issue_id else f" --as {self.name}"
        return f"gymletter send {self.issue_id}{named}"

    def at(self, started: Instant) -> datetime | None:
        """When the provider is to deliver a batch that was begun then; None for at once."""
        later = self.scheduled_for
        return later if later and later > started.wall else None

    def key(self, number: int) -> str:
        """The idempotency key of a batch: a UUID, the same however often it is asked for."""
        return str(uuid.uuid5(uuid.UUID(self.uid), str(number)))


class Delivery(NamedTuple):
    """One member of a claimed batch, with what the merge fields need."""

    position: int
    member_id: int
    address: str
    first_name: str
    last_name: str
    language: str
    fields: dict[str, str] | None
    variant: str


@dataclass(frozen=True)
class ClaimedBatch:
    """A batch that is durably `sending`, or is about to be. `started`: when it was made ready.

    `doubted`: an earlier call may have arrived. `checked`: when it was last looked at who has left,
    if that was not when it was started. `holds`: its deliveries are not written one by one.
    """

    number: int
    variant: str
    deliveries: tuple[Delivery, ...]
    started: Instant
    doubted: bool = False
    checked: Instant | None = None
    holds: bool = True

    @property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest position in it."""
        return self.first, self.last

    @property
    def first(self) -> int:
        """The lowest position in it."""
        return self.deliveries[0].position

    @property
    def last(self) -> int:
        """The highest position in it."""
        return self.deliveries[-1].position


@dataclass(frozen=True)
class Result:
    """What became of a claimed batch. `outcomes` is there when `verdict` is "settled".

    "unclear": its key was said to be used, though it never was: repeating it tells nothing.
    "refused": a single recipient was, and it is not said whose fault that is.
    """

    batch: ClaimedBatch
    verdict: Verdict
    outcomes: tuple[Outcome, ...] = ()
    reason: str | None = None
