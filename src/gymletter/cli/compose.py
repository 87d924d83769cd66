"""`gymletter compose`: write an issue from the articles of its month."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

from gymletter.cli.collect import article_json, left_out_json, print_errors
from gymletter.cli.output import json_option, note, print_json
from gymletter.cli.window import days_options, window_of
from gymletter.errors import NothingToDo, SourceError

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.articles import Window
    from gymletter.cli.context import Context
    from gymletter.issue import Composed
    from gymletter.workspace import Workspace


@click.command()
@click.argument("issue", metavar="YYYY-MM")
@days_options
@click.option(
    "--order",
    type=click.Choice(["newest", "oldest"]),
    default="newest",
    show_default=True,
    help="Which article comes first.",
)
@click.option("--max", "most", type=click.IntRange(min=1), help="At most this many articles.")
@click.option("--tag", "tags", multiple=True, help="Only articles with this tag; repeatable.")
@click.option("--without-tag", "without", multiple=True, help="None with this tag; repeatable.")
@click.option("--include-sent", is_flag=True, help="Offer what already went out, too.")
@json_option
@click.pass_obj
def compose(
    context: Context,
    *,
    issue: str,
    since: datetime | None,
    until: datetime | None,
    order: Literal["newest", "oldest"],
    most: int | None,
    tags: tuple[str, ...],
    without: tuple[str, ...],
    include_sent: bool,
    as_json: bool,
) -> None:
    """Write an issue from the articles of its month.

    Where issues/YYYY-MM.md exists, what is new is added to it. What you wrote in it stays as it
    is, and what you took out stays out.

    Example: gymletter compose 2025-08 --max 6
    """
    from gymletter.articles import collect
    from gymletter.cli.sent import has_campaign, sent_articles
    from gymletter.issue import compose as compose_issue

    workspace = context.workspace()
    window = _window(workspace, issue, since, until)
    sent = sent_articles(workspace)
    found = collect(workspace, window, sent=sent, include_sent=include_sent)
    composed = compose_issue(
        workspace,
        issue,
        found,
        window,
        frozen=has_campaign(workspace, issue),
        order=order,
        most=most,
        tags=tags,
        without_tags=without,
    )
    if as_json:
        print_json(_as_json(composed) | left_out_json(found))
    else:
        print_errors(found)
    if found.errors and not composed.added:
        raise SourceError(
            "not every source could be read, so nothing was written",
            remedy="Mend what `gymletter collect` names, and compose again",
        )
    _tell(composed, quiet=as_json)
    if found.errors:
        sys.exit(1)


def _window(
    workspace: Workspace, issue: str, since: datetime | None, until: datetime | None
) -> Window:
    """The options, else what the issue itself says, else the month of its name."""
    from gymletter.articles import Window
    from gymletter.issue import month_of, read_issue

    asked = window_of(since, until)
    path = workspace.issue_path(issue)
    if path.exists():
        written = read_issue(workspace, issue)
        usual = Window(written.since, written.until)
    else:
        usual = month_of(path.stem) or asked
    if usual.since is None or usual.until is None:
        raise click.UsageError(
            f"{issue!r} is not a month, such as 2025-08; give its days with --since and --until."
        )
    return Window(asked.since or usual.since, asked.until or usual.until)


def _as_json(composed: Composed) -> dict[str, object]:
    return {
        "issue": composed.path.stem,
        "path": str(composed.path),
        "created": composed.created,
        "added": [article_json(article) for article in composed.added],
        "kept": composed.kept,
    }


def _tell(composed: Composed, *, quiet: bool) -> None:
    if not composed.added:
        raise NothingToDo(
            "no new article, so nothing was written",
            place=str(composed.path),
            remedy="See what there is with `gymletter collect`",
        )
    if quiet:
        return
    verb = "Wrote" if composed.created else "Added to"
    click.echo(f"{verb} {composed.path}:")
    for article in composed.added:
        click.echo(f"  {article.date.isoformat()}  {article.title}")
    if composed.kept:
        note(f"{composed.kept} articles stood there already.")
