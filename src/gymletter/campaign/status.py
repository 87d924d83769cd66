"""What became of a campaign, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gymletter.campaign.ledger import Ledger, is_complete

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gymletter.campaign.campaign import Campaign


@dataclass(frozen=True)
class Status:
    """Deliveries by state: they always add up to `audience`."""

    issue: str
    state: Literal["complete", "incomplete"]
    audience: int
    accepted: int
    rejected: int
    excluded: int
    unknown: int
    pending: int
    sending: int


def status(engine: Engine, name: str) -> Status:
    """The status of the campaign of that name; raises `NothingToDo` where there is none."""
    ledger = Ledger(engine)
    return status_of(ledger, ledger.get(name))


def status_of(ledger: Ledger, campaign: Campaign) -> Status:
    """The status of a campaign."""
    counts = ledger.counts(campaign)
    state: Literal["complete", "incomplete"] = "complete" if is_complete(counts) else "incomplete"
    return Status(campaign.name, state, campaign.audience, **counts)
