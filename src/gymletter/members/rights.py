"""What a member may ask: to see what is stored, and to be forgotten (AVG art. 15, 17, 20, 21).

Invariant: of a forgotten member nothing stays but keyed hashes of the address, which keep it from
being mailed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from gymletter import database
from gymletter.errors import ConfigError
from gymletter.members.tables import imports, member_tags, members, suppressions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

FORGOTTEN = "forgotten"


def stored(connection: Connection, key: str) -> dict[str, Any] | None:
    """All that the member store holds about an address key; None where that is nothing."""
    member = connection.execute(select(members).where(members.c.address_key == key)).first()
    suppression = connection.execute(
        select(suppressions).where(suppressions.c.address_key == key)
    ).first()
    if member is None and suppression is None:
        return None
    found: dict[str, Any] = {"member": None, "suppression": None}
    if member is not None:
        found["member"] = {**member._mapping, **_further(connection, member)}
    if suppression is not None:
        found["suppression"] = dict(suppression._mapping)
    return found


def forget(
    connection: Connection, key: str, digest: Callable[[str], Sequence[str]], now: datetime
) -> bool:
    """Erase an address; gives whether anything was stored. `digest`: its hash under the keys."""
    ids = select(members.c.id).where(members.c.address_key == key)
    connection.execute(delete(member_tags).where(member_tags.c.member_id.in_(ids)))
    erased = connection.execute(delete(members).where(members.c.address_key == key)).rowcount
    erased += connection.execute(
        delete(suppressions).where(suppressions.c.address_key == key)
    ).rowcount
    row = database.upsert(connection, suppressions).values(
        address_key=digest(key)[0], reason=FORGOTTEN, source="", at=now
    )
    connection.execute(row.on_conflict_do_nothing())
    return bool(erased)


def any_forgotten(connection: Connection) -> bool:
    """Whether an address was ever forgotten."""
    query = select(suppressions.c.at).where(suppressions.c.reason == FORGOTTEN)
    return connection.execute(query.limit(1)).first() is not None


def require_keys(connection: Connection, prefixes: Sequence[str]) -> None:
    """Raises `ConfigError` where hashes were made with a key that is not listed any more."""
    query = select(suppressions.c.address_key).where(suppressions.c.reason == FORGOTTEN)
    for prefix in prefixes:
        query = query.where(~suppressions.c.address_key.startswith(prefix))
    if connection.execute(query.limit(1)).first():
        raise ConfigError(
            "some addresses were forgotten under another GYMLETTER_SECRET_KEY, and would not be "
            "recognised",
            remedy="List the old key behind the new one: GYMLETTER_SECRET_KEY=NEW,OLD",
        )


def _further(connection: Connection, member: Any) -> dict[str, Any]:
    tags = select(member_tags.c.tag).where(member_tags.c.member_id == member.id)
    file = select(imports.c.file, imports.c.at).where(imports.c.id == member.import_id)
    seen = connection.execute(file).first()
    return {
        "tags": sorted(connection.scalars(tags)),
        "last_import": None if seen is None else {"file": seen.file, "at": seen.at},
    }
