"""Where deliveries stand: each by its own row, or by the batch that holds it.

Invariant: a delivery is pending only where its own row says so and no batch holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, bindparam, case, func, select

from gymletter.campaign.campaign import Delivery
from gymletter.campaign.tables import batches, deliveries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column, ColumnElement, Connection, Row, Select

    from gymletter.campaign.campaign import Campaign, ClaimedBatch

Span = tuple[int, int]  # the first and the last position

CALLED = ("unknown", "accepted", "rejected")  # states of those that a call was made for
_HOLDER = batches.alias("holder")
DELIVERY = tuple(deliveries.c[name] for name in Delivery._fields)
IN_SPAN = and_(
    deliveries.c.campaign_id == bindparam("b_campaign"),
    deliveries.c.position.between(bindparam("b_first"), bindparam("b_last")),
)
_BEFORE = (
    select(batches.c.last)
    .where(
        batches.c.campaign_id == bindparam("b_campaign"),
        batches.c.holds,
        batches.c.first <= bindparam("b_last"),
    )
    .order_by(batches.c.first.desc())
    .limit(1)
)


def within(campaign: Campaign, span: Span) -> dict[str, Any]:
    """The parameters of `IN_SPAN`."""
    return {"b_campaign": campaign.id, "b_first": span[0], "b_last": span[1]}


def holders(column: Column[Any]) -> ColumnElement[Any]:
    """A column of the batch that holds a delivery, if its own row says pending; NULL without one.

    Batches that hold do not overlap: only the last to begin before a delivery can hold it.
    """
    return (
        select(case((_HOLDER.c.last >= deliveries.c.position, _HOLDER.c[column.key])))
        .where(
            _HOLDER.c.campaign_id == deliveries.c.campaign_id,
            _HOLDER.c.holds,
            _HOLDER.c.first <= deliveries.c.position,
        )
        .order_by(_HOLDER.c.first.desc())
        .limit(1)
        .correlate(deliveries)
        .scalar_subquery()
    )


def state_of() -> ColumnElement[str]:
    """A delivery's state, as SQL."""
    own = deliveries.c.state
    return case((own != "pending", own), else_=func.coalesce(holders(batches.c.state), "pending"))


def counted(connection: Connection, campaign: Campaign) -> tuple[dict[str, int], bool]:
    """Deliveries by state; and whether every batch that holds has as many as it was claimed for."""
    mine = deliveries.c.campaign_id == campaign.id
    total = select(func.count()).select_from(deliveries).where(mine)
    own = (  # grouping the others too would sort them all
        select(deliveries.c.state, func.count())
        .where(mine, deliveries.c.state != "pending")
        .group_by(deliveries.c.state)
    )
    held = (
        select(batches.c.state, func.sum(batches.c.size), func.sum(_held()))
        .where(batches.c.campaign_id == campaign.id, batches.c.holds)
        .group_by(batches.c.state)
    )
    found = {state: int(count) for state, count in connection.execute(own)}
    found["pending"] = connection.execute(total).scalar_one() - sum(found.values())
    fits = True
    for state, claimed, really in connection.execute(held):
        found[state] = found.get(state, 0) + int(really)
        found["pending"] -= int(really)
        fits = fits and claimed == really
    return found, fits


def open_spans(connection: Connection, campaign: Campaign) -> list[Span]:
    """Where deliveries may be pending: between the batches that hold."""
    query = select(batches.c.first, batches.c.last).where(
        batches.c.campaign_id == campaign.id, batches.c.holds
    )
    spans: list[Span] = []
    free = 1
    for first, last in connection.execute(query.order_by(batches.c.first)):
        if free < first:
            spans.append((free, first - 1))
        free = last + 1
    return [*spans, (free, campaign.audience)] if free <= campaign.audience else spans


def capped(spans: Iterable[Span], until: int) -> list[Span]:
    """What of the spans lies up to position `until`."""
    return [(first, min(last, until)) for first, last in spans if first <= until]


def is_open(connection: Connection, campaign: Campaign, span: Span) -> bool:
    """Whether no batch holds any delivery of a span."""
    last = connection.execute(_BEFORE, within(campaign, span)).scalar()
    return last is None or last < span[0]


def belonging(batch: ClaimedBatch | Row[Any], *states: str) -> ColumnElement[bool]:
    """Which deliveries are a batch's: those it holds, else those with its number, in `states`."""
    whose = deliveries.c.state == "pending"
    if not batch.holds:
        whose = and_(deliveries.c.batch == batch.number, deliveries.c.state.in_(states))
    return and_(deliveries.c.position.between(batch.first, batch.last), whose)


def deliveries_of(
    connection: Connection, campaign: Campaign, batch: ClaimedBatch | Row[Any], *states: str
) -> tuple[Delivery, ...]:
    """The deliveries of a batch in their order; of one that holds none, those in `states`."""
    mine = and_(deliveries.c.campaign_id == campaign.id, belonging(batch, *states))
    return listed(connection, select(*DELIVERY).where(mine).order_by(deliveries.c.position))


def listed(
    connection: Connection, query: Select[Any], bound: dict[str, Any] | None = None
) -> tuple[Delivery, ...]:
    """The rows of a query of `DELIVERY`: they are named tuples of these columns already."""
    return tuple(cast("list[Delivery]", connection.execute(query, bound or {}).all()))


def _held() -> ColumnElement[int]:
    """How many a batch holds.

    Not by a join: for each delivery PostgreSQL would then look through all batches before it.
    """
    held = select(func.count()).where(
        deliveries.c.campaign_id == batches.c.campaign_id,
        deliveries.c.position.between(batches.c.first, batches.c.last),
        deliveries.c.state == "pending",
    )
    return held.correlate(batches).scalar_subquery()
