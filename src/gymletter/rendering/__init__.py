"""Rendering: an issue becomes an `Email`, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

__all__ = ["render"]


def render(workspace: Workspace, issue: Issue, *, vary: Mapping[str, str] | None = None) -> Email:
    """The issue's email, with tokens for what differs per member. Deterministic; needs no secret.

    `vary` gives the values of the fields in `issue.vary_by` for this rendering; a missing one is
    empty. Raises `TemplateError` with the file and line of what is broken.
    """
    # Jinja, lxml and premailer take a third of a second to import: only when there is work.
    from gymletter.rendering.newsletter import render_newsletter

    return render_newsletter(workspace, issue, vary or {})
