"""What the page is told of an issue, as JSON."""

from __future__ import annotations

from dataclasses import asdict, replace
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from gymletter.checks.families import CODES
from gymletter.checks.size import CLIPPED
from gymletter.errors import GymletterError
from gymletter.preview.excerpts import error_json
from gymletter.preview.person import as_seen_by, masked
from gymletter.preview.picking import article_json

if TYPE_CHECKING:
    from gymletter.checks.finding import Finding
    from gymletter.preview.person import Person
    from gymletter.preview.studio import Shown, Studio
    from gymletter.rendering.email import Email


def tell(studio: Studio, shown: Shown, person: Person) -> dict[str, Any]:
    """The issue for the page, or why there is none."""
    told: dict[str, Any] = {"version": shown.version, "error": None, "person": person_json(person)}
    try:
        if shown.error:
            raise shown.error
        if shown.email and shown.issue:
            told |= _mail(as_seen_by(studio.workspace, shown.email, person))
            told["findings"] = [_finding(finding) for finding in shown.findings]
    except GymletterError as error:
        told["error"] = error_json(error, studio.root)
    if shown.issue:
        issue = shown.issue
        told |= {
            "written": {"subject": issue.subject, "preheader": issue.preheader},
            "since": issue.since.isoformat(),
            "until": issue.until.isoformat(),
            "articles": [article_json(article) for article in issue.articles],
        }
    return told


def person_json(person: Person, *, reveal: bool = False) -> dict[str, str]:
    """A person, the address masked unless `reveal`."""
    address = person.address if reveal else hidden(person).address
    return {"key": person.key, "name": person.name, "address": address}


def hidden(person: Person) -> Person:
    """The person with a masked address, if it is one of the store."""
    in_store = person.key.startswith("member:")
    return replace(person, address=masked(person.address)) if in_store else person


def _mail(email: Email) -> dict[str, Any]:
    name, address = parseaddr(email.sender)
    return {
        "subject": email.subject,
        "preheader": email.preheader,
        "sender": {"name": name or address, "address": address},
        "text": email.text,
        "headers": [
            ("From", email.sender),
            *([("Reply-To", email.reply_to)] if email.reply_to else []),
            ("Subject", email.subject),
            *email.headers,
        ],
        "size": {"bytes": len(email.html.encode("utf-8", "replace")), "limit": CLIPPED},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"when": CODES[finding.code].when}
