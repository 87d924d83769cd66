"""Freezing and sending a hand-made campaign, for tests."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gymletter.campaign import Ledger
from gymletter.campaign.clock import Clock
from gymletter.campaign.freeze import Edition, freeze
from gymletter.campaign.pace import Pace
from gymletter.campaign.running import run_to_end
from gymletter.campaign.sender import Run
from tests.campaign.people import EMAIL, link

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gymletter.campaign.campaign import Campaign
    from gymletter.errors import GymletterError
    from gymletter.providers.base import Provider

NAME = "2025-08"


def frozen(engine: Engine, name: str = NAME) -> Campaign:
    """The campaign, frozen now if it is not yet."""
    ledger = Ledger(engine)
    edition = Edition(name, NAME, [({}, EMAIL)], ("key of an article",), "any")
    return ledger.find(name) or freeze(ledger, edition, None, datetime.now(UTC))


def send(
    engine: Engine,
    provider: Provider,
    *,
    clock: Clock | None = None,
    until: int | None = None,
    stop: threading.Event | None = None,
    per_second: float = 1e9,
    patience: int = 10,
) -> tuple[dict[str, int], GymletterError | None]:
    """Send it to a provider; the counts, and why it stopped."""
    ledger = Ledger(engine)
    campaign = frozen(engine)
    stop = stop or threading.Event()
    plan = Run(
        ledger,
        campaign,
        ledger.emails(campaign),
        provider,
        link,
        Pace(per_second, stop),
        stop,
        clock or Clock(),
        until,
        patience=patience,
    )
    return run_to_end(plan)
