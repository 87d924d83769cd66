"""Dutch or English, as the browser asks (RFC 9110, 12.5.4)."""

from __future__ import annotations

from typing import Literal

Language = Literal["nl", "en"]


def preferred(accept: str) -> Language:
    """The better of our two languages for an `Accept-Language` header; English if neither."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        tag, _, parameter = part.partition(";")
        weights.setdefault(tag.strip().lower().partition("-")[0], _weight(parameter))
    return "nl" if weights.get("nl", 0) > weights.get("en", 0) else "en"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
