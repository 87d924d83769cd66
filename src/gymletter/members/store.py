"""`Members`: the member store over one database.

Invariant: every change is one transaction; a reader never waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from gymletter import database
from gymletter.errors import MemberError
from gymletter.members.importing import Import, Imported, Rejected
from gymletter.members.tables import TABLES, member_tags, members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

    from gymletter.members.readers import Sheet
    from gymletter.members.rows import RowReader

_CHUNK = 1000


@dataclass(frozen=True)
class Member:
    """A member as shown to people. `status` is "paused" for as long as a pause lasts."""

    email: str
    first_name: str
    last_name: str
    language: str
    status: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]


class Members:
    """The store; makes its tables where they are missing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        database.metadata.create_all(engine, tables=TABLES)

    def import_sheet(
        self,
        sheet: Sheet,
        reader: RowReader,
        *,
        file: str,
        digest: Callable[[str], Sequence[str]],
        now: datetime | None = None,
        full: bool = False,
        dry_run: bool = False,
        sure: bool = False,
        on_reject: Callable[[Rejected, Sequence[str]], None] = lambda *_: None,
    ) -> Imported:
        """Import a member file in one transaction, which `dry_run` takes back.

        Raises `ManyLeave`, and imports nothing, unless `sure`: see `Import.run`.
        """
        try:
            with (
                database.exclusive(self.engine, "import") as alone,
                database.bulk(self.engine) as connection,
                connection.begin() as transaction,
            ):
                if not alone:
                    raise _busy()
                run = Import(
                    connection,
                    reader,
                    file=file,
                    now=now or datetime.now(UTC),
                    digest=digest,
                    on_reject=on_reject,
                )
                result = run.run(sheet, full=full, sure=sure or dry_run)
                if dry_run:
                    transaction.rollback()
        except OperationalError as error:
            raise _failed(error) from error
        return result

    def find(self, where: ColumnElement[bool] | None = None) -> Iterator[Member]:
        """The members that `where` selects (all without it), by id, read while asked for."""
        with database.reading(self.engine) as connection:
            for rows in self.pages(connection, where):
                tags = tags_of(connection, [row.id for row in rows])
                yield from (_member(row, tags.get(row.id, ())) for row in rows)

    def count(self, where: ColumnElement[bool] | None = None) -> int:
        """How many `find` would give."""
        query = select(func.count()).select_from(members)
        with database.reading(self.engine) as connection:
            return connection.scalar(query if where is None else query.where(where)) or 0

    def pages(
        self, connection: Connection, where: ColumnElement[bool] | None
    ) -> Iterator[Sequence[Any]]:
        """The rows that `where` selects, a thousand at a time."""
        query = select(members).order_by(members.c.id).limit(_CHUNK)
        query = query if where is None else query.where(where)
        last = 0
        while rows := connection.execute(query.where(members.c.id > last)).all():
            last = rows[-1].id
            yield rows


def tags_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Tags by member id."""
    query = select(member_tags).where(member_tags.c.member_id.in_(ids)).order_by(member_tags.c.tag)
    tags: dict[int, tuple[str, ...]] = {}
    for member_id, tag in connection.execute(query):
        tags[member_id] = (*tags.get(member_id, ()), tag)
    return tags


def _member(row: Any, tags: tuple[str, ...]) -> Member:
    paused = row.status == "active" and row.paused_until and row.paused_until > datetime.now(UTC)
    return Member(
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        language=row.language,
        status="paused" if paused else row.status,
        fields=row.fields,
        tags=tags,
    )


def _busy() -> MemberError:
    return MemberError(
        "another import is running; nothing was changed",
        remedy="Run this one again when that is done",
    )


def _failed(error: OperationalError) -> MemberError:
    return MemberError(
        f"the database failed: {error.orig}; nothing was changed", remedy="Run the import again"
    )
