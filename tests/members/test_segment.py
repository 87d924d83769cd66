"""Segments: the right members, safely, and errors that show where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from gymletter import database
from gymletter.errors import MemberError
from gymletter.members import segment
from gymletter.members.tables import members
from tests.members.helpers import store, take_in

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

PEOPLE = """\
email,first_name,club,tags,language,visits,lid_sinds,consent_at
anna@x.example,Anna,Noord,yoga,nl,3,2023-05-01,2023-05-01
bram@x.example,Bram,Noord,yoga;proefles,en,12,2024-02-01,2024-02-01
cas@x.example,Cas,Zuid,proefles,nl,-1.5,01-03-2024,
dirk@x.example,"O'Dirk",,,,veel,onbekend,
"""


def names(workspace: Workspace, expression: str, **named: str) -> list[str]:
    """The first letters of who is selected."""
    query = select(members.c.email).where(segment.compile(expression, named, folder=workspace.root))
    with database.reading(store(workspace).engine) as connection:
        return [email[0] for email in connection.scalars(query.order_by(members.c.id))]


@pytest.fixture
def people(workspace: Workspace) -> Workspace:
    """A workspace with four members."""
    take_in(workspace, PEOPLE, keep=["*"])
    return workspace


@pytest.mark.usefixtures("either_database")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('club = "Noord"', "ab"),
        ("club = 'Noord' and not tag:proefles", "a"),
        ('club != "Noord"', "cd"),
        ('not club = "Noord"', "cd"),
        ('club = ""', "d"),
        ('club in ("Noord", "Zuid")', "abc"),
        ('club not in ("Noord", "Zuid")', "d"),
        ("tag:yoga or tag:proefles", "abc"),
        ('tag:yoga or club = "Zuid" and language = "nl"', "abc"),
        ('(tag:yoga or club = "Zuid") and language = "nl"', "ac"),
        ("visits > 3", "b"),
        ("visits >= 3", "ab"),
        ("visits < 0", "c"),
        ("visits != 3", "bcd"),
        ("visits in (3, 12)", "ab"),
        ("lid_sinds >= 2024-02-01", "bc"),
        ("lid_sinds < 2024-01-01", "a"),
        ("consent_at >= 2024-01-01", "b"),
        ("not consent_at >= 2024-01-01", "acd"),
        ('email in ("ANNA@X.example", "cas@x.example")', "ac"),
        ('first_name = "O\'Dirk"', "d"),
        ('first_name = "x\' OR 1=1 --"', ""),
        ("segment:jong AND tag:yoga", "b"),
        ('NOT (status = "active")', ""),
    ],
)
def test_an_expression_selects_its_members(
    people: Workspace, expression: str, expected: str
) -> None:
    """Missing fields are empty texts; what is no number or date is neither more nor less."""
    assert "".join(names(people, expression, jong="visits > 3")) == expected


def test_a_file_of_addresses_is_a_segment(people: Workspace) -> None:
    """A test group: one address per line, however it is spelt."""
    (people.root / "testers.txt").write_text("# wij\nCAS@x.example\n\n")
    assert names(people, "@testers.txt") == ["c"]


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ('club == "Noord"', 'position 7: expected "text" in quotes, a number or a date: club =»=«'),
        ("club = Noord", "»Noord«"),
        ("club", "expected =, !="),
        ('club = "Noord', 'club = »"«Noord'),
        ('club > "Noord"', "compares with a number or a date"),
        ("(tag:yoga", "expected )"),
        ("tag:yoga tag:x", "expected and, or"),
        ("lid_sinds > 2024-02-30", "no such day"),
        ("", "expected a field"),
        ("segment:oud", "no segment 'oud' in gymletter.toml"),
        ("(" * 100 + "tag:x" + ")" * 100, "nested too deeply"),
        ("tag:x or " * 2000 + "tag:x", "longer than"),
        ("@nergens.txt", "cannot be read"),
    ],
)
def test_an_error_shows_where(people: Workspace, expression: str, says: str) -> None:
    """One line, with the position and the part between » and «."""
    with pytest.raises(MemberError) as caught:
        names(people, expression)
    assert says in str(caught.value)


def test_a_circle_of_segments_is_an_error(people: Workspace) -> None:
    """It ends, with a message."""
    with pytest.raises(MemberError, match="circle"):
        names(people, "segment:a", a="segment:b", b="segment:a")


def test_a_mistyped_field_is_an_error(people: Workspace) -> None:
    """Else `not clbu = …` would select everybody."""
    with (
        database.reading(store(people).engine) as connection,
        pytest.raises(MemberError, match="did you mean 'club'"),
    ):
        segment.resolve(people, connection, 'not clbu = "Noord"')
