"""What each provider documents, as a fake: who is accepted, what is said, what a repeat does."""

from __future__ import annotations

import re
import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from tests.providers.fake import Call, Letter, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence


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
        if "@" not in to:
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
        if any("@" not in version["to"][0]["email"] for version in versions):
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
        assert "{{" not in re.sub(r"\{\{ params", "", parts[place]) or raw
    return "".join(parts)
