"""`members show`, `forget` and `suppress`: over the store and the ledger, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gymletter.campaign import erasing
from gymletter.campaign.ledger import Ledger
from gymletter.database import open_database, reading
from gymletter.errors import NothingToDo
from gymletter.members import Members, rights, suppressing
from gymletter.members.address import address_key, parse_typed
from gymletter.members.keys import hasher, keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from gymletter.workspace import Workspace


def show(workspace: Workspace, address: str) -> dict[str, Any]:
    """All that is stored about an address."""
    key = address_key(parse_typed(address))
    with reading(_open(workspace)) as connection:
        found = rights.stored(connection, key)
        deliveries = erasing.deliveries_of(connection, key)
    if found is None and not deliveries:
        raise NothingToDo("nothing is stored about this address")
    return {**(found or {"member": None, "suppression": None}), "deliveries": deliveries}


def forget(workspace: Workspace, address: str) -> Iterator[str]:
    """Erase an address; lines that say what was done."""
    key = address_key(parse_typed(address))
    digest = hasher(keys(workspace))
    with _open(workspace).begin() as connection:
        was_there = rights.forget(connection, key, digest, datetime.now(UTC))
        in_doubt = erasing.forget(connection, key, digest(key)[0])
    yield "Erased." if was_there else "Nothing was stored."
    yield "Only a keyed hash stays, so that an import does not bring the address back."
    if in_doubt:
        yield (
            f"{in_doubt} deliveries are in doubt and still hold the address: run "
            "`gymletter reconcile ISSUE`, then this again."
        )


def suppress(workspace: Workspace, address: str, reason: str) -> str:
    """Never mail an address again."""
    key = address_key(parse_typed(address))
    with _open(workspace).begin() as connection:
        suppressing.suppress(connection, key, "suppressed", reason, datetime.now(UTC))
    return "Suppressed: no campaign mails this address, whatever is imported."


def lift(workspace: Workspace, address: str, reason: str) -> str:  # noqa: ARG001
    """Take a suppression back."""
    key = address_key(parse_typed(address))
    digest = hasher(keys(workspace))
    with _open(workspace).begin() as connection:
        if not suppressing.lift(connection, (key, *digest(key)), datetime.now(UTC)):
            raise NothingToDo("this address is not suppressed")
    return "Lifted: the address may be mailed again."


def expire_addresses(workspace: Workspace) -> None:
    """Erase the addresses of old campaigns, where `[campaign] keep_addresses_days` says so."""
    days = workspace.config.campaign.keep_addresses_days
    if days is not None:
        with _open(workspace).begin() as connection:
            erasing.expire(connection, days, datetime.now(UTC))


def _open(workspace: Workspace) -> Engine:
    engine = open_database(workspace.database_url)
    Members(engine)
    Ledger(engine)
    return engine
