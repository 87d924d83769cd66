"""One batch, from its first call until it is known what became of it.

Invariant: what surely did not arrive is tried again, what may have arrived only with a key inside
its lifetime; once a call is in doubt, only an answer to the same key takes the doubt away. Nobody
is sent anything later than `_FRESH` after it was looked at who has left.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from gymletter.campaign.campaign import ClaimedBatch, Result
from gymletter.campaign.clock import Clock, longest
from gymletter.errors import GymletterError, InDoubt, NotSent
from gymletter.providers.base import BatchRefused, CampaignFault, Outcome, TryLater

if TYPE_CHECKING:
    import threading

    from gymletter.campaign.clock import Instant
    from gymletter.campaign.pace import Pace
    from gymletter.providers.base import Answer, Call, Capabilities, Provider

_BACK_OFF = wait_random_exponential(multiplier=1, max=60)
_FIRST_WAIT = 0.5  # seconds at most, before the second try
_FRESH = timedelta(minutes=5)


class Stopping(GymletterError):
    """The person, or another batch, wants the sending to stop."""


class Stale(GymletterError):
    """So much time has passed that somebody may have left: the batch is to be claimed anew."""


@dataclass(frozen=True)
class Caller:
    """What all calls of a campaign share. `patience`: tries before a provider counts as down."""

    provider: Provider
    pace: Pace
    stop: threading.Event
    clock: Clock
    patience: int

    def make(self, claimed: ClaimedBatch, call: Call) -> tuple[Result, GymletterError | None]:
        """What became of the batch, and the error for which the campaign must stop, if any."""
        attempt = _Attempt(self, claimed, call)
        try:
            return attempt.run()
        except BatchRefused as error:
            return attempt.refused(error)
        except (CampaignFault, TryLater, NotSent, Stopping, Stale) as error:
            return attempt.given_up(error)
        except InDoubt as error:
            return attempt.in_doubt(error), None


class _Attempt:
    def __init__(self, caller: Caller, claimed: ClaimedBatch, call: Call) -> None:
        self._caller = caller
        self._claimed = claimed
        self._call = call
        self._doubted = claimed.doubted
        self._tries = 0

    def run(self) -> tuple[Result, GymletterError | None]:
        """The first try is made without the machinery for further ones, which costs time."""
        try:
            return self._once()
        except (TryLater, NotSent, InDoubt) as error:
            if self._caller.patience == 1 or self._is_final(error):
                raise
            first = error
        return self._again(first)

    def _again(self, first: GymletterError) -> tuple[Result, GymletterError | None]:
        self._sleep(self._wait_for(first, random.uniform(0, _FIRST_WAIT)))  # noqa: S311
        for attempt in Retrying(
            retry=retry_if_exception_type((TryLater, NotSent, InDoubt)),
            wait=self._seconds,
            stop=self._enough,
            sleep=self._sleep,
            reraise=True,
        ):
            with attempt:
                return self._once()
        raise AssertionError  # Retrying returns or raises

    def _once(self) -> tuple[Result, GymletterError | None]:
        caller = self._caller
        if self._tries and not caller.pace.wait():
            raise Stopping("stopped")
        if self._doubted and not self._may_repeat():
            raise InDoubt("whether an earlier call arrived is not known")
        if self._is_stale():
            raise Stale("it waited too long")
        self._tries += 1
        caller.pace.spend(self._call.recipients)
        try:
            answer = caller.provider.send(self._call)
        except InDoubt:
            self._doubted = True
            raise
        except TryLater as error:
            caller.pace.pause(error.seconds or 0)
            raise
        caller.pace.pause(answer.wait)
        return self._read(answer)

    def _read(self, answer: Answer) -> tuple[Result, GymletterError | None]:
        if self._doubted:
            answer = answer.after_doubt()
        if answer.refused_repeat:
            return Result(self._claimed, "unclear", reason=answer.outcomes[0].reason), answer.fault
        outcomes = matched(answer.outcomes, self._call.recipients)
        return Result(self._claimed, "settled", outcomes), answer.fault

    def _may_repeat(self) -> bool:
        can = self._caller.provider.capabilities
        return key_lives(can, self._claimed.started, self._caller.clock.now())

    def _is_stale(self) -> bool:
        checked = self._claimed.checked or self._claimed.started
        passed = longest(checked, self._caller.clock.now())
        return passed is None or passed > _FRESH

    def _seconds(self, state: RetryCallState) -> float:
        return self._wait_for(_error(state), _BACK_OFF(state))

    def _wait_for(self, error: BaseException | None, seconds: float) -> float:
        """What the provider asks for, else our own back-off."""
        asked = error.seconds if isinstance(error, TryLater) else None
        return seconds if asked is None else asked

    def _enough(self, state: RetryCallState) -> bool:
        return self._is_final(_error(state)) or state.attempt_number + 1 >= self._caller.patience

    def _is_final(self, error: BaseException | None) -> bool:
        if isinstance(error, InDoubt) and not self._may_repeat():
            return True
        return _is_put_off(error) or self._caller.stop.is_set()

    def _sleep(self, seconds: float) -> None:
        self._caller.stop.wait(seconds)

    def refused(self, error: BatchRefused) -> tuple[Result, GymletterError | None]:
        if self._doubted:
            return self.in_doubt(error), None
        if self._call.recipients > 1:
            return Result(self._claimed, "halved", reason=str(error)), None
        return Result(self._claimed, "refused", reason=str(error)), None

    def given_up(self, error: GymletterError) -> tuple[Result, GymletterError | None]:
        goes_on = isinstance(error, Stopping | Stale) or _is_put_off(error)
        stop = None if goes_on else error
        if self._doubted:
            return self.in_doubt(error), stop
        return Result(self._claimed, "released", reason=str(error)), stop

    def in_doubt(self, error: GymletterError) -> Result:
        return Result(self._claimed, "unknown", reason=error.message)


def key_lives(can: Capabilities, started: Instant, now: Instant) -> bool:
    """Whether a call that was begun at `started` is surely repeated inside its key's lifetime."""
    passed = longest(started, now)
    return can.repeat is not None and passed is not None and passed < can.repeat_window


def matched(outcomes: tuple[Outcome, ...], count: int) -> tuple[Outcome, ...]:
    """One outcome per recipient; a list of another length says nothing of anybody."""
    if len(outcomes) == count:
        return outcomes
    return (Outcome("unknown", reason="the answer has another length"),) * count


def _is_put_off(error: BaseException | None) -> bool:
    """The provider asks for more time than a look at who has left is good for."""
    seconds = error.seconds if isinstance(error, TryLater) else None
    return seconds is not None and seconds >= _FRESH.total_seconds()


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
