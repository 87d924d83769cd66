"""The README is true: every command in it runs, and what it claims to print is printed."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
STAYS_OPEN = {"inbox", "preview", "serve"}
RUN_BY_ANOTHER_TEST = {"make": "tests/test_make.py", "git": "", "pip": "tests/test_wheel.py"}


@dataclass(frozen=True)
class Step:
    """A `$` line and the lines below it, which must be found in its output, in order."""

    command: str
    shown: tuple[str, ...]


def _steps() -> list[Step]:
    steps: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", _readme(), flags=re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            steps.append(Step(command.partition("  #")[0].strip(), tuple(filter(None, shown))))
    return steps


def _readme() -> str:
    return (REPOSITORY / "README.md").read_text("utf-8")


def _environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONUTF8": "1", "COLUMNS": "100"}


def _run(step: Step, folder: Path) -> str:
    done = subprocess.run(
        shlex.split(step.command),
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{step.command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def _open_and_close(step: Step, folder: Path) -> str:
    """Start what stays open, ask its page for an answer, and end it as Ctrl-C does."""
    quiet = [] if "serve" in step.command else ["--no-open"]
    with subprocess.Popen(
        [*shlex.split(step.command), *quiet, "--port", "0"],
        cwd=folder,
        env={**_environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            printed = _visit(process)
            process.send_signal(signal.SIGINT)
            printed += process.communicate(timeout=20)[0]
        finally:
            process.kill()
    assert process.returncode in (0, 130), printed
    return printed


def _visit(process: subprocess.Popen[str]) -> str:
    """What was printed up to the address, whose page must answer."""
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/?\S*", line):
            with urllib.request.urlopen(found.group().rstrip("."), timeout=20) as page:
                assert page.status == 200
            return printed
    raise AssertionError(f"no address was printed: {printed}")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def test_every_command_of_the_readme_runs_and_prints_what_is_shown(tmp_path: Path) -> None:
    """In the order of the README, in one folder, `cd` followed; `…` stands for what varies."""
    folder = tmp_path
    ran = 0
    for step in _steps():
        words = shlex.split(step.command)
        if words[0] == "cd":
            folder = folder / words[1]
        elif words[0] not in RUN_BY_ANOTHER_TEST:
            run = _open_and_close if STAYS_OPEN & set(words) else _run
            printed = _squeezed(run(step, folder))
            ran += 1
            for line in step.shown:
                for piece in filter(None, map(_squeezed, line.split("…"))):
                    assert piece in printed, f"$ {step.command}\n{piece!r} is not in:\n{printed}"
    assert ran > 5


def test_every_command_is_in_the_readme() -> None:
    """A person finds each command there."""
    from gymletter.cli import COMMANDS

    missing = [name for name in COMMANDS if f"`{name}" not in _readme()]
    assert not missing


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    """No dead link to a file."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", _readme())
    assert [t for t in targets if not (REPOSITORY / t).exists()] == []
