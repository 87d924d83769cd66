"""Taking addresses out of the ledger: a forgotten member's, and those of campaigns long past.

Invariant: the counts of a campaign stay; a pending delivery without its address is never sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, func, literal, null, select, update

from gymletter.campaign.standing import holders, state_of
from gymletter.campaign.tables import batches, campaigns, deliveries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

_SETTLED = ("accepted", "rejected", "excluded")


def forget(connection: Connection, key: str, instead: str) -> int:
    """Erase an address key from every campaign; `instead`, its keyed hash, takes its place.

    Gives how many deliveries still hold it, because what became of them is in doubt: the provider
    may have to be asked about that address, or the same call repeated.
    """
    mine = _of(key)
    theirs = campaigns.c.id.in_(select(deliveries.c.campaign_id).where(mine))
    # A sender holds its campaign's row while it claims and settles: what it writes is waited for.
    connection.execute(
        select(campaigns.c.id).where(theirs).order_by(campaigns.c.id).with_for_update()
    )
    stop = update(deliveries).where(mine, state_of() == "pending")
    connection.execute(stop.values(state="excluded", reason="forgotten"))
    settled = (mine, state_of().in_(_SETTLED))
    _forget_ids(connection, connection.execute(_held().where(*settled)).all())
    erased = update(deliveries).where(*settled)
    connection.execute(erased.values(address_key=instead, **_nothing()))
    return connection.scalar(select(func.count()).select_from(deliveries).where(mine)) or 0


def expire(connection: Connection, keep_days: int, now: datetime) -> int:
    """Erase the addresses of campaigns that were complete `keep_days` before `now`."""
    old = select(campaigns.c.id).where(campaigns.c.completed_at < now - timedelta(days=keep_days))
    forgotten = update(batches).where(batches.c.campaign_id.in_(old), batches.c.state == "accepted")
    connection.execute(forgotten.values(message_ids=null()))
    expired = update(deliveries).where(
        deliveries.c.campaign_id.in_(old),
        state_of().in_(_SETTLED),
        deliveries.c.address != "",
    )
    key = literal("erased:") + cast(deliveries.c.position, String)
    return connection.execute(expired.values(address_key=key, **_nothing())).rowcount


def deliveries_of(connection: Connection, key: str) -> list[dict[str, Any]]:
    """What every campaign holds about an address key."""
    query = (
        select(campaigns.c.name.label("campaign"), campaigns.c.frozen_at, deliveries)
        .join_from(deliveries, campaigns, campaigns.c.id == deliveries.c.campaign_id)
        .where(_of(key))
        .order_by(campaigns.c.id)
    )
    found = [dict(row._mapping) for row in connection.execute(query)]
    for row in connection.execute(_held().where(_of(key))):
        batch, ids, place = _message_id(connection, row)
        next(each for each in found if each["campaign_id"] == row.campaign_id).update(
            state=batch.state,
            batch=batch.number,
            message_id=ids[place] if ids else None,
            reason=batch.reason,
        )
    return found


def _of(key: str) -> ColumnElement[bool]:
    """An address's deliveries, looked up campaign by campaign: there is no index over them all."""
    return and_(
        deliveries.c.campaign_id.in_(select(campaigns.c.id)),
        deliveries.c.address_key == key,
    )


def _held() -> Any:
    """Deliveries that a batch holds: whose they are, and the batch's state."""
    return select(
        deliveries.c.campaign_id,
        deliveries.c.position,
        holders(batches.c.number).label("number"),
        holders(batches.c.state).label("state"),
    ).where(deliveries.c.state == "pending", holders(batches.c.number).is_not(None))


def _message_id(connection: Connection, held: Row[Any]) -> tuple[Row[Any], list[str | None], int]:
    """The batch that holds a delivery, its ids, and at which place this delivery's stands."""
    batch = connection.execute(select(batches).where(_is_batch(held))).one()
    before = select(func.count()).where(
        deliveries.c.campaign_id == held.campaign_id,
        deliveries.c.position >= batch.first,
        deliveries.c.position < held.position,
        deliveries.c.state == "pending",
    )
    ids = list(batch.message_ids or ())
    return batch, ids, 0 if len(ids) == 1 else connection.execute(before).scalar_one()


def _forget_ids(connection: Connection, held: Iterable[Row[Any]]) -> None:
    """Erase the message's own id; one that stands for a whole batch is nobody's."""
    for row in held:
        batch, ids, place = _message_id(connection, row)
        if len(ids) == batch.size:
            ids[place] = None
            erased = update(batches).where(_is_batch(row)).values(message_ids=ids)
            connection.execute(erased)


def _is_batch(held: Row[Any]) -> Any:
    return (batches.c.campaign_id == held.campaign_id) & (batches.c.number == held.number)


def _nothing() -> dict[str, Any]:
    return {
        "address": "",
        "first_name": "",
        "last_name": "",
        "fields": null(),
        "message_id": None,
        "member_id": 0,
    }
