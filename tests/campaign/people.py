"""Members by the thousand and a hand-made email, for tests of campaigns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from gymletter.database import open_database
from gymletter.members import Members
from gymletter.members.tables import members
from gymletter.rendering.email import Email, MergeField

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

LINK = MergeField("gltokenunsubscribe", "unsubscribe_url")
FIRST_NAME = MergeField("gltokenfirstname", "first_name", default="sporter")
EMAIL = Email(
    subject="Nieuws voor gltokenfirstname",
    preheader="Wat er is",
    html='<p>Beste gltokenfirstname, € {{ "x" }} <a href="gltokenunsubscribe">uitschrijven</a></p>',
    text="Beste gltokenfirstname, {{ x }}\ngltokenunsubscribe\n",
    sender="De Kade <nieuws@dekade.example>",
    reply_to="info@dekade.example",
    headers=(
        ("List-Unsubscribe", "<gltokenunsubscribe>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", "<nieuws.dekade.example>"),
    ),
    fields=(LINK, FIRST_NAME),
)


def address(number: int) -> str:
    """The address of the `number`-th member."""
    return f"lid{number:07d}@post.example"


def link(member_id: int) -> str:
    """A link of the usual length."""
    return f"https://nieuws.dekade.example/u/WzI1LCIyMDI1LTA4Il0.{member_id:027d}"


def gym(path: Path, count: int, **values: str) -> Engine:
    """A database with `count` members."""
    return populated(open_database(f"sqlite:///{path}"), count, **values)


def populated(engine: Engine, count: int, **values: Any) -> Engine:
    """The same, with `count` members; every third has a name that must be escaped."""
    Members(engine)
    now = datetime.now(UTC)
    rows = [
        {
            "email": address(number),
            "address_key": address(number),
            "first_name": ("Jan", "", "<b>Zoë & 'co'")[number % 3],
            "last_name": "de Vries",
            "language": ("nl", "en")[number % 2],
            "consent_basis": "opt-in",
            "consent_source": "test",
            "created_at": now,
            "updated_at": now,
            **values,
        }
        for number in range(count)
    ]
    with engine.begin() as connection:
        connection.execute(insert(members), rows)
    return engine
