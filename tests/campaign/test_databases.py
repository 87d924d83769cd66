"""A campaign from freezing to the end, over each database that it can be kept in."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from gymletter.campaign import Ledger, claiming, erasing, resuming, settling, status
from gymletter.campaign.audience import variants
from gymletter.campaign.campaign import ClaimedBatch, Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.freeze import Edition, count_audience, freeze
from gymletter.campaign.standing import open_spans
from gymletter.errors import CampaignError, NothingToDo
from gymletter.http import Client
from gymletter.members import leaving, rights, segment
from gymletter.members.keys import hasher
from gymletter.members.leaving import Change
from gymletter.members.tables import members
from gymletter.providers.base import Capabilities, Outcome
from gymletter.rendering.email import MergeField
from tests.campaign.people import EMAIL, address, populated
from tests.campaign.runs import NAME, frozen, send
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gymletter.campaign.campaign import Campaign
    from gymletter.providers.base import Batch, Call

NOW = datetime(2025, 9, 1, tzinfo=UTC)
COACHED = replace(EMAIL, fields=(*EMAIL.fields, MergeField("gltokencoach", "coach", default="")))
TAKEN = partial(Outcome, "accepted")
CUTTER = Cutter(Capabilities(3, 10**9, substitutes=True), {"": EMAIL}, 100)


def plan(
    engine: Engine, campaign: Campaign, most: int, cutter: Cutter = CUTTER
) -> list[ClaimedBatch]:
    """The next batches from the beginning."""
    with engine.begin() as connection:
        number = claiming.next_number(connection, campaign)
        spans = open_spans(connection, campaign)
        groups = [
            group
            for span in spans
            for group in cutter.cut(claiming.look(connection, campaign, span, 99))
        ]
    now = Clock().now()
    return [
        ClaimedBatch(number + n, group[0].variant, tuple(group), now)
        for n, group in enumerate(groups[:most])
    ]


def claim(engine: Engine, campaign: Campaign, most: int) -> claiming.Claim:
    """Claim them; what has changed is planned again, once."""
    with engine.begin() as connection:
        found = claiming.claim(connection, campaign, [])
    for _ in range(2):
        planned = plan(engine, campaign, most - len(found.taken))
        with engine.begin() as connection:
            more = claiming.claim(connection, campaign, planned)
        found = claiming.Claim(
            found.taken + more.taken, more.changed, found.excluded + more.excluded
        )
    return found


def settle(engine: Engine, campaign: Campaign, *results: Result) -> None:
    """Write what became of batches."""
    with engine.begin() as connection:
        settling.settle(connection, campaign, results)


def outcomes(batch: ClaimedBatch, *states: str) -> Result:
    """An answer with an outcome per delivery."""
    return Result(batch, "settled", tuple(Outcome(s, s) for s in states))  # type: ignore[arg-type]


def test_an_audience_is_a_segment_with_its_renderings_and_fields(engine: Engine) -> None:
    """Frozen as counted; every member has the rendering of their values, and their fields."""
    populated(engine, 9, fields={"club": "Noord"})
    with engine.begin() as connection:
        row = update(members).where(members.c.id == 1)
        connection.execute(row.values(fields={"club": "Zuid", "coach": "Zoë"}))
    where = segment.compile('club in ("Noord", "Zuid") and language = "nl"')
    with engine.begin() as connection:
        values = variants(connection, ("club",), where)
    assert values == [{"club": "Noord"}, {"club": "Zuid"}]
    edition = Edition(NAME, NAME, [(each, COACHED) for each in values], ("k",), "any")
    ledger = Ledger(engine)
    campaign = freeze(ledger, edition, where, NOW)
    assert campaign.audience == count_audience(ledger, where) == 5
    cutter = Cutter(Capabilities(9, 10**9, substitutes=True), ledger.emails(campaign), 100)
    found = plan(engine, campaign, 9, cutter)
    assert [len(batch.deliveries) for batch in found] == [4, 1]
    assert found[1].variant == '{"club":"Zuid"}'
    assert found[1].deliveries[0].fields == {"club": "Zuid", "coach": "Zoë"}
    assert ledger.sent_articles() == {"k": NAME}


def test_nobody_to_send_to_stores_nothing(engine: Engine) -> None:
    """And a campaign that is there is not frozen twice."""
    populated(engine, 2)
    ledger = Ledger(engine)
    edition = Edition(NAME, NAME, [({}, EMAIL)], (), "any")
    with pytest.raises(NothingToDo, match="nobody"):
        freeze(ledger, edition, segment.compile('club = "Oost"'), NOW)
    assert ledger.all() == []
    freeze(ledger, edition, None, NOW)
    with pytest.raises(CampaignError, match="could not be frozen"):
        freeze(ledger, edition, None, NOW)
    assert [campaign.audience for campaign in ledger.all()] == [2]


def test_every_answer_is_written_to_its_own_deliveries(engine: Engine) -> None:
    """Settled alike or one by one, unknown, released, halved, left in flight: it adds up."""
    campaign = frozen(populated(engine, 21))
    leaving.apply(engine, [Change(21, NAME)], NOW)
    alike, single, lost, back, whole, flying, *_ = claim(engine, campaign, 7).taken
    settle(
        engine,
        campaign,
        outcomes(alike, *["accepted"] * 3),
        outcomes(single, "accepted", "rejected", "unknown"),
        Result(lost, "unknown", reason="time-out"),
        Result(back, "released"),
    )
    with engine.begin() as connection:
        numbers = itertools.count(claiming.next_number(connection, campaign))
        halved = Result(whole, "halved", reason="413")
        halves = settling.halves_of(halved, numbers.__next__, Clock().now())
        settling.settle(connection, campaign, [halved])
        claiming.claim(connection, campaign, halves)
    assert [len(half.deliveries) for half in halves] == [1, 2]
    found = status(engine, NAME)
    assert (found.accepted, found.rejected, found.unknown, found.excluded) == (4, 1, 4, 1)
    assert (found.pending, found.sending, found.audience) == (3, 8, 21)
    with engine.begin() as connection:
        left = resuming.unfinished(connection, campaign)
    assert [batch.number for batch in left] == [6, 7, 8, 9]
    assert left[0].deliveries == flying.deliveries
    leaving.apply(engine, [Change(flying.deliveries[0].member_id, NAME)], NOW)
    with engine.begin() as connection:
        gone = [resuming.somebody_left(connection, campaign, batch) for batch in left]
    assert gone == [True, False, False, False]
    again = claim(engine, campaign, 9)
    assert [d.position for batch in again.taken for d in batch.deliveries] == [
        delivery.position for delivery in back.deliveries
    ]


def test_who_left_after_the_freeze_is_named_with_the_reason(engine: Engine) -> None:
    """Left by a link, paused, or forgotten: excluded, and in the list of who is missing."""
    campaign = frozen(populated(engine, 5))
    leaving.apply(engine, [Change(1, NAME), Change(2, NAME, months=2)], datetime.now(UTC))
    with engine.begin() as connection:
        erasing.forget(connection, address(2), "hmac:1:2")
    assert claim(engine, campaign, 9).excluded == 2
    reasons = {reason for _, state, reason, _ in Ledger(engine).missing(campaign) if reason}
    assert reasons == {"unsubscribed", "paused", "forgotten"}


def test_a_resumed_campaign_sends_the_rest_once(engine: Engine) -> None:
    """Stopped half-way and run again by another sender, nobody gets a second letter."""
    populated(engine, 40)
    fake = Fake(SHAPES["brevo"]())
    with running(fake) as url, Client() as client:
        first, _ = send(engine, opened("brevo", client, url), until=15)
        leaving.apply(engine, [Change(40, NAME)], NOW)
        counts, fault = send(engine, opened("brevo", client, url))
    assert fault is None
    assert (first["accepted"], counts["accepted"], counts["excluded"]) == (15, 39, 1)
    assert sorted(letter.to for letter in fake.letters) == [address(n) for n in range(39)]
    assert status(engine, NAME).state == "complete"


def test_who_leaves_while_the_call_is_made_ready_is_not_in_it(engine: Engine) -> None:
    """What is planned is not claimed when somebody in it said no meanwhile; the others get it."""
    populated(engine, 20)
    fake = Fake(SHAPES["brevo"]())
    with running(fake) as url, Client() as client:
        provider = opened("brevo", client, url)
        prepare = provider.prepare

        def slowly(batch: Batch) -> Call:
            leaving.apply(engine, [Change(7, NAME)], NOW)
            with engine.begin() as connection:
                rights.forget(connection, address(7), hasher(("k" * 32,)), NOW)
                erasing.forget(connection, address(7), "hmac:1:8")
            return prepare(batch)

        provider.prepare = slowly  # type: ignore[method-assign]
        counts, fault = send(engine, provider)
    assert fault is None
    assert (counts["accepted"], counts["excluded"]) == (18, 2)
    wanted = [address(n) for n in range(20) if n not in (6, 7)]
    assert sorted(letter.to for letter in fake.letters) == wanted


def test_old_campaigns_lose_their_addresses(engine: Engine) -> None:
    """The counts stay."""
    campaign = frozen(populated(engine, 3))
    (batch,) = claim(engine, campaign, 1).taken
    settle(engine, campaign, outcomes(batch, *["accepted"] * 3))
    Ledger(engine).finish(campaign, NOW, None)
    with engine.begin() as connection:
        assert erasing.expire(connection, 1, datetime.now(UTC)) == 3
    assert status(engine, NAME).accepted == 3


def test_a_batch_that_was_accepted_whole_knows_each_ones_message(engine: Engine) -> None:
    """It is one row; who asks for their data, or to be forgotten, still has their own id in it."""
    campaign = frozen(populated(engine, 5))
    leaving.apply(engine, [Change(1, NAME)], NOW)
    second, first = claim(engine, campaign, 2).taken
    assert [delivery.position for delivery in first.deliveries] == [2, 3]
    settle(engine, campaign, Result(first, "settled", (TAKEN("m2"), TAKEN("m3"))))
    settle(engine, campaign, Result(second, "settled", (TAKEN("one for all"),) * 2))
    assert [_shown(engine, n) for n in range(1, 6)] == [
        ("excluded", None),
        ("accepted", "m2"),
        ("accepted", "m3"),
        ("accepted", "one for all"),
        ("accepted", "one for all"),
    ]
    with engine.begin() as connection:
        assert erasing.forget(connection, address(2), "hmac:1:2") == 0
    assert _shown(engine, 2) == ("accepted", "m2")
    assert _shown(engine, "hmac:1:2") == ("accepted", None)
    assert _shown(engine, 4) == ("accepted", "one for all")
    Ledger(engine).finish(campaign, NOW, None)
    with engine.begin() as connection:
        erasing.expire(connection, 1, datetime.now(UTC))
    assert _shown(engine, "erased:2") == ("accepted", None)
    assert status(engine, NAME).accepted == 4


def test_who_is_on_the_way_is_missing_with_the_moment_of_the_call(engine: Engine) -> None:
    """A batch that a dead sender left behind is in the list of who has not got it."""
    campaign = frozen(populated(engine, 5))
    taken = claim(engine, campaign, 1).taken
    found = {who: (state, at) for who, state, _, at in Ledger(engine).missing(campaign)}
    began = str(taken[0].started.wall)
    assert found == {
        **{address(n): ("sending", began) for n in range(3)},
        **{address(n): ("pending", "") for n in (3, 4)},
    }


def test_an_old_reason_is_not_told_of_who_is_on_the_way_or_there(engine: Engine) -> None:
    """Why somebody was put off is no longer true when the next batch holds them."""
    campaign = frozen(populated(engine, 1))
    (batch,) = claim(engine, campaign, 1).taken
    put_off = Outcome("pending", reason="not now")
    settle(engine, campaign, Result(batch, "settled", (put_off,)))
    missing = Ledger(engine).missing
    assert [row[1:] for row in missing(campaign)] == [("pending", "not now", "")]
    (batch,) = claim(engine, campaign, 1).taken
    assert [row[1:3] for row in missing(campaign)] == [("sending", "")]
    settle(engine, campaign, Result(batch, "settled", (TAKEN("m", "queued"),)))
    with engine.begin() as connection:
        (found,) = erasing.deliveries_of(connection, address(0))
    assert (found["state"], found["reason"]) == ("accepted", "queued")


def _shown(engine: Engine, who: int | str) -> tuple[str, str | None]:
    key = address(who - 1) if isinstance(who, int) else who
    with engine.begin() as connection:
        (found,) = erasing.deliveries_of(connection, key)
    return found["state"], found["message_id"]
