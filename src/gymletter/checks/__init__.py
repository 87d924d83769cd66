"""Checks: what would go wrong with an email, found before it leaves.

Invariant: checking is pure. It reads the email and changes nothing; only `online` asks servers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gymletter.checks.finding import Finding
    from gymletter.checks.variants import Rendering
    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

__all__ = ["check", "check_all"]


def check(
    workspace: Workspace,
    issue: Issue,
    email: Email,
    *,
    online: bool = False,
    spam: bool = False,
) -> tuple[Finding, ...]:
    """Every finding, errors first.

    `online` also asks whether links and pictures can be reached, `spam` also asks SpamAssassin,
    where it is installed; both take seconds.
    """
    # lxml is imported when there is something to check.
    from gymletter.checks.families import run

    return run(workspace, issue, email, online=online, spam=spam)


def check_all(
    workspace: Workspace,
    issue: Issue,
    renderings: Sequence[Rendering],
    *,
    online: bool = False,
    spam: bool = False,
) -> tuple[Finding, ...]:
    """Every finding of every rendering of an issue, errors first, as `check` finds them.

    What all of them have is told once; else the finding's place names the rendering.
    """
    from gymletter.checks.families import run_all

    return run_all(workspace, issue, renderings, online=online, spam=spam)
