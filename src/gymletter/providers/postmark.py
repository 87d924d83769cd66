"""Postmark: `POST /email/batch` of whole messages; results by index, no key, a search by metadata.

Sources: Postmark's developer documentation (batch emails, API error codes, message search,
message streams). At most 500 messages and 50 MB per call. No rate-limit headers are published.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from gymletter.errors import ConfigError
from gymletter.providers.answers import ask, doubt, fault, is_no, later, parse, said
from gymletter.providers.base import Answer, Call, CampaignFault, Capabilities, Outcome
from gymletter.providers.mold import Mold, cast, encode
from gymletter.providers.substitution import ascii_headers
from gymletter.providers.weaving import mailboxes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch
    from gymletter.rendering.email import Email

CAPABILITIES = Capabilities(
    messages_per_call=500,
    bytes_per_call=50_000_000,
    substitutes=False,
    partial=True,
    unsubscribe="{{{ pm:unsubscribe }}}",
    leaving="a broadcast stream puts in its own, unless Postmark's support has set its unsubscribe"
    " handling to Custom; send asks and refuses what does not fit",
    can_be_asked=True,
    asks_after=timedelta(minutes=30),
)
BASE_URL = "https://api.postmarkapp.com"
_UNKNOWN = Outcome("unknown", reason="the answer does not name this message")
_PAGE = 500
_INACTIVE, _INVALID, _MAINTENANCE, _THROTTLED = 406, 300, 100, 429
_BROKEN = 500
_BAD_TO = ("Invalid 'To'", "Error parsing 'To'", "Error parsing 'to'")


class Postmark:
    """Postmark with a server token. `stream`: the message stream, "broadcast" for newsletters."""

    name = "postmark"
    capabilities = CAPABILITIES

    def __init__(
        self, client: Client, token: str, base_url: str | None = None, stream: str | None = None
    ) -> None:
        self._client = client
        self._base = (base_url or BASE_URL).rstrip("/")
        self._stream = stream or "broadcast"
        self._headers = {
            "X-Postmark-Server-Token": token,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._mold = lru_cache(maxsize=8)(_mold)

    def prepare(self, batch: Batch) -> Call:
        """An array of whole messages."""
        mold = self._mold(batch.email, self._stream)
        to = [encode(mailbox) for mailbox in mailboxes(batch.recipients)]
        metadata = [encode({"campaign": batch.campaign, "batch": batch.key})] * len(to)
        messages = mold.fill(batch.recipients, to, metadata)
        return Call(len(batch.recipients), b"".join((b"[", *messages, b"]")))

    def send(self, call: Call) -> Answer:
        """One call; a 200 answers with an array in the order of the messages."""
        url = f"{self._base}/email/batch"
        response = ask(self._client, "POST", url, self._headers, call.body)
        answer = parse(response)
        if response.ok:
            return self._answer(answer, call.recipients)
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Search the messages that bear the batch's key in their metadata."""
        found = {
            str(address).lower(): Outcome("accepted", message.get("MessageID"))
            for message in self._search(batch.key, since)
            for address in message.get("Recipients") or ()
        }
        return tuple(found.get(address.lower()) for address in batch.recipients.addresses)

    def require_leaving(self, *, ours: bool) -> None:
        """Raise `ConfigError` where the stream would not carry the link that was configured.

        `GET /message-streams/{id}` tells who handles unsubscribing: "Postmark", which puts in its
        own headers and link, or "Custom" or "None", which leave a message as it is.
        """
        url = f"{self._base}/message-streams/{self._stream}"
        response = ask(self._client, "GET", url, self._headers)
        answer = parse(response)
        if not response.ok or not isinstance(answer, dict):
            raise self._error(response, answer)
        settings = answer.get("SubscriptionManagementConfiguration") or {}
        theirs = settings.get("UnsubscribeHandlingType") == "Postmark"
        if theirs and ours:
            raise ConfigError(
                f"the stream {self._stream!r} puts Postmark's own link in place of ours",
                remedy='Use [unsubscribe] mode = "provider", or ask Postmark to make it Custom',
            )
        if not (theirs or ours):
            raise ConfigError(
                f"the stream {self._stream!r} has no unsubscribe link of Postmark's",
                remedy='Use [unsubscribe] mode = "hosted", or a broadcast stream',
            )

    def _search(self, key: str, since: datetime) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            query = {
                "count": _PAGE,
                "offset": offset,
                "metadata_batch": key,
                "messagestream": self._stream,
                "fromdate": (since - timedelta(days=1)).date().isoformat(),
            }
            url = f"{self._base}/messages/outbound?{urlencode(query)}"
            response = ask(self._client, "GET", url, self._headers)
            answer = parse(response)
            if not response.ok or not isinstance(answer, dict):
                raise self._error(response, answer)
            page = answer.get("Messages") or []
            yield from page
            offset += len(page)
            if len(page) < _PAGE:
                return

    def _answer(self, answer: Any, count: int) -> Answer:
        if not isinstance(answer, list) or len(answer) != count:
            return Answer((_UNKNOWN,) * count)
        outcomes = tuple(map(_outcome, answer))
        fatal = [o.reason for o, entry in zip(outcomes, answer, strict=True) if _is_fatal(entry)]
        if fatal:
            return Answer(outcomes, fault=CampaignFault(f"{self.name} refused: {fatal[0]}"))
        return Answer(outcomes)

    def _error(self, response: Response, answer: Any) -> GymletterError:
        code = answer.get("ErrorCode") if isinstance(answer, dict) else None
        words = answer.get("Message") if isinstance(answer, dict) else None
        if response.status in (429, 503) or code == _MAINTENANCE:
            return later(self.name, response, words)
        if is_no(response):
            return fault(self.name, response, f"{words} (ErrorCode {code})")
        return doubt(self.name, response)


def _outcome(entry: Any) -> Outcome:
    """What one entry says. Without a code, but with an id, it was taken (and may be late)."""
    if not isinstance(entry, dict):
        return _UNKNOWN
    code, words = entry.get("ErrorCode", 0), str(entry.get("Message", ""))
    if code == 0:
        return _accepted(entry, words)
    if code == _INACTIVE or (code == _INVALID and words.startswith(_BAD_TO)):
        return Outcome("rejected", reason=f"{code}: {said(words)}")
    return Outcome("pending", reason=f"{code}: {said(words)}")


def _accepted(entry: dict[str, Any], words: str) -> Outcome:
    message_id = entry.get("MessageID")
    if isinstance(message_id, str) and message_id:
        return Outcome("accepted", message_id)
    return Outcome("unknown", reason=f"no MessageID: {said(words)}")


def _is_fatal(entry: Any) -> bool:
    """Sender, account or key: every further message would fare the same."""
    code = entry.get("ErrorCode", 0) if isinstance(entry, dict) else 0
    return _outcome(entry).state == "pending" and not _is_transient(code)


def _is_transient(code: int) -> bool:
    return code in (_THROTTLED, _MAINTENANCE) or code >= _BROKEN


def _mold(email: Email, stream: str) -> Mold:
    def shape(email: Email, to: str, metadata: str) -> object:
        return {
            "From": email.sender,
            "To": to,
            **({"ReplyTo": email.reply_to} if email.reply_to else {}),
            "Subject": email.subject,
            "HtmlBody": email.html,
            "TextBody": email.text,
            "Headers": [{"Name": n, "Value": v} for n, v in ascii_headers(email).items()],
            "MessageStream": stream,
            "Metadata": metadata,
            "TrackOpens": False,
            "TrackLinks": "None",
        }

    return cast(email, 2, shape)
