"""Who may be mailed: the one definition, as SQL, for counts, audiences and every batch.

Invariant: active, not paused, not suppressed; a member who is not there may not be mailed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_

from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def mailable(now: datetime | None = None) -> ColumnElement[bool]:
    """The clause over `members`: who may get mail at `now`."""
    now = now or datetime.now(UTC)
    is_suppressed = exists().where(suppressions.c.address_key == members.c.address_key)
    return and_(
        members.c.status == "active",
        or_(members.c.paused_until.is_(None), members.c.paused_until <= now),
        ~is_suppressed.correlate(members),
    )
