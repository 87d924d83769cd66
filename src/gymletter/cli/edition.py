"""From an issue to what can be frozen: rendered for every variant, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.errors import ChecksFailed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace


def render_all(
    workspace: Workspace, issue: Issue, variants: Iterable[dict[str, str]]
) -> list[tuple[dict[str, str], Email]]:
    """One rendering per distinct set of values."""
    from gymletter.rendering import render

    return [(values, render(workspace, issue, vary=values)) for values in variants]


def require_checked(
    workspace: Workspace, issue: Issue, emails: Iterable[Email], ignored: Collection[str]
) -> None:
    """Raise `ChecksFailed` for an error that is not ignored; each is shown on standard error."""
    from gymletter.checks import check

    errors = {
        finding
        for email in emails
        for finding in check(workspace, issue, email)
        if finding.severity == "error" and finding.code not in ignored
    }
    for finding in sorted(errors, key=lambda each: (each.place, each.code)):
        click.echo(f"{finding.place}: {finding.code}: {finding.message}", err=True)
    if errors:
        codes = " ".join(f"--ignore {code}" for code in sorted({each.code for each in errors}))
        raise ChecksFailed(
            f"{len(errors)} check(s) failed; nothing was sent",
            place=str(issue.path),
            remedy=f"Mend them, or send all the same with {codes}",
        )
