"""From an issue to what can be frozen: rendered for every variant, and checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from gymletter.errors import ChecksFailed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement, Engine

    from gymletter.checks.finding import Finding
    from gymletter.checks.variants import Rendering
    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace


def render_each(
    workspace: Workspace, issue: Issue, variants: Iterable[dict[str, str]]
) -> list[tuple[dict[str, str], Email]]:
    """One rendering per set of values."""
    from gymletter.rendering import render

    return [(values, render(workspace, issue, vary=values)) for values in variants]


def render_all(
    workspace: Workspace,
    issue: Issue,
    engine: Engine | None,
    segment: ColumnElement[bool] | None = None,
) -> list[tuple[dict[str, str], Email]]:
    """One rendering per distinct set of values that the members have; without any, the empty one.

    `engine`: that of the members; None where there is no database.
    """
    wanted: list[dict[str, str]] = []
    if engine is not None and issue.vary_by:
        from gymletter.campaign.audience import variants
        from gymletter.database import reading

        with reading(engine) as connection:
            wanted = variants(connection, issue.vary_by, segment)
    return render_each(workspace, issue, wanted or [{}])


def members_engine(workspace: Workspace, issue: Issue) -> Engine | None:
    """The members' database, where there is one and the issue's renderings depend on it."""
    from gymletter.database import is_there, open_database

    if not issue.vary_by or not is_there(workspace.database_url):
        return None
    from gymletter.members import Members

    engine = open_database(workspace.database_url)
    Members(engine)
    return engine


def _order(finding: Finding) -> tuple[str, int, str]:
    """By part, line and code."""
    part, _, line = finding.place.partition(":")
    number = re.match(r"\d+", line)
    return part, int(number[0]) if number else 0, finding.code


def require_checked(
    workspace: Workspace,
    issue: Issue,
    renderings: Sequence[Rendering],
    ignored: Collection[str],
) -> None:
    """Raise `ChecksFailed` for an error that is not ignored; each is shown on standard error."""
    from gymletter.checks import check_all
    from gymletter.checks.families import CODES

    if unknown := sorted(set(ignored) - CODES.keys()):
        raise click.UsageError(f"--ignore: no check is called {unknown[0]!r}; see docs/checks.md")
    errors = [
        finding
        for finding in check_all(workspace, issue, renderings)
        if finding.severity == "error" and finding.code not in ignored
    ]
    for finding in sorted(errors, key=_order):
        click.echo(f"{finding.place}: {finding.code}: {finding.message}", err=True)
    if errors:
        codes = " ".join(f"--ignore {code}" for code in sorted({each.code for each in errors}))
        raise ChecksFailed(
            f"{len(errors)} check(s) failed; nothing was sent",
            place=str(issue.path),
            remedy=f"Mend them, or send all the same with {codes}",
        )
