"""`gymletter preview`: the local preview site, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gymletter.cli.output import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.cli.context import Context
    from gymletter.workspace import Workspace

_USUAL_PORT = 8040


@click.command()
@click.argument("issue", required=False)
@click.option("--port", type=click.IntRange(0, 65535), help="Listen on this port; 0 takes any.")
@click.option("--host", metavar="ADDRESS", help="Listen on this address; others can then edit.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--screenshots",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pictures of the issue to DIR instead, for somebody to approve.",
)
@click.pass_obj
def preview(
    context: Context,
    issue: str | None,
    port: int | None,
    host: str | None,
    *,
    no_open: bool,
    folder: Path | None,
) -> None:
    """Look at an issue as every member will see it, and edit it.

    Nothing is sent but a test that you ask for. The page follows the files: a saved
    issue, template or setting is shown at once.

    Example: gymletter preview 2025-08
    """
    from gymletter.pages.serving import (
        LOOPBACK,
        listen,
        listen_near,
        open_page,
        serving,
        until_interrupted,
    )
    from gymletter.preview.app import Site

    if folder:
        _take_screenshots(context, issue, folder)
        return
    workspace = context.workspace()
    path = _page_of(workspace, issue) if issue else "/"
    host = host or LOOPBACK
    network = host not in (LOOPBACK, "localhost", "::1")
    if network:
        note(f"Warning: whoever reaches {host} can read and edit the issues and send tests")
    listening = listen_near(_USUAL_PORT, host) if port is None else listen(port, host)
    site = Site(workspace.root, _sender(context), network=network)
    with serving(site.app, listening, site.close) as url:
        click.echo(f"The preview is open at {url}{path}  (Ctrl-C closes it)")
        open_page(url + path, wanted=not no_open)
        until_interrupted()


def _page_of(workspace: Workspace, issue: str) -> str:
    """An issue that cannot be read as text ends it here; one that is broken is mended there."""
    from gymletter.issue.reading import read_text

    file = workspace.issue_path(issue)
    read_text(file)
    return f"/issue/{file.stem}"


def _take_screenshots(context: Context, issue: str | None, folder: Path) -> None:
    from gymletter.issue import read_issue
    from gymletter.pages.serving import listen, serving
    from gymletter.preview.app import Site
    from gymletter.preview.screenshots import take_screenshots
    from gymletter.rendering import render

    if issue is None:
        raise click.UsageError("Name the issue to take pictures of.")
    workspace = context.workspace()
    found = read_issue(workspace, issue)
    render(workspace, found)  # what is wrong with it is told here, not painted
    site = Site(workspace.root, _sender(context))
    with serving(site.app, listen(), site.close) as url:
        for path in take_screenshots(url, found.id, folder):
            click.echo(path)


def _sender(context: Context) -> Callable[[str, str], str]:
    def send(issue_id: str, address: str) -> str:
        from gymletter.cli.testing import deliver_test

        sent = deliver_test(context.workspace(), issue_id, [address], ())
        said = {f"{outcome.state} {outcome.reason or ''}".strip() for _, outcome in sent}
        return f"{address}: {', '.join(sorted(said))}"

    return send
