"""Settling what is in doubt: by the provider's key, by asking it, or as the operator says.

Invariant: what cannot be known stays `unknown`. Only a provider that would know by now, and does
not, makes a delivery pending again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from gymletter.campaign import writing
from gymletter.campaign.campaign import ClaimedBatch, Result
from gymletter.campaign.clock import Clock, Instant, elapsed
from gymletter.campaign.tables import batches
from gymletter.database import exclusive, reading
from gymletter.errors import CampaignError, InDoubt, NotSent
from gymletter.providers.base import Batch, BatchRefused, CampaignFault, Outcome, TryLater

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gymletter.campaign.campaign import Campaign, Delivery
    from gymletter.campaign.ledger import Ledger
    from gymletter.providers.base import Provider, Recipient
    from gymletter.rendering.email import Email

Choice = Literal["resend", "skip"]
SKIPPED = "left out by the operator"
_NOT_ARRIVED = "the provider does not know of it"


@dataclass(frozen=True)
class Reconciler:
    """What it takes to settle a campaign; `choice` is the operator's word, where no other is."""

    ledger: Ledger
    campaign: Campaign
    emails: Mapping[str, Email]
    provider: Provider
    recipient: Callable[[Delivery], Recipient]
    clock: Clock
    choice: Choice | None = None

    def run(self) -> Mapping[str, int]:
        """Settle what can be; returns how many deliveries came from `unknown` into each state.

        Raises `CampaignError` while the campaign is being sent.
        """
        moved: Counter[str] = Counter()
        with exclusive(self.ledger.engine, f"campaign-{self.campaign.id}") as held:
            if not held:
                raise CampaignError(f"{self.campaign.name!r} is being sent by another process")
            self.ledger.take(self.campaign)
            for batch in self._doubtful():
                outcomes = self._settled(batch)
                result = Result(batch, "settled", outcomes)
                with self.ledger.engine.begin() as connection:
                    writing.settle(connection, self.campaign, [result])
                moved.update(outcome.state for outcome in outcomes)
            counts = self.ledger.finish(self.campaign, self.clock.now().wall, None)
        moved["unknown"] = counts["unknown"]
        return moved

    def _doubtful(self) -> list[ClaimedBatch]:
        """The batches with deliveries in doubt, those of a dead sender too.

        Only these deliveries, but all of the batch's where its call can be repeated.
        """
        can = self.provider.capabilities
        query = select(batches).where(
            batches.c.campaign_id == self.campaign.id, batches.c.state.in_(("unknown", "sending"))
        )
        states = ("unknown", "sending") + (("accepted", "rejected") if can.repeat else ())
        found = []
        with reading(self.ledger.engine) as connection:
            for row in connection.execute(query.order_by(batches.c.number)).all():
                rows = writing.deliveries_of(connection, self.campaign, row, *states)
                if rows:
                    started = Instant(row.started_at, row.boot, row.uptime)
                    found.append(ClaimedBatch(row.number, row.variant, rows, started, doubted=True))
        return found

    def _settled(self, claimed: ClaimedBatch) -> tuple[Outcome, ...]:
        """One outcome per delivery: by the provider, else by the operator."""
        batch = Batch(
            key=self.campaign.key(claimed.number),
            campaign=self.campaign.uid,
            email=self.emails[claimed.variant],
            recipients=[self.recipient(delivery) for delivery in claimed.deliveries],
            at=self.campaign.at(claimed.started),
        )
        return tuple(map(self._chosen, self._told(claimed, batch)))

    def _told(self, claimed: ClaimedBatch, batch: Batch) -> tuple[Outcome, ...]:
        can = self.provider.capabilities
        passed = elapsed(claimed.started, self.clock.now())
        if can.repeat and passed is not None and passed < can.repeat_window:
            return self._repeated(batch)
        if can.can_be_asked:
            found = self.provider.ask(batch, claimed.started.wall)
            arrived = passed is None or passed < can.asks_after
            missing = Outcome("unknown" if arrived else "pending", reason=_NOT_ARRIVED)
            return tuple(outcome or missing for outcome in found)
        return (Outcome("unknown", reason="the provider cannot be asked"),) * len(batch.recipients)

    def _repeated(self, batch: Batch) -> tuple[Outcome, ...]:
        try:
            return self.provider.send(batch).outcomes
        except (InDoubt, NotSent, TryLater, CampaignFault, BatchRefused) as error:
            return (Outcome("unknown", reason=error.message),) * len(batch.recipients)

    def _chosen(self, outcome: Outcome) -> Outcome:
        if outcome.state != "unknown" or self.choice is None:
            return outcome
        if self.choice == "resend":
            return replace(outcome, state="pending", reason="sent again by the operator")
        return replace(outcome, state="rejected", reason=SKIPPED)
