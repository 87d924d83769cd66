"""Resend: `POST /emails/batch` of whole messages; a key that replays the first answer.

Sources: Resend's API description; "Idempotency Keys" (24 hours); "Batch validation" (permissive:
`errors` name an index); "Rate limit" (headers in seconds). At most 100 messages per call.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gymletter.providers.answers import (
    ask,
    doubt,
    fault,
    is_no,
    later,
    parse,
    pause_of,
    said,
)
from gymletter.providers.base import Answer, Call, Capabilities, Outcome
from gymletter.providers.mold import Mold, cast, encode
from gymletter.providers.substitution import ascii_headers
from gymletter.providers.weaving import mailboxes

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch
    from gymletter.rendering.email import Email

CAPABILITIES = Capabilities(
    messages_per_call=100,
    bytes_per_call=20_000_000,
    substitutes=False,
    repeat="replays",
    repeat_window=timedelta(hours=23),
    partial=True,
    calls_at_once=2,  # 2 requests per second is the default limit of a team
)
BASE_URL = "https://api.resend.com"
_UNKNOWN = Outcome("unknown", reason="the answer does not name this message")


class Resend:
    """Resend with an API key."""

    name = "resend"
    capabilities = CAPABILITIES

    def __init__(self, client: Client, key: str, base_url: str | None = None) -> None:
        self._client = client
        self._url = f"{(base_url or BASE_URL).rstrip('/')}/emails/batch"
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "x-batch-validation": "permissive",
        }
        self._mold = lru_cache(maxsize=8)(_mold)

    def prepare(self, batch: Batch) -> Call:
        """An array of whole messages."""
        to = [encode([mailbox]) for mailbox in mailboxes(batch.recipients)]
        campaign = [encode(batch.campaign)] * len(to)
        messages = self._mold(batch.email).fill(batch.recipients, to, campaign)
        body = b"".join((b"[", *messages, b"]"))
        return Call(len(batch.recipients), body, {"Idempotency-Key": batch.key})

    def send(self, call: Call) -> Answer:
        """One call: `data` has an id for each message taken, `errors` an index for the others."""
        headers = {**self._headers, **call.headers}
        response = ask(self._client, "POST", self._url, headers, call.body)
        answer = parse(response)
        if response.ok:
            return Answer(outcomes(answer, call.recipients), pause_of(response))
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Resend is asked by repeating the call with its key."""
        raise NotImplementedError

    def _error(self, response: Response, answer: Any) -> GymletterError:
        name = answer.get("name") if isinstance(answer, dict) else None
        words = answer.get("message") if isinstance(answer, dict) else None
        if name in ("daily_quota_exceeded", "monthly_quota_exceeded"):
            return fault(self.name, response, words)
        if response.status in (429, 503) or name == "concurrent_idempotent_requests":
            return later(self.name, response, words)
        if is_no(response):
            return fault(self.name, response, words)
        return doubt(self.name, response)


def outcomes(answer: Any, count: int) -> tuple[Outcome, ...]:
    """One outcome per message: the errors at their index, the ids in order for the others."""
    data = answer.get("data") if isinstance(answer, dict) else None
    errors = (answer.get("errors") or []) if isinstance(answer, dict) else []
    if not isinstance(data, list) or not isinstance(errors, list):
        return (_UNKNOWN,) * count
    refused = {
        error["index"]: said(error.get("message"))
        for error in errors
        if isinstance(error, dict) and error.get("index") in range(count)
    }
    if len(data) + len(refused) != count or len(refused) != len(errors):
        return (_UNKNOWN,) * count
    ids = iter(data)
    return tuple(
        Outcome("rejected", reason=refused[place]) if place in refused else _accepted(next(ids))
        for place in range(count)
    )


def _accepted(entry: Any) -> Outcome:
    message_id = entry.get("id") if isinstance(entry, dict) else None
    return Outcome("accepted", message_id) if isinstance(message_id, str) else _UNKNOWN


def _mold(email: Email) -> Mold:
    def shape(email: Email, to: str, campaign: str) -> object:
        return {
            "from": email.sender,
            "to": to,
            "subject": email.subject,
            "html": email.html,
            "text": email.text,
            **({"reply_to": email.reply_to} if email.reply_to else {}),
            "headers": ascii_headers(email),
            "tags": [{"name": "campaign", "value": campaign}],
        }

    return cast(email, 2, shape)
