"""Dates in member files: ISO, or day-month-year with dashes or dots as Dutch exports have them.

Invariant: an ambiguous date (03/04/2024) is refused, not guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from gymletter.errors import MemberError

_DAY_FIRST = re.compile(r"(\d{1,2})[-.](\d{1,2})[-.](\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_moment(text: str) -> datetime:
    """An aware moment; a bare date is its midnight, a time without a zone is UTC."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(iso_day(text) or text)
    except ValueError as error:
        raise MemberError(
            f"{text[:30]!r} is not a date such as 2024-03-01 or 01-03-2024"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def iso_day(text: str) -> str | None:
    """`31-12-2024`, `31.12.2024` or `2024-12-31` as `2024-12-31`; None where it is no such day."""
    found = _DAY_FIRST.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        return date.fromisoformat(text).isoformat() if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None
