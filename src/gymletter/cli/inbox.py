"""`gymletter inbox`: the page of the embedded inbox, until Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gymletter.cli.context import Context

_USUAL_PORT = 8025


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Listen on this port; 0 takes any.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.pass_obj
def inbox(context: Context, port: int | None, *, no_open: bool) -> None:
    """Open the embedded inbox: the mail that was sent on this machine.

    It speaks Mailpit's HTTP API at the same address. Where the inbox of this workspace runs
    already, that one is opened.

    Example: gymletter inbox
    """
    from gymletter.inbox.server import find_running, started
    from gymletter.pages.serving import listen, listen_near, open_page, until_interrupted

    workspace = context.workspace()
    url = find_running(workspace)
    if url and port is None:
        click.echo(f"The inbox runs already: {url}")
        open_page(url, wanted=not no_open)
        return
    listening = listen_near(_USUAL_PORT) if port is None else listen(port)
    with started(workspace, listening) as url:
        click.echo(f"The inbox is open at {url}  (Ctrl-C closes it)")
        open_page(url, wanted=not no_open)
        until_interrupted()
