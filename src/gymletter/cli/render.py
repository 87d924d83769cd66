"""`gymletter render ISSUE`: write the email as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gymletter.cli.context import Context


@click.command()
@click.argument("issue_id", metavar="ISSUE")
@click.option(
    "-o",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write; the current folder if left out.",
)
@click.pass_obj
def render(context: Context, issue_id: str, folder: Path) -> None:
    """Write an issue's email as ISSUE.html, ISSUE.txt and ISSUE.eml.

    The merge fields are filled in for a made-up member.

    Example: gymletter render 2025-08 -o out
    """
    from datetime import UTC, datetime

    from gymletter.issue import read_issue
    from gymletter.rendering import render as render_email
    from gymletter.rendering.message import build_message
    from gymletter.rendering.sample import ADDRESS, sample

    workspace = context.workspace()
    issue = read_issue(workspace, issue_id)
    email = sample(workspace, render_email(workspace, issue))
    message = build_message(email, ADDRESS, date=datetime.now(UTC))
    _write(folder / f"{issue.id}.html", email.html.encode())
    _write(folder / f"{issue.id}.txt", email.text.encode())
    _write(folder / f"{issue.id}.eml", message.as_bytes())


def _write(path: Path, content: bytes) -> None:
    from gymletter.errors import not_written

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        remedy = "Name a folder that you may write to with -o, such as `-o out`"
        raise not_written(path, error, remedy) from error
    click.echo(path)
