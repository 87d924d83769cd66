"""Who may be mailed: the one definition, as SQL, for counts, audiences and every batch.

Invariant: active, not paused, not suppressed; a member who is not there may not be mailed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, bindparam, exists, func, or_, select

from gymletter.database import Either
from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def mailable(now: datetime | None = None) -> ColumnElement[bool]:
    """The clause over `members`: who may get mail at `now`.

    It is for many members at once: SQLite finds the suppressed ones first, and then reads no more
    of a member than an index holds. PostgreSQL would not hash a list of millions.
    """
    same = members.alias()
    member = select(same.c.id).where(same.c.address_key == suppressions.c.address_key)
    suppressed = select(func.coalesce(member.scalar_subquery(), 0))
    return _active(now) & Either(
        sqlite=members.c.id.not_in(suppressed.select_from(suppressions)),
        postgresql=~_is_suppressed(),
    )


def mailable_one(now: datetime | None = None) -> ColumnElement[bool]:
    """The same, for members who are looked up one by one."""
    return _active(now) & ~_is_suppressed()


def _active(now: datetime | None) -> ColumnElement[bool]:
    now = now or datetime.now(UTC)
    # As a literal, for SQLite has to see that the index on active members will do.
    active = bindparam(None, "active", String, literal_execute=True)
    return and_(
        members.c.status == active,
        or_(members.c.paused_until.is_(None), members.c.paused_until <= now),
    )


def _is_suppressed() -> ColumnElement[bool]:
    same_address = suppressions.c.address_key == members.c.address_key
    return exists().where(same_address).correlate(members)
