"""What is published works alone: the wheel, in a fresh environment, without this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def _run(folder: Path, *command: str | Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    out = tmp_path_factory.mktemp("dist")
    _run(REPOSITORY, sys.executable, "-m", "build", "--wheel", "--outdir", out)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_templates_pages_and_samples(wheel: Path) -> None:
    """Every file of `templates/` and every data file of the package is inside."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    templates = {f"gymletter/templates/{p.name}" for p in (REPOSITORY / "templates").glob("*.*")}
    package = {
        p.relative_to(REPOSITORY / "src").as_posix()
        for p in (REPOSITORY / "src" / "gymletter").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    hidden = {name for name in templates | package if Path(name).name.startswith(".")}
    assert (templates | package) - hidden <= inside


def test_the_demo_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment `gymletter demo` runs the whole pipeline."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    _run(tmp_path, python, "-m", "pip", "install", "--quiet", wheel)
    printed = _run(tmp_path, python.with_name("gymletter"), "demo", "my demo")
    assert "inbox" in printed
    stored = list((tmp_path / "my demo" / ".gymletter" / "inbox").rglob("*.eml"))
    members = (tmp_path / "my demo" / "members.csv").read_text("utf-8").splitlines()
    assert len(stored) == len(members) - 1
