"""As whom the mail is looked at: made-up people, or a member of the store.

Invariant: an address of the store is masked unless the person at the page asked to see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from gymletter.database import open_database, reading
from gymletter.members import Members
from gymletter.members.tables import members
from gymletter.rendering.merge import fill
from gymletter.rendering.sample import sample_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row

    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

_FOUND_AT_MOST = 8
_STORE = "member:"
_LONGEST_ID = 18


@dataclass(frozen=True)
class Person:
    """A choice of the page: `key` for its addresses, what is shown, and the merge values."""

    key: str
    name: str
    address: str
    values: Mapping[str, str]


MADE_UP: dict[str, Person] = {
    person.key: person
    for person in (
        Person(
            "sample",
            "Sanne de Vries",
            "sanne@voorbeeld.example",
            {"first_name": "Sanne", "last_name": "de Vries", "language": "nl"},
        ),
        Person("nameless", "", "lid@voorbeeld.example", {"language": "nl"}),
        Person(
            "odd",
            "<b>Jan & Söhne",
            "jan@xn--bcher-kva.example",
            {"first_name": "<b>Jan & Söhne", "last_name": '"; DROP', "language": "en"},
        ),
        Person(
            "long",
            "Wilhelmina-Alexandrina van Nieuwenhuizen-Bartholomeus",
            "wilhelmina@voorbeeld.example",
            {
                "first_name": "Wilhelmina-Alexandrina",
                "last_name": "van Nieuwenhuizen-Bartholomeus",
                "language": "nl",
            },
        ),
    )
}


def find_person(workspace: Workspace, key: str) -> Person:
    """The person of that key; the sample where there is none (any more)."""
    number = key.removeprefix(_STORE)
    if key.startswith(_STORE) and number.isdigit() and len(number) < _LONGEST_ID:
        found = _select(workspace, members.c.id == int(number))
        if found:
            return found[0]
    return MADE_UP.get(key, MADE_UP["sample"])


def search(workspace: Workspace, words: str) -> list[Person]:
    """Members whose name or address contains `words`, at most eight."""
    pattern = "%" + re.sub(r"([%_\\])", r"\\\1", words.strip()) + "%"
    name = members.c.first_name + " " + members.c.last_name
    found = (column.ilike(pattern, escape="\\") for column in (members.c.email, name))
    return _select(workspace, or_(*found))


def _select(workspace: Workspace, where: ColumnElement[bool]) -> list[Person]:
    engine = open_database(workspace.database_url)
    try:
        Members(engine)
        query = select(members).where(where).order_by(members.c.id).limit(_FOUND_AT_MOST)
        with reading(engine) as connection:
            return [_of_store(row) for row in connection.execute(query)]
    finally:
        engine.dispose()


def _of_store(row: Row[Any]) -> Person:
    standard = {name: getattr(row, name) for name in ("first_name", "last_name", "language")}
    name = f"{row.first_name} {row.last_name}".strip()
    return Person(f"{_STORE}{row.id}", name, row.email, {**row.fields, **standard})


def as_seen_by(workspace: Workspace, email: Email, person: Person) -> Email:
    """The email as this person gets it; raises `TemplateError` for a value that is missing."""
    made_up = sample_values(workspace, email)
    values = {**person.values, "email": person.address}
    needed = {field.name for field in email.fields} - values.keys()
    lent = {name: made_up[name] for name in needed if name == "unsubscribe_url"}
    return fill(email, values | lent)


def masked(address: str) -> str:
    """`a•••@p•••.example`: enough to tell two apart, too little to write to."""
    local, _, domain = address.rpartition("@")
    name, dot, top = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••{dot}{top}"
