"""What each provider documents, as a fake: who is accepted, what is said, what a repeat does."""

from __future__ import annotations

import json
import re
import uuid
from email import message_from_bytes
from email.utils import getaddresses
from html import escape
from typing import TYPE_CHECKING, Any

from tests.providers.fake import Call, Letter, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.providers.fake import Shape


class MailpitShape:
    """One message per call; remembers them, so that it can be asked."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """`POST /api/v1/send` and `GET /api/v1/messages`."""
        if call.method == "GET":
            return Reply(
                200, {"messages": self.messages[::-1] if "start=0" in call.path else []}
            ), ()
        sent = call.json
        to = sent["To"][0]["Email"]
        if "@bad." in to:
            return Reply(400, {"Error": "invalid address"}), ()
        message_id = uuid.uuid4().hex
        self.messages.append(
            {
                "ID": message_id,
                "To": [{"Address": to}],
                "Tags": sent["Tags"],
                "Created": "2099-01-01T00:00:00Z",
            }
        )
        letter = Letter(to, sent["Subject"], sent["HTML"], sent["Text"], sent["Headers"])
        return Reply(200, {"ID": message_id}), (letter,)


class BrevoShape:
    """`messageVersions`, all or nothing; a key is refused when it comes again."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """`POST /v3/smtp/email`."""
        if call.headers.get("api-key") != "a-key":
            return Reply(401, {"code": "unauthorized", "message": "Key not found"}), ()
        sent = call.json
        versions = sent["messageVersions"]
        if len(versions) > 2000:
            return Reply(400, {"code": "invalid_parameter", "message": "too many versions"}), ()
        if any("@bad." in version["to"][0]["email"] for version in versions):
            return Reply(
                400, {"code": "invalid_parameter", "message": "email is not valid in to"}
            ), ()
        key = sent["headers"]["idempotencyKey"]
        if key in self.keys:
            return Reply(400, {"code": "duplicate_parameter", "message": "duplicate key"}), ()
        self.keys.add(key)
        letters = [_brevo_letter(sent, version) for version in versions]
        return Reply(201, {"messageIds": [f"<{uuid.uuid4()}@brevo>" for _ in letters]}), letters


def _brevo_letter(sent: dict[str, Any], version: dict[str, Any]) -> Letter:
    params = version.get("params", {})
    return Letter(
        version["to"][0]["email"],
        brevo_template(sent["subject"], params),
        brevo_template(sent["htmlContent"], params),
        brevo_template(sent["textContent"], params),
        {**sent["headers"], **version.get("headers", {})},
    )


def brevo_template(text: str, params: dict[str, str]) -> str:
    """Brevo's template language, as far as it is documented: escapes unless it is told not to."""
    raw = "{% autoescape off %}" in text
    parts = re.split(r"\{% verbatim %\}(.*?)\{% endverbatim %\}", text, flags=re.DOTALL)
    for place in range(0, len(parts), 2):
        part = re.sub(r"\{% (end)?autoescape( off)? %\}", "", parts[place])
        assert "{%" not in part
        parts[place] = re.sub(
            r"\{\{\s*params\.(\w+)\s*\}\}",
            lambda found: params[found[1]] if raw else escape(params[found[1]]),
            part,
        )
    return "".join(parts)


class ResendShape:
    """Whole messages; permissive results; a key that replays, and refuses another body."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[bytes, Reply]] = {}

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """`POST /emails/batch`."""
        if call.headers.get("authorization") != "Bearer a-key":
            return Reply(401, {"name": "invalid_api_key", "message": "API key is invalid"}), ()
        key = call.headers["idempotency-key"]
        if key in self.answers:
            body, reply = self.answers[key]
            if body == call.body:
                return reply, ()
            return Reply(409, {"name": "invalid_idempotent_request", "message": "other body"}), ()
        sent = call.json
        if len(sent) > 100:
            return Reply(422, {"name": "validation_error", "message": "more than 100"}), ()
        taken = [message for message in sent if "@bad." not in message["to"][0]]
        errors = [
            {"index": place, "message": f"Invalid `to` field: {message['to'][0]}"}
            for place, message in enumerate(sent)
            if "@bad." in message["to"][0]
        ]
        answer: dict[str, Any] = {"data": [{"id": str(uuid.uuid4())} for _ in taken]}
        if errors:
            answer["errors"] = errors
        self.answers[key] = (call.body, Reply(200, answer))
        letters = [
            Letter(_bare(m["to"][0]), m["subject"], m["html"], m["text"], m["headers"])
            for m in taken
        ]
        return Reply(200, answer), letters


class PostmarkShape:
    """Whole messages; an answer per message in their order; a search by metadata."""

    def __init__(self, handling: str = "Custom") -> None:
        self.handling = handling
        self.found: list[dict[str, Any]] = []

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """`POST /email/batch` and `GET /messages/outbound`."""
        if call.headers.get("x-postmark-server-token") != "a-key":
            return Reply(401, {"ErrorCode": 10, "Message": "Bad or missing Server API token."}), ()
        if call.path.startswith("/message-streams/"):
            handling = {"UnsubscribeHandlingType": self.handling}
            return Reply(200, {"SubscriptionManagementConfiguration": handling}), ()
        if call.method == "GET":
            key = re.search(r"metadata_batch=([\w-]+)", call.path)
            assert key
            messages = [one for one in self.found if one["Metadata"]["batch"] == key[1]]
            return Reply(200, {"TotalCount": len(messages), "Messages": messages}), ()
        sent = call.json
        if len(sent) > 500:
            return Reply(422, {"ErrorCode": 410, "Message": "Too many batch messages."}), ()
        entries, letters = [], []
        for message in sent:
            to = _bare(message["To"])
            if "@bad." in to:
                words = f"You tried to send to {to} that has been marked as inactive."
                entries.append({"ErrorCode": 406, "Message": words})
                continue
            message_id = str(uuid.uuid4())
            entries.append({"ErrorCode": 0, "Message": "OK", "MessageID": message_id, "To": to})
            self.found.append(
                {"MessageID": message_id, "Recipients": [to], "Metadata": message["Metadata"]}
            )
            headers = {header["Name"]: header["Value"] for header in message["Headers"]}
            letters.append(
                Letter(to, message["Subject"], message["HtmlBody"], message["TextBody"], headers)
            )
        return Reply(200, entries), letters


class MailgunShape:
    """Recipient variables; all or nothing; no key; events that can be searched."""

    def __init__(self) -> None:
        self.events: dict[tuple[str, str], str] = {}

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """`POST /v3/{domain}/messages` and `GET /v3/{domain}/events`."""
        if call.headers.get("authorization") != "Basic YXBpOmEta2V5":
            return Reply(401, b"Forbidden"), ()
        if call.method == "GET":
            address = re.search(r"recipient=([\w.]+)%40([\w.]+)", call.path)
            tag = re.search(r"tags=([\w-]+)", call.path)
            assert address
            assert tag
            found = self.events.get((f"{address[1]}@{address[2]}", tag[1]))
            items = [{"event": "accepted", "message": {"headers": {"message-id": found}}}]
            return Reply(200, {"items": items if found else []}), ()
        form = multipart(call)
        to = [address for _, address in getaddresses([form["to"]])]
        if len(to) > 1000:
            return Reply(400, {"message": "Too many recipients, max is 1000"}), ()
        if any("@bad." in address for address in to):
            return Reply(400, {"message": "to parameter is not a valid address"}), ()
        variables = json.loads(form["recipient-variables"])
        message_id = f"{uuid.uuid4()}@mailgun"
        self.events |= {(address, form["o:tag"]): message_id for address in to}
        letters = [
            Letter(
                address,
                mailgun_template(form["subject"], variables[address]),
                mailgun_template(form["html"], variables[address]),
                mailgun_template(form["text"], variables[address]),
                {
                    name[2:]: mailgun_template(value, variables[address])
                    for name, value in form.items()
                    if name.startswith("h:")
                },
            )
            for address in to
        ]
        return Reply(200, {"id": f"<{message_id}>", "message": "Queued. Thank you."}), letters


def multipart(call: Call) -> dict[str, str]:
    """The fields of a form, read by another parser than wrote them."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    form = message_from_bytes(head + call.body)
    return {
        str(part.get_param("name", header="content-disposition")): _text(
            part.get_payload(decode=True)
        )
        for part in form.walk()
        if not part.is_multipart()
    }


def _text(payload: object) -> str:
    assert isinstance(payload, bytes)
    return payload.decode()


def mailgun_template(text: str, variables: dict[str, str]) -> str:
    """Recipient variables, each of which must be there."""
    return re.sub(r"%recipient\.([\w-]+)%", lambda found: variables[found[1]], text)


def _bare(to: str) -> str:
    return getaddresses([to])[0][1]


SHAPES: dict[str, Callable[[], Shape]] = {
    "mailpit": MailpitShape,
    "brevo": BrevoShape,
    "mailgun": MailgunShape,
    "resend": ResendShape,
    "postmark": PostmarkShape,
}
