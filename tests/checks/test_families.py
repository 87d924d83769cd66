"""All families together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from gymletter.checks import check
from gymletter.checks.families import CODES, FAMILIES
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


def test_the_page_of_the_codes_is_current() -> None:
    """docs/checks.md is what the script makes of the code."""
    root = Path(__file__).parents[2]
    script = root / "scripts" / "checks_page.py"
    made = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert (root / "docs" / "checks.md").read_text(encoding="utf-8") == made.stdout


def test_every_code_is_told_apart_and_has_words() -> None:
    """No code twice, each with what it means and what to do."""
    codes = [code for family in FAMILIES for code in family.CODES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)
    assert all(what.when and what.remedy for what in CODES.values())
