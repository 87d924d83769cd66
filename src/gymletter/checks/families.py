"""All families of checks, and running them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from gymletter.checks import (
    accessibility,
    clients,
    content,
    contrast,
    law,
    links,
    pictures,
    reach,
    size,
    spam,
)
from gymletter.checks.finding import ORDER, Code, Finding
from gymletter.checks.page import Page
from gymletter.checks.variants import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gymletter.checks.variants import Rendering
    from gymletter.issue import Issue
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace


class Family(Protocol):
    """A module with its codes, and what it finds: code, message and place."""

    @property
    def CODES(self) -> Mapping[str, Code]:  # noqa: N802  (a module's constant)
        """What each code stands for."""
        ...

    def find(self, page: Page) -> Iterator[tuple[str, str, str]]:
        """What is wrong with `page`."""
        ...


FAMILIES: tuple[Family, ...] = (
    law,
    content,
    links,
    pictures,
    accessibility,
    contrast,
    size,
    clients,
    spam,
    reach,
)
CODES: dict[str, Code] = {code: what for family in FAMILIES for code, what in family.CODES.items()}


def run(
    workspace: Workspace, issue: Issue, email: Email, *, online: bool, spam: bool
) -> tuple[Finding, ...]:
    """See `gymletter.checks.check`."""
    return _sorted(_found(Page(workspace, issue, email, online, spam)))


def run_all(
    workspace: Workspace,
    issue: Issue,
    renderings: Sequence[Rendering],
    *,
    online: bool,
    spam: bool,
) -> tuple[Finding, ...]:
    """See `gymletter.checks.check_all`."""
    known: dict[str, dict[str, Any]] = {}
    pages = [(values, Page(workspace, issue, e, online, spam, known)) for values, e in renderings]
    return _sorted(merged([(values, _found(page)) for values, page in pages]))


def _found(page: Page) -> list[Finding]:
    found = dict.fromkeys(each for family in FAMILIES for each in family.find(page))
    return [
        Finding(code, CODES[code].severity, message, place, CODES[code].remedy)
        for code, message, place in found
    ]


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: ORDER[finding.severity]))
