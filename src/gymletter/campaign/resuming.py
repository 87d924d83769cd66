"""What a sender that died left behind.

Invariant: each of its batches may have arrived; with somebody in it who has left since, it is not
repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from gymletter.campaign.audience import still_mailable
from gymletter.campaign.campaign import ClaimedBatch
from gymletter.campaign.clock import Instant
from gymletter.campaign.standing import CALLED, belonging, deliveries_of
from gymletter.campaign.tables import batches, deliveries

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from gymletter.campaign.campaign import Campaign


def unfinished(connection: Connection, campaign: Campaign) -> list[ClaimedBatch]:
    """The batches that were `sending` when their sender died: each may have arrived."""
    query = select(batches).where(
        batches.c.campaign_id == campaign.id, batches.c.state == "sending"
    )
    rows = connection.execute(query.order_by(batches.c.number)).all()
    return [taken_over(connection, campaign, row) for row in rows]


def taken_over(connection: Connection, campaign: Campaign, row: Row[Any]) -> ClaimedBatch:
    """A row of `batches` that may have arrived, with its deliveries that are not settled."""
    return ClaimedBatch(
        row.number,
        row.variant,
        deliveries_of(connection, campaign, row, "unknown"),
        Instant(row.started_at, row.boot, row.uptime),
        doubted=True,
        holds=row.holds,
    )


def somebody_left(connection: Connection, campaign: Campaign, batch: ClaimedBatch) -> bool:
    """Whether somebody of a batch in doubt may no longer be mailed, so that it is not repeated.

    Those that are settled count too: the call names them all.
    """
    gone = select(deliveries.c.position).where(
        deliveries.c.campaign_id == campaign.id,
        belonging(batch, *CALLED),
        ~still_mailable(),
    )
    return connection.execute(gone.limit(1)).first() is not None


def anyone_accepted(connection: Connection, campaign: Campaign) -> bool:
    """Whether the provider ever took anybody of it."""
    mine = batches.c.campaign_id == campaign.id
    single = (
        select(deliveries.c.position)
        .join_from(
            batches,
            deliveries,
            and_(
                deliveries.c.campaign_id == batches.c.campaign_id,
                deliveries.c.position.between(batches.c.first, batches.c.last),
                deliveries.c.batch == batches.c.number,
            ),
        )
        .where(mine, ~batches.c.holds, deliveries.c.state == "accepted")
    )
    whole = select(batches.c.number).where(mine, batches.c.state == "accepted")
    return any(connection.execute(query.limit(1)).first() for query in (whole, single))
