"""The ledger: what was frozen, what is on its way, what became of it.

Invariant: audience = accepted + rejected + excluded + unknown + pending + sending, always.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, update

from gymletter.campaign.campaign import STATES, Campaign
from gymletter.campaign.standing import counted, holders, state_of
from gymletter.campaign.stored import from_json
from gymletter.campaign.tables import (
    TABLES,
    batches,
    campaign_articles,
    campaign_emails,
    campaigns,
    deliveries,
)
from gymletter.database import metadata, reading
from gymletter.errors import CampaignError, NothingToDo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Engine, Row

    from gymletter.rendering.email import Email

_PAGE = 1000


class Ledger:
    """Reading what is written, and the campaign's own row. Makes its tables when opened."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as connection:
            metadata.create_all(connection, tables=TABLES)

    def find(self, name: str) -> Campaign | None:
        """The campaign of that name, if there is one."""
        with reading(self.engine) as connection:
            row = connection.execute(select(campaigns).where(campaigns.c.name == name)).first()
        return None if row is None else _campaign(row)

    def get(self, name: str) -> Campaign:
        """The campaign of that name; raises `NothingToDo` without one."""
        campaign = self.find(name)
        if campaign is None:
            raise NothingToDo(
                f"{name!r} was never sent", remedy="`gymletter status` lists the campaigns"
            )
        return campaign

    def all(self) -> list[Campaign]:
        """Every campaign, newest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(campaigns).order_by(campaigns.c.id.desc())).all()
        return [_campaign(row) for row in rows]

    def emails(self, campaign: Campaign) -> dict[str, Email]:
        """The frozen emails by variant."""
        query = select(campaign_emails.c.variant, campaign_emails.c.email)
        with reading(self.engine) as connection:
            rows = connection.execute(query.where(campaign_emails.c.campaign_id == campaign.id))
            return {variant: from_json(email) for variant, email in rows}

    def counts(self, campaign: Campaign) -> dict[str, int]:
        """Deliveries by state, every state named; raises `CampaignError` if they do not add up."""
        with reading(self.engine) as connection:
            found, fits = counted(connection, campaign)
        if sum(found.values()) != campaign.audience or not fits:
            raise CampaignError(
                f"the ledger of {campaign.name!r} does not add up: {found}"
                f" for an audience of {campaign.audience}",
                remedy="Restore the database from a backup; do not send",
            )
        return {state: found.get(state, 0) for state in STATES}

    def missing(self, campaign: Campaign) -> Iterator[tuple[str, str, str, str]]:
        """Who has not got it, in pages: (address, state, reason, moment the call began)."""
        after = 0
        while True:
            rows = self._missing_page(campaign, after)
            for row in rows:
                yield row.address, row.state, row.reason or "", str(row.started_at or "")
                after = row.position
            if len(rows) < _PAGE:
                return

    def _missing_page(self, campaign: Campaign, after: int) -> Sequence[Any]:
        state = state_of()
        own = case((deliveries.c.state == state, deliveries.c.reason))  # else it is an old one
        begun = func.coalesce(batches.c.started_at, holders(batches.c.started_at))
        query = (
            select(
                deliveries.c.position,
                deliveries.c.address,
                state.label("state"),
                own.label("reason"),
                begun.label("started_at"),
            )
            .outerjoin(
                batches,
                (batches.c.campaign_id == deliveries.c.campaign_id)
                & (batches.c.number == deliveries.c.batch),
            )
            .where(
                deliveries.c.campaign_id == campaign.id,
                deliveries.c.position > after,
                state != "accepted",
            )
            .order_by(deliveries.c.position)
            .limit(_PAGE)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).all()

    def sent_articles(self) -> dict[str, str]:
        """The identity keys of the articles that went out → the issue they went out in."""
        query = select(campaign_articles.c.key, campaigns.c.issue_id).join(campaigns)
        with reading(self.engine) as connection:
            return {key: issue for key, issue in connection.execute(query)}  # noqa: C416

    def take(self, campaign: Campaign) -> str:
        """Become the campaign's one sender; every later write is checked against this word."""
        word = uuid.uuid4().hex
        with self.engine.begin() as connection:
            connection.execute(
                update(campaigns)
                .where(campaigns.c.id == campaign.id)
                .values(sender=word, stopped=None)
            )
        return word

    def finish(self, campaign: Campaign, at: datetime, stopped: str | None) -> dict[str, int]:
        """Write how it ended: the reason it stopped, or that it is complete. Returns the counts."""
        counts = self.counts(campaign)
        complete = is_complete(counts)
        with self.engine.begin() as connection:
            connection.execute(
                update(campaigns)
                .where(campaigns.c.id == campaign.id)
                .values(stopped=stopped, completed_at=at if complete else None)
            )
        return counts


def is_complete(counts: dict[str, int]) -> bool:
    """Whether nothing is left to send or to settle."""
    return not (counts["unknown"] or counts["pending"] or counts["sending"])


def _campaign(row: Row[Any]) -> Campaign:
    values = row._asdict()
    values.pop("sender")
    return Campaign(**values)
