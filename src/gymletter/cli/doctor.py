"""`gymletter doctor`: what would stop a send, and what should not lie where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.output import json_option, print_json
from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from gymletter.cli.context import Context


@click.command()
@json_option
@click.pass_obj
def doctor(context: Context, *, as_json: bool) -> None:
    """Say what would stop a send.

    Looks at the configuration, the secrets, the database, the way to leave, and whether the
    database or a member file is inside git. Changes nothing. Exits with 1 on an error.

    Example: gymletter doctor
    """
    from dataclasses import asdict

    from gymletter.cli.examining import examine

    findings = list(examine(context.workspace()))
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    for finding in () if as_json else findings:
        click.echo(f"{finding.severity}: {finding.place}: {finding.message}. {finding.remedy}")
    if not findings and not as_json:
        click.echo("Nothing found that would stop a send.")
    if any(finding.severity == "error" for finding in findings):
        raise ConfigError("this would stop a send", remedy="Mend it and run `gymletter doctor`")
