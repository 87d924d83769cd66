"""`gymletter serve`: the public endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.output import note

if TYPE_CHECKING:
    from gymletter.cli.context import Context


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True)
@click.option(
    "--forwarded-allow-ips",
    metavar="LIST",
    default="127.0.0.1",
    show_default=True,
    help="Proxies whose X-Forwarded-For is believed, comma separated.",
)
@click.pass_obj
def serve(context: Context, *, host: str, port: int, forwarded_allow_ips: str) -> None:
    """Run the public endpoints, where members leave or pause.

    Stands behind a proxy that speaks HTTPS; docs/serving.md has a systemd unit and a container
    file. Logs JSON lines to standard error. SIGTERM lets requests finish.

    Example: gymletter serve --port 8787
    """
    from gymletter.cli.member_rights import expire_addresses
    from gymletter.database import open_database
    from gymletter.members import Members
    from gymletter.members.keys import keys
    from gymletter.pages.serving import address, listen
    from gymletter.web.app import make_app
    from gymletter.web.server import serve as run

    workspace = context.workspace()
    expire_addresses(workspace)
    engine = open_database(workspace.database_url)
    Members(engine)
    app = make_app(workspace.config, engine, keys(workspace))
    listening = listen(port, host)
    note(f"Serving on {address(listening)}")
    run(app, listening, forwarded_allow_ips=forwarded_allow_ips)
