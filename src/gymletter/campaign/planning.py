"""Planning: who comes next, and the call for them, made ready while other calls are on their way.

Invariant: nothing is written. What is planned lies where no batch holds anybody, and no two plans
hold the same delivery.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from gymletter.campaign import claiming
from gymletter.campaign.campaign import ClaimedBatch
from gymletter.campaign.recipients import batch_of
from gymletter.database import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Engine

    from gymletter.campaign.campaign import Campaign, Delivery
    from gymletter.campaign.clock import Instant
    from gymletter.campaign.cutting import Cutter
    from gymletter.campaign.standing import Span
    from gymletter.providers.base import Call, Provider
    from gymletter.rendering.email import Email

_PAGE = 64  # deliveries that are looked up at once at least


@dataclass(frozen=True)
class Plan:
    """A batch and the call that sends it."""

    batch: ClaimedBatch
    call: Call


@dataclass(frozen=True)
class Maker:
    """Makes the call of a batch; the same again for the same batch."""

    campaign: Campaign
    emails: Mapping[str, Email]
    provider: Provider
    link: Callable[[int], str]

    def plan(self, batch: ClaimedBatch) -> Plan:
        """Raises `TemplateError` for a member without a value."""
        made = self.provider.prepare(batch_of(self.campaign, self.emails, self.link, batch))
        return Plan(batch, made)


class Planner:
    """Goes through open spans of a campaign's deliveries, in their order."""

    def __init__(
        self, engine: Engine, maker: Maker, cutter: Cutter, spans: Iterable[Span], number: int
    ) -> None:
        self._engine = engine
        self._maker = maker
        self._cutter = cutter
        self._spans = deque(spans)
        self._groups: deque[Sequence[Delivery]] = deque()
        self._number = number

    def next(self, now: Instant) -> Plan | None:
        """The next batch, not yet claimed; None when it had to look first, or is at its end.

        Looking and making ready are two steps, for answers may have to be written between them.
        """
        if not self._groups:
            if self._spans:
                self._look(self._spans.popleft())
            return None
        group = self._groups.popleft()
        return self._maker.plan(ClaimedBatch(self.number(), group[0].variant, tuple(group), now))

    def is_at_end(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self._groups or self._spans)

    def reopen(self, batches: Iterable[ClaimedBatch]) -> None:
        """Look again where these lie: no batch holds them any more."""
        self._spans.extend(batch.span for batch in batches)

    def number(self) -> int:
        """The number of the next batch."""
        self._number += 1
        return self._number - 1

    def _look(self, span: Span) -> None:
        """Cut a page of a span into groups; its last is begun anew, as it may go on after it."""
        limit = max(self._cutter.most_messages, _PAGE)
        try:
            parts = self._parts(span, limit)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            parts = self._parts(span, limit)  # the session was ended; now it is a new one
        groups = [group for part in parts for group in self._cutter.cut(part)]
        if sum(map(len, parts)) == limit:
            if len(groups) > 1:
                groups.pop()
            self._spans.appendleft((groups[-1][-1].position + 1, span[1]))
        self._groups.extend(groups)

    def _parts(self, span: Span, limit: int) -> list[Sequence[Delivery]]:
        campaign = self._maker.campaign
        with reading(self._engine) as connection:
            rows = claiming.look(connection, campaign, span, limit)
            return claiming.apart(connection, campaign, rows)
