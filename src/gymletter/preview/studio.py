"""What the page shows of an issue: rendered and checked once per version of its files.

Invariant: an error is part of what is shown; it never ends the site, and the next good save mends
it. Nothing here writes.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.checks import check
from gymletter.errors import GymletterError
from gymletter.issue.reading import parse_issue, read_text
from gymletter.preview.person import as_seen_by
from gymletter.rendering import render
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from gymletter.checks.finding import Finding
    from gymletter.issue import Issue
    from gymletter.preview.person import Person
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

_REMEMBERED = 64


@dataclass(frozen=True)
class Shown:
    """An issue as far as it could be made: `error` says what stopped it.

    `email` has its tokens; `findings` are those of `check`.
    """

    version: str
    issue: Issue | None = None
    email: Email | None = None
    findings: tuple[Finding, ...] = ()
    error: GymletterError | None = None


class Studio:
    """The workspace below `root`, read again whenever `touch` says that a file has changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.generation = 0
        self._workspace = open_workspace(root)
        self._config_error: GymletterError | None = None
        self._made: OrderedDict[Hashable, Shown] = OrderedDict()
        self._issue: tuple[tuple[Path, str], Issue] | None = None
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def workspace(self) -> Workspace:
        """As its configuration last could be read."""
        return self._workspace

    def touch(self) -> None:
        """Files other than issues have changed: read the configuration again, forget the rest."""
        with self._lock:
            self.generation += 1
            try:
                self._workspace = open_workspace(self.root)
                self._config_error = None
            except GymletterError as error:
                self._config_error = error

    def show(self, issue_id: str, person: Person | None = None) -> Shown:
        """The issue, rendered for the `vary_by` values of `person`, and checked."""
        version = ""
        try:
            path = self._workspace.issue_path(issue_id)
            text = read_text(path)
            version = version_of(text)
            if self._config_error:
                raise self._config_error
            issue = self._parsed(text, path, version)
        except GymletterError as error:
            return Shown(version, error=error)
        values = person.values if person else {}
        vary = {name: values.get(name, "") for name in issue.vary_by}
        key = (issue_id, version, self.generation, tuple(vary.items()))
        with self._lock:
            # The same mail is made once, however many ask; another one need not wait for it.
            making = self._making.setdefault(key, threading.Lock())
        with making:
            return self._remembered(key, lambda: self._make(issue, version, vary))

    def email_for(self, issue_id: str, person: Person) -> Email:
        """The email as `person` gets it; raises what stands in its way."""
        shown = self.show(issue_id, person)
        if shown.email is None:
            raise shown.error or GymletterError("nothing is rendered", place=issue_id)
        return as_seen_by(self._workspace, shown.email, person)

    def _parsed(self, text: str, path: Path, version: str) -> Issue:
        known = self._issue
        if known is None or known[0] != (path, version):
            known = self._issue = ((path, version), parse_issue(text, path))
        return known[1]

    def _remembered(self, key: Hashable, make: Callable[[], Shown]) -> Shown:
        with self._lock:
            known = self._made.get(key)
        made = known or make()
        with self._lock:
            self._made[key] = made
            self._made.move_to_end(key)
            while len(self._made) > _REMEMBERED:
                self._made.popitem(last=False)
            self._making.pop(key, None)
        return made

    def _make(self, issue: Issue, version: str, vary: dict[str, str]) -> Shown:
        try:
            email = render(self._workspace, issue, vary=vary)
            findings = check(self._workspace, issue, email)
        except GymletterError as error:
            return Shown(version, issue, error=error)
        return Shown(version, issue, email, findings)


def version_of(text: str) -> str:
    """A name for exactly this text of an issue."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
