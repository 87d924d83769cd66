"""Freezing: the emails and the audience are stored in one transaction, before the first call.

Invariant: the audience is written by one statement and counted by another; where they differ,
nothing is stored.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from gymletter.campaign.audience import needs_fields, rows_to_freeze, who
from gymletter.campaign.stored import content_hash, to_json, variant_of
from gymletter.campaign.tables import campaign_articles, campaign_emails, campaigns, deliveries
from gymletter.database import bulk
from gymletter.errors import CampaignError, NothingToDo
from gymletter.members.tables import members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from gymletter.campaign.campaign import Campaign
    from gymletter.campaign.ledger import Ledger
    from gymletter.rendering.email import Email


@dataclass(frozen=True)
class Edition:
    """What is to be frozen.

    `emails`: (the member values it was rendered for, the rendering); `articles`: identity keys of
    what it offers.
    """

    name: str
    issue_id: str
    emails: Sequence[tuple[dict[str, str], Email]]
    articles: Iterable[str]
    provider: str
    segment: str | None = None
    scheduled_for: datetime | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 of all renderings."""
        return content_hash({variant_of(values): email for values, email in self.emails})


def count_audience(ledger: Ledger, segment: ColumnElement[bool] | None) -> int:
    """How many members would get it."""
    with ledger.engine.connect() as connection:
        return _count(connection, segment)


def freeze(
    ledger: Ledger, edition: Edition, segment: ColumnElement[bool] | None, now: datetime
) -> Campaign:
    """Store the campaign. Raises `NothingToDo` for an empty audience, and then stores nothing."""
    for _, email in edition.emails:
        _require_lawful(email)
    try:
        with bulk(ledger.engine) as connection, connection.begin():
            audience = _write(connection, edition, segment, now)
    except IntegrityError:
        raise CampaignError(
            f"{edition.name!r} could not be frozen: members changed or it was sent meanwhile",
            remedy="Nothing was sent; run the command again",
        ) from None
    except OperationalError as error:
        raise CampaignError(
            f"{edition.name!r} could not be frozen: {error.orig}",
            remedy="Nothing was stored or sent; make room or free the database, and run it again",
        ) from None
    campaign = ledger.get(edition.name)
    if campaign.audience != audience:
        raise CampaignError(f"{edition.name!r} was frozen by another process")
    return campaign


def _write(
    connection: Connection, edition: Edition, segment: ColumnElement[bool] | None, now: datetime
) -> int:
    audience = _count(connection, segment)
    if not audience:
        raise NothingToDo("nobody to send to", remedy=_who_remedy(edition.segment))
    campaign_id = _insert_campaign(connection, edition, audience, now)
    rows = rows_to_freeze(
        campaign_id,
        [values for values, _ in edition.emails],
        segment,
        with_fields=needs_fields(email for _, email in edition.emails),
    )
    connection.execute(insert(deliveries).from_select(list(rows.selected_columns.keys()), rows))
    stored = select(func.count(), func.max(deliveries.c.position)).where(
        deliveries.c.campaign_id == campaign_id
    )
    if tuple(connection.execute(stored).one()) != (audience, audience):
        raise CampaignError(
            "the audience that was stored is not the one that was counted",
            remedy="Nothing was sent; run the command again",
        )
    return audience


def _insert_campaign(connection: Connection, edition: Edition, audience: int, now: datetime) -> int:
    inserted = connection.execute(
        insert(campaigns).values(
            uid=uuid.uuid4().hex,
            name=edition.name,
            issue_id=edition.issue_id,
            content_hash=edition.content_hash,
            provider=edition.provider,
            segment=edition.segment,
            audience=audience,
            frozen_at=now,
            scheduled_for=edition.scheduled_for,
        )
    )
    campaign_id = int((inserted.inserted_primary_key or (0,))[0])
    emails = [
        {"campaign_id": campaign_id, "variant": variant_of(values), "email": to_json(email)}
        for values, email in edition.emails
    ]
    connection.execute(insert(campaign_emails), emails)
    articles = [{"campaign_id": campaign_id, "key": key} for key in set(edition.articles)]
    if articles:
        connection.execute(insert(campaign_articles), articles)
    return campaign_id


def _require_lawful(email: Email) -> None:
    """Nothing goes out without a way out (RFC 2369, 8058), its list (RFC 2919) and a text part."""
    present = {name.lower() for name, _ in email.headers}
    lacking = [name for name in ("List-Unsubscribe", "List-Id") if name.lower() not in present]
    if not email.text.strip():
        lacking.append("a text part")
    if lacking:
        raise CampaignError(
            f"the email has no {' and no '.join(lacking)}", remedy="Nothing was stored or sent"
        )


def _count(connection: Connection, segment: ColumnElement[bool] | None) -> int:
    query = select(func.count()).select_from(members).where(who(segment))
    return int(connection.execute(query).scalar_one())


def _who_remedy(segment: str | None) -> str:
    if segment:
        return f"No member that may be mailed is in the segment {segment!r}"
    return "Import members with `gymletter members import FILE`"
