"""Claiming: who goes next is written down as `sending` before the call that mails them.

Invariant: a batch is claimed for exactly the deliveries it holds, or not at all; who may no longer
be mailed is excluded in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from gymletter.campaign.audience import still_mailable, why_not
from gymletter.campaign.campaign import Campaign, ClaimedBatch, Delivery
from gymletter.campaign.clock import Instant
from gymletter.campaign.tables import batches, campaigns, deliveries
from gymletter.errors import CampaignError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from gymletter.campaign.cutting import Cutter

_DELIVERY = (
    deliveries.c.position,
    deliveries.c.member_id,
    deliveries.c.address_key,
    deliveries.c.address,
    deliveries.c.first_name,
    deliveries.c.last_name,
    deliveries.c.language,
    deliveries.c.fields,
    deliveries.c.variant,
)
OF_BATCH = (deliveries.c.campaign_id == bindparam("b_campaign")) & deliveries.c.position.between(
    bindparam("b_first"), bindparam("b_last")
)
_CLAIM = (
    update(deliveries)
    .where(OF_BATCH, deliveries.c.state == "pending")
    .values(state="sending", batch=bindparam("b_number"))
)
_EXCLUDE = (
    update(deliveries)
    .where(
        deliveries.c.campaign_id == bindparam("b_campaign"),
        deliveries.c.position == bindparam("b_position"),
        deliveries.c.state == "pending",
    )
    .values(state="excluded", reason=why_not())
)
_SENDER = (
    select(campaigns.c.sender).where(campaigns.c.id == bindparam("b_campaign")).with_for_update()
)


@dataclass(frozen=True)
class Claim:
    """What a claim found: batches that are `sending`, and how many members were excluded.

    Up to the position `cursor` nothing is pending any more; when `exhausted`, nowhere.
    """

    batches: tuple[ClaimedBatch, ...]
    excluded: int
    cursor: int
    exhausted: bool


def require_sender(connection: Connection, campaign: Campaign, word: str) -> None:
    """Raise `CampaignError` if another process has become the campaign's sender."""
    if connection.execute(_SENDER, {"b_campaign": campaign.id}).scalar_one() != word:
        raise CampaignError(f"another process took over sending {campaign.name!r}")


def anyone_accepted(connection: Connection, campaign: Campaign) -> bool:
    """Whether the provider ever took anybody of it."""
    taken = select(deliveries.c.position).where(
        deliveries.c.campaign_id == campaign.id, deliveries.c.state == "accepted"
    )
    return connection.execute(taken.limit(1)).first() is not None


def next_number(connection: Connection, campaign: Campaign) -> int:
    """The number of the next batch."""
    query = select(func.coalesce(func.max(batches.c.number), 0)).where(
        batches.c.campaign_id == campaign.id
    )
    return int(connection.execute(query).scalar_one()) + 1


def claim(
    connection: Connection,
    campaign: Campaign,
    *,
    after: int,
    until: int,
    cutter: Cutter,
    most: int,
    number: int,
    now: Instant,
) -> Claim:
    """Take up to `most` batches of the deliveries at positions in (`after`, `until`].

    Who may no longer be mailed is excluded first. Batches are numbered from `number` on.
    """
    limit = most * cutter.most_messages
    rows = connection.execute(
        _pending(),
        {"b_campaign": campaign.id, "b_after": after, "b_until": until, "b_limit": limit},
    ).all()
    gone = [row[0] for row in rows if not row[-1]]
    _exclude(connection, campaign, gone)
    wanted = [Delivery._make(row[:-1]) for row in rows if row[-1]]
    groups = cutter.cut(wanted)[:most]
    taken = tuple(
        ClaimedBatch(number + n, group[0].variant, tuple(group), now)
        for n, group in enumerate(groups)
    )
    write_batches(connection, campaign, taken)
    _claim_deliveries(connection, campaign, taken)
    everything = sum(map(len, groups)) == len(wanted)
    cursor = rows[-1][0] if rows and everything else taken[-1].last if taken else after
    return Claim(taken, len(gone), cursor, exhausted=everything and len(rows) < limit)


def unfinished(connection: Connection, campaign: Campaign) -> list[ClaimedBatch]:
    """The batches that were `sending` when their sender died: each may have arrived."""
    query = select(batches).where(
        batches.c.campaign_id == campaign.id, batches.c.state == "sending"
    )
    return [
        ClaimedBatch(
            row.number,
            row.variant,
            deliveries_of(connection, campaign, row, "sending"),
            Instant(row.started_at, row.boot, row.uptime),
            doubted=True,
        )
        for row in connection.execute(query.order_by(batches.c.number)).all()
    ]


def somebody_left(connection: Connection, campaign: Campaign, batch: ClaimedBatch) -> bool:
    """Whether somebody of a batch in doubt may no longer be mailed, so that it is not repeated."""
    gone = select(deliveries.c.position).where(
        OF_BATCH,
        deliveries.c.batch == bindparam("b_number"),
        deliveries.c.state.in_(("sending", "unknown")),
        ~still_mailable(),
    )
    return connection.execute(gone.limit(1), span(campaign, batch)).first() is not None


def deliveries_of(
    connection: Connection, campaign: Campaign, batch: Row[Any], *states: str
) -> tuple[Delivery, ...]:
    """The deliveries of a row of `batches` that are in one of `states`, in their order."""
    query = (
        select(*_DELIVERY)
        .where(
            deliveries.c.campaign_id == campaign.id,
            deliveries.c.position.between(batch.first, batch.last),
            deliveries.c.batch == batch.number,
            deliveries.c.state.in_(states),
        )
        .order_by(deliveries.c.position)
    )
    return tuple(Delivery._make(row) for row in connection.execute(query))


@cache
def _pending() -> Any:
    """Made once a run: a pause that ended meanwhile is not worth a new statement."""
    return (
        select(*_DELIVERY, still_mailable())
        .where(
            deliveries.c.campaign_id == bindparam("b_campaign"),
            deliveries.c.position > bindparam("b_after"),
            deliveries.c.position <= bindparam("b_until"),
            deliveries.c.state == "pending",
        )
        .order_by(deliveries.c.position)
        .limit(bindparam("b_limit"))
    )


def _exclude(connection: Connection, campaign: Campaign, positions: Sequence[int]) -> None:
    if positions:
        connection.execute(
            _EXCLUDE, [{"b_campaign": campaign.id, "b_position": each} for each in positions]
        )


def write_batches(
    connection: Connection, campaign: Campaign, taken: Sequence[ClaimedBatch]
) -> None:
    """Write the rows of batches that are about to go out."""
    rows = [
        {
            "campaign_id": campaign.id,
            "number": batch.number,
            "state": "sending",
            "variant": batch.variant,
            "first": batch.first,
            "last": batch.last,
            "started_at": batch.started.wall,
            "boot": batch.started.boot,
            "uptime": batch.started.uptime,
        }
        for batch in taken
    ]
    if rows:
        connection.execute(insert(batches), rows)


def _claim_deliveries(
    connection: Connection, campaign: Campaign, taken: Sequence[ClaimedBatch]
) -> None:
    if not taken:
        return
    done = connection.execute(_CLAIM, [span(campaign, batch) for batch in taken])
    expected = sum(len(batch.deliveries) for batch in taken)
    if done.rowcount not in (expected, -1):
        raise CampaignError(
            f"{done.rowcount} deliveries were claimed where {expected} were expected",
            remedy="Nothing of them was sent; run `gymletter status` and report it",
        )


def span(campaign: Campaign, batch: ClaimedBatch) -> dict[str, Any]:
    """The parameters of `OF_BATCH`, and the batch's number."""
    return {
        "b_campaign": campaign.id,
        "b_first": batch.first,
        "b_last": batch.last,
        "b_number": batch.number,
    }
