"""Erasing addresses from the ledger: they go, the counts stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from gymletter.campaign import erasing
from gymletter.campaign.ledger import Ledger
from gymletter.campaign.tables import campaigns, deliveries
from gymletter.database import open_database

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

NOW = datetime(2025, 9, 30, tzinfo=UTC)
STATES = ("accepted", "pending", "unknown", "rejected")


def ledger_with(workspace: Workspace, *completed: datetime | None) -> Ledger:
    """A ledger with a campaign per moment of completion, each to the same four addresses."""
    ledger = Ledger(open_database(workspace.database_url))
    for number, at in enumerate(completed, 1):
        _add(ledger, number, at)
    return ledger


def _add(ledger: Ledger, number: int, completed_at: datetime | None) -> None:
    campaign = {
        "id": number,
        "uid": f"uid-{number}",
        "name": f"2025-0{number}",
        "issue_id": f"2025-0{number}",
        "content_hash": "x",
        "provider": "inbox",
        "audience": len(STATES),
        "frozen_at": NOW,
        "completed_at": completed_at,
    }
    rows: list[dict[str, Any]] = [
        {
            "campaign_id": number,
            "position": position,
            "state": state,
            "member_id": position,
            "address_key": f"lid{position}@x.example",
            "address": f"lid{position}@x.example",
            "first_name": "Jan",
            "last_name": "",
            "language": "nl",
            "fields": {"club": "Noord"},
            "variant": "",
            "message_id": f"m{position}",
        }
        for position, state in enumerate(STATES, 1)
    ]
    with ledger.engine.begin() as connection:
        connection.execute(insert(campaigns), [campaign])
        connection.execute(insert(deliveries), rows)


def test_a_forgotten_address_leaves_every_campaign(workspace: Workspace) -> None:
    """What was pending is excluded; what is in doubt keeps the address and is counted."""
    ledger = ledger_with(workspace, None, NOW)
    with ledger.engine.begin() as connection:
        assert erasing.forget(connection, "lid1@x.example", "hmac:1") == 0
        assert erasing.forget(connection, "lid2@x.example", "hmac:2") == 0
        assert erasing.forget(connection, "lid3@x.example", "hmac:3") == 2
        assert erasing.deliveries_of(connection, "lid1@x.example") == []
        rows = connection.execute(select(deliveries).where(deliveries.c.campaign_id == 1)).all()
    assert [row.state for row in rows] == ["accepted", "excluded", "unknown", "rejected"]
    assert [row.address for row in rows] == ["", "", "lid3@x.example", "lid4@x.example"]
    assert [row.message_id for row in rows] == [None, None, "m3", "m4"]


def test_addresses_of_old_campaigns_expire(workspace: Workspace) -> None:
    """Only of campaigns that are long complete, and only what is settled."""
    ledger = ledger_with(workspace, NOW - timedelta(days=400), NOW - timedelta(days=10), None)
    with ledger.engine.begin() as connection:
        assert erasing.expire(connection, 365, NOW) == 2
        assert erasing.expire(connection, 365, NOW) == 0
        kept = select(deliveries.c.campaign_id, func.count()).where(deliveries.c.address != "")
        counts = connection.execute(kept.group_by(deliveries.c.campaign_id)).all()
    assert [tuple(row) for row in counts] == [(1, 2), (2, 4), (3, 4)]
