"""A command in a terminal of some width, that is read as it is written."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """One command in it."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self._screen = screen
        self._written = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while data := os.read(self._screen, 1 << 16):
                self._written += data
        except OSError:  # what a terminal says when nobody writes to it any more
            pass

    @property
    def lines(self) -> list[str]:
        """What was ever on a line, without colours."""
        return re.split(r"[\r\n]+", _CONTROL.sub("", self._written.decode(errors="replace")))

    def wait_for(self, text: str) -> None:
        """Until it is on the screen."""
        until = time.monotonic() + 30
        while not any(text in line for line in self.lines):
            assert time.monotonic() < until, self.lines
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        """Send the command a signal."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Wait for the command, and for all that it wrote."""
        code = self.process.wait(60)
        self._reader.join(10)
        return code


@contextmanager
def terminal(workspace: Path, *arguments: str, width: int, **more: str) -> Iterator[Terminal]:
    """Run `gymletter -C WORKSPACE …` in a terminal of so many columns."""
    screen, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gymletter", "-C", str(workspace), *arguments],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**environment, "TERM": "xterm-256color", "PYTHONUTF8": "1", **more},
    )
    os.close(inside)
    try:
        yield Terminal(process, screen)
    finally:
        process.kill()
        process.wait()
        os.close(screen)
