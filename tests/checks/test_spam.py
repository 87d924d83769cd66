"""SpamAssassin, where it is installed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from gymletter.checks import check
from gymletter.rendering import render
from tests.rendering.issues import BLOCKS, issue, workspace

if TYPE_CHECKING:
    from gymletter.checks.finding import Finding


@pytest.fixture(autouse=True)
def _installed() -> None:
    if shutil.which("spamassassin") is None:
        pytest.skip("needs SpamAssassin: apt-get install spamassassin")


def _spam(subject: str, body: str, *, articles: int) -> list[Finding]:
    made = issue(articles, subject=subject, body=body, **(BLOCKS if articles else {}))
    found = check(workspace(), made, render(workspace(), made), spam=True)
    return [f for f in found if f.code.startswith("spam-")]


def test_the_usual_newsletter_scores_nothing() -> None:
    """No point for the shipped templates with Dutch text."""
    assert _spam("Sterker de zomer uit", "Beste sporter,", articles=6) == []


def test_spam_is_found_with_the_rules_it_broke() -> None:
    """SpamAssassin's own test line scores a thousand."""
    gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    (finding,) = _spam("Hoi", f"`{gtube}`", articles=1)
    assert finding.severity == "error"
    assert "GTUBE" in finding.message
