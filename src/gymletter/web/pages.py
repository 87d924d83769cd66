"""The public pages: plain HTML of one template, no script, nothing loaded from anywhere.

Invariant: everything put in is escaped; the Content-Security-Policy allows this one style and
posting back here, nothing else.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gymletter.config import Config


@dataclass(frozen=True)
class Form:
    """A form with one button; `choices` are radio buttons of months."""

    action: str
    button: str
    question: str = ""
    choices: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class Link:
    """A way to another page."""

    href: str
    text: str


class Pages:
    """Makes pages in the look of one newsletter. `policy`: the Content-Security-Policy."""

    def __init__(self, config: Config) -> None:
        self._brand = config.newsletter
        folder = files(__package__)
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        self._template = environment.from_string(folder.joinpath("page.html").read_text("utf-8"))
        style = folder.joinpath("page.css").read_text("utf-8")
        accent = config.brand.color
        style = style.replace("ONACCENT", readable_on(accent)).replace("ACCENT", accent)
        self._style = Markup(style)  # noqa: S704 - ours; the colour is six checked hex digits
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def page(
        self,
        language: str,
        title: str,
        *paragraphs: str,
        form: Form | None = None,
        link: Link | None = None,
    ) -> str:
        """One page as HTML."""
        return self._template.render(
            language=language,
            title=title,
            paragraphs=paragraphs,
            form=form,
            link=link,
            brand=self._brand,
            style=self._style,
        )


def readable_on(color: str) -> str:
    """White or near black, whichever has the better contrast on `color` (WCAG 2.2, 1.4.3)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.0585 else "#111111"
