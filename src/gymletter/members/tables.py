"""The members' tables, on the one metadata, so that a campaign can select from them in one go.

Invariant: an address stands once, by `address_key`, however it was spelt; a member's `id` is never
given out again, because old unsubscribe links hold it.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from gymletter.database import Json, Moment, metadata

#: status: "active", "left" (no longer in the export), or why no mail may go: "unsubscribed",
#: "bounced", "complained", "suppressed". `fields`: further merge fields, all of them texts.
#: `import_id`, `import_line`: where the row was last seen, to tell repeats and leavers.
members = Table(
    "members",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False),
    Column("address_key", Text, nullable=False, unique=True),
    Column("first_name", Text, nullable=False, default=""),
    Column("last_name", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("status", String(16), nullable=False, default="active"),
    Column("fields", Json, nullable=False, default=dict),
    Column("paused_until", Moment),
    Column("consent_basis", String(16), nullable=False),
    Column("consent_source", Text, nullable=False),
    Column("consent_at", Moment),
    Column("consent_wording", Text, nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("import_id", Integer),
    Column("import_line", Integer),
    CheckConstraint("consent_basis IN ('opt-in', 'soft-opt-in')", name="consent_basis_known"),
    sqlite_autoincrement=True,
)
# What counting a segment of active members reads, in a quarter of the pages that the table has.
# Not for PostgreSQL, whose index entries may not be as long as `fields`.
Index(
    "members_active",
    members.c.fields,
    members.c.paused_until,
    sqlite_where=members.c.status == "active",
).ddl_if(dialect="sqlite")

member_tags = Table(
    "member_tags",
    metadata,
    Column("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index("member_tags_by_tag", "tag", "member_id"),
    sqlite_with_rowid=False,
)

#: `address_key` is an address key, or "hmac:KEY_ID:HEX" where the address was forgotten.
#: reason: "unsubscribed", "bounced", "complained", "suppressed" or "forgotten".
#: `source`: who said so (an issue's id, a provider's name, an operator).
suppressions = Table(
    "suppressions",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("source", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

#: One row per import that was kept. `field_names`: JSON list of the fields it brought.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("file", Text, nullable=False),
    Column("field_names", Json, nullable=False, default=list),
    sqlite_autoincrement=True,
)

TABLES = (members, member_tags, suppressions, imports)
