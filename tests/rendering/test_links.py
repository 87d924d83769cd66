"""Links: schemes, encoding, UTM parameters."""

from __future__ import annotations

import pytest

from gymletter.config import Utm
from gymletter.rendering import render
from gymletter.rendering.links import safe_url, tracked
from tests.rendering.issues import issue, workspace

UTM = Utm(source="nieuwsbrief", medium="email")
ADDED = "utm_source=nieuwsbrief&utm_medium=email&utm_campaign=2025-08"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example", f"https://x.example?{ADDED}"),
        ("https://x.example/a#b", f"https://x.example/a?{ADDED}#b"),
        ("https://x.example/a?q=1&r=%20#b?c", f"https://x.example/a?q=1&r=%20&{ADDED}#b?c"),
        ("https://x.example/?a=1;b=2&&c", f"https://x.example/?a=1;b=2&&c&{ADDED}"),
        (
            "https://x.example/?utm_source=own",
            "https://x.example/?utm_source=own&utm_medium=email&utm_campaign=2025-08",
        ),
        (f"https://x.example/?{ADDED}", f"https://x.example/?{ADDED}"),
        ("mailto:info@x.example", "mailto:info@x.example"),
    ],
)
def test_utm_parameters_leave_the_rest_alone(url: str, expected: str) -> None:
    """Query and fragment stay byte for byte; what is there already wins."""
    assert tracked(url, UTM, "2025-08") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" https://x.example/a b ", "https://x.example/a%20b"),
        (
            "https://x.example/é?ü=%C3%BC",
            "https://x.example/%C3%A9?%C3%BC=%C3%BC".replace("ü", "%C3%BC"),
        ),
        ("https://café.example/x", "https://xn--caf-dma.example/x"),
        ('https://x.example/"><script>', "https://x.example/%22%3E%3Cscript%3E"),
        ("mailto:info@x.example", "mailto:info@x.example"),
        ("tel:+31101234567", "tel:+31101234567"),
        ("javascript:alert(1)", ""),
        ("java\x00script:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//x.example/a", ""),
        ("/a", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_only_usable_addresses_become_links(url: str, expected: str) -> None:
    """http(s), mailto and tel, encoded; anything else is no link."""
    assert safe_url(url) == expected


def test_every_link_of_the_email_is_tracked_but_the_way_out() -> None:
    """Articles, the intro's links and the website, in HTML and text."""
    email = render(workspace(links={"utm": {}}), issue(1))
    assert f"https://dekade.example/blog/0?{ADDED}" in email.text
    assert f"https://dekade.example/beginnen?x=1&{ADDED}#nu" in email.text
    assert email.html.count("utm_source") == email.html.count('href="https://')
