"""The palette: readable whatever the brand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gymletter.rendering.colors import READABLE, VISIBLE, contrast, palette

COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#c2410c", "#ffffff", 5.18)],
)
def test_contrast_is_the_ratio_of_wcag(one: str, other: str, ratio: float) -> None:
    """The figures of other calculators, whichever colour comes first."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(COLORS, st.none() | COLORS)
def test_every_text_can_be_read_with_any_brand(brand: str, accent: str | None) -> None:
    """At least 4.5 to 1 on every ground it may stand on, in light and in dark."""
    made = palette(brand, accent)
    for scheme in (made.light, made.dark):
        for ground in (scheme.page, scheme.sheet, scheme.tint):
            for ink in (scheme.text, scheme.muted, scheme.link, scheme.accent):
                assert contrast(ink, ground) >= READABLE
        assert contrast(scheme.on_band, scheme.band) >= READABLE
        assert contrast(scheme.on_action, scheme.action) >= READABLE
    assert contrast(made.dark.action, made.dark.sheet) >= VISIBLE
    assert made.light.band == made.light.action == brand
