"""Subject, preheader, leftovers, greeting, agenda."""

from __future__ import annotations

from typing import Any

import pytest

from gymletter.issue import DateItem, Dates
from tests.checks.looking import found
from tests.rendering.issues import article, issue


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": ""}, "content-subject-empty"),
        ({"subject": "x" * 61}, "content-subject-long"),
        ({"subject": "GRATIS proefles"}, "content-subject-shouts"),
        ({"subject": "Kom nu!!"}, "content-subject-shouts"),
        ({"subject": "Re: je vraag"}, "content-subject-reply"),
        ({"preheader": ""}, "content-preheader"),
        ({"preheader": "Kort"}, "content-preheader-length"),
        ({"preheader": "sterker de zomer UIT"}, "content-preheader-repeats"),
        ({"body": "Beste *|FNAME|*,"}, "content-placeholder"),
        ({"body": "Hallo [[naam]]"}, "content-placeholder"),
        ({"body": "TODO: intro"}, "content-placeholder"),
        ({"articles": (article(0, title="Win {{ email }}"),)}, "content-placeholder"),
        ({"articles": (article(0, summary="%recipient.name%"),)}, "content-placeholder"),
        ({"body": "Lorem ipsum dolor"}, "content-lorem"),
        ({"body": "Beste {{ member.first_name }},"}, "content-greeting"),
        ({"articles": ()}, "content-no-article"),
        ({"dates": Dates("A", (DateItem("ma 30 juni", "x"),))}, "content-date-past"),
        ({"dates": Dates("A", (DateItem("1 mei 2024", "x"),))}, "content-date-past"),
    ],
)
def test_what_an_operator_would_regret_is_found(changes: dict[str, Any], code: str) -> None:
    """One thing wrong, one code."""
    assert code in found(issue(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"subject": "Sterker de zomer uit met KNZB"[:60]},
        {"dates": Dates("A", (DateItem("za 6 september", "x"), DateItem("10 januari", "x")))},
        {"dates": Dates("A", (DateItem("elke woensdag", "x"), DateItem("30 februari", "x")))},
        {"body": "Beste {{ member.first_name | default('jij') }}, 100% {echt} [waar]"},
    ],
)
def test_what_is_in_order_is_left_alone(changes: dict[str, Any]) -> None:
    """No finding on dates to come, on abbreviations in the text, on ordinary brackets."""
    seen = {c for c in found(issue(**changes)) if c.startswith("content-")}
    assert seen <= {"content-subject-shouts"} if "KNZB" in str(changes) else not seen
