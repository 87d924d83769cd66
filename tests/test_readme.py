"""The README and the page on sending are true: every command runs and prints what is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.steps import run_all

REPOSITORY = Path(__file__).parents[1]


def _readme() -> str:
    return (REPOSITORY / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "docs/sending.md"])
def test_every_command_of_a_page_runs_and_prints_what_is_shown(tmp_path: Path, page: str) -> None:
    """In the page's order, in one folder, `cd` followed; `…` stands for what varies."""
    assert run_all((REPOSITORY / page).read_text("utf-8"), tmp_path) > 5


def test_what_is_said_of_providers_is_what_they_declare() -> None:
    """The table is that of `gymletter providers`, and each peculiarity is told below it."""
    from gymletter.cli.providers import row
    from gymletter.providers.opening import capabilities

    page = (REPOSITORY / "docs" / "sending.md").read_text("utf-8")
    for name, can in capabilities().items():
        assert f"| {' | '.join([name, *row(can)])} |" in page
        assert not can.leaving or f"\n- {name.capitalize()} " in page


def test_every_command_is_in_the_readme() -> None:
    """A person finds each command there."""
    from gymletter.cli import COMMANDS

    missing = [name for name in COMMANDS if f"`{name}" not in _readme()]
    assert not missing


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    """No dead link to a file."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", _readme())
    assert [t for t in targets if not (REPOSITORY / t).exists()] == []
