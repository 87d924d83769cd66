"""Taking addresses out of the ledger: a forgotten member's, and those of campaigns long past.

Invariant: the counts of a campaign stay; a pending delivery without its address is never sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, literal, null, select, update

from gymletter.campaign.tables import campaigns, deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_SETTLED = ("accepted", "rejected", "excluded")


def forget(connection: Connection, key: str, instead: str) -> int:
    """Erase an address key from every campaign; `instead`, its keyed hash, takes its place.

    Gives how many deliveries still hold it, because what became of them is in doubt: the provider
    may have to be asked about that address, or the same call repeated.
    """
    mine = deliveries.c.address_key == key
    stop = update(deliveries).where(mine, deliveries.c.state == "pending")
    connection.execute(stop.values(state="excluded", reason="forgotten"))
    erased = update(deliveries).where(mine, deliveries.c.state.in_(_SETTLED))
    connection.execute(erased.values(address_key=instead, **_nothing()))
    return connection.scalar(select(func.count()).select_from(deliveries).where(mine)) or 0


def expire(connection: Connection, keep_days: int, now: datetime) -> int:
    """Erase the addresses of campaigns that were complete `keep_days` before `now`."""
    old = select(campaigns.c.id).where(campaigns.c.completed_at < now - timedelta(days=keep_days))
    expired = update(deliveries).where(
        deliveries.c.campaign_id.in_(old),
        deliveries.c.state.in_(_SETTLED),
        deliveries.c.address != "",
    )
    key = literal("erased:") + cast(deliveries.c.position, String)
    return connection.execute(expired.values(address_key=key, **_nothing())).rowcount


def deliveries_of(connection: Connection, key: str) -> list[dict[str, Any]]:
    """What every campaign holds about an address key."""
    query = (
        select(campaigns.c.name.label("campaign"), campaigns.c.frozen_at, deliveries)
        .join_from(deliveries, campaigns, campaigns.c.id == deliveries.c.campaign_id)
        .where(deliveries.c.address_key == key)
        .order_by(campaigns.c.id)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def _nothing() -> dict[str, Any]:
    return {
        "address": "",
        "first_name": "",
        "last_name": "",
        "fields": null(),
        "message_id": None,
        "member_id": 0,
    }
