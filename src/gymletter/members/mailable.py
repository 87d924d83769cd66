"""Who may be mailed: the one definition, as SQL, for counts, audiences and every batch.

Invariant: active, not paused, not suppressed; a member who is not there may not be mailed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection


def mailable(now: datetime | None = None) -> ColumnElement[bool]:
    """The clause over `members`: who may get mail at `now`."""
    now = now or datetime.now(UTC)
    is_suppressed = exists().where(suppressions.c.address_key == members.c.address_key)
    return and_(
        members.c.status == "active",
        or_(members.c.paused_until.is_(None), members.c.paused_until <= now),
        ~is_suppressed.correlate(members),
    )


def no_longer_mailable(
    connection: Connection, address_keys: Collection[str], now: datetime | None = None
) -> set[str]:
    """Those of `address_keys` that must not be mailed (any more).

    For the sender, right before each batch, in the transaction that marks it as `sending`: who
    has left, paused, bounced, complained or was forgotten since the audience was frozen. A key
    that no member has is among them. One indexed query; keep it to some thousand keys.
    """
    query = select(members.c.address_key).where(
        members.c.address_key.in_(address_keys), mailable(now)
    )
    return set(address_keys) - set(connection.scalars(query))
