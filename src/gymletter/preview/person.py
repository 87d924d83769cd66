"""As whom the mail is looked at: made-up people, or a member of the store.

Invariant: an address of the store is masked unless the person at the page asked to see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_

from gymletter.database import open_database
from gymletter.errors import GymletterError
from gymletter.members import Members
from gymletter.members.tables import members
from gymletter.rendering.merge import fill
from gymletter.rendering.sample import sample_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gymletter.members import Member
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

_FOUND_AT_MOST = 8
_STORE = "member:"


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
    if key.startswith(_STORE):
        wanted = key.removeprefix(_STORE)
        found = _members(workspace, members.c.address_key == wanted)
        if found:
            return _of_store(*found[0])
    return MADE_UP.get(key, MADE_UP["sample"])


def search(workspace: Workspace, words: str) -> list[Person]:
    """Members whose name or address contains `words`, at most eight."""
    pattern = "%" + re.sub(r"([%_\\])", r"\\\1", words.strip()) + "%"
    columns = (members.c.email, members.c.first_name, members.c.last_name)
    where = or_(
        *(column.ilike(pattern, escape="\\") for column in columns),
        (members.c.first_name + " " + members.c.last_name).ilike(pattern, escape="\\"),
    )
    return [_of_store(key, member) for key, member in _members(workspace, where)]


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
