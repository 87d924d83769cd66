"""Spam: what SpamAssassin says of the built message, where it is installed.

Only its local rules are asked (`-L`): nothing leaves this machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gymletter.checks.finding import Code
from gymletter.rendering.message import build_message
from gymletter.rendering.sample import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Page

_STATUS = re.compile(
    r"^X-Spam-Status: \w+, score=(-?[\d.]+) required=([\d.]+) tests=(.*?)(?=\n\S)", re.M | re.S
)
_SOME, _TIMEOUT = 1.0, 60

CODES = {
    "spam-likely": Code(
        "error",
        "SpamAssassin takes the email for spam",
        "Look the named rules up on https://spamassassin.apache.org and mend what they are about",
    ),
    "spam-some": Code(
        "warning",
        "SpamAssassin gives the email a point or more",
        "Look the named rules up on https://spamassassin.apache.org",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    program = shutil.which("spamassassin") if page.spam else None
    message = build_message(page.email, ADDRESS, date=datetime.now(UTC)) if program else None
    status = _STATUS.search(_asked(program, message.as_bytes())) if program and message else None
    if status is None:
        return
    score, required = float(status[1]), float(status[2])
    if score >= _SOME:
        code = "spam-likely" if score >= required else "spam-some"
        rules = ", ".join(sorted(set(re.split(r"[,\s]+", status[3].split(" autolearn")[0])) - {""}))
        yield code, f"SpamAssassin: {score} of {required} ({rules})", "html:1"


def _asked(program: str, message: bytes) -> str:
    """The message with SpamAssassin's headers; "" when it doesn't work."""
    command = [program, "--local", "--prefspath=/dev/null"]
    try:
        done = subprocess.run(  # noqa: S603  (a program of this machine, no shell)
            command, input=message, capture_output=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
