"""The commands that a page shows, run one after another in one folder, as a reader would."""

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

STAYS_OPEN = {"inbox", "preview", "serve"}
RUN_BY_ANOTHER_TEST = {"make": "tests/test_make.py", "git": "", "pip": "tests/test_wheel.py"}


@dataclass(frozen=True)
class Step:
    """A `$` line and the lines below it, which must be found in its output, in order."""

    command: str
    shown: tuple[str, ...]
    code: int = 0


def steps(page: str) -> list[Step]:
    """Those of a page, in its order; a comment may name the exit code."""
    found: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", page, flags=re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *shown = part.splitlines()
            command, _, comment = line.partition("  #")
            code = re.search(r"exit code (\d)", comment)
            found.append(
                Step(command.strip(), tuple(filter(None, shown)), int(code[1]) if code else 0)
            )
    return found


def run_all(page: str, folder: Path) -> int:
    """Run them, `cd` followed; gives how many. `…` stands for what varies."""
    ran = 0
    for step in steps(page):
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
    return ran


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
    assert done.returncode == step.code, f"{step.command}\n{done.stdout}{done.stderr}"
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
