"""The sender: one writer, many calls.

Invariant: at most `calls_at_once` batches are `sending`; each is claimed right before its call, an
answer is written as soon as the next are, in the same commit; what is in flight is always waited
for. It goes on only as long as the provider takes somebody.
"""

from __future__ import annotations

import gc
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from gymletter.campaign import settling
from gymletter.campaign.booking import Books
from gymletter.campaign.calling import Caller
from gymletter.campaign.campaign import Campaign, ClaimedBatch, Result
from gymletter.campaign.clock import Clock, longest
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.judging import Judge
from gymletter.campaign.planning import Maker, Plan, Planner
from gymletter.campaign.standing import capped
from gymletter.database import failed
from gymletter.errors import CampaignError, GymletterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gymletter.campaign.clock import Instant
    from gymletter.campaign.ledger import Ledger
    from gymletter.campaign.pace import Pace
    from gymletter.providers.base import Provider
    from gymletter.rendering.email import Email

_NAP = 0.25  # seconds after which it is looked whether to stop
_SHORT = 0.002  # seconds for which answers may wait to be written
_STALE = timedelta(minutes=1)
_LONG_ID = 10**12  # no member's id is longer


@dataclass(frozen=True)
class Run:
    """What a run needs.

    `link(member_id)`: where that member leaves. `until`: the last position it may send to. `tell`
    is given how many deliveries came into each state since it was last told. `patience`: tries of a
    call before the provider counts as down.
    """

    ledger: Ledger
    campaign: Campaign
    emails: Mapping[str, Email]
    provider: Provider
    link: Callable[[int], str]
    pace: Pace
    stop: threading.Event
    clock: Clock = field(default_factory=Clock)
    until: int | None = None
    patience: int = 10
    tell: Callable[[Mapping[str, int]], None] = lambda _: None


def run(plan: Run) -> GymletterError | None:
    """Send until nothing is pending or it must stop; returns the error for which it stopped."""
    gc.freeze()  # what is there now stays: collecting need not look through it for every batch
    try:
        return _Sender(plan).run()
    finally:
        gc.unfreeze()


class _Sender:
    def __init__(self, plan: Run) -> None:
        self._plan = plan
        self._maker = Maker(plan.campaign, plan.emails, plan.provider, plan.link)
        self._caller = Caller(plan.provider, plan.pace, plan.stop, plan.clock, plan.patience)
        self._slots = plan.provider.capabilities.calls_at_once
        self._ahead = max(2, self._slots // 4)
        self._todo: queue.SimpleQueue[Plan | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Result, GymletterError | None]] = queue.SimpleQueue()
        self._ready: deque[Plan] = deque()
        self._claimed: deque[ClaimedBatch] = deque()
        self._flying = 0
        self._fault: GymletterError | None = None

    def run(self) -> GymletterError | None:
        plan = self._plan
        self._books = Books(plan.ledger, plan.campaign)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._slots)]
        for thread in threads:
            thread.start()
        try:
            self._recover()
            while self._flying or self._may_claim():
                self._go_on(self._gather())
            self._books.put_back(self._claimed)
        except Exception:  # the campaign is given away only when no call is on its way
            plan.stop.set()
            self._dismiss(threads)
            raise
        self._dismiss(threads)
        return self._fault

    def _dismiss(self, threads: list[threading.Thread]) -> None:
        for _ in threads:
            self._todo.put(None)
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        while (plan := self._todo.get()) is not None:
            try:
                self._done.put(self._caller.make(plan.batch, plan.call))
            except Exception as error:  # a defect: in doubt, and told
                self._done.put(
                    (Result(plan.batch, "unknown", reason=type(error).__name__), _defect(error))
                )

    def _recover(self) -> None:
        """Take over what a dead sender left, and plan what is still pending."""
        plan = self._plan
        found = self._books.recover(plan.clock.now())
        self._claimed.extend(found.again)
        self._judge = Judge(plan.pace, took_somebody=found.took_somebody)
        cutter = Cutter(plan.provider.capabilities, plan.emails, len(plan.link(_LONG_ID)))
        until = plan.campaign.audience if plan.until is None else plan.until
        spans = capped(found.spans, until)
        self._planner = Planner(plan.ledger.engine, self._maker, cutter, spans, found.number)
        self._per_call = cutter.most_messages

    def _may_claim(self) -> bool:
        more = self._claimed or self._ready or not self._planner.is_at_end()
        return not self._plan.stop.is_set() and bool(more)

    def _go_on(self, results: list[Result]) -> None:
        if results:
            self._plan_some()
        if results or self._room():
            self._step(results)
        elif self._may_call():
            self._send([])
        elif self._may_plan():
            self._plan_one()

    def _free(self) -> int:
        """Calls that could be made now."""
        return 0 if self._plan.stop.is_set() else self._slots - self._flying

    def _may_call(self, others: int = 0) -> bool:
        """Whether the first batch that is claimed already may go, beside `others`.

        The time of a key is short: what waits for one is not made to wait for its turn, too.
        """
        if not self._claimed or self._free() <= others:
            return False
        return self._claimed[0].doubted or self._plan.pace.allowance()[0] > 0

    def _room(self) -> int:
        """How many of the calls that are ready may be claimed now."""
        room = min(self._free() - len(self._claimed), len(self._ready))
        if room <= 0:
            return 0
        allowed, _ = self._plan.pace.allowance()
        return min(room, max(allowed // self._per_call, 1 if allowed else 0))

    def _may_plan(self) -> bool:
        """Whether to make the next call ready while others are on their way."""
        plan = self._plan
        if plan.stop.is_set() or len(self._ready) >= self._ahead or self._planner.is_at_end():
            return False
        return plan.pace.allowance()[0] > 0

    def _plan_some(self) -> None:
        """Make ready what takes the places of calls that are done, to be claimed with them."""
        until = time.monotonic() + _SHORT
        while len(self._ready) < self._free() and self._may_plan() and time.monotonic() < until:
            self._plan_one()

    def _plan_one(self) -> None:
        if found := self._made(partial(self._planner.next, self._plan.clock.now())):
            self._ready.append(found)

    def _made(self, make: Callable[[], Plan | None]) -> Plan | None:
        """What `make` gives; whatever goes wrong, answers are still waited for and written."""
        try:
            return make()
        except Exception as error:
            self._stop_for(_told(error))
            return None

    def _gather(self) -> list[Result]:
        """The calls that are done; waited for as long as nothing else can be done."""
        patience = self._patience()
        results: list[Result] = []
        while (found := self._next(patience)) is not None:
            result, fault = self._judge.judge(*found)
            results.append(result)
            self._flying -= 1
            if fault:
                self._stop_for(fault)
            patience = 0
        return results

    def _stop_for(self, fault: GymletterError) -> None:
        self._fault = self._fault or fault
        self._plan.stop.set()

    def _patience(self) -> float:
        """Seconds to wait for a call to be done."""
        if self._room() or self._may_call():
            return 0
        if self._may_plan():  # calls that were just begun go out first, where that can wait
            return _SHORT if self._ready and not self._free() else 0
        _, wait = self._plan.pace.allowance()
        return min(wait, _NAP) if wait and self._free() else _NAP

    def _next(self, patience: float) -> tuple[Result, GymletterError | None] | None:
        try:
            return self._done.get(timeout=patience) if patience else self._done.get_nowait()
        except queue.Empty:
            return None

    def _step(self, results: list[Result]) -> None:
        """One transaction: settle what is done, claim what goes next."""
        now = self._plan.clock.now()
        planned = self._fresh([self._ready.popleft() for _ in range(self._room())], now)
        batches = [plan.batch for plan in planned]
        claim = self._books.write(results, batches, self._planner.number, now)
        self._plan.tell(settling.moved(results, claim.excluded))
        self._planner.reopen(result.batch for result in results if _is_put_off(result))
        self._planner.reopen(claim.changed)
        made = {plan.batch.number: plan for plan in planned}
        self._claimed.extend(batch for batch in claim.taken if batch.number not in made)
        taken = [made[batch.number] for batch in claim.taken if batch.number in made]
        self._send([_checked(plan, now) for plan in taken])

    def _fresh(self, planned: list[Plan], now: Instant) -> list[Plan]:
        """Without what was made ready so long ago that it says too early when it was begun."""
        ages = [longest(plan.batch.started, now) for plan in planned]
        fresh = [
            plan
            for plan, age in zip(planned, ages, strict=True)
            if age is not None and age <= _STALE
        ]
        self._planner.reopen(plan.batch for plan in planned if plan not in fresh)
        return fresh

    def _send(self, plans: list[Plan]) -> None:
        """Make calls: those just claimed, then those of batches that are claimed already."""
        while self._may_call(len(plans)):
            if not (again := self._made(partial(self._maker.plan, self._claimed[0]))):
                break
            plans.append(again)
            self._claimed.popleft()
        for plan in plans:
            self._todo.put(plan)
        self._flying += len(plans)


def _is_put_off(result: Result) -> bool:
    """Whether some of it are pending again."""
    pending = any(outcome.state == "pending" for outcome in result.outcomes)
    return pending or result.verdict == "released"


def _checked(plan: Plan, now: Instant) -> Plan:
    return replace(plan, batch=replace(plan.batch, checked=now))


def _told(error: Exception) -> GymletterError:
    if isinstance(error, GymletterError):
        return error
    return failed(error) if isinstance(error, DBAPIError) else _defect(error)


def _defect(error: Exception) -> GymletterError:
    return CampaignError(
        f"unexpected {type(error).__name__} while sending",
        remedy="Run again with --debug and report it",
    )
