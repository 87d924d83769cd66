"""The sender: one writer, many calls.

Invariant: at most `calls_at_once` batches are `sending`; an answer is written as soon as the next
batches are claimed, in the same commit; what is in flight is always waited for. It goes on only
as long as the provider takes somebody.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from gymletter.campaign import claiming, settling
from gymletter.campaign.calling import Caller
from gymletter.campaign.campaign import Campaign, ClaimedBatch, Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.judging import Judge
from gymletter.errors import CampaignError
from gymletter.providers.base import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from gymletter.campaign.campaign import Delivery
    from gymletter.campaign.clock import Instant
    from gymletter.campaign.ledger import Ledger
    from gymletter.campaign.pace import Pace
    from gymletter.errors import GymletterError
    from gymletter.providers.base import Provider, Recipient
    from gymletter.rendering.email import Email

_LINGER = 0.005  # seconds that finished calls wait for others, to share a commit
_PAUSES = (0.1, 1, 5)  # seconds between tries to write
_NAP = 0.25  # seconds after which it is looked whether to stop


@dataclass(frozen=True)
class Run:
    """What a run needs.

    `until`: the last position it may send to. `tell` is given how many deliveries came into each
    state since it was last told. `link_bytes`: what a link takes at most.
    `patience`: tries of a call before the provider counts as down.
    """

    ledger: Ledger
    campaign: Campaign
    emails: Mapping[str, Email]
    provider: Provider
    recipient: Callable[[Delivery], Recipient]
    pace: Pace
    stop: threading.Event
    clock: Clock = field(default_factory=Clock)
    until: int | None = None
    link_bytes: int = 250
    patience: int = 10
    tell: Callable[[Mapping[str, int]], None] = lambda _: None


def run(plan: Run) -> GymletterError | None:
    """Send until nothing is pending or it must stop; returns the error for which it stopped."""
    return _Sender(plan).run()


class _Sender:
    def __init__(self, plan: Run) -> None:
        self._plan = plan
        self._cutter = Cutter(plan.provider.capabilities, plan.emails, plan.link_bytes)
        self._caller = Caller(plan.provider, plan.pace, plan.stop, plan.clock, plan.patience)
        self._slots = plan.provider.capabilities.calls_at_once
        self._until = plan.campaign.audience if plan.until is None else plan.until
        self._todo: queue.SimpleQueue[ClaimedBatch | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Result, GymletterError | None]] = queue.SimpleQueue()
        self._halves: deque[ClaimedBatch] = deque()
        self._flying = 0
        self._cursor = 0
        self._exhausted = False
        self._again: list[int] = []
        self._fault: GymletterError | None = None

    def run(self) -> GymletterError | None:
        plan = self._plan
        self._word = plan.ledger.take(plan.campaign)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._slots)]
        for thread in threads:
            thread.start()
        try:
            self._recover()
            while self._flying or self._may_claim():
                self._step(self._gather())
            self._put_back()
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
        while (claimed := self._todo.get()) is not None:
            try:
                self._done.put(self._caller.call(claimed, self._batch(claimed)))
            except Exception as error:  # a defect: in doubt, and told
                self._done.put(
                    (Result(claimed, "unknown", reason=type(error).__name__), _defect(error))
                )

    def _batch(self, claimed: ClaimedBatch) -> Batch:
        plan = self._plan
        return Batch(
            key=plan.campaign.key(claimed.number),
            campaign=plan.campaign.uid,
            email=plan.emails[claimed.variant],
            recipients=[plan.recipient(delivery) for delivery in claimed.deliveries],
            at=plan.campaign.at(claimed.started),
        )

    def _recover(self) -> None:
        """What a dead sender left behind is asked again with its key, or it is in doubt.

        A call cannot be repeated without those who have left since: then it is not repeated.
        """
        plan = self._plan
        now = plan.clock.now()
        with plan.ledger.engine.begin() as connection:
            claiming.require_sender(connection, plan.campaign, self._word)
            self._number = claiming.next_number(connection, plan.campaign)
            took_somebody = claiming.anyone_accepted(connection, plan.campaign)
            self._judge = Judge(plan.pace, took_somebody=took_somebody)
            for batch in claiming.unfinished(connection, plan.campaign):
                if claiming.somebody_left(connection, plan.campaign, batch):
                    gone = Result(batch, "unknown", reason="somebody in it has left since")
                    settling.settle(connection, plan.campaign, [gone])
                else:
                    self._halves.append(replace(batch, checked=now))

    def _may_claim(self) -> bool:
        return not self._plan.stop.is_set() and bool(self._halves or not self._exhausted)

    def _gather(self) -> list[Result]:
        """The calls that are done; waited for as long as nothing else can be done."""
        patience = self._patience()
        results: list[Result] = []
        while (found := self._next(patience)) is not None:
            result, fault = self._judge.judge(*found)
            results.append(result)
            self._flying -= 1
            self._look_at(result, fault)
            patience = _LINGER if self._flying > self._slots // 2 else 0
        return results

    def _look_at(self, result: Result, fault: GymletterError | None) -> None:
        """Stop for a fault; go back for what was put off."""
        if result.verdict == "released" or any(each.state == "pending" for each in result.outcomes):
            self._again.append(result.batch.first - 1)
        if fault:
            self._fault = self._fault or fault
            self._plan.stop.set()

    def _patience(self) -> float:
        """Seconds to wait for a call to be done."""
        if not self._may_claim() or self._flying >= self._slots:
            return _NAP
        allowed, wait = self._plan.pace.allowance()
        if not allowed:
            return min(wait, _NAP)
        return _LINGER if self._flying > self._slots // 2 else 0

    def _next(self, patience: float) -> tuple[Result, GymletterError | None] | None:
        try:
            return self._done.get(timeout=patience) if patience else self._done.get_nowait()
        except queue.Empty:
            return None

    def _step(self, results: list[Result]) -> None:
        """One transaction: settle what is done, claim what goes next."""
        plan = self._plan
        now = plan.clock.now()
        room = self._room()
        if not results and not room:
            self._send([])
            return
        halves, claim = self._written(results, room, now)
        self._halves.extend(halves)
        plan.tell(settling.moved(results, claim.excluded))
        self._cursor, self._exhausted = claim.cursor, claim.exhausted
        if self._again:
            self._cursor, self._exhausted = min(self._cursor, *self._again), False
            self._again.clear()
        self._send([*claim.batches])

    def _written(
        self, results: list[Result], room: int, now: Instant
    ) -> tuple[list[ClaimedBatch], claiming.Claim]:
        """Commit; a database that is busy or full is given some time before answers are lost."""
        for pause in _PAUSES:
            try:
                return self._write(results, room, now)
            except OperationalError:
                time.sleep(pause)
        try:
            return self._write(results, room, now)
        except OperationalError as error:
            raise CampaignError(
                f"the ledger cannot be written: {error.orig}; what is in flight will be unknown",
                remedy="Make room or free the database, then send again",
            ) from None

    def _write(
        self, results: list[Result], room: int, now: Instant
    ) -> tuple[list[ClaimedBatch], claiming.Claim]:
        plan = self._plan
        with plan.ledger.engine.begin() as connection:
            claiming.require_sender(connection, plan.campaign, self._word)
            settling.settle(connection, plan.campaign, _whole(results))
            halves = [
                half
                for result in results
                if result.verdict == "halved"
                for half in settling.halve(connection, plan.campaign, result, self._take(2), now)
            ]
            return halves, self._claim(connection, room, now)

    def _room(self) -> int:
        """How many new batches may be claimed."""
        slots = self._slots - self._flying - len(self._halves)
        if slots <= 0 or self._exhausted or self._plan.stop.is_set():
            return 0
        allowed, _ = self._plan.pace.allowance()
        per_call = self._cutter.most_messages
        return min(slots, max(allowed // per_call, 1 if allowed else 0))

    def _claim(self, connection: Connection, room: int, now: Instant) -> claiming.Claim:
        if not room:
            return claiming.Claim((), 0, self._cursor, self._exhausted)
        found = claiming.claim(
            connection,
            self._plan.campaign,
            after=self._cursor,
            until=self._until,
            cutter=self._cutter,
            most=room,
            number=self._number,
            now=now,
        )
        self._number += len(found.batches)
        return found

    def _take(self, count: int) -> int:
        number = self._number
        self._number += count
        return number

    def _send(self, claimed: list[ClaimedBatch]) -> None:
        while self._halves and self._flying + len(claimed) < self._slots:
            claimed.append(self._halves.popleft())
        for batch in claimed:
            self._todo.put(batch)
        self._flying += len(claimed)

    def _put_back(self) -> None:
        """What was never tried is pending again; what a dead sender left stays in doubt."""
        results = [
            Result(batch, "unknown" if batch.doubted else "released", reason="stopped before it")
            for batch in self._halves
        ]
        self._halves.clear()
        if results:
            with self._plan.ledger.engine.begin() as connection:
                claiming.require_sender(connection, self._plan.campaign, self._word)
                settling.settle(connection, self._plan.campaign, results)


def _whole(results: list[Result]) -> list[Result]:
    return [result for result in results if result.verdict != "halved"]


def _defect(error: Exception) -> GymletterError:
    return CampaignError(
        f"unexpected {type(error).__name__} while sending",
        remedy="Run again with --debug and report it",
    )
