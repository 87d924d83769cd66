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
from email.utils import format_datetime, formataddr
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from gymletter.errors import ConfigError
from gymletter.providers.answers import call, doubt, fault, is_no, later, parse, said
from gymletter.providers.base import Answer, BatchRefused, Capabilities, Outcome
from gymletter.providers.mold import encode
from gymletter.providers.substitution import Table, ascii_headers, table

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch, Recipient
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

    def send(self, batch: Batch) -> Answer:
        """One call: `{"id", "message": "Queued. Thank you."}` for all of them, or an error."""
        boundary = secrets.token_hex(16)
        headers = {**self._headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        body = _multipart(boundary, self._parts(batch))
        response = call(self._client, "POST", f"{self._url}/messages", headers, body)
        answer = parse(response)
        if response.ok:
            return Answer((self._taken(response, answer),) * len(batch.recipients))
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Whether an event of the first or last recipient bears the campaign's tag: all or none."""
        for recipient in (batch.recipients[0], batch.recipients[-1]):
            if found := self._event(batch.campaign, recipient, since):
                return (found,) * len(batch.recipients)
        return (None,) * len(batch.recipients)

    def _event(self, campaign: str, recipient: Recipient, since: datetime) -> Outcome | None:
        query = {
            "recipient": recipient.address,
            "tags": _tag(campaign),
            "begin": str((since - timedelta(minutes=5)).timestamp()),
            "ascending": "yes",
            "limit": 1,
        }
        url = f"{self._url}/events?{urlencode(query)}"
        response = call(self._client, "GET", url, self._headers)
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
        keys = [key for key in values.keys if key != own]
        variables = {
            to.address: {
                "pc": "%",
                **{k: v for k, v in zip(values.keys, row, strict=True) if k in keys},
            }
            for to, row in zip(batch.recipients, values.rows, strict=True)
        }
        parts = [
            *self._head(batch.email, values.keys, values.names, own),
            (
                "to",
                ", ".join(formataddr((to.name, to.address)) for to in batch.recipients).encode(),
            ),
            ("recipient-variables", encode(variables)),
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
    email: Email,
    keys: tuple[str, ...],
    names: tuple[tuple[str, str, str, str], ...],
    own: str | None,
) -> tuple[tuple[str, bytes], ...]:
    """The parts that are the same for all recipients."""

    def syntax(key: str) -> str:
        return CAPABILITIES.unsubscribe or "" if key == own else f"%recipient.{key}%"

    quoted = replace(
        email, subject=_quoted(email.subject), html=_quoted(email.html), text=_quoted(email.text)
    )
    put = Table(keys, (), names).put(quoted, syntax)
    parts = [
        ("from", email.sender),
        ("subject", put.subject),
        ("html", put.html),
        ("text", put.text),
        ("o:tracking-opens", "no"),
        *((f"h:{name}", value) for name, value in ascii_headers(put).items()),
    ]
    if email.reply_to:
        parts.append(("h:Reply-To", email.reply_to))
    return tuple((name, value.encode()) for name, value in parts)


def _quoted(text: str) -> str:
    """What an article says in Mailgun's substitution language stays text."""
    return _SIGNS.sub("%recipient.pc%", text)


def _own_link(values: Table) -> str | None:
    """The key whose value is Mailgun's own placeholder, which stands in the text itself."""
    first = values.rows[0]
    for key, value in zip(values.keys, first, strict=True):
        if value == CAPABILITIES.unsubscribe:
            return key
    return None


def _tag(campaign: str) -> str:
    return f"campaign-{campaign}"


def _multipart(boundary: str, parts: list[tuple[str, bytes]]) -> bytes:
    """multipart/form-data (RFC 7578); the names are ours and hold nothing to escape."""
    body = bytearray()
    for name, value in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        body += value + b"\r\n"
    return bytes(body + f"--{boundary}--\r\n".encode())
