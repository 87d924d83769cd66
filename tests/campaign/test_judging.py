"""What is put off or in doubt now and then is no reason to stop; in a row it is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from gymletter.campaign.campaign import ClaimedBatch, Delivery, Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.judging import Judge
from gymletter.campaign.pace import Pace
from gymletter.providers.base import Outcome

if TYPE_CHECKING:
    from gymletter.campaign.campaign import Verdict

BATCH = ClaimedBatch(1, "", (Delivery(1, 1, "a@x.example", "", "", "", None, ""),), Clock().now())
TAKEN = Result(BATCH, "settled", (Outcome("accepted"),))


@pytest.mark.parametrize(("verdict", "most"), [("released", 12), ("unknown", 5)])
def test_only_a_row_of_them_stops(verdict: Verdict, most: int) -> None:
    """Whoever is taken between them begins the count anew."""
    judge = Judge(Pace(1e9, threading.Event()), took_somebody=False)
    result = Result(BATCH, verdict, reason="r")
    row = [result] * (most - 1)
    assert [judge.judge(each, None)[1] for each in (*row, TAKEN, *row)] == [None] * (2 * most - 1)
    assert "r" in str(judge.judge(result, None)[1])
