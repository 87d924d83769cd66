"""Tags of an import: staged while rows are read, then put beside the members in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from gymletter.database import Bulk
from gymletter.members.tables import member_tags, members

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from gymletter.members.rows import Person

_staged = Table(
    "staged_tags",
    MetaData(),
    Column("address_key", Text),
    Column("tag", Text),
    prefixes=["TEMPORARY"],
)
_wanted = Table(
    "wanted_tags",
    MetaData(),
    Column("member_id", Integer, primary_key=True),
    Column("tag", Text, primary_key=True),
    prefixes=["TEMPORARY"],
)


class Staged:
    """The tags that a file gives; what it does not give any more is taken away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for table in (_staged, _wanted):
            table.create(connection)
        order = ("address_key", "tag")
        into = insert(_staged).values({name: bindparam(name) for name in order})
        self._add = Bulk(connection, into, order)

    def add(self, people: Iterable[Person]) -> None:
        """Stage the tags of some rows."""
        rows = [(person.key, tag) for person in people for tag in person.tags]
        if rows:
            self._add(rows)

    def apply(self, import_id: int, now: datetime) -> None:
        """Make the tags of the import's members what was staged; who changed is updated `now`."""
        run = self._connection.execute
        found = select(members.c.id, _staged.c.tag).join_from(
            _staged, members, members.c.address_key == _staged.c.address_key
        )
        run(insert(_wanted).from_select(["member_id", "tag"], found.order_by(members.c.id)))
        imported = select(members.c.id).where(members.c.import_id == import_id)
        too_many = member_tags.c.member_id.in_(imported) & ~exists().where(_same)
        new = select(_wanted).where(~exists().where(_same).correlate(_wanted))
        for ids in (
            select(member_tags.c.member_id).where(too_many),
            new.with_only_columns(_wanted.c.member_id),
        ):
            run(update(members).where(members.c.id.in_(ids)).values(updated_at=now))
        run(delete(member_tags).where(too_many))
        run(insert(member_tags).from_select(["member_id", "tag"], new))
        for table in (_staged, _wanted):
            table.drop(self._connection)


_same = (_wanted.c.member_id == member_tags.c.member_id) & (_wanted.c.tag == member_tags.c.tag)
