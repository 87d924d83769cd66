"""Gmail's limits."""

from __future__ import annotations

import pytest

from tests.checks.looking import found, in_body, in_html


@pytest.mark.parametrize(
    ("kilobytes", "code"), [(20, None), (80, "size-large"), (100, "size-clipped")]
)
def test_a_long_email_is_measured_as_it_will_arrive(kilobytes: int, code: str | None) -> None:
    """The merged HTML with every link rewritten by click tracking."""
    seen = set(found(change=in_body(f"<p>{'x ' * 512 * kilobytes}</p>")))
    assert seen & {"size-large", "size-clipped"} == ({code} if code else set())


def test_a_long_style_sheet_is_an_error() -> None:
    """Gmail drops the whole of it."""
    change = in_html("</style>", ".x {color: red}" * 1200 + "</style>")
    assert found(change=change)["size-style"].severity == "error"
