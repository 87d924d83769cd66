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
        on_reject: Callable[[Rejected, Sequence[str]], None] = lambda *_: None,
    ) -> Imported:
        """Import a member file in one transaction, which `dry_run` takes back."""
        try:
            with self.engine.connect() as connection, connection.begin() as transaction:
                run = Import(
                    connection,
                    reader,
                    file=file,
                    now=now or datetime.now(UTC),
                    digest=digest,
                    on_reject=on_reject,
                )
                result = run.run(sheet, full=full)
                if dry_run:
                    transaction.rollback()
        except OperationalError as error:
            raise _busy(error) from error
        return result

    def find(self, where: ColumnElement[bool] | None = None) -> Iterator[Member]:
        """The members that `where` selects (all without it), by id, read while asked for."""
        with database.reading(self.engine) as connection:
            last = 0
            while rows := self._page(connection, where, last):
                tags = _tags_of(connection, [row.id for row in rows])
                last = rows[-1].id
                yield from (_member(row, tags.get(row.id, ())) for row in rows)

    def count(self, where: ColumnElement[bool] | None = None) -> int:
        """How many `find` would give."""
        query = select(func.count()).select_from(members)
        with database.reading(self.engine) as connection:
            return connection.scalar(query if where is None else query.where(where)) or 0

    def _page(
        self, connection: Connection, where: ColumnElement[bool] | None, after: int
    ) -> Sequence[Any]:
        query = select(members).where(members.c.id > after).order_by(members.c.id).limit(_CHUNK)
        return connection.execute(query if where is None else query.where(where)).all()


def _tags_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
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


def _busy(error: OperationalError) -> MemberError:
    if "locked" in str(error.orig) or "busy" in str(error.orig):
        return MemberError(
            "the member store is busy with another import; nothing was changed",
            remedy="Run it again when that is done",
        )
    return MemberError(f"the database failed: {error.orig}; nothing was changed")
