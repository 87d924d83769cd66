"""Whether sending goes on: what the answers of many calls say together.

Invariant: nobody is rejected for a fault that may be the campaign's, and a provider that takes
nobody, or of which nothing is known, is not called without end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gymletter.errors import CampaignError
from gymletter.providers.base import Outcome

if TYPE_CHECKING:
    from gymletter.campaign.campaign import Result
    from gymletter.campaign.pace import Pace
    from gymletter.errors import GymletterError

_MOST_PUT_OFF = 12  # answers in a row that take nobody
_MOST_IN_DOUBT = 5  # calls in a row of which it is not known what became


class Judge:
    """Sees every result of a run. `took_somebody`: the provider ever took one of the campaign."""

    def __init__(self, pace: Pace, *, took_somebody: bool) -> None:
        self._pace = pace
        self._took_somebody = took_somebody
        self._put_off = 0
        self._in_doubt = 0

    def judge(
        self, result: Result, fault: GymletterError | None
    ) -> tuple[Result, GymletterError | None]:
        """The result as it is to be written, and the error for which to stop, if any."""
        if result.verdict == "refused":
            result, fault = self._refused(result)
        states = {outcome.state for outcome in result.outcomes}
        if "accepted" in states:
            self._took_somebody = True
            self._put_off = self._in_doubt = 0
        if "pending" in states or result.verdict == "released":
            return result, fault or self._later(result)
        if states == {"unknown"} or result.verdict in ("unknown", "unclear"):
            return result, fault or self._doubtful(result)
        return result, fault

    def _refused(self, result: Result) -> tuple[Result, GymletterError | None]:
        """Who is refused alone is at fault where others were taken, else the campaign may be."""
        if self._took_somebody:
            rejected = (Outcome("rejected", reason=result.reason),)
            return replace(result, verdict="settled", outcomes=rejected), None
        return replace(result, verdict="released"), CampaignError(
            f"the provider has taken nobody yet: {result.reason}",
            remedy="Put that right, or `gymletter members suppress` the address, and send again",
        )

    def _later(self, result: Result) -> GymletterError | None:
        self._put_off += 1
        self._pace.pause(min(0.25 * 2**self._put_off, 60))
        if self._put_off < _MOST_PUT_OFF:
            return None
        return CampaignError(
            f"the provider puts everyone off: {_reason(result, 'pending')}",
            remedy="Send again later; it goes on where it stopped",
        )

    def _doubtful(self, result: Result) -> GymletterError | None:
        self._in_doubt += not result.batch.doubted
        if self._in_doubt < _MOST_IN_DOUBT:
            return None
        return CampaignError(
            f"{_MOST_IN_DOUBT} calls in a row had no usable answer: {_reason(result, 'unknown')}",
            remedy="Run `gymletter reconcile`, then send again",
        )


def _reason(result: Result, state: str) -> str | None:
    found = (outcome.reason for outcome in result.outcomes if outcome.state == state)
    return next(found, result.reason)
