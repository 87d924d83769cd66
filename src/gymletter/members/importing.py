"""Importing a member file: one transaction, so that all good rows are there or none.

Invariant: a suppressed or forgotten address stays so; a member's consent stays as first recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, func, insert, or_, select, update

from gymletter import database
from gymletter.errors import MemberError
from gymletter.members import suppressing, tagging
from gymletter.members.rows import COLUMNS
from gymletter.members.tables import imports, members, suppressions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Table

    from gymletter.members.readers.base import Row, Sheet
    from gymletter.members.rows import Person, RowReader

_CHUNK = 1000
_MOST_REJECTED = 100_000


class ManyLeave(MemberError):
    """A full import would mark so many members as left that the export may not be whole."""


@dataclass(frozen=True)
class Rejected:
    """A row that was not imported: its line in the file, and why."""

    line: int
    reason: str


@dataclass
class Imported:
    """What an import did, in rows. `left`: members who are no longer in a full export."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    suppressed: int = 0
    left: int = 0
    rejected: list[Rejected] = field(default_factory=list)


class Import:
    """One import over one connection, whose transaction is the caller's."""

    def __init__(
        self,
        connection: Connection,
        reader: RowReader,
        *,
        file: str,
        now: datetime,
        digest: Callable[[str], Sequence[str]],
        on_reject: Callable[[Rejected, Sequence[str]], None] = lambda *_: None,
    ) -> None:
        self.result = Imported()
        self._connection = connection
        self._reader = reader
        self._now = now
        self._digest = digest
        self._on_reject = on_reject
        self._id = _new_id(connection, file, now, reader.columns.fields)
        self._has_suppressions = _any(connection, suppressions)
        self._merges = bool(_brought(connection) - reader.columns.fields.keys())
        self._upsert = _upsert(connection, reader)
        self._staged = tagging.Staged(connection) if "tags" in reader.columns.roles else None

    def run(self, sheet: Sheet, *, full: bool, sure: bool) -> Imported:
        """Import all rows; with `full`, members who are not among them are marked as left.

        Raises `ManyLeave` where that is more than a third of the active ones, unless `sure`.
        """
        active = self._count_active() if full else 0
        while chunk := list(islice(sheet.rows, _CHUNK)):
            self._write(chunk)
        if self._staged:
            self._staged.apply(self._id, self._now)
        if full:
            self.result.left = self._mark_left()
            if self.result.left * 3 > active and not sure:
                raise _many_leave(self.result.left, active)
        self._count()
        return self.result

    def _write(self, chunk: Sequence[Row]) -> None:
        people = self._without_refused(list(self._read(chunk)))
        if not people:
            return
        if self._merges and self._reader.columns.fields:
            people = self._with_other_fields(people)
        if self._upsert([person.values for person in people]) < len(people):
            people = self._without_repeats(people, dict(chunk))
        if self._staged:
            self._staged.add(people)

    def _read(self, chunk: Iterable[Row]) -> Iterator[Person]:
        read, same = self._reader.read, (self._now, self._now, "active", self._id)
        for line, cells in chunk:
            try:
                yield read(cells, *same, line)
            except MemberError as error:
                self._reject(line, error.message, cells)

    def _reject(self, line: int, reason: str, cells: Sequence[str]) -> None:
        rejected = Rejected(line, reason)
        self.result.rejected.append(rejected)
        if len(self.result.rejected) > _MOST_REJECTED:
            raise MemberError(
                f"more than {_MOST_REJECTED} rows cannot be used; the last: {reason}",
                remedy="Nothing was imported. Check that this is a member file",
            )
        self._on_reject(rejected, cells)

    def _without_refused(self, people: list[Person]) -> list[Person]:
        """Those who may be stored as members; an address that is suppressed stays so."""
        said_no = [person for person in people if person.refusal]
        for person in said_no:
            suppressing.suppress(
                self._connection,
                person.key,
                person.refusal or "",
                "import",
                self._now,
            )
        if not said_no and not self._has_suppressions:
            return people
        self._has_suppressions = True
        known = suppressing.suppressed(
            self._connection, [person.key for person in people], self._digest
        )
        kept = [person for person in people if person.key not in known]
        self.result.suppressed += len(people) - len(kept)
        return kept

    def _with_other_fields(self, people: Iterable[Person]) -> list[Person]:
        """Fields that this file does not have stay as they were."""
        query = select(members.c.address_key, members.c.fields).where(
            members.c.address_key.in_([person.key for person in people])
        )
        stored = {row.address_key: row.fields for row in self._connection.execute(query)}
        return [person.with_fields(stored.get(person.key, {})) for person in people]

    def _without_repeats(
        self, people: list[Person], cells: Mapping[int, Sequence[str]]
    ) -> list[Person]:
        """The first row of an address counts; the others are rejected with its line."""
        query = select(members.c.address_key, members.c.import_line).where(
            members.c.address_key.in_([person.key for person in people])
        )
        first = {row.address_key: row.import_line for row in self._connection.execute(query)}
        kept = []
        for person in people:
            line, seen = person.values[-1], first[person.key]
            if line == seen:
                kept.append(person)
            else:
                self._reject(line, f"has the same address as line {seen}", cells[line])
        return kept

    def _count_active(self) -> int:
        query = select(func.count()).select_from(members).where(members.c.status == "active")
        return self._connection.scalar(query) or 0

    def _mark_left(self) -> int:
        gone = members.c.import_id.is_distinct_from(self._id)
        leave = update(members).where(gone, members.c.status == "active")
        return self._connection.execute(leave.values(status="left", updated_at=self._now)).rowcount

    def _count(self) -> None:
        new, changed = members.c.created_at == self._now, members.c.updated_at == self._now
        query = select(
            func.count(), func.count(case((new, 1))), func.count(case((and_(changed, ~new), 1)))
        ).where(members.c.import_id == self._id)
        seen, self.result.imported, self.result.updated = self._connection.execute(query).one()
        self.result.unchanged = seen - self.result.imported - self.result.updated


def _many_leave(left: int, active: int) -> ManyLeave:
    return ManyLeave(
        f"{left} of the {active} active members are not in the file, and would be marked as left",
        remedy="Nothing was changed. If the export is complete, add --yes",
    )


def _any(connection: Connection, table: Table) -> bool:
    return connection.execute(select(table).limit(1)).first() is not None


def _brought(connection: Connection) -> set[str]:
    """The names of the fields that any import ever brought."""
    return {name for names in connection.scalars(select(imports.c.field_names)) for name in names}


def _new_id(connection: Connection, file: str, now: datetime, fields: Iterable[str]) -> int:
    row = insert(imports).values(at=now, file=file, field_names=list(fields))
    key = connection.execute(row).inserted_primary_key
    return int(key[0]) if key else 0


def _upsert(connection: Connection, reader: RowReader) -> database.Bulk:
    """Insert, or update what the file has columns for; a row seen before in this import is left."""
    roles = reader.columns.roles
    has_names = not {"first_name", "last_name", "name", "infix"}.isdisjoint(roles)
    columns = ["email", *(("first_name", "last_name") if has_names else ())]
    columns += [name for name in ("language",) if name in roles]
    columns += ["fields"] if reader.columns.fields else []
    order = (*COLUMNS, "created_at", "updated_at", "status", "import_id", "import_line")
    into = database.upsert(connection, members).values({name: bindparam(name) for name in order})
    new = into.excluded
    differs = or_(
        members.c.status == "left",
        *(members.c[name].is_distinct_from(new[name]) for name in columns),
    )
    statement = into.on_conflict_do_update(
        index_elements=[members.c.address_key],
        set_={
            **{name: new[name] for name in columns},
            "status": case((members.c.status == "left", "active"), else_=members.c.status),
            "updated_at": case((differs, new.updated_at), else_=members.c.updated_at),
            "import_id": new.import_id,
            "import_line": new.import_line,
        },
        where=members.c.import_id.is_distinct_from(new.import_id),
    )
    return database.Bulk(connection, statement, order)
