"""An issue's Markdown as HTML and as plain text."""

from __future__ import annotations

import pytest

from gymletter.rendering.markdown import to_html, to_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c*", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("# A\n\n### B", "<h2>A</h2>\n<h3>B</h3>"),
        ("## A", "<h2>A</h2>"),
        ("# A\n\n## B\n\n### C\n\n#### D", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>"),
        (
            "<b>a</b> <script>x</script>",
            "<p>&lt;b&gt;a&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;</p>",
        ),
        ("[a](https://x.example)", '<p><a href="HTTPS://X.EXAMPLE">a</a></p>'),
        ("a\x00\u202eb", "<p>ab</p>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    """Headings begin at h2 and skip nothing, HTML is text, links go through the caller."""
    assert to_html(text, str.upper).strip() == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a **b** *c*\nd", "a b c d"),
        ("## Kop\n\ntekst", "Kop\n\ntekst"),
        ("- a\n- b\n  - c\n\nd", "- a\n- b\n  - c\n\nd"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> a\n> b", "> a b"),
        ("[a b](https://x.example)", "a b <https://x.example>"),
        ("<https://x.example>", "https://x.example"),
        ("![plaat](https://x.example/a.png)", "plaat"),
        ("a\\\nb", "a\nb"),
        ("`x` y", "x y"),
        ("a\n\n---\n\nb", "a\n\n------------\n\nb"),
        ("- " + "woord " * 20, "- " + "woord " * 10 + "woord\n  " + "woord " * 8 + "woord"),
    ],
)
def test_markdown_becomes_plain_text(text: str, plain: str) -> None:
    """As a person would type it: no marks, links in full, wrapped at 72."""
    assert to_text(text, str) == plain


def test_a_long_address_is_not_broken() -> None:
    """It stands on one line, however long."""
    url = "https://x.example/" + "a-b" * 60
    assert url in to_text(f"tekst [hier]({url}) verder", str)
