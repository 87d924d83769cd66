"""A preview site over the sample workspace, and tools to look at its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gymletter.articles import collect
from gymletter.campaign import Ledger
from gymletter.campaign.freeze import Edition, freeze
from gymletter.database import open_database
from gymletter.issue import compose, month_of, read_issue
from gymletter.members import Members
from gymletter.members.files import Options, import_file
from gymletter.pages.serving import listen, serving
from gymletter.preview.app import Site
from gymletter.rendering import render
from gymletter.scaffold import make_sample_workspace
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Preview:
    """A running site; `tests` are the test mails it was asked to send."""

    url: str
    root: Path
    tests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def issue(self) -> Path:
        """The file of the issue 2025-08."""
        return self.root / "issues" / "2025-08.md"

    def at(self, **query: str) -> str:
        """The address of that issue's page."""
        return f"{self.url}/issue/2025-08?" + "&".join(f"{k}={v}" for k, v in query.items())


def make_issue(root: Path, issue_id: str) -> None:
    """Compose an issue from the sample blog."""
    workspace, window = open_workspace(root), month_of(issue_id)
    assert window
    compose(workspace, issue_id, collect(workspace, window), window)


def import_members(root: Path) -> None:
    """Import the thirty sample members."""
    import_file(open_workspace(root), root / "members.csv", Options())


def freeze_issue(root: Path) -> None:
    """Freeze the issue 2025-08 for the members, as `send` does before the first call."""
    import_members(root)
    workspace = open_workspace(root)
    engine = open_database(workspace.database_url)
    Members(engine)
    email = render(workspace, read_issue(workspace, "2025-08"))
    freeze(
        Ledger(engine), Edition("b", "2025-08", [({}, email)], (), "inbox"), None, datetime.now(UTC)
    )
    engine.dispose()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A site over a sample workspace with the issue 2025-08."""
    root = tmp_path / "my gym"
    make_sample_workspace(root)
    make_issue(root, "2025-08")
    made = Preview("", root)

    def send_test(issue_id: str, address: str) -> str:
        made.tests.append((issue_id, address))
        return f"{address}: accepted"

    site = Site(root, send_test)
    with serving(site.app, listen(), site.close) as url:
        made.url = url
        yield made
