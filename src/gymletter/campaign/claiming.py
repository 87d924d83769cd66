"""Claiming: who goes next is written down as `sending` before the call that mails them.

Invariant: a batch is claimed for exactly the deliveries it was planned for, or not at all: nobody
of them has left, was erased, or is held by another batch.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, insert, select, update

from gymletter.campaign.audience import still_mailable, why_not
from gymletter.campaign.standing import DELIVERY, IN_SPAN, is_open, listed, state_of, within
from gymletter.campaign.tables import batches, campaigns, deliveries
from gymletter.errors import CampaignError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from gymletter.campaign.campaign import Campaign, ClaimedBatch, Delivery
    from gymletter.campaign.standing import Span

_SENDER = (
    select(campaigns.c.sender).where(campaigns.c.id == bindparam("b_campaign")).with_for_update()
)
_NEXT = (
    select(*DELIVERY)
    .where(IN_SPAN, deliveries.c.state == "pending")
    .order_by(deliveries.c.position)
    .limit(bindparam("b_limit"))
)
_IN_DOUBT = (
    select(deliveries.c.position)
    .where(IN_SPAN, deliveries.c.state == "unknown")
    .order_by(deliveries.c.position)
)


@dataclass(frozen=True)
class Claim:
    """What became of planned batches: `taken` are `sending` now.

    Those that `changed` are to be planned again, without the members who were `excluded`.
    """

    taken: tuple[ClaimedBatch, ...]
    changed: tuple[ClaimedBatch, ...] = ()
    excluded: int = 0


def require_sender(connection: Connection, campaign: Campaign, word: str) -> None:
    """Raise `CampaignError` if another process has become the campaign's sender."""
    if connection.execute(_SENDER, {"b_campaign": campaign.id}).scalar_one() != word:
        raise CampaignError(f"another process took over sending {campaign.name!r}")


def next_number(connection: Connection, campaign: Campaign) -> int:
    """The number of the next batch."""
    query = select(func.coalesce(func.max(batches.c.number), 0)).where(
        batches.c.campaign_id == campaign.id
    )
    return int(connection.execute(query).scalar_one()) + 1


def look(
    connection: Connection, campaign: Campaign, span: Span, limit: int
) -> tuple[Delivery, ...]:
    """The first deliveries of an open span that are pending; nothing is written.

    Raises `CampaignError` where a batch holds some of them already.
    """
    if not is_open(connection, campaign, span):
        raise CampaignError(
            f"the ledger of {campaign.name!r} has deliveries in two batches",
            remedy="Nothing of them was sent again; run `gymletter status` and report it",
        )
    return listed(connection, _NEXT, {**within(campaign, span), "b_limit": limit})


def apart(
    connection: Connection, campaign: Campaign, rows: Sequence[Delivery]
) -> list[Sequence[Delivery]]:
    """The rows in parts between which somebody is in doubt, who may become pending again.

    A batch over them would then seem to hold them, too.
    """
    if not rows or rows[-1].position - rows[0].position < len(rows):
        return [rows] if rows else []
    bound = within(campaign, (rows[0].position, rows[-1].position))
    doubtful = connection.execute(_IN_DOUBT, bound).scalars().all()
    return [tuple(part) for _, part in groupby(rows, lambda row: bisect(doubtful, row.position))]


def claim(connection: Connection, campaign: Campaign, planned: Sequence[ClaimedBatch]) -> Claim:
    """Write as `sending` those of the planned batches in which nobody has left since."""
    if not planned or _unchanged(connection, campaign, planned):
        _write_batches(connection, campaign, planned)
        return Claim(tuple(planned))
    good = [_unchanged(connection, campaign, [batch]) for batch in planned]
    taken = tuple(batch for batch, is_good in zip(planned, good, strict=True) if is_good)
    changed = tuple(batch for batch, is_good in zip(planned, good, strict=True) if not is_good)
    _write_batches(connection, campaign, taken)
    excluded = sum(_exclude(connection, campaign, batch) for batch in changed)
    return Claim(taken, changed, excluded)


def written(
    connection: Connection, campaign: Campaign, planned: Sequence[ClaimedBatch]
) -> Claim | None:
    """What a commit whose answer was lost has made of them; None where nothing of it is there."""
    numbers = [batch.number for batch in planned]
    query = select(batches.c.number).where(
        batches.c.campaign_id == campaign.id, batches.c.number.in_(numbers)
    )
    found = set(connection.execute(query).scalars())
    if not found:
        return None
    taken = tuple(batch for batch in planned if batch.number in found)
    return Claim(taken, tuple(batch for batch in planned if batch.number not in found))


def _unchanged(connection: Connection, campaign: Campaign, planned: Sequence[ClaimedBatch]) -> bool:
    """Whether all that is pending where these batches lie is theirs and may be mailed.

    Deliveries only ever cease to be pending while they are planned: so it is enough to count.
    """
    span = (min(batch.first for batch in planned), max(batch.last for batch in planned))
    counted = connection.execute(_stands(), within(campaign, span)).one()
    return set(counted) == {sum(len(batch.deliveries) for batch in planned)}


@cache
def _mailable() -> ColumnElement[bool]:
    """Made once: who is paused now is paused until the end, for counting and excluding alike."""
    return still_mailable()


@cache
def _stands() -> Any:
    mailable = func.sum(case((_mailable(), 1), else_=0))
    return select(func.count(), mailable).where(IN_SPAN, deliveries.c.state == "pending")


def _exclude(connection: Connection, campaign: Campaign, batch: ClaimedBatch) -> int:
    """Exclude who may no longer be mailed, with the reason; gives how many."""
    gone = (
        update(deliveries)
        .where(IN_SPAN, state_of() == "pending", ~_mailable())
        .values(state="excluded", reason=why_not())
    )
    return connection.execute(gone, within(campaign, batch.span)).rowcount


def _write_batches(
    connection: Connection, campaign: Campaign, taken: Sequence[ClaimedBatch]
) -> None:
    """Write the rows of batches that are about to go out: they hold their deliveries."""
    rows = [
        {
            "campaign_id": campaign.id,
            "number": batch.number,
            "state": "sending",
            "variant": batch.variant,
            "first": batch.first,
            "last": batch.last,
            "size": len(batch.deliveries),
            "holds": True,
            "started_at": batch.started.wall,
            "boot": batch.started.boot,
            "uptime": batch.started.uptime,
        }
        for batch in taken
    ]
    if rows:
        connection.execute(insert(batches), rows)
