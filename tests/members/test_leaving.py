"""Leaving and pausing: many at once, each once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gymletter.members import leaving, mailable
from gymletter.members.leaving import Change, months_later
from tests.members.helpers import store, take_in

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

pytestmark = pytest.mark.usefixtures("either_database")

NOW = datetime(2025, 8, 31, 12, tzinfo=UTC)


def test_many_changes_are_one_transaction(workspace: Workspace) -> None:
    """Repeats and members who are not there do no harm."""
    take_in(workspace, "email\n" + "".join(f"lid{n}@x.example\n" for n in range(5)))
    members = store(workspace)
    changes = [*(Change(n, "2025-08") for n in (1, 2, 2, 99)), Change(3, "2025-08", months=2)]
    leaving.apply(members.engine, changes, NOW)
    leaving.apply(members.engine, changes, NOW)
    assert [m.status for m in members.find()][:2] == ["unsubscribed"] * 2
    assert members.count(mailable(NOW)) == 2
    assert members.count(mailable(datetime(2025, 11, 1, tzinfo=UTC))) == 3


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        ((2025, 1, 15), 1, (2025, 2, 15)),
        ((2025, 1, 31), 1, (2025, 3, 1)),
        ((2025, 8, 31), 6, (2026, 3, 1)),
        ((2025, 12, 1), 1, (2026, 1, 1)),
    ],
)
def test_months_are_calendar_months(
    day: tuple[int, int, int], months: int, until: tuple[int, int, int]
) -> None:
    """A day that the month lacks is the first of the next."""
    assert months_later(datetime(*day, 12, tzinfo=UTC), months) == datetime(*until, tzinfo=UTC)
