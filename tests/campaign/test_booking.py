"""A transaction that was written though it seemed to fail is not written twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gymletter.providers.base import Answer, BatchRefused, Call
from tests.campaign.people import address, populated
from tests.campaign.runs import frozen, send
from tests.campaign.scripted import PLAIN, WITH_KEY, Scripted, all_of, leave

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class Cut:
    """A connection that is lost once, when the database has committed and not yet said so."""

    def __init__(self, engine: Engine) -> None:
        self.next = False
        event.listen(engine, "commit", self._commit)

    def _commit(self, connection: Connection) -> None:
        if not self.next:
            return
        self.next = False
        connection.connection.driver_connection.commit()  # type: ignore[union-attr]
        raise OperationalError("COMMIT", {}, Exception("the connection was lost"))


@pytest.mark.parametrize("cut_at", range(6))
def test_a_commit_of_which_the_answer_is_lost(engine: Engine, cut_at: int) -> None:
    """Halves are not put twice in the place of one batch, and what is claimed is sent once."""
    frozen(populated(engine, 9))
    cut = Cut(engine)

    def refuse_some(number: int, call: Call) -> Answer:
        if number == 0:
            leave(engine, 6)
        cut.next = number == cut_at
        if number and call.recipients > 2:
            raise BatchRefused("one of them")
        return all_of("accepted")(number, call)

    provider = Scripted(refuse_some, replace(PLAIN, messages_per_call=4))
    counts, fault = send(engine, provider)
    assert fault is None
    assert counts == {
        "accepted": 8,
        "rejected": 0,
        "excluded": 1,
        "unknown": 0,
        "pending": 0,
        "sending": 0,
    }
    again = Scripted(all_of("accepted"), WITH_KEY)
    send(engine, again)
    assert again.calls == []
    taken = [call for number, call in enumerate(provider.calls) if not number or len(call) <= 2]
    assert sorted(to for call in taken for to in call) == [address(n) for n in range(9) if n != 6]
