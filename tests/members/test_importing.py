"""Importing: good rows arrive, bad rows are named, and who said no stays out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gymletter.errors import MemberError
from gymletter.members import mailable
from gymletter.members.importing import ManyLeave
from gymletter.members.suppressing import suppress
from tests.members.helpers import store, take_in

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

pytestmark = pytest.mark.usefixtures("either_database")

NOW = datetime(2025, 9, 1, tzinfo=UTC)
HEAD = "E-mailadres;Voornaam;Tussenvoegsel;Achternaam;Club;Tags;Schoenmaat\n"


def test_a_dutch_export_is_understood(workspace: Workspace) -> None:
    """Columns are found by name, the infix joins the last name, the unknown is not read."""
    row = "Jan@DeKade.example;Jan;de;Vries;Noord;yoga, Proefles;43\n"
    report = take_in(workspace, HEAD + row)
    (member,) = store(workspace).find()
    assert (member.email, member.first_name) == ("Jan@dekade.example", "Jan")
    assert member.last_name == "de Vries"
    assert (member.fields, member.tags) == ({"club": "Noord"}, ("proefles", "yoga"))
    assert report.columns.dropped == ("Schoenmaat",)


def test_importing_again_updates_what_changed(workspace: Workspace) -> None:
    """Rows are counted as imported, updated or unchanged; tags that are gone are taken away."""
    take_in(workspace, HEAD + "a@x.example;A;;A;Noord;yoga;1\nb@x.example;B;;B;Noord;yoga;1\n")
    text = HEAD + "a@x.example;A;;A;Noord;;1\nb@x.example;B;;B;Noord;yoga;1\nc@x.example;C;;;;;\n"
    done = take_in(workspace, text).result
    assert (done.imported, done.updated, done.unchanged) == (1, 1, 1)
    assert [m.tags for m in store(workspace).find()] == [(), ("yoga",), ()]


def test_a_suppressed_address_stays_suppressed(workspace: Workspace) -> None:
    """It is counted, and neither made nor brought back as someone who may be mailed."""
    members = store(workspace)
    take_in(workspace, "email\njan@x.example\n")
    with members.engine.begin() as connection:
        suppress(connection, "jan@x.example", "unsubscribed", "2025-08", NOW)
        suppress(connection, "piet@x.example", "bounced", "brevo", NOW)
    done = take_in(workspace, "email\nJan@X.example\npiet@x.example\n").result
    assert (done.imported, done.suppressed) == (0, 2)
    assert members.count(mailable()) == 0
    assert [m.status for m in members.find()] == ["unsubscribed"]


def test_the_same_address_twice_is_one_member(workspace: Workspace) -> None:
    """The first row counts; the second is rejected with the line of the first."""
    done = take_in(workspace, "email,voornaam\njan@x.example,Jan\nJAN@x.example,Johan\n").result
    assert [(r.line, r.reason) for r in done.rejected] == [(3, "has the same address as line 2")]
    assert [m.first_name for m in store(workspace).find()] == ["Jan"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("jan@x.example,=HYPERLINK(1)", "formula"),
        ('jan@x.example,"Jan\r\nBcc: x@y.example"', "line break in first_name"),
        ("jan@x.example,J\0an", "control character in first_name"),
        ("jan@x.example,Win op https://x.example", "link"),
        ("jan@x.example,Jan,extra", "3 cells"),
        ("jan,Jan", "no @"),
        (f"jan@x.example,{'J' * 201}", "longer than 200"),
    ],
)
def test_a_bad_row_is_put_aside_and_the_others_are_imported(
    workspace: Workspace, row: str, reason: str
) -> None:
    """The reason is in the report, and in a file beside the row's own cells."""
    report = take_in(workspace, f"email,voornaam\ngoed@x.example,Goed\n{row}\n")
    (rejected,) = report.result.rejected
    assert reason in rejected.reason
    assert report.result.imported == 1
    assert reason in report.rejected_file.read_text("utf-8-sig")


def test_without_consent_nothing_is_imported(workspace: Workspace) -> None:
    """The remedy names the flags."""
    with pytest.raises(MemberError, match=r"--consent-basis and --consent-source"):
        take_in(workspace, "email\njan@x.example\n", consent={})


def test_consent_stays_as_first_recorded(workspace: Workspace) -> None:
    """A later import with another ground does not rewrite history."""
    take_in(workspace, "email,consent_basis\njan@x.example,soft_opt_in\n")
    take_in(workspace, "email,consent_basis\njan@x.example,opt-in\n")
    with store(workspace).engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT consent_basis FROM members").scalars().all()
    assert found == ["soft-opt-in"]


def test_a_dry_run_changes_nothing(workspace: Workspace) -> None:
    """It counts what would happen."""
    assert take_in(workspace, "email\njan@x.example\n", dry_run=True).result.imported == 1
    assert store(workspace).count() == 0


def test_a_full_import_marks_who_is_gone(workspace: Workspace) -> None:
    """They have left, and are active again once they are back."""
    take_in(workspace, "email\njan@x.example\npiet@x.example\n")
    assert take_in(workspace, "email\njan@x.example\n", full=True, sure=True).result.left == 1
    assert [m.status for m in store(workspace).find()] == ["active", "left"]
    assert take_in(workspace, "email\njan@x.example\npiet@x.example\n").result.updated == 1
    assert store(workspace).count(mailable()) == 2


def test_a_full_import_that_lacks_more_than_a_third_is_stopped(workspace: Workspace) -> None:
    """It changes nothing, however many are new in it; a third is fine, and a dry run only tells."""
    people = [f"lid{n}@x.example" for n in range(6)]
    take_in(workspace, "\n".join(["email", *people]))
    news = [f"nieuw{n}@x.example" for n in range(20)]
    few = "\n".join(["email", *people[3:], *news])
    with pytest.raises(ManyLeave, match="3 of the 6 active members"):
        take_in(workspace, few, full=True)
    assert store(workspace).count(mailable()) == store(workspace).count() == 6
    assert take_in(workspace, few, full=True, dry_run=True).result.left == 3
    assert take_in(workspace, "\n".join(["email", *people[2:]]), full=True).result.left == 2


def test_fields_that_a_file_lacks_stay(workspace: Workspace) -> None:
    """An import of another system does not erase what the first brought."""
    take_in(workspace, "email,club\njan@x.example,Noord\n")
    take_in(workspace, "email,abonnement\njan@x.example,Goud\n")
    (member,) = store(workspace).find()
    assert member.fields == {"club": "Noord", "membership": "Goud"}
