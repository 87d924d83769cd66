"""Settling: what became of batches, written inside the one transaction that the sender gives.

Invariant: only what is on its way or in doubt is written over; what was accepted, rejected or
excluded stays so, whatever is said about its batch later. A batch that was accepted whole is one
row; every other is spread over its deliveries' own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, update

from gymletter.campaign.standing import IN_SPAN, within
from gymletter.campaign.tables import batches, deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from gymletter.campaign.campaign import Campaign, ClaimedBatch, Result
    from gymletter.campaign.clock import Instant
    from gymletter.providers.base import Outcome

_MINE = deliveries.c.batch == bindparam("b_number")
_UNSETTLED = or_(deliveries.c.state == "sending", deliveries.c.state == "unknown")
_BATCH = (batches.c.campaign_id == bindparam("b_campaign")) & (
    batches.c.number == bindparam("b_number")
)
_SPREAD = (
    update(deliveries)
    .where(IN_SPAN, deliveries.c.state == "pending")
    .values(state="sending", batch=bindparam("b_number"))
)
_SETTLE_ALL = (
    update(deliveries)
    .where(IN_SPAN, _MINE, _UNSETTLED)
    .values(state=bindparam("b_state"), message_id=bindparam("b_id"), reason=bindparam("b_reason"))
)
_SETTLE_ONE = (
    update(deliveries)
    .where(
        deliveries.c.campaign_id == bindparam("b_campaign"),
        deliveries.c.position == bindparam("b_position"),
        _MINE,
        _UNSETTLED,
    )
    .values(
        state=bindparam("b_state"),
        batch=bindparam("b_batch"),
        message_id=bindparam("b_id"),
        reason=bindparam("b_reason"),
    )
)
_ACCEPT = (
    update(batches)
    .where(_BATCH)
    .values(state="accepted", message_ids=bindparam("b_ids"), reason=bindparam("b_reason"))
)
_CLOSE = (
    update(batches)
    .where(_BATCH)
    .values(state=bindparam("b_state"), reason=bindparam("b_reason"), holds=False)
)


def settle(connection: Connection, campaign: Campaign, results: Iterable[Result]) -> None:
    """Write what became of batches; who was in one that is halved is pending again."""
    whole, closed, spread, alike, single = [], [], [], [], []
    for result in results:
        if result.batch.holds and _is_accepted(result):
            whole.append(_acceptance(campaign, result))
            continue
        closed.append(_closing(campaign, result))
        if result.verdict in ("released", "halved"):
            continue
        if result.batch.holds:
            spread.append(_span(campaign, result.batch))
        if (uniform := _uniform(campaign, result)) is not None:
            alike.append(uniform)
        else:
            single += _one_by_one(campaign, result)
    for statement, parameters in (
        (_ACCEPT, whole),
        (_SPREAD, spread),
        (_SETTLE_ALL, alike),
        (_SETTLE_ONE, single),
        (_CLOSE, closed),
    ):
        if parameters:
            connection.execute(statement, parameters)


def moved(results: Iterable[Result], excluded: int) -> Mapping[str, int]:
    """How many deliveries came into each state."""
    found = Counter({"excluded": excluded})
    for result in results:
        if result.verdict == "settled":
            found.update(each.state for each in result.outcomes if each.state != "pending")
        elif result.verdict in ("unknown", "unclear"):
            found["unknown"] += len(result.batch.deliveries)
    return found


def halves_of(
    result: Result, number: Callable[[], int], now: Instant
) -> tuple[ClaimedBatch, ClaimedBatch]:
    """Two batches, with new numbers, to be claimed in the place of one that was refused whole."""
    batch = result.batch
    middle = len(batch.deliveries) // 2
    first, second = (
        replace(batch, number=number(), deliveries=part, started=now, checked=None)
        for part in (batch.deliveries[:middle], batch.deliveries[middle:])
    )
    return first, second


def _is_accepted(result: Result) -> bool:
    return bool(result.outcomes) and all(each.state == "accepted" for each in result.outcomes)


def _acceptance(campaign: Campaign, result: Result) -> dict[str, Any]:
    return {
        "b_campaign": campaign.id,
        "b_number": result.batch.number,
        "b_ids": _ids(result.outcomes),
        "b_reason": result.outcomes[0].reason,
    }


def _ids(outcomes: Sequence[Outcome]) -> list[str | None]:
    """The message's id of each, or one where all have the same."""
    ids = [outcome.message_id for outcome in outcomes]
    return ids[:1] if len(set(ids)) == 1 else ids


def _span(campaign: Campaign, batch: ClaimedBatch) -> dict[str, Any]:
    return {**within(campaign, batch.span), "b_number": batch.number}


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
    if result.verdict in ("unknown", "unclear"):
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
