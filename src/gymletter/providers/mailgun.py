"""Mailgun: `POST /v3/{domain}/messages` with recipient variables; all or nothing, no key.

Sources: Mailgun's API description and "Sending messages" (at most 1000 recipients, a message of
25 MB, delivery up to three days ahead); "Events" (searched to settle what is in doubt).
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from gymletter.errors import ConfigError
from gymletter.providers.answers import ask, doubt, fault, is_no, later, parse, said
from gymletter.providers.base import Answer, BatchRefused, Call, Capabilities, Outcome
from gymletter.providers.substitution import Table, ascii_headers, put, table
from gymletter.providers.weaving import mailboxes, objects, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch, Recipients
    from gymletter.rendering.email import Email

CAPABILITIES = Capabilities(
    messages_per_call=1000,
    bytes_per_call=25_000_000,
    substitutes=True,
    schedules=timedelta(days=3),
    unsubscribe="%unsubscribe_url%",
    can_be_asked=True,
    asks_after=timedelta(minutes=30),
)
BASE_URLS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}
_SIGNS = re.compile(r"%(?=recipient|unsubscribe|tag_unsubscribe|mailing_list)")
_BAD_TO = re.compile(r"(?<![-\w])to\b.*(not a valid address|invalid)", re.IGNORECASE)


class Mailgun:
    """Mailgun with an API key and a sending domain. `region`: "eu" or "us"."""

    name = "mailgun"
    capabilities = CAPABILITIES

    def __init__(
        self,
        client: Client,
        key: str,
        domain: str,
        *,
        region: str | None = None,
        base_url: str | None = None,
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9.-]+", domain):
            raise ConfigError(f"[provider] domain {domain!r} is not a domain")
        self._client = client
        self._url = f"{(base_url or BASE_URLS[region or 'us']).rstrip('/')}/v3/{domain}"
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(f"api:{key}".encode()).decode()
        }
        self._head = lru_cache(maxsize=16)(_head)

    def prepare(self, batch: Batch) -> Call:
        """A form: the email once, then the recipients and their variables."""
        boundary = secrets.token_hex(16)
        body = _multipart(boundary, self._parts(batch))
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return Call(len(batch.recipients), body, kind)

    def send(self, call: Call) -> Answer:
        """One call: `{"id", "message": "Queued. Thank you."}` for all of them, or an error."""
        headers = {**self._headers, **call.headers}
        response = ask(self._client, "POST", f"{self._url}/messages", headers, call.body)
        answer = parse(response)
        if response.ok:
            return Answer((self._taken(response, answer),) * call.recipients)
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Whether an event of the first or last recipient bears the campaign's tag: all or none."""
        for address in (batch.recipients.addresses[0], batch.recipients.addresses[-1]):
            if found := self._event(batch.campaign, address, since):
                return (found,) * len(batch.recipients)
        return (None,) * len(batch.recipients)

    def _event(self, campaign: str, address: str, since: datetime) -> Outcome | None:
        query = {
            "recipient": address,
            "tags": _tag(campaign),
            "begin": str((since - timedelta(minutes=5)).timestamp()),
            "ascending": "yes",
            "limit": 1,
        }
        url = f"{self._url}/events?{urlencode(query)}"
        response = ask(self._client, "GET", url, self._headers)
        answer = parse(response)
        if not response.ok or not isinstance(answer, dict):
            raise self._error(response, answer)
        for item in answer.get("items") or ():
            headers = (item.get("message") or {}).get("headers") or {}
            return Outcome("accepted", headers.get("message-id"))
        return None

    def _parts(self, batch: Batch) -> list[tuple[str, bytes]]:
        values = table(batch.email.fields, batch.recipients)
        own = _own_link(values)
        variables = {key: column for key, column in values.columns.items() if key != own}
        parts = [
            *self._head(batch.email, values.names, own),
            ("to", ", ".join(mailboxes(batch.recipients)).encode()),
            ("recipient-variables", _variables(batch.recipients, variables).encode()),
            ("o:tag", _tag(batch.campaign).encode()),
            ("v:batch", batch.key.encode()),
        ]
        if batch.at:
            parts.append(("o:deliverytime", format_datetime(batch.at.astimezone(UTC)).encode()))
        return parts

    def _taken(self, response: Response, answer: Any) -> Outcome:
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            if b"Mailgun Magnificent API" in response.body:
                raise fault(self.name, response, "this is not the address of a sending API")
            return Outcome("unknown", reason=f"the answer has no id: {said(response.text)}")
        return Outcome("accepted", answer["id"].strip("<>"))

    def _error(self, response: Response, answer: Any) -> GymletterError:
        words = answer.get("message") if isinstance(answer, dict) else None
        if response.status in (429, 503):
            return later(self.name, response, words)
        if response.status == HTTPStatus.BAD_REQUEST and _BAD_TO.search(str(words)):
            return BatchRefused(f"{self.name}: {said(words)}")
        if is_no(response):
            return fault(self.name, response, words)
        return doubt(self.name, response)


def _head(
    email: Email, names: tuple[tuple[str, str, str, str], ...], own: str | None
) -> tuple[tuple[str, bytes], ...]:
    """The parts that are the same for all recipients."""

    def syntax(key: str) -> str:
        return CAPABILITIES.unsubscribe or "" if key == own else f"%recipient.{key}%"

    safe = replace(
        email, subject=_safe(email.subject), html=_safe(email.html), text=_safe(email.text)
    )
    marked = put(safe, names, syntax)
    parts = [
        ("from", email.sender),
        ("subject", marked.subject),
        ("html", marked.html),
        ("text", marked.text),
        ("o:tracking-opens", "no"),
        *((f"h:{name}", value) for name, value in ascii_headers(marked).items()),
    ]
    if email.reply_to:
        parts.append(("h:Reply-To", email.reply_to))
    return tuple((name, value.encode()) for name, value in parts)


def _safe(text: str) -> str:
    """What an article says in Mailgun's substitution language stays text."""
    return _SIGNS.sub("%recipient.pc%", text)


def _variables(recipients: Recipients, columns: Mapping[str, list[str]]) -> str:
    """What is put in for each recipient, as JSON by address."""
    percent = ['"%"'] * len(recipients)
    each = objects({"pc": percent, **{key: quoted(values) for key, values in columns.items()}})
    rows = zip(quoted(recipients.addresses), each, strict=True)
    return "{" + ",".join([f"{address}:{values}" for address, values in rows]) + "}"


def _own_link(values: Table) -> str | None:
    """The key whose value is Mailgun's own placeholder, which stands in the text itself."""
    own = (key for key, column in values.columns.items() if column[0] == CAPABILITIES.unsubscribe)
    return next(own, None)


def _tag(campaign: str) -> str:
    return f"campaign-{campaign}"


def _multipart(boundary: str, parts: list[tuple[str, bytes]]) -> bytes:
    """multipart/form-data (RFC 7578); the names are ours and hold nothing to escape."""
    body = bytearray()
    for name, value in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        body += value + b"\r\n"
    return bytes(body + f"--{boundary}--\r\n".encode())
