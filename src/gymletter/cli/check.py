"""`gymletter check ISSUE`: list what is wrong with the email."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.output import console, json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gymletter.checks.finding import Finding, Severity
    from gymletter.cli.context import Context
    from gymletter.rendering.email import Email

_SHOWN = 100
_STYLE = {"error": "bold red", "warning": "yellow", "note": "cyan"}


@click.command()
@click.argument("issue_id", metavar="ISSUE")
@click.option("--online", is_flag=True, help="Also ask whether links and pictures can be reached.")
@click.option("--spam/--no-spam", default=True, help="Ask SpamAssassin, where it is installed.")
@click.option("--notes", is_flag=True, help="Show the notes too, not only their number.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="Exit with 4 when there is a finding of this severity or a worse one.",
)
@json_option
@click.pass_obj
def check(
    context: Context,
    issue_id: str,
    *,
    online: bool,
    spam: bool,
    notes: bool,
    fail_on: str,
    as_json: bool,
) -> None:
    """List what is wrong with an issue's email, and what to do about it.

    Example: gymletter check 2025-08 --fail-on warning
    """
    from dataclasses import asdict

    from gymletter.checks import check_all
    from gymletter.checks.finding import ORDER
    from gymletter.checks.variants import label
    from gymletter.cli.edition import members_engine, render_all
    from gymletter.errors import ChecksFailed
    from gymletter.issue import read_issue
    from gymletter.rendering.merge import readable

    workspace = context.workspace()
    issue = read_issue(workspace, issue_id)
    emails = render_all(workspace, issue, members_engine(workspace, issue))
    findings = check_all(workspace, issue, emails, online=online, spam=spam)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        named = {label(values): email for values, email in reversed(emails)} | {"": emails[0][1]}
        shown = {name: readable(email) for name, email in named.items()}
        _print(findings, shown, least="note" if notes or fail_on == "note" else "warning")
    worst = ["never", *ORDER].index(fail_on) - 1
    failing = [f for f in findings if ORDER[f.severity] <= worst]
    if failing:
        raise ChecksFailed(
            f"{len(failing)} of {len(findings)} findings are of severity {fail_on} or worse",
            place=issue.id,
        )


def _print(findings: Sequence[Finding], emails: Mapping[str, Email], least: Severity) -> None:
    from rich.text import Text

    from gymletter.checks.finding import ORDER

    out = console()
    shown = [finding for finding in findings if ORDER[finding.severity] <= ORDER[least]]
    for finding in shown:
        head = Text(f"{finding.severity:8}", style=_STYLE[finding.severity])
        head.append(f" {finding.code}  ", style="bold")
        out.print(head.append(finding.message, style="default"), soft_wrap=True)
        out.print(Text(f"         {_picture(finding, emails)}", style="dim"), soft_wrap=True)
        if finding.severity != "note":
            out.print(Text(f"         {finding.remedy}."), soft_wrap=True)
    counts = {s: sum(f.severity == s for f in findings) for s in _STYLE}
    said = ", ".join(f"{n} {s}{'s' * (n != 1)}" for s, n in counts.items())
    out.print(said + (" (see them with --notes)" if len(shown) < len(findings) else ""))


def _picture(finding: Finding, emails: Mapping[str, Email]) -> str:
    """Where it is: the place, and what stands there."""
    from gymletter.checks.variants import parted

    where, variant = parted(finding.place)
    email = emails[variant]
    part, _, number = where.partition(":")
    if part in {"subject", "preheader"}:
        return f"{finding.place} | {getattr(email, part)}"
    if part not in {"html", "text"} or int(number) <= 1:
        return finding.place
    lines = getattr(email, part).split("\n")
    return f"{finding.place} | {lines[int(number) - 1].strip()[:_SHOWN]}"
