"""What a sender writes, inside the one transaction that it gives.

Invariant: answers are settled and new batches claimed together, so that one commit serves both;
a batch is claimed for exactly the deliveries it holds, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from gymletter.campaign.audience import still_mailable, why_not
from gymletter.campaign.campaign import Campaign, ClaimedBatch, Delivery, Result
from gymletter.campaign.clock import Instant
from gymletter.campaign.tables import batches, campaigns, deliveries
from gymletter.errors import CampaignError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from gymletter.campaign.cutting import Cutter

_DELIVERY = (
    deliveries.c.position,
    deliveries.c.member_id,
    deliveries.c.address_key,
    deliveries.c.address,
    deliveries.c.first_name,
    deliveries.c.last_name,
    deliveries.c.language,
    deliveries.c.fields,
    deliveries.c.variant,
)
_OF_BATCH = (deliveries.c.campaign_id == bindparam("b_campaign")) & deliveries.c.position.between(
    bindparam("b_first"), bindparam("b_last")
)
_CLAIM = (
    update(deliveries)
    .where(_OF_BATCH, deliveries.c.state == "pending")
    .values(state="sending", batch=bindparam("b_number"))
)
_SETTLE_ALL = (
    update(deliveries)
    .where(_OF_BATCH, deliveries.c.batch == bindparam("b_number"))
    .values(state=bindparam("b_state"), message_id=bindparam("b_id"), reason=bindparam("b_reason"))
)
_SETTLE_ONE = (
    update(deliveries)
    .where(
        deliveries.c.campaign_id == bindparam("b_campaign"),
        deliveries.c.position == bindparam("b_position"),
        deliveries.c.batch == bindparam("b_number"),
    )
    .values(
        state=bindparam("b_state"),
        batch=bindparam("b_batch"),
        message_id=bindparam("b_id"),
        reason=bindparam("b_reason"),
    )
)
_MOVE = (
    update(deliveries)
    .where(_OF_BATCH, deliveries.c.batch == bindparam("b_old"))
    .values(batch=bindparam("b_number"))
)
_RELEASE = (
    update(deliveries)
    .where(_OF_BATCH, deliveries.c.batch == bindparam("b_number"))
    .values(state="pending", batch=None)
)
_CLOSE_BATCH = (
    update(batches)
    .where(
        batches.c.campaign_id == bindparam("b_campaign"),
        batches.c.number == bindparam("b_number"),
    )
    .values(state=bindparam("b_state"), reason=bindparam("b_reason"))
)
_EXCLUDE = (
    update(deliveries)
    .where(
        deliveries.c.campaign_id == bindparam("b_campaign"),
        deliveries.c.position == bindparam("b_position"),
        deliveries.c.state == "pending",
    )
    .values(state="excluded", reason=why_not())
)


_SENDER = (
    select(campaigns.c.sender).where(campaigns.c.id == bindparam("b_campaign")).with_for_update()
)


@dataclass(frozen=True)
class Claim:
    """What a claim found: batches that are `sending`, and how many members were excluded.

    Up to the position `cursor` nothing is pending any more; when `exhausted`, nowhere.
    """

    batches: tuple[ClaimedBatch, ...]
    excluded: int
    cursor: int
    exhausted: bool


def require_sender(connection: Connection, campaign: Campaign, word: str) -> None:
    """Raise `CampaignError` if another process has become the campaign's sender."""
    if connection.execute(_SENDER, {"b_campaign": campaign.id}).scalar_one() != word:
        raise CampaignError(f"another process took over sending {campaign.name!r}")


def next_number(connection: Connection, campaign: Campaign) -> int:
    """The number of the next batch."""
    query = select(func.coalesce(func.max(batches.c.number), 0)).where(
        batches.c.campaign_id == campaign.id
    )
    return int(connection.execute(query).scalar_one()) + 1


def claim(
    connection: Connection,
    campaign: Campaign,
    *,
    after: int,
    until: int,
    cutter: Cutter,
    most: int,
    number: int,
    now: Instant,
) -> Claim:
    """Take up to `most` batches of the deliveries at positions in (`after`, `until`].

    Who may no longer be mailed is excluded first. Batches are numbered from `number` on.
    """
    limit = most * cutter.most_messages
    rows = connection.execute(
        _pending(),
        {"b_campaign": campaign.id, "b_after": after, "b_until": until, "b_limit": limit},
    ).all()
    gone = [row[0] for row in rows if not row[-1]]
    _exclude(connection, campaign, gone)
    wanted = [Delivery._make(row[:-1]) for row in rows if row[-1]]
    groups = cutter.cut(wanted)[:most]
    taken = tuple(
        ClaimedBatch(number + n, group[0].variant, tuple(group), now)
        for n, group in enumerate(groups)
    )
    _write_batches(connection, campaign, taken)
    _claim_deliveries(connection, campaign, taken)
    everything = sum(map(len, groups)) == len(wanted)
    cursor = rows[-1][0] if rows and everything else taken[-1].last if taken else after
    return Claim(taken, len(gone), cursor, exhausted=everything and len(rows) < limit)


def settle(connection: Connection, campaign: Campaign, results: Iterable[Result]) -> None:
    """Write what became of batches; not for those that are halved."""
    closed, alike, single, released = [], [], [], []
    for result in results:
        closed.append(_closing(campaign, result))
        if result.verdict == "released":
            released.append(_span(campaign, result.batch))
        elif (uniform := _uniform(campaign, result)) is not None:
            alike.append(uniform)
        else:
            single += _one_by_one(campaign, result)
    for statement, parameters in (
        (_RELEASE, released),
        (_SETTLE_ALL, alike),
        (_SETTLE_ONE, single),
        (_CLOSE_BATCH, closed),
    ):
        if parameters:
            connection.execute(statement, parameters)


def halve(
    connection: Connection, campaign: Campaign, result: Result, number: int, now: Instant
) -> tuple[ClaimedBatch, ...]:
    """Put two batches, `number` and the next, in the place of one that was refused whole."""
    batch = result.batch
    middle = len(batch.deliveries) // 2
    halves = tuple(
        replace(batch, number=number + n, deliveries=part, started=now)
        for n, part in enumerate((batch.deliveries[:middle], batch.deliveries[middle:]))
    )
    _write_batches(connection, campaign, halves)
    connection.execute(_MOVE, [{**_span(campaign, half), "b_old": batch.number} for half in halves])
    connection.execute(_CLOSE_BATCH, _closing(campaign, result))
    return halves


def unfinished(connection: Connection, campaign: Campaign) -> list[ClaimedBatch]:
    """The batches that were `sending` when their sender died: each may have arrived."""
    query = select(batches).where(
        batches.c.campaign_id == campaign.id, batches.c.state == "sending"
    )
    return [
        ClaimedBatch(
            row.number,
            row.variant,
            deliveries_of(connection, campaign, row, "sending"),
            Instant(row.started_at, row.boot, row.uptime),
            doubted=True,
        )
        for row in connection.execute(query.order_by(batches.c.number)).all()
    ]


def deliveries_of(
    connection: Connection, campaign: Campaign, batch: Row[Any], *states: str
) -> tuple[Delivery, ...]:
    """The deliveries of a row of `batches` that are in one of `states`, in their order."""
    query = (
        select(*_DELIVERY)
        .where(
            deliveries.c.campaign_id == campaign.id,
            deliveries.c.position.between(batch.first, batch.last),
            deliveries.c.batch == batch.number,
            deliveries.c.state.in_(states),
        )
        .order_by(deliveries.c.position)
    )
    return tuple(Delivery._make(row) for row in connection.execute(query))


@cache
def _pending() -> Any:
    """Made once a run: a pause that ended meanwhile is not worth a new statement."""
    return (
        select(*_DELIVERY, still_mailable())
        .where(
            deliveries.c.campaign_id == bindparam("b_campaign"),
            deliveries.c.position > bindparam("b_after"),
            deliveries.c.position <= bindparam("b_until"),
            deliveries.c.state == "pending",
        )
        .order_by(deliveries.c.position)
        .limit(bindparam("b_limit"))
    )


def _exclude(connection: Connection, campaign: Campaign, positions: Sequence[int]) -> None:
    if positions:
        connection.execute(
            _EXCLUDE, [{"b_campaign": campaign.id, "b_position": each} for each in positions]
        )


def _write_batches(
    connection: Connection, campaign: Campaign, taken: Sequence[ClaimedBatch]
) -> None:
    rows = [
        {
            "campaign_id": campaign.id,
            "number": batch.number,
            "state": "sending",
            "variant": batch.variant,
            "first": batch.first,
            "last": batch.last,
            "started_at": batch.started.wall,
            "boot": batch.started.boot,
            "uptime": batch.started.uptime,
        }
        for batch in taken
    ]
    if rows:
        connection.execute(insert(batches), rows)


def _claim_deliveries(
    connection: Connection, campaign: Campaign, taken: Sequence[ClaimedBatch]
) -> None:
    if not taken:
        return
    done = connection.execute(_CLAIM, [_span(campaign, batch) for batch in taken])
    expected = sum(len(batch.deliveries) for batch in taken)
    if done.rowcount not in (expected, -1):
        raise CampaignError(
            f"{done.rowcount} deliveries were claimed where {expected} were expected",
            remedy="Nothing of them was sent; run `gymletter status` and report it",
        )


def _span(campaign: Campaign, batch: ClaimedBatch) -> dict[str, Any]:
    return {
        "b_campaign": campaign.id,
        "b_first": batch.first,
        "b_last": batch.last,
        "b_number": batch.number,
    }


def _closing(campaign: Campaign, result: Result) -> dict[str, Any]:
    doubtful = any(outcome.state == "unknown" for outcome in set(result.outcomes))
    return {
        "b_campaign": campaign.id,
        "b_number": result.batch.number,
        "b_state": "unknown" if doubtful else result.verdict,
        "b_reason": result.reason,
    }


def _uniform(campaign: Campaign, result: Result) -> dict[str, Any] | None:
    """One set of parameters for a batch whose deliveries all fared alike."""
    if result.verdict == "unknown":
        state, message_id, reason = "unknown", None, result.reason
    elif len(distinct := set(result.outcomes)) == 1 and result.outcomes[0].state != "pending":
        outcome = distinct.pop()
        state, message_id, reason = outcome.state, outcome.message_id, outcome.reason
    else:
        return None
    return {
        **_span(campaign, result.batch),
        "b_state": state,
        "b_id": message_id,
        "b_reason": reason,
    }


def _one_by_one(campaign: Campaign, result: Result) -> list[dict[str, Any]]:
    return [
        {
            "b_campaign": campaign.id,
            "b_position": delivery.position,
            "b_number": result.batch.number,
            "b_state": outcome.state,
            "b_batch": None if outcome.state == "pending" else result.batch.number,
            "b_id": outcome.message_id,
            "b_reason": outcome.reason,
        }
        for delivery, outcome in zip(result.batch.deliveries, result.outcomes, strict=True)
    ]
