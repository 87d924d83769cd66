"""`gymletter doctor`: what would stop a send, and what should not lie where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.output import json_option, print_json, print_wrapped
from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from gymletter.cli.context import Context
    from gymletter.cli.examining import Look


@click.command()
@json_option
@click.pass_obj
def doctor(context: Context, *, as_json: bool) -> None:
    """Say what would stop a send.

    Looks at the settings, the secrets, the provider, the way to leave, the database, and whether
    that or a member file is inside git, and says what it saw. Changes nothing. Exits with 1 on an
    error.

    Example: gymletter doctor
    """
    from dataclasses import asdict

    from gymletter.cli.examining import examine

    looks = list(examine(context.workspace()))
    findings = [finding for look in looks for finding in look.findings]
    if as_json:
        seen = [{"code": look.code, "saw": look.saw} for look in looks if not look.findings]
        print_json({"findings": [asdict(finding) for finding in findings], "looked_at": seen})
    else:
        _print(looks)
    if any(finding.severity == "error" for finding in findings):
        raise ConfigError("this would stop a send", remedy="Mend it and run `gymletter doctor`")
    if not as_json:
        click.echo("Nothing found that would stop a send.")


def _print(looks: list[Look]) -> None:
    for look in looks:
        if not look.findings:
            print_wrapped(f"{look.code}: {look.saw}", indent=9, first="ok       ")
        for finding in look.findings:
            said = f"{finding.place}: {finding.message}. {finding.remedy}"
            print_wrapped(said, indent=9, first=f"{finding.severity:9}")
    print_wrapped(
        "not asked, as nothing leaves this machine: whether the provider takes the key, and the"
        " SPF, DKIM and DMARC of the sender's domain",
        indent=9,
        first="-        ",
    )
