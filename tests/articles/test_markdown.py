"""Markdown in: what blog engines add is taken out, and no text costs more than its length."""

from __future__ import annotations

import pytest

from gymletter.articles.markdown import to_html


@pytest.mark.parametrize("sign", ["[", "[[", "![[", "{{", "{%", "{{<", "{{< figure ", "{:", "!["])
def test_signs_that_are_never_closed_stay_text(sign: str) -> None:
    """A hundred thousand of them are read in one go, as plain text."""
    assert sign.strip()[0] in to_html(sign * (100_000 // len(sign)))


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("a [[note|shown]] b", "<p>a shown b</p>"),
        ("a [[note]] b", "<p>a note b</p>"),
        ("![[halter.jpg|Een halter]]", '<p><img src="halter.jpg" alt="Een halter" /></p>'),
        ("![[halter.jpg|300x200]]", '<p><img src="halter.jpg" alt="" /></p>'),
        ("![[other note]]", ""),
        ('{{< figure src="a.jpg" alt="A" >}}', '<p><img src="a.jpg" alt="A" /></p>'),
        ("x {{< youtube 1 >}}{% include a %} y{: .wide}", "<p>x  y</p>"),
    ],
)
def test_what_engines_add_is_understood_or_taken_out(written: str, html: str) -> None:
    """Obsidian's links and embeds, Hugo's shortcodes, Jekyll's tags and kramdown's attributes."""
    assert to_html(written).strip() == html
