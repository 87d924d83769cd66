"""Settling what is in doubt: by the provider's key, by asking it, or as the operator says.

Invariant: what cannot be known stays `unknown`; what is settled is not touched. Only a provider
that would know by now, and does not, makes a delivery pending again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import select

from gymletter.campaign import claiming, settling
from gymletter.campaign.calling import key_lives, matched
from gymletter.campaign.campaign import Result
from gymletter.campaign.clock import Clock, shortest
from gymletter.campaign.recipients import batch_of
from gymletter.campaign.resuming import somebody_left, taken_over
from gymletter.campaign.standing import CALLED, deliveries_of
from gymletter.campaign.tables import batches
from gymletter.database import exclusive, reading
from gymletter.errors import CampaignError, InDoubt, NotSent
from gymletter.providers.base import BatchRefused, CampaignFault, Outcome, TryLater

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection, Row

    from gymletter.campaign.campaign import Campaign, ClaimedBatch, Delivery
    from gymletter.campaign.ledger import Ledger
    from gymletter.providers.base import Provider
    from gymletter.rendering.email import Email


class _Doubt(NamedTuple):
    """A batch with its deliveries in doubt, and all that its call held where it is repeated.

    It is only as long as its key lives, nobody in it has left, and all of them are still there.
    """

    batch: ClaimedBatch
    repeat: tuple[Delivery, ...] | None


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
    link: Callable[[int], str]
    clock: Clock
    choice: Choice | None = None

    def run(self) -> Mapping[str, int]:
        """Settle what can be; returns how many deliveries came from `unknown` into each state.

        Raises `CampaignError` while the campaign is being sent.
        """
        moved: Counter[str] = Counter()
        with exclusive(self.ledger.engine, f"campaign-{self.campaign.id}") as held:
            if not held:
                raise CampaignError(
                    f"{self.campaign.name!r} is being sent by another process",
                    remedy="Wait until it is done: `gymletter status` shows how far it is",
                )
            word = self.ledger.take(self.campaign)
            for doubt in self._doubtful():
                result = self._settled(doubt)
                with self.ledger.engine.begin() as connection:
                    claiming.require_sender(connection, self.campaign, word)
                    settling.settle(connection, self.campaign, [result])
                moved.update(outcome.state for outcome in result.outcomes)
            counts = self.ledger.finish(self.campaign, self.clock.now().wall, None)
        moved["unknown"] = counts["unknown"]
        return moved

    def _doubtful(self) -> Iterator[_Doubt]:
        """The batches with deliveries in doubt, those of a dead sender too, each looked at in turn.

        What its key cannot settle is the operator's alone.
        """
        states = ("unknown", "sending") + (("unclear",) if self.choice else ())
        query = select(batches).where(
            batches.c.campaign_id == self.campaign.id, batches.c.state.in_(states)
        )
        with reading(self.ledger.engine) as connection:
            rows = connection.execute(query.order_by(batches.c.number)).all()
        for row in rows:
            with reading(self.ledger.engine) as connection:
                doubt = self._doubt(connection, row)
            if doubt.batch.deliveries:
                yield doubt

    def _doubt(self, connection: Connection, row: Row[Any]) -> _Doubt:
        batch = taken_over(connection, self.campaign, row)
        lives = key_lives(self.provider.capabilities, batch.started, self.clock.now())
        if not batch.deliveries or row.state == "unclear" or not lives:
            return _Doubt(batch, None)
        every = deliveries_of(connection, self.campaign, row, *CALLED)
        whole = replace(batch, deliveries=every)
        if len(every) < row.size or somebody_left(connection, self.campaign, whole):
            return _Doubt(batch, None)
        return _Doubt(batch, every)

    def _settled(self, doubt: _Doubt) -> Result:
        """One outcome per delivery in doubt: by the provider, else by the operator."""
        if doubt.repeat:
            positions = [delivery.position for delivery in doubt.repeat]
            told = dict(zip(positions, self._repeated(doubt), strict=True))
            outcomes = [told[delivery.position] for delivery in doubt.batch.deliveries]
        else:
            outcomes = self._told(doubt.batch)
        return Result(doubt.batch, "settled", tuple(map(self._chosen, outcomes)))

    def _told(self, claimed: ClaimedBatch) -> list[Outcome]:
        can = self.provider.capabilities
        if not can.can_be_asked:
            reason = "the provider cannot be asked"
            return [Outcome("unknown", reason=reason)] * len(claimed.deliveries)
        batch = batch_of(self.campaign, self.emails, self.link, claimed)
        found = self.provider.ask(batch, claimed.started.wall)
        early = shortest(claimed.started, self.clock.now()) < can.asks_after
        missing = Outcome("unknown" if early else "pending", reason=_NOT_ARRIVED)
        return [outcome or missing for outcome in found]

    def _repeated(self, doubt: _Doubt) -> tuple[Outcome, ...]:
        batch = batch_of(self.campaign, self.emails, self.link, doubt.batch, doubt.repeat)
        call = self.provider.prepare(batch)
        try:
            outcomes = self.provider.send(call).after_doubt().outcomes
        except (InDoubt, NotSent, TryLater, CampaignFault, BatchRefused) as error:
            outcomes = (Outcome("unknown", reason=error.message),) * call.recipients
        return matched(outcomes, call.recipients)

    def _chosen(self, outcome: Outcome) -> Outcome:
        if outcome.state != "unknown" or self.choice is None:
            return outcome
        if self.choice == "resend":
            return Outcome("pending", reason="sent again by the operator")
        return Outcome("rejected", reason=SKIPPED)
