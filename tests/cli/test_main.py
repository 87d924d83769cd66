"""The command line as a whole: light to start, every command documented, no traceback."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gymletter.cli import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import click

    from tests.conftest import Result

HEAVY = {
    "babel", "feedparser", "httpx", "jinja2", "lxml", "markdown_it", "PIL", "premailer",
    "pydantic", "rich", "sqlalchemy", "starlette", "uvicorn", "watchfiles", "yaml",
}  # fmt: skip


def _imported_by(*arguments: str) -> set[str]:
    script = (
        "import sys\nfrom gymletter.cli import cli\n"
        f"cli.main({list(arguments)!r}, standalone_mode=False)\n"
        "print('\\0' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in done.stdout.partition("\0")[2].split()}


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Help is shown without loading what only a running command needs."""
    assert not _imported_by(*arguments) & HEAVY


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_and_an_example(name: str) -> None:
    """Every command's help begins with the listed line and shows a real command line."""
    command: click.Command = getattr(importlib.import_module(f"gymletter.cli.{name}"), name)
    assert command.help
    assert command.help.splitlines()[0] == COMMANDS[name]
    assert f"Example: gymletter {name}" in command.help


def test_no_workspace_is_one_line_with_a_remedy(
    gymletter: Callable[..., Result], tmp_path: object
) -> None:
    """Outside a workspace every command says what to do, and exits with 1."""
    result = gymletter("-C", str(tmp_path), "collect")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "gymletter init" in result.err


def test_wrong_usage_exits_with_2(gymletter: Callable[..., Result]) -> None:
    """An unknown command is wrong usage."""
    result = gymletter("colect")
    assert result.code == 2
    assert "colect" in result.err


def test_a_traceback_is_shown_only_when_asked_for(
    gymletter: Callable[..., Result], tmp_path: object
) -> None:
    """`--debug` adds the traceback that is hidden otherwise."""
    assert "Traceback" not in gymletter("-C", str(tmp_path), "collect").err
    assert "Traceback" in gymletter("--debug", "-C", str(tmp_path), "collect").err


def test_results_are_utf8_whatever_the_locale(
    workspace_dir: Path, gymletter: Callable[..., Result]
) -> None:
    """A server's shell with LANG=C prints the same bytes."""
    text = "---\ntitle: Café ’s avonds\ndate: 2025-08-13\n---\nTekst.\n"
    (workspace_dir / "articles" / "cafe.md").write_text(text, encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    assert "Café ’s avonds" in gymletter("collect", **plain).out
    assert gymletter("collect", "--json", **plain).json["articles"][0]["title"] == "Café ’s avonds"


def test_a_word_that_is_no_text_is_named(gymletter: Callable[..., Result]) -> None:
    """A terminal with another encoding is told so, where it matters."""
    result = gymletter("status", "caf\udce9")
    said = "Error: 'caf\\udce9' is not UTF-8. Type it in a terminal that is set to UTF-8\n"
    assert (result.code, result.err) == (1, said)
