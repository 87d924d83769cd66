"""All families together."""

from __future__ import annotations

from gymletter.checks import check
from gymletter.checks.finding import ORDER
from gymletter.rendering import render
from tests.rendering.issues import BLOCKS, issue, workspace


def test_the_templates_that_ship_pass_every_check() -> None:
    """A usual issue has nothing an operator must mend."""
    usual = issue(12, **BLOCKS)
    findings = check(workspace(), usual, render(workspace(), usual))
    assert [f for f in findings if f.severity != "note"] == []


def test_errors_come_first() -> None:
    """The worst is read first."""
    bad = issue(1, subject="RE: HELLO!!!", preheader="")
    found = check(workspace(), bad, render(workspace(), bad))
    order = [ORDER[f.severity] for f in found]
    assert order == sorted(order)
    assert {"error", "warning"} <= {f.severity for f in found}
