"""Who may be mailed, asked of many members at once and of one at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from gymletter.members import mailable, mailable_one
from gymletter.members.tables import members, suppressions
from tests.campaign.people import address, populated

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOW = datetime(2025, 9, 1, tzinfo=UTC)


def test_only_who_is_active_not_paused_and_not_suppressed_may_be_mailed(engine: Engine) -> None:
    """A suppression holds whatever the member's own row says, and so does that of a stranger."""
    populated(engine, 6)
    changes: dict[int, dict[str, Any]] = {
        1: {"status": "left"},
        2: {"status": "unsubscribed"},
        3: {"paused_until": NOW + timedelta(days=1)},
        4: {"paused_until": NOW},
    }
    told = [
        {"address_key": key, "reason": "bounced", "source": "", "at": NOW}
        for key in (address(4), "iemand@elders.example", "hmac:1:2")
    ]
    with engine.begin() as connection:
        for number, values in changes.items():
            connection.execute(update(members).where(members.c.id == number).values(values))
        connection.execute(insert(suppressions), told)
        for clause in (mailable(NOW), mailable_one(NOW)):
            query = select(members.c.id).where(clause).order_by(members.c.id)
            assert connection.scalars(query).all() == [4, 6]
