"""Suppressions: addresses that must not be mailed, whatever is imported or asked.

Invariant: a suppression outlives the member; of a forgotten address only keyed hashes remain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from gymletter import database
from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def suppress(connection: Connection, key: str, reason: str, source: str, at: datetime) -> None:
    """Never mail this address key again; the first reason stays. Idempotent."""
    row = database.upsert(connection, suppressions).values(
        address_key=key, reason=reason, source=source, at=at
    )
    connection.execute(row.on_conflict_do_nothing())
    stops = update(members).where(
        members.c.address_key == key, members.c.status.in_(("active", "left"))
    )
    connection.execute(stops.values(status=reason, updated_at=at))


def suppressed(
    connection: Connection, keys: Collection[str], digest: Callable[[str], Sequence[str]]
) -> set[str]:
    """Those of `keys` that are suppressed, by name or by one of the hashes that `digest` gives."""
    known_as = {name: key for key in keys for name in (key, *digest(key))}
    query = select(suppressions.c.address_key).where(suppressions.c.address_key.in_(known_as))
    return {known_as[name] for name in connection.scalars(query)}


def lift(connection: Connection, names: Collection[str], at: datetime) -> bool:
    """Take a suppression back under all of its names (key and hashes); gives whether it was."""
    named = suppressions.c.address_key.in_(names)
    found = connection.execute(delete(suppressions).where(named)).rowcount
    again = update(members).where(members.c.address_key.in_(names), members.c.status != "left")
    connection.execute(again.values(status="active", updated_at=at))
    return bool(found)
