"""Ports: taken ones are explained, free ones found."""

from __future__ import annotations

import os
import sys

import pytest

from gymletter.errors import GymletterError
from gymletter.pages.serving import listen, listen_near


def test_a_taken_port() -> None:
    """The error names the program that has it, and another port."""
    with listen() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(GymletterError) as caught:
            listen(port)
    assert f"port {port} is taken" in str(caught.value)
    assert "--port" in str(caught.value)
    if sys.platform == "linux":
        assert f"(process {os.getpid()})" in str(caught.value)


def test_near() -> None:
    """Where the usual port is taken, another is found."""
    with listen() as taken, listen_near(taken.getsockname()[1]) as other:
        assert other.getsockname()[1] != taken.getsockname()[1]
