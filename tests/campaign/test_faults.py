"""What goes wrong between us and the provider, and what the ledger says afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text, update

from gymletter.campaign import Ledger
from gymletter.campaign.clock import Clock, Instant, longest, shortest
from gymletter.campaign.reconcile import Reconciler
from gymletter.database import exclusive
from gymletter.errors import CampaignError
from gymletter.http import Client
from gymletter.members.tables import members
from tests.campaign.people import address, gym, link
from tests.campaign.runs import NAME, frozen, send
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from gymletter.providers.base import Batch, Call, Provider

WITH_KEY = ("brevo", "resend")
BAD = "fout@bad.example"
SURE = ("429", "503", "429 Retry-After seconds", "429 words seconds", "429 reset seconds")
DOUBTFUL = (
    "reset after reading",
    "reset after accepting",
    "reset in the middle of the answer",
    "answer truncated",
    "500 after accepting",
)


def first(*faults: str) -> Callable[[int], str | None]:
    """These faults for the first calls, none for the others."""
    return lambda number: faults[number] if number < len(faults) else None


def small(provider: Provider, per_call: int = 10, calls: int = 2) -> Provider:
    """The provider with small batches, so that a campaign has many."""
    can = provider.capabilities
    provider.capabilities = replace(
        can,
        messages_per_call=min(per_call, can.messages_per_call),
        calls_at_once=calls,
        asks_after=timedelta(0),
    )
    return provider


def got(fake: Fake) -> Counter[str]:
    """How many letters each address was really sent."""
    return Counter(letter.to for letter in fake.letters)


@pytest.mark.parametrize("fault", SURE)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_surely_did_not_go_out_is_tried_again(tmp_path: Path, shape: str, fault: str) -> None:
    """A provider that is busy takes the same call later, and everyone gets it once."""
    engine = gym(tmp_path / "db", 30)
    fake = Fake(SHAPES[shape](), first(fault))
    with running(fake) as url, Client() as client:
        counts, stopped = send(engine, small(opened(shape, client, url)))
    assert stopped is None
    assert counts["accepted"] == 30
    assert set(got(fake).values()) == {1}


@pytest.mark.parametrize("fault", DOUBTFUL)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_in_doubt_is_repeated_only_with_a_key(
    tmp_path: Path, shape: str, fault: str
) -> None:
    """With a key the doubt is settled at once; without one the batch is unknown, and no more."""
    engine = gym(tmp_path / "db", 30)
    fake = Fake(SHAPES[shape](), first(fault))
    with running(fake) as url, Client() as client:
        provider = small(opened(shape, client, url))
        counts, stopped = send(engine, provider)
        assert stopped is None
        in_doubt = 0 if shape in WITH_KEY else 1 if shape == "mailpit" else 10
        assert counts["unknown"] == in_doubt
        assert counts["accepted"] == 30 - in_doubt
        ledger = Ledger(engine)
        campaign = ledger.get(NAME)
        emails = ledger.emails(campaign)
        moved = Reconciler(ledger, campaign, emails, provider, link, Clock()).run()
        assert moved["unknown"] == 0
        send(engine, provider)
    assert got(fake) == Counter(map(address, range(30)))
    assert ledger.counts(campaign)["accepted"] == 30


@pytest.mark.parametrize("shape", SHAPES)
def test_a_refused_address_is_rejected_alone(tmp_path: Path, shape: str) -> None:
    """One recipient's fault rejects that recipient, named or not, and no address is in a reason."""
    engine = gym(tmp_path / "db", 25)
    with engine.begin() as connection:
        connection.execute(
            update(members).where(members.c.email == address(7)).values(email=BAD, address_key=BAD)
        )
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        counts, stopped = send(engine, small(opened(shape, client, url)))
    if shape == "mailpit":
        assert stopped is not None
        assert counts["accepted"] + counts["pending"] == 25
        return
    assert stopped is None
    assert (counts["accepted"], counts["rejected"]) == (24, 1)
    ledger = Ledger(engine)
    ((who, state, reason, _),) = ledger.missing(ledger.get(NAME))
    assert (who, state) == (BAD, "rejected")
    assert "@" not in reason


@pytest.mark.parametrize("shape", ["brevo", "mailgun", "resend", "postmark"])
def test_a_wrong_key_stops_at_once(tmp_path: Path, shape: str) -> None:
    """The campaign's fault leaves everyone pending, says the provider's words and not the key."""
    engine = gym(tmp_path / "db", 100)
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        counts, stopped = send(engine, small(opened(shape, client, url, key="wrong-key")))
        assert len(fake.calls) <= 2
        assert counts["pending"] == 100
        assert "401" in str(stopped)
        assert "wrong-key" not in str(stopped)
        counts, stopped = send(engine, opened(shape, client, url))
    assert counts["accepted"] == 100
    assert stopped is None


def test_a_provider_that_is_down_leaves_everyone_pending(tmp_path: Path) -> None:
    """Nobody listens: nothing left this machine, so nothing is in doubt."""
    engine = gym(tmp_path / "db", 5)
    with running(Fake(SHAPES["brevo"]())) as url:
        pass
    with Client(timeout=1) as client:
        counts, stopped = send(engine, opened("brevo", client, url), patience=2)
    assert counts["pending"] == 5
    assert "cannot be reached" in str(stopped)


def test_two_senders_at_once(tmp_path: Path) -> None:
    """The second one says so and leaves."""
    engine = gym(tmp_path / "db", 5)
    campaign = frozen(engine)
    fake = Fake(SHAPES["brevo"]())
    with running(fake) as url, Client() as client:
        with exclusive(engine, f"campaign-{campaign.id}") as held:
            assert held
            with pytest.raises(CampaignError, match="another process"):
                send(engine, opened("brevo", client, url))
        assert fake.calls == []
        counts, _ = send(engine, opened("brevo", client, url))
    assert counts["accepted"] == 5


def test_a_sender_that_was_replaced_claims_nothing_more(tmp_path: Path) -> None:
    """Who lost the campaign to another stops before the next call."""
    engine = gym(tmp_path / "db", 30)
    fake = Fake(SHAPES["brevo"]())
    with running(fake) as url, Client() as client:
        provider = small(opened("brevo", client, url), per_call=5, calls=1)
        ledger = Ledger(engine)
        campaign = frozen(engine)
        real = provider.send

        def taken_over(batch: object) -> object:
            ledger.take(campaign)
            return real(batch)  # type: ignore[arg-type]

        provider.send = taken_over  # type: ignore[method-assign,assignment]
        with pytest.raises(CampaignError, match="took over"):
            send(engine, provider)
    assert len(fake.calls) == 1


def _fill_disk(engine: Engine) -> None:
    """Let SQLite grow no more, as on a full disk."""

    @event.listens_for(engine, "connect")
    def limit(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    engine.dispose()


def test_a_full_disk_at_the_freeze_stores_nothing(tmp_path: Path) -> None:
    """Without room there is no campaign, and one line says why."""
    engine = gym(tmp_path / "db", 3000)
    Ledger(engine)
    _fill_disk(engine)
    with pytest.raises(CampaignError, match="full") as told:
        frozen(engine)
    assert "@" not in str(told.value)
    assert Ledger(engine).all() == []


def test_a_clock_that_is_set_back_makes_no_repeat_seem_young() -> None:
    """A key's lifetime is over when either clock says so; after a restart that is not known."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    begun = Instant(noon, "boot", 1000.0)
    hour = timedelta(hours=1)
    assert longest(begun, Instant(noon - hour, "boot", 4600.0)) == hour
    assert longest(begun, Instant(noon + hour, "boot", 1001.0)) == hour
    assert longest(begun, Instant(noon + hour, "another boot", 5.0)) is None


def test_a_clock_that_is_set_forward_makes_no_provider_seem_to_have_had_time() -> None:
    """What a provider must know by now is judged by the time that has passed at least."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    begun = Instant(noon, "boot", 1000.0)
    hour, second = timedelta(hours=1), timedelta(seconds=1)
    assert shortest(begun, Instant(noon + hour, "boot", 1001.0)) == second
    assert shortest(begun, Instant(noon - hour, "boot", 4600.0)) == hour
    assert shortest(begun, Instant(noon + hour, "another boot", 1.0)) == second
    assert shortest(begun, Instant(noon - hour, "another boot", 9.0)) == timedelta(0)


def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    """Another writer holds the database for a moment: nothing is lost."""
    import threading
    import time

    engine = gym(tmp_path / "db", 200)
    frozen(engine)

    def hold() -> None:
        for _ in range(3):
            with engine.begin() as connection:
                connection.execute(text("UPDATE members SET language = language"))
                time.sleep(0.3)

    holder = threading.Thread(target=hold)
    fake = Fake(SHAPES["mailpit"]())
    with running(fake) as url, Client() as client:
        holder.start()
        counts, stopped = send(engine, opened("mailpit", client, url))
        holder.join()
    assert stopped is None
    assert counts["accepted"] == 200


@pytest.mark.parametrize("nth", [1, 3])
def test_a_call_that_cannot_be_made_loses_no_answer(tmp_path: Path, nth: int) -> None:
    """What is in flight is written all the same, nobody else is claimed, and it can go on."""
    engine = gym(tmp_path / "db", 50)
    fake = Fake(SHAPES["mailgun"]())
    with running(fake) as url, Client() as client:
        provider = small(opened("mailgun", client, url))
        prepare, made = provider.prepare, Counter[str]()

        def fails(batch: Batch) -> Call:
            made["calls"] += 1
            if made["calls"] == nth:
                raise ZeroDivisionError
            return prepare(batch)

        provider.prepare = fails  # type: ignore[method-assign]
        counts, stopped = send(engine, provider)
        assert "ZeroDivisionError" in str(stopped)
        assert counts["unknown"] == counts["sending"] == 0
        assert counts["accepted"] == len(fake.letters) < 50
        counts, stopped = send(engine, provider)
    assert stopped is None
    assert got(fake) == Counter(map(address, range(50)))
