"""One run of a campaign: one sender at a time, not too old, stopped by signals, counted after."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gymletter.campaign.sender import Run, run
from gymletter.database import exclusive
from gymletter.errors import CampaignError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from gymletter.campaign.campaign import Campaign
    from gymletter.errors import GymletterError


def run_to_end(plan: Run) -> tuple[dict[str, int], GymletterError | None]:
    """Send; returns the deliveries by state, and the error for which it stopped, if any.

    Raises `CampaignError` while another process sends the same campaign.
    """
    with exclusive(plan.ledger.engine, f"campaign-{plan.campaign.id}") as held:
        if not held:
            raise CampaignError(
                f"{plan.campaign.name!r} is being sent by another process",
                remedy="Watch it with `gymletter status`, or wait until it is done",
            )
        fault = run(plan)
        stopped = str(fault) if fault else None
        return plan.ledger.finish(plan.campaign, plan.clock.now().wall, stopped), fault


def require_young(campaign: Campaign, now: datetime, most: timedelta) -> None:
    """Raise `CampaignError` for a campaign that was frozen too long ago to be news."""
    age = now - campaign.frozen_at
    if age > most:
        raise CampaignError(
            f"{campaign.name!r} was frozen {age.days} days ago and is not complete",
            remedy="Send it with --even-though-old if it is still news",
        )


@contextmanager
def stopped_by_signals(
    stop: threading.Event, tell: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """SIGINT and SIGTERM set `stop`, to end what is in flight; a second SIGINT ends at once.

    `tell` is called at the first of them, from the handler.
    """

    def ask(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not stop.is_set():
            tell()
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
