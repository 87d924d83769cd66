"""Checking an email that was tampered with, for tests."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gymletter.checks import check
from gymletter.rendering import render
from tests.rendering.issues import issue, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.checks.finding import Finding
    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

USUAL = issue(3)


def found(
    made: Issue = USUAL,
    space: Workspace | None = None,
    change: Callable[[Email], Email] | None = None,
    *,
    online: bool = False,
) -> dict[str, Finding]:
    """The first finding of each code, of an email that is changed after the rendering if asked."""
    space = space or workspace()
    email = render(space, made)
    email = change(email) if change else email
    return {f.code: f for f in reversed(check(space, made, email, online=online))}


def in_html(old: str, new: str) -> Callable[[Email], Email]:
    """A change that puts `new` in place of `old`, which must be there."""

    def change(email: Email) -> Email:
        assert old in email.html
        return dataclasses.replace(email, html=email.html.replace(old, new))

    return change


def in_body(markup: str) -> Callable[[Email], Email]:
    """A change that puts some markup first in the sheet."""
    return in_html("<h1", f"{markup}<h1")


def without_header(name: str) -> Callable[[Email], Email]:
    """A change that loses a header."""
    return lambda email: dataclasses.replace(
        email, headers=tuple(h for h in email.headers if h[0] != name)
    )
