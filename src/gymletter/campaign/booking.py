"""The sender's transactions.

Invariant: nothing is written once another process has become the campaign's sender. A database that
is busy, full or out of reach is given some time before answers are lost; what it may have committed
without saying so is looked for before it is written again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from gymletter.campaign import claiming, resuming, settling
from gymletter.campaign.campaign import Result
from gymletter.campaign.standing import open_spans
from gymletter.database import words
from gymletter.errors import Incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gymletter.campaign.campaign import Campaign, ClaimedBatch
    from gymletter.campaign.claiming import Claim
    from gymletter.campaign.clock import Instant
    from gymletter.campaign.ledger import Ledger
    from gymletter.campaign.standing import Span

_PAUSES = (0.1, 1, 5, None)  # seconds between tries to write


@dataclass(frozen=True)
class Left:
    """What is there when a sender begins.

    `again`: batches that may have arrived and are asked again with their key; `spans`: where
    deliveries may be pending; `number`: of the next batch.
    """

    again: Sequence[ClaimedBatch]
    spans: Sequence[Span]
    number: int
    took_somebody: bool


class Books:
    """The ledger, as the one sender of a campaign writes it."""

    def __init__(self, ledger: Ledger, campaign: Campaign) -> None:
        self._engine = ledger.engine
        self._campaign = campaign
        self._word = ledger.take(campaign)

    def recover(self, now: Instant) -> Left:
        """What a dead sender left behind is asked again with its key, or it is in doubt.

        A call cannot be repeated without those who have left since: then it is not repeated.
        """
        campaign = self._campaign
        again: list[ClaimedBatch] = []
        with self._engine.begin() as connection:
            claiming.require_sender(connection, campaign, self._word)
            for batch in resuming.unfinished(connection, campaign):
                if resuming.somebody_left(connection, campaign, batch):
                    gone = Result(batch, "unknown", reason="somebody in it has left since")
                    settling.settle(connection, campaign, [gone])
                else:
                    again.append(replace(batch, checked=now))
            return Left(
                again,
                open_spans(connection, campaign),
                claiming.next_number(connection, campaign),
                resuming.anyone_accepted(connection, campaign),
            )

    def write(
        self,
        results: Sequence[Result],
        planned: Sequence[ClaimedBatch],
        number: Callable[[], int],
        now: Instant,
    ) -> Claim:
        """One transaction: settle what is done, claim halves and what goes next.

        However often that is tried, halves have the same numbers.
        """
        halves = [
            half
            for result in results
            if result.verdict == "halved"
            for half in settling.halves_of(result, number, now)
        ]
        for tries, pause in enumerate(_PAUSES):
            try:
                return self._write(results, [*halves, *planned], again=tries > 0)
            except OperationalError as error:
                if pause is None:
                    raise Incomplete(
                        f"the ledger cannot be written: {words(error)}; what is in flight will be"
                        " unknown",
                        remedy="Make room or free the database, then send again",
                    ) from None
                time.sleep(pause)
        raise AssertionError  # the last try returns or raises

    def _write(
        self, results: Sequence[Result], planned: Sequence[ClaimedBatch], *, again: bool
    ) -> Claim:
        campaign = self._campaign
        with self._engine.begin() as connection:
            claiming.require_sender(connection, campaign, self._word)
            if again and (made := claiming.written(connection, campaign, planned)):
                return made
            settling.settle(connection, campaign, results)
            return claiming.claim(connection, campaign, planned)

    def put_back(self, batches: Iterable[ClaimedBatch]) -> None:
        """What was never tried is pending again; what a dead sender left stays in doubt."""
        results = [
            Result(batch, "unknown" if batch.doubted else "released", reason="stopped before it")
            for batch in batches
        ]
        if results:
            with self._engine.begin() as connection:
                claiming.require_sender(connection, self._campaign, self._word)
                settling.settle(connection, self._campaign, results)
