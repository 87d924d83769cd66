"""Members as CSV: for a spreadsheet, and to be imported again.

Invariant: no cell runs as a formula, and an import gives the same members back.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from sqlalchemy import select

from gymletter import database
from gymletter.members.formulas import defused
from gymletter.members.store import tags_of
from gymletter.members.tables import imports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement

    from gymletter.members.store import Members

_BEFORE = ("email", "first_name", "last_name")
_AFTER = ("language", "status", "consent_basis", "consent_source", "consent_at", "consent_wording")


def export(store: Members, file: TextIO, where: ColumnElement[bool] | None = None) -> int:
    """Write the members that `where` selects; gives how many."""
    writer = csv.writer(file, lineterminator="\n")
    count = 0
    with database.reading(store.engine) as connection:
        brought = connection.scalars(select(imports.c.field_names)).all()
        fields = tuple(sorted({name for names in brought for name in names}))
        writer.writerow([*_BEFORE, *fields, "tags", *_AFTER])
        for rows in store.pages(connection, where):
            tags = tags_of(connection, [row.id for row in rows])
            writer.writerows(_cells(row, fields, tags) for row in rows)
            count += len(rows)
    return count


def _cells(row: Any, fields: Sequence[str], tags: Mapping[int, Sequence[str]]) -> list[str]:
    given = row._mapping
    return [
        *(defused(given[name]) for name in _BEFORE),
        *(defused(row.fields.get(name, "")) for name in fields),
        defused(";".join(tags.get(row.id, ()))),
        *(defused(_text(given[name])) for name in _AFTER),
    ]


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else value.isoformat()
