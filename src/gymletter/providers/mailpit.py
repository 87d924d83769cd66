"""Mailpit, and the embedded inbox, which speaks its API: one whole message per call.

Source: Mailpit's API description (`POST /api/v1/send`, `GET /api/v1/messages`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gymletter.providers.answers import ask, doubt, fault, is_no, later, parse, said
from gymletter.providers.base import Answer, Call, Capabilities, Outcome
from gymletter.providers.mold import Mold, cast, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch
    from gymletter.rendering.email import Email

CAPABILITIES = Capabilities(
    messages_per_call=1,
    bytes_per_call=50 * 1024 * 1024,  # --max-message-size of a Mailpit is 50 MB
    substitutes=False,
    can_be_asked=True,
    calls_at_once=8,  # it is on this machine, or near: more would only wait for each other
)
_JSON = {"Content-Type": "application/json"}
_PAGE = 500
_SLACK = timedelta(minutes=5)  # its clock and ours may differ


class Mailpit:
    """A Mailpit at `base_url`. It only shows messages, so that nobody is ever mailed by it."""

    capabilities = CAPABILITIES

    def __init__(self, client: Client, base_url: str, name: str = "mailpit") -> None:
        self.name = name
        self._client = client
        self._url = base_url.rstrip("/")
        self._mold = lru_cache(maxsize=8)(_mold)

    def prepare(self, batch: Batch) -> Call:
        """One whole message."""
        to = [{"Email": batch.recipients.addresses[0], "Name": batch.recipients.names[0]}]
        tags = [_tag(batch.campaign)]
        message = self._mold(batch.email).fill(batch.recipients, [encode(to)], [encode(tags)])
        return Call(1, b"".join(message))

    def send(self, call: Call) -> Answer:
        """`POST /api/v1/send`: `{"ID": …}`, or `{"Error": …}` with a status of 400 or 413."""
        response = ask(self._client, "POST", f"{self._url}/api/v1/send", _JSON, call.body)
        answer = parse(response)
        if response.ok:
            return Answer((_accepted(answer),))
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Look through the messages, newest first, for the campaign's tag and the address."""
        addresses = [address.lower() for address in batch.recipients.addresses]
        found: dict[str, Outcome] = {}
        for message in self._messages(since - _SLACK):
            if _tag(batch.campaign) in (message.get("Tags") or ()):
                for person in message.get("To") or ():
                    address = str(person.get("Address", "")).lower()
                    found[address] = Outcome("accepted", str(message.get("ID")))
            if set(addresses) <= found.keys():
                break
        return tuple(map(found.get, addresses))

    def _messages(self, since: datetime) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            url = f"{self._url}/api/v1/messages?start={start}&limit={_PAGE}"
            response = ask(self._client, "GET", url, {})
            answer = parse(response)
            if not response.ok or not isinstance(answer, dict):
                raise self._error(response, answer)
            page = answer.get("messages") or []
            yield from page
            start += len(page)
            if not page or datetime.fromisoformat(page[-1]["Created"]) < since:
                return

    def _error(self, response: Response, answer: Any) -> GymletterError:
        words = answer.get("Error") if isinstance(answer, dict) else None
        if response.status in (429, 503):
            return later(self.name, response, words)
        if is_no(response):
            return fault(self.name, response, words)
        return doubt(self.name, response)


def _accepted(answer: Any) -> Outcome:
    message_id = answer.get("ID") if isinstance(answer, dict) else None
    if isinstance(message_id, str):
        return Outcome("accepted", message_id)
    return Outcome("unknown", reason=f"the answer names no message: {said(answer)}")


def _mold(email: Email) -> Mold:
    def shape(email: Email, to: str, tags: str) -> object:
        name, address = parseaddr(email.sender)
        message: dict[str, object] = {
            "From": {"Email": address, "Name": name},
            "To": to,
            "Subject": email.subject,
            "HTML": email.html,
            "Text": email.text,
            "Headers": dict(email.headers),
            "Tags": tags,
        }
        if email.reply_to:
            name, address = parseaddr(email.reply_to)
            message["ReplyTo"] = [{"Email": address, "Name": name}]
        return message

    return cast(email, 2, shape)


def _tag(campaign: str) -> str:
    return f"campaign-{campaign}"
