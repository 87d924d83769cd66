"""What every provider is: data about what it can, and one call that sends one batch.

Invariant: the answer has one outcome per recipient, in order; what the provider did not say is
`unknown`, never guessed. An error says whether the whole batch is surely unsent, in doubt, or
refused for a fault of the campaign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, Self

from gymletter.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gymletter.rendering.email import Email

State = Literal["accepted", "rejected", "unknown", "pending"]
Repeat = Literal["replays", "refuses"]


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do; the source of each figure stands beside it in its own module.

    `messages_per_call` and `bytes_per_call` bound a batch. `substitutes`: the email goes over the
    wire once per call with values per recipient; else every message is whole. `repeat`: what the
    same idempotency key does within `repeat_window` ("replays" the first answer, "refuses" the
    repeat; None: there is no key and an ambiguous call stays in doubt). `partial`: one call can
    accept some recipients and reject others. `schedules`: how far ahead a call can be
    accepted for later. `unsubscribe`: the placeholder of
    the provider's own link, if it has one.
    `leaving`: what is documented about its own List-Unsubscribe where it may not be ours.
    `can_be_asked`: it can tell what became of a batch; what it does not know of after `asks_after`
    did not arrive. `calls_at_once`: how many calls run at the same time.
    """

    messages_per_call: int
    bytes_per_call: int
    substitutes: bool
    repeat: Repeat | None = None
    repeat_window: timedelta = timedelta(0)
    partial: bool = False
    schedules: timedelta = timedelta(0)
    unsubscribe: str | None = None
    leaving: str = ""
    can_be_asked: bool = False
    asks_after: timedelta = timedelta(0)
    calls_at_once: int = 4


@dataclass(frozen=True)
class Recipients:
    """Those of one call, by column: addresses, display names, merge values by field name."""

    addresses: Sequence[str]
    names: Sequence[str]
    values: Mapping[str, Sequence[str]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.addresses)

    def column(self, name: str) -> Sequence[str]:
        """The values of a field; empty where nobody has one."""
        return self.values.get(name) or [""] * len(self)

    @classmethod
    def one(cls, address: str, values: Mapping[str, str], name: str = "") -> Self:
        """A single recipient."""
        return cls((address,), (name,), {key: (value,) for key, value in values.items()})


@dataclass(frozen=True)
class Batch:
    """The deliveries of one call. `key` (a UUID) is the idempotency key, stable over retries.

    `campaign` is an opaque id that the provider is given, so that it can be asked about it later.
    `at`: when the provider is to deliver it, where it `schedules`.
    """

    key: str
    campaign: str
    email: Email
    recipients: Recipients
    at: datetime | None = None


@dataclass(frozen=True)
class Call:
    """A batch as it goes over the wire: made once, and the same whenever it is repeated.

    `headers`: those that are this call's alone; `recipients`: how many it is for.
    """

    recipients: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Outcome(NamedTuple):
    """What became of one recipient; `reason` in the provider's words.

    "pending": surely not taken, and to be sent again.
    """

    state: State
    message_id: str | None = None
    reason: str | None = None


class CampaignFault(ProviderError):
    """Key, sender, quota or account: every further call would fail too."""


class TryLater(ProviderError):
    """Surely not accepted; the same call may succeed after `seconds` (None: not said)."""

    def __init__(
        self,
        message: str,
        *,
        seconds: float | None = None,
        place: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.seconds = seconds


class BatchRefused(ProviderError):
    """Surely not accepted, for the fault of one recipient that the provider does not name."""


@dataclass(frozen=True)
class Answer:
    """One outcome per recipient, in order.

    `wait` seconds before the next call, if it asks so; `fault`: why no further call is to follow.
    `refused_repeat`: it says that it knows the key, which proves something only where an earlier
    call was made; by itself it leaves everyone `unknown`.
    """

    outcomes: tuple[Outcome, ...]
    wait: float = 0
    fault: CampaignFault | None = None
    refused_repeat: bool = False

    def after_doubt(self) -> Answer:
        """The answer where an earlier call may have arrived: a refused repeat says that it did."""
        if not self.refused_repeat:
            return self
        taken = Outcome("accepted", reason="accepted by an earlier call with the same key")
        return Answer((taken,) * len(self.outcomes), self.wait)


class Provider(Protocol):
    """A way out.

    `prepare` raises `TemplateError` for a member without a value, and talks to nobody. `send`
    raises `CampaignFault`, `TryLater`, `BatchRefused`, `NotSent` or `InDoubt`.
    """

    name: str
    capabilities: Capabilities

    def prepare(self, batch: Batch) -> Call:
        """The call for one batch."""
        ...

    def send(self, call: Call) -> Answer:
        """Make it; one outcome per recipient, in order."""
        ...

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """What became of a batch first sent at `since`; None for whom it does not know of.

        Only where `capabilities.can_be_asked`.
        """
        ...
