"""What importing costs: a command that doesn't render loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["gymletter.rendering", "gymletter.rendering.merge", "gymletter.checks"]
)
def test_importing_the_room_is_light(module: str) -> None:
    """Jinja, lxml, premailer, Pillow and Babel are imported when there is something to do."""
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"jinja2", "lxml", "premailer", "PIL", "babel", "markdown_it"} & set(loaded)
