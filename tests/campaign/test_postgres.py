"""A ledger on a PostgreSQL server: two senders, ended sessions, answers that are lost."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, event, text, update
from sqlalchemy.pool import NullPool

from gymletter.database import open_database
from gymletter.errors import CampaignError
from gymletter.http import Client
from gymletter.members.tables import members
from tests.campaign.people import address, populated
from tests.campaign.runs import NAME, frozen, send
from tests.campaign.senders import require_exactly_once, senders
from tests.campaign.test_faults import BAD, got, small
from tests.campaign.wire import wired
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable


MEMBERS = 300


def test_a_second_sender_leaves_while_the_first_goes_on(postgres_url: str) -> None:
    """Two real processes: the second one says so, and calls nobody."""
    engine = populated(open_database(postgres_url), MEMBERS)
    frozen(engine)
    fake, other = Fake(SHAPES["brevo"](), lambda _: "answer slow"), Fake(SHAPES["brevo"]())
    codes: list[int] = []
    with running(fake) as url, running(other) as elsewhere, senders(engine, "brevo", url) as first:
        runs = threading.Thread(target=lambda: codes.append(first.run(campaign=NAME, per_call=10)))
        runs.start()
        while not fake.calls:
            time.sleep(0.01)
        with Client() as client, pytest.raises(CampaignError, match="by another process"):
            send(engine, opened("brevo", client, elsewhere))
        runs.join()
    assert (codes, other.calls) == ([0], [])
    require_exactly_once(engine, fake, NAME, MEMBERS)


def _end_sessions(url: str) -> None:
    """What an administrator, or a server that is started anew, does to a sender."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        connection.execute(text(f"{others} AND backend_type = 'client backend'"))


def _at(calls: set[int], what: Callable[[], object]) -> Callable[[int], None]:
    """Faults of a provider: none, but something else happens at these calls."""

    def fault(number: int) -> None:
        if number in calls:
            what()

    return fault


@pytest.mark.parametrize("shape", ["brevo", "mailgun"])
def test_sessions_that_are_ended_in_the_middle_lose_and_repeat_nothing(
    postgres_url: str, shape: str
) -> None:
    """The sender goes on with new ones: nobody is in doubt for it."""
    engine = populated(open_database(postgres_url), MEMBERS)
    frozen(engine)
    fake = Fake(SHAPES[shape](), _at({3, 4, 11}, lambda: _end_sessions(postgres_url)))
    with running(fake) as url, Client() as client:
        provider = small(opened(shape, client, url))
        counts, fault = send(engine, provider)
        assert (fault, counts["unknown"]) == (None, 0)
        require_exactly_once(engine, fake, NAME, MEMBERS)


@pytest.mark.parametrize("nth", [1, 3])
def test_a_session_that_is_ended_right_before_it_is_read_from_is_replaced(
    postgres_url: str, nth: int
) -> None:
    """Also where the reader is the first to see it."""
    engine = populated(open_database(postgres_url), MEMBERS)
    frozen(engine)
    looks = itertools.count(1)

    def end(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        is_a_look = "LIMIT" in statement and "deliveries.variant" in statement
        if is_a_look and next(looks) == nth:
            _end_sessions(postgres_url)

    event.listen(engine, "before_cursor_execute", end)
    fake = Fake(SHAPES["mailgun"]())
    with running(fake) as url, Client() as client:
        counts, fault = send(engine, small(opened("mailgun", client, url)))
    assert (fault, counts["unknown"]) == (None, 0)
    require_exactly_once(engine, fake, NAME, MEMBERS)


@pytest.mark.parametrize("shape", ["brevo", "mailgun"])
def test_a_commit_whose_answer_is_lost_is_not_made_twice(postgres_url: str, shape: str) -> None:
    """It was committed, and the sender is told that the connection broke: it goes on from there."""
    first = populated(open_database(postgres_url), MEMBERS)
    with first.begin() as connection:
        bad = {"email": BAD, "address_key": BAD}
        connection.execute(update(members).where(members.c.email == address(7)).values(bad))
    first.dispose()
    with wired(postgres_url, lambda number: number % 3 == 1 and number < 25) as (over, wire):
        engine = open_database(over)
        frozen(engine)
        fake = Fake(SHAPES[shape](), lambda _: setattr(wire, "armed", True))
        with running(fake) as url, Client() as client:
            counts, fault = send(engine, small(opened(shape, client, url)))
        engine.dispose()
    assert wire.cuts >= 5
    assert (fault, counts["unknown"], counts["rejected"]) == (None, 0, 1)
    assert got(fake) == Counter(map(address, {*range(MEMBERS)} - {7}))
