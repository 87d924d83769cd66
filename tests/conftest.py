"""Fixtures that many tests lean on: a workspace on disk, the command line as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from gymletter.workspace import Workspace, open_workspace
from tests import browser as browsers
from tests import postgres as servers
from tests.browser import browser, skip_without_browser
from tests.postgres import database_url, either_database, engine, postgres, postgres_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["browser", "database_url", "either_database", "engine", "postgres", "postgres_url"]

# A busy machine is no failure: examples are not timed.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

CONFIG = """\
[newsletter]
name = "Nieuws van Sportschool De Kade"
from = "Sportschool De Kade <nieuws@dekade.example>"
reply_to = "info@dekade.example"
postal_address = "Kade 12, 3111 AB Schiedam"
language = "nl"
timezone = "Europe/Amsterdam"
website = "https://dekade.example"

[[sources]]
kind = "folder"
path = "articles"
url = "https://dekade.example/blog"

[unsubscribe]
mode = "hosted"
base_url = "https://nieuws.dekade.example"
"""


@pytest.fixture
def workspace_dir(tmp_path: Path) -> Path:
    """A workspace in a folder with a space in its name: one empty folder source, a secret key."""
    root = tmp_path / "my gym"
    (root / "articles").mkdir(parents=True)
    (root / "issues").mkdir()
    (root / "gymletter.toml").write_text(CONFIG, encoding="utf-8")
    (root / ".env").write_text("GYMLETTER_SECRET_KEY=a-key-for-tests-only-0123456789\n")
    return root


@pytest.fixture
def workspace(workspace_dir: Path) -> Workspace:
    """The same, opened."""
    return open_workspace(workspace_dir)


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def gymletter(workspace_dir: Path) -> Callable[..., Result]:
    """Run `gymletter -C WORKSPACE …` in a process of its own, as a person does.

    `before`: the words of a command that runs it.
    """

    def run(
        *arguments: str,
        input: str | None = None,  # noqa: A002
        before: Sequence[str] = (),
        **environment: str,
    ) -> Result:
        done = subprocess.run(
            [*before, sys.executable, "-m", "gymletter", "-C", str(workspace_dir), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=input,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100", **environment},
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none."""
    skip_without_browser(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line on the tests that lacked a browser, one on those that lacked a server."""
    skipped = terminalreporter.stats.get("skipped", [])
    for line in filter(None, (browsers.summary_line(skipped), servers.summary_line(skipped))):
        terminalreporter.write_line(line, yellow=True)
