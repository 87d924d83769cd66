"""What `members list` and `members export` print."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from sqlalchemy import and_

from gymletter.cli.output import print_table, private_file
from gymletter.database import open_database, reading
from gymletter.members import Members, mailable, segment
from gymletter.members.export import export

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import ColumnElement

    from gymletter.members import Member
    from gymletter.workspace import Workspace


def select(
    workspace: Workspace, expression: str | None, *, only_mailable: bool = False
) -> tuple[Members, ColumnElement[bool] | None]:
    """The store, and the clause for what was asked."""
    store = Members(open_database(workspace.database_url))
    clauses = [mailable()] if only_mailable else []
    if expression:
        with reading(store.engine) as connection:
            clauses.append(segment.resolve(workspace, connection, expression))
    return store, and_(*clauses) if clauses else None


def print_members(members: Iterable[Member], *, some: bool) -> None:
    """A table for people. `some`: not all were asked for."""
    rows = [
        (m.email, f"{m.first_name} {m.last_name}".strip(), m.status, ", ".join(m.tags))
        for m in members
    ]
    if not rows:
        who = (
            "that was asked for" if some else "yet. `gymletter members import FILE` brings them in"
        )
        click.echo(f"No member {who}.")
        return
    print_table(("address", "name", "status", "tags"), rows)


def print_members_json(members: Iterable[Member]) -> None:
    """One JSON document, written while it is read."""
    click.echo('{"members": [', nl=False)
    for index, member in enumerate(members):
        text = json.dumps(asdict(member), ensure_ascii=False)
        click.echo(f"{',' if index else ''}\n  {text}", nl=False)
    click.echo("\n]}")


def export_to(workspace: Workspace, expression: str | None, output: Path | None) -> int:
    """Write CSV to `output`, readable by the owner alone, or to standard output."""
    store, where = select(workspace, expression)
    if output is None:
        return export(store, sys.stdout, where)
    with private_file(output, "utf-8-sig") as file:
        return export(store, file, where)
