"""The renderings of one issue (`vary_by`) and what was found in each, told together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gymletter.rendering.clean import plain
from gymletter.rendering.email import Email

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gymletter.checks.finding import Finding

#: The values that a rendering was made for, and the email.
Rendering = tuple[Mapping[str, str], Email]
_LONGEST = 40


def label(values: Mapping[str, str]) -> str:
    """A rendering's name in a place: `language=en, goal=none`; "" for the only one."""
    return ", ".join(
        f"{name}={plain(value)[:_LONGEST] or 'none'}" for name, value in values.items()
    )


def merged(
    found: Sequence[tuple[Mapping[str, str], Sequence[Finding]]],
) -> list[Finding]:
    """The findings of all renderings; one that not all have is marked with whose it is."""
    everywhere = set.intersection(*(set(findings) for _, findings in found)) if found else set()
    return list(
        dict.fromkeys(
            finding if finding in everywhere else _marked(finding, values)
            for values, findings in found
            for finding in findings
        )
    )


def parted(place: str) -> tuple[str, str]:
    """A place without the name of its rendering, and that name."""
    where, _, name = place.partition(" (")
    return where, name.removesuffix(")")


def _marked(finding: Finding, values: Mapping[str, str]) -> Finding:
    return replace(finding, place=f"{finding.place} ({label(values)})")
