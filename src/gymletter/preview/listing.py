"""The list of issues: what each is called, its days, its state, and how many findings it has."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from gymletter.errors import GymletterError
from gymletter.issue import list_issues, read_issue
from gymletter.preview.frozen import frozen_issues

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.issue import Issue
    from gymletter.preview.studio import Shown, Studio

State = Literal["draft", "checked", "sent"]
_BREATH, _TELL_EVERY = 0.01, 1.0  # seconds
_Stamp = tuple[int, int]


@dataclass(frozen=True)
class Entry:
    """A line of the list; `findings` and `state` are None until they are known."""

    id: str
    subject: str
    since: str
    until: str
    articles: int
    state: State | None
    findings: int | None
    error: str | None


class Listing:
    """Reads each issue once per change of its file; findings are worked out behind the scenes."""

    def __init__(self, studio: Studio, tell: Callable[[], None]) -> None:
        self._studio = studio
        self._tell = tell
        self._read: dict[str, tuple[_Stamp, Issue | GymletterError]] = {}
        self._checked: dict[str, tuple[tuple[_Stamp, int], int, bool]] = {}
        self._worker: threading.Thread | None = None
        self._stop = threading.Event()

    def entries(self) -> list[dict[str, object]]:
        """All issues, newest id first."""
        sent = self._sent()
        ids = sorted(list_issues(self._studio.workspace), reverse=True)
        found = [asdict(self._entry(one, sent)) for one in ids]
        self._start(ids)
        return found

    def stop(self) -> None:
        """End the work behind the scenes."""
        self._stop.set()

    def _entry(self, one: str, sent: set[str]) -> Entry:
        issue = self._issue(one)
        findings, errors = self._known(one)
        state: State | None = None if findings is None else "draft" if errors else "checked"
        if one in sent:
            state = "sent"
        if isinstance(issue, GymletterError):
            return Entry(one, one, "", "", 0, "draft", None, str(issue.message))
        days = issue.since.isoformat(), issue.until.isoformat()
        return Entry(one, issue.subject, *days, len(issue.articles), state, findings, None)

    def _issue(self, one: str) -> Issue | GymletterError:
        stamp = self._stamp(one)
        if one not in self._read or self._read[one][0] != stamp:
            try:
                self._read[one] = (stamp, read_issue(self._studio.workspace, one))
            except GymletterError as error:
                self._read[one] = (stamp, error)
        return self._read[one][1]

    def _stamp(self, one: str) -> _Stamp:
        try:
            found = self._studio.workspace.issue_path(one).stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def _known(self, one: str) -> tuple[int | None, bool]:
        """How many findings the issue has as it is now, and whether one is an error."""
        known = self._checked.get(one)
        if known and known[0] == (self._stamp(one), self._studio.generation):
            return known[1], known[2]
        return None, False

    def is_sent(self, one: str) -> bool:
        """Whether the issue has a campaign, as far as there is a ledger to ask."""
        return one in self._sent()

    def _sent(self) -> set[str]:
        """The ids of issues that have a campaign; none where there is no ledger to ask."""
        try:
            return frozen_issues(self._studio.workspace)
        except GymletterError:
            return set()

    def _start(self, ids: list[str]) -> None:
        waiting = [one for one in ids if self._known(one)[0] is None]
        busy = self._worker is not None and self._worker.is_alive()
        if waiting and not busy and not self._stop.is_set():
            self._worker = threading.Thread(target=self._check, args=(waiting,), daemon=True)
            self._worker.start()

    def _check(self, waiting: list[str]) -> None:
        told = time.monotonic()
        for one in waiting:
            if self._stop.wait(_BREATH):  # whoever waits for a page goes first
                return
            if time.monotonic() - told > _TELL_EVERY:
                self._tell()
                told = time.monotonic()
            key = (self._stamp(one), self._studio.generation)
            self._checked[one] = (key, *_count(self._studio.show(one)))
        self._tell()


def _count(shown: Shown) -> tuple[int, bool]:
    """How many errors and warnings there are, and whether there is an error."""
    severities = [finding.severity for finding in shown.findings]
    errors = severities.count("error") + (shown.error is not None)
    return errors + severities.count("warning"), errors > 0
