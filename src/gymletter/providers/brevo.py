"""Brevo: `POST /v3/smtp/email` with `messageVersions`; a key that refuses repeats.

Sources: Brevo's API description; "Idempotency for batch emails" (a lifetime of 30 minutes, 15 in
the older changelog: the shorter is believed); "API limits" and its rate-limit headers; "Disable
auto-escaping": variables are escaped unless told otherwise, and `verbatim` shows brackets.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gymletter.providers.answers import ask, doubt, fault, is_no, later, parse, pause_of, said
from gymletter.providers.base import Answer, BatchRefused, Call, Capabilities, Outcome
from gymletter.providers.mold import encode
from gymletter.providers.substitution import header_columns, put, split_headers, table
from gymletter.providers.weaving import as_json, objects, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gymletter.errors import GymletterError
    from gymletter.http import Client, Response
    from gymletter.providers.base import Batch, Recipients
    from gymletter.rendering.email import Email

CAPABILITIES = Capabilities(
    messages_per_call=1000,  # at most 2000 recipients; half of it keeps a call short
    bytes_per_call=900_000,  # all `params` together at most 1000 KB
    substitutes=True,
    repeat="refuses",
    repeat_window=timedelta(minutes=14),
    schedules=timedelta(days=3),
    leaving="adds a List-Unsubscribe of its own; whether ours stays is not documented: look at a"
    " --test mail",
)
BASE_URL = "https://api.brevo.com"
_TEMPLATE_SIGNS = re.compile(r"\{[{%#]")
_RECIPIENT_WORDS = re.compile(
    r"(?!.*\b(sender|from|reply))(?=.*\b(to|recipient|email)\b.*\b(not valid|invalid)\b)",
    re.IGNORECASE,
)


class Brevo:
    """Brevo with an API key. `sandbox`: requests are validated, and nothing is mailed."""

    name = "brevo"
    capabilities = CAPABILITIES

    def __init__(
        self, client: Client, key: str, base_url: str | None = None, *, sandbox: bool = False
    ) -> None:
        self._client = client
        self._url = f"{(base_url or BASE_URL).rstrip('/')}/v3/smtp/email"
        self._headers = {"api-key": key, "Content-Type": "application/json"}
        self._sandbox = {"X-Sib-Sandbox": "drop"} if sandbox else {}
        self._head = lru_cache(maxsize=16)(_head)

    def prepare(self, batch: Batch) -> Call:
        """The email once, then a version per recipient."""
        values = table(batch.email.fields, batch.recipients)
        same, differ = split_headers(batch.email)
        head = self._head(batch.email, values.names)
        headers = header_columns(differ, batch.email.fields, values.whole)
        rest = {
            "headers": {**same, **self._sandbox, "idempotencyKey": batch.key},
            "tags": [f"campaign-{batch.campaign}"],
        }
        if batch.at:
            rest["scheduledAt"] = batch.at.astimezone(UTC).isoformat(timespec="milliseconds")
        versions = ",".join(_versions(batch.recipients, values.columns, headers))
        body = f'{as_json(rest)[1:-1]},"messageVersions":[{versions}]}}'
        return Call(len(batch.recipients), b"".join((head, b",", body.encode())))

    def send(self, call: Call) -> Answer:
        """One call for the batch; the answer has `messageIds`, one per version, in order."""
        response = ask(self._client, "POST", self._url, self._headers, call.body)
        answer = parse(response)
        if response.ok:
            return Answer(_outcomes(answer, call.recipients), pause_of(response))
        if _code(answer) == "duplicate_parameter":
            unknown = Outcome("unknown", reason=f"{self.name} says that its key was used before")
            words = fault(self.name, response, answer.get("message"))
            outcomes = (unknown,) * call.recipients
            return Answer(outcomes, fault=words, refused_repeat=True)
        raise self._error(response, answer)

    def ask(self, batch: Batch, since: datetime) -> tuple[Outcome | None, ...]:
        """Brevo cannot be asked about a batch: its key answers for a quarter of an hour."""
        raise NotImplementedError

    def _error(self, response: Response, answer: Any) -> GymletterError:
        words = answer.get("message") if isinstance(answer, dict) else None
        if response.status in (408, 429, 503):
            return later(self.name, response, words)
        if _code(answer) == "invalid_parameter" and _RECIPIENT_WORDS.match(str(words)):
            return BatchRefused(f"{self.name}: {said(words)}")
        if is_no(response):
            return fault(self.name, response, words)
        return doubt(self.name, response)


def _head(email: Email, names: tuple[tuple[str, str, str, str], ...]) -> bytes:
    """What is the same for all recipients, as a JSON object that is not closed."""
    marked = put(_quoted(email), names, lambda key: "{{params." + key + "}}")
    name, address = parseaddr(email.sender)
    content: dict[str, object] = {
        "sender": {"email": address, **({"name": name} if name else {})},
        "subject": _raw(marked.subject),
        "htmlContent": _raw(marked.html),
        "textContent": _raw(marked.text),
    }
    if email.reply_to:
        name, address = parseaddr(email.reply_to)
        content["replyTo"] = {"email": address, **({"name": name} if name else {})}
    return encode(content)[:-1]


def _quoted(email: Email) -> Email:
    """What an article says in Brevo's template language stays text."""
    return replace(
        email,
        subject=_verbatim(email.subject),
        html=_verbatim(email.html),
        text=_verbatim(email.text),
    )


def _verbatim(text: str) -> str:
    return _TEMPLATE_SIGNS.sub(r"{% verbatim %}\g<0>{% endverbatim %}", text)


def _raw(text: str) -> str:
    """Values come escaped where they must be; Brevo is not to do it again."""
    if "{{params." not in text:
        return text
    return "{% autoescape off %}" + text + "{% endautoescape %}"


def _versions(
    recipients: Recipients, params: Mapping[str, list[str]], headers: Mapping[str, list[str]]
) -> list[str]:
    """A version per recipient, as JSON."""
    parts = {"to": _to(recipients)}
    for name, columns in (("params", params), ("headers", headers)):
        if columns:
            parts[name] = objects({key: quoted(values) for key, values in columns.items()})
    return objects(parts)


def _to(recipients: Recipients) -> list[str]:
    return [
        f'[{{"email":{address},"name":{name}}}]' if name != '""' else f'[{{"email":{address}}}]'
        for address, name in zip(
            quoted(recipients.addresses), quoted(recipients.names), strict=True
        )
    ]


def _outcomes(answer: Any, count: int) -> tuple[Outcome, ...]:
    """All or nothing: a 201 took them all; ids that cannot be matched are not given."""
    ids = answer.get("messageIds") or [answer.get("messageId")] if isinstance(answer, dict) else []
    if not isinstance(ids, list) or len(ids) != count:
        return (Outcome("unknown", reason="the answer does not name every message"),) * count
    return tuple([Outcome("accepted", str(message_id)) for message_id in ids])


def _code(answer: Any) -> object:
    return answer.get("code") if isinstance(answer, dict) else None
