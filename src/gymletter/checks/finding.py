"""`Finding`: one thing that is wrong with an email, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Code:
    """What a code stands for: its severity, when it is found, and the remedy."""

    severity: Severity
    when: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """`place` is `html:LINE`, `text:LINE`, `subject`, `preheader` or `header NAME`.

    Where an issue has several renderings, ` (language=en)` behind it names the one it is about.
    """

    code: str
    severity: Severity
    message: str
    place: str
    remedy: str
