"""Sending later: by the provider where it can, else by cron, which is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.errors import CampaignError
from gymletter.providers.opening import capabilities

if TYPE_CHECKING:
    from datetime import datetime


def require_schedulable(provider: str, at: datetime, now: datetime, cron: str) -> datetime:
    """`at` itself, where the provider can deliver at that moment.

    Raises `CampaignError`, with the line for crontab, where it cannot.
    """
    can = capabilities()[provider].schedules
    if at <= now:
        raise CampaignError(f"{at:%Y-%m-%d %H:%M} is past", remedy="Name a later time, or none")
    if at - now > can:
        ability = f"can deliver at most {can.days} days ahead" if can else "cannot deliver later"
        raise CampaignError(f"{provider} {ability}", remedy=f"Let cron send it: {cron}")
    return at
