"""Leaving and pausing, as members ask it over their links: many at once, in one transaction.

Invariant: leaving twice is leaving once; nobody comes back by a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from gymletter import database
from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

#: For how many months a member may pause; 0 ends a pause.
MONTHS = (0, 1, 2, 3, 6)


@dataclass(frozen=True)
class Change:
    """What a member asked: to leave (`months` None), or to pause. `source`: the issue's id."""

    member_id: int
    source: str
    months: int | None = None


@dataclass(frozen=True)
class Known:
    """What a page may show of a member."""

    language: str
    has_left: bool
    paused_until: datetime | None


def known(engine: Engine, member_id: int) -> Known | None:
    """The member, if there is one."""
    query = select(members).where(members.c.id == member_id)
    with database.reading(engine) as connection:
        row = connection.execute(query).first()
    return None if row is None else Known(row.language, row.status != "active", row.paused_until)


def apply(engine: Engine, changes: Sequence[Change], now: datetime) -> None:
    """Store all changes; when this returns they survive a power cut."""
    with engine.begin() as connection:
        _leave(connection, [change for change in changes if change.months is None], now)
        for change in changes:
            if change.months is not None:
                _pause(connection, change, now)


def _leave(connection: Connection, changes: Sequence[Change], now: datetime) -> None:
    if not changes:
        return
    source = {change.member_id: change.source for change in changes}
    query = select(members.c.id, members.c.address_key).where(members.c.id.in_(source))
    rows = [
        {"address_key": key, "reason": "unsubscribed", "source": source[member_id], "at": now}
        for member_id, key in connection.execute(query)
    ]
    if rows:
        into = database.upsert(connection, suppressions).on_conflict_do_nothing()
        connection.execute(into, rows)
    leave = update(members).where(
        members.c.id.in_(source), members.c.status.in_(("active", "left"))
    )
    connection.execute(leave.values(status="unsubscribed", updated_at=now))


def _pause(connection: Connection, change: Change, now: datetime) -> None:
    until = months_later(now, change.months or 0) if change.months else None
    pause = update(members).where(members.c.id == change.member_id, members.c.status == "active")
    connection.execute(pause.values(paused_until=until, updated_at=now))


def months_later(now: datetime, months: int) -> datetime:
    """The same day of the month, or the first of the next where that month is shorter."""
    total = now.year * 12 + now.month - 1 + months
    year, month = divmod(total, 12)
    midnight = datetime(year, month + 1, 1, tzinfo=UTC)
    try:
        return midnight.replace(day=now.day)
    except ValueError:
        return months_later(midnight, 1)
