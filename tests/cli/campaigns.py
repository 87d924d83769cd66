"""A workspace whose members, by the hundred, are to be sent an issue through a fake provider."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gymletter.campaign import Ledger
from gymletter.database import open_database
from gymletter.members import Members
from tests.campaign.people import address, populated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.providers.fake import Fake

ISSUE = """\
---
subject: Sterker de zomer uit
preheader: Wat krachttraining doet
since: 2025-08-01
until: 2025-09-01
articles:
  - title: Wat doet krachttraining?
    url: https://dekade.example/kracht
    date: 2025-08-13
    summary: Ontdek het.
---
Beste {{ member.first_name | default("sporter") }},

Hier is het nieuws.
"""
_NAMES = ("BREVO_API_KEY", "MAILGUN_API_KEY", "POSTMARK_SERVER_TOKEN", "RESEND_API_KEY")
KEYS = dict.fromkeys(_NAMES, "a-key")


def write_issue(workspace: Path, text: str = ISSUE) -> Path:
    """The issue `2025-08`."""
    path = workspace / "issues" / "2025-08.md"
    path.write_text(text, encoding="utf-8")
    return path


def settle_on(workspace: Path, provider: str, url: str, database: str = "", **settings: Any) -> str:
    """Write which provider, and which database; gives the database's address."""
    database = database or f"sqlite:///{workspace}/.gymletter/gymletter.db"
    lines = {"name": provider, "base_url": url, "messages_per_second": 100_000, **settings}
    if provider == "mailgun":
        lines["domain"] = "mg.dekade.example"
    written = "\n".join(
        f"{name} = {value if isinstance(value, int) else repr(value)}"
        for name, value in lines.items()
    )
    config = workspace / "gymletter.toml"
    before = config.read_text().partition("\n[provider]")[0]
    config.write_text(f"{before}\n[provider]\n{written}\n\n[database]\nurl = '{database}'\n")
    return database


def populate(database: str, members: int, **values: Any) -> None:
    """Give it so many members."""
    engine = populated(open_database(database), members, **values)
    Members(engine)
    engine.dispose()


def require_everyone_once(fake: Fake, database: str, members: int) -> None:
    """What the provider recorded and what the ledger says is the same, and nobody twice."""
    assert Counter(letter.to for letter in fake.letters) == Counter(map(address, range(members)))
    engine = open_database(database)
    ledger = Ledger(engine)
    assert ledger.counts(ledger.get("2025-08"))["accepted"] == members
    engine.dispose()
