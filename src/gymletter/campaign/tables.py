"""The ledger's tables: campaigns, their frozen emails and articles, batches, deliveries.

Invariant: one delivery per campaign and normalised address. A batch that `holds` its deliveries
has their state: those between its `first` and `last` position whose own row says `pending`. Such
batches never overlap, and nobody between these positions is in doubt. So a call that fared well is
one row to write, however many it was for; where they fared unlike, each delivery's own row says
how, and bears the batch's number.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from gymletter.database import Json, Moment, metadata

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, unique=True),
    Column("issue_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("segment", Text),
    Column("audience", Integer, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("scheduled_for", Moment),
    Column("completed_at", Moment),
    Column("sender", Text),
    Column("stopped", Text),
)

campaign_emails = Table(
    "campaign_emails",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("email", Text, nullable=False),
)

campaign_articles = Table(
    "campaign_articles",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("key", Text, primary_key=True),
)

# A batch is `sending` from before its call until its answer is written, then `accepted` where all
# of it was, else `settled`: until then and when accepted it holds its deliveries. It is `unknown`
# while its answer is in doubt (`unclear` where its key cannot settle that), `halved` when two
# others took its place, `released` when it surely did not go out and its deliveries are pending
# again. `size`: how many it held. `message_ids`: of each delivery that it holds, in their order, or
# one for all. `boot` and `uptime` say when it was first sent by a clock that nobody sets.
batches = Table(
    "batches",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("message_ids", Json),
    Column("started_at", Moment, nullable=False),
    Column("boot", Text, nullable=False),
    Column("uptime", Float, nullable=False),
    Column("reason", Text),
    Index("batches_by_state", "campaign_id", "state"),
    Index("batches_that_hold", "campaign_id", "holds", "first"),
    sqlite_with_rowid=False,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("batch", Integer),
    Column("member_id", Integer, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("fields", Json),
    Column("variant", Text, nullable=False),
    Column("message_id", Text),
    Column("reason", Text),
    UniqueConstraint("campaign_id", "address_key"),
    sqlite_with_rowid=False,
)

TABLES = (campaigns, campaign_emails, campaign_articles, batches, deliveries)
