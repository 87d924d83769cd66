"""Write docs/checks.md out of the code: `python scripts/checks_page.py > docs/checks.md`."""

from __future__ import annotations

from gymletter.checks.families import FAMILIES, Family

HEAD = """\
# Checks

`gymletter check ISSUE` looks at the email as it would leave. Each finding has a code, a severity,
a place and a remedy. An error stops `send`, unless it is told `--ignore CODE`; a warning should be
looked at; a note is good to know.

Where an issue has `vary_by`, every rendering is looked at: one per distinct value that
members have. What only some of them have is told with the rendering's name, as in
`html:40 (language=en)`.

This page is made from the code by `scripts/checks_page.py`.
"""


def page() -> str:
    """The page."""
    return "\n".join([HEAD, *map(_section, FAMILIES)])


def _section(family: Family) -> str:
    title, _, about = (family.__doc__ or "").strip().partition("\n\n")
    rows = [
        f"| `{code}` | {c.severity} | {c.when} | {c.remedy} |" for code, c in family.CODES.items()
    ]
    table = ["| code | severity | when | remedy |", "|---|---|---|---|", *rows]
    name, _, rest = " ".join(title.split()).partition(": ")
    lead = f"{rest[:1].upper()}{rest[1:]}"
    return "\n".join([f"## {name}", "", lead, *(["", about] if about else []), "", *table, ""])


if __name__ == "__main__":
    print(page(), end="")
