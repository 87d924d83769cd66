"""`gymletter collect`: list the articles, and what was skipped and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from gymletter.cli.output import json_option, note, print_json, print_wrapped
from gymletter.cli.window import window_of, window_options
from gymletter.errors import NothingToDo

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.articles import Article, Collection
    from gymletter.cli.context import Context


@click.command()
@window_options
@click.option("--include-sent", is_flag=True, help="List what already went out, too.")
@json_option
@click.pass_obj
def collect(
    context: Context,
    *,
    since: datetime | None,
    until: datetime | None,
    month: datetime | None,
    include_sent: bool,
    as_json: bool,
) -> None:
    """List the articles, and what was skipped and why.

    Exit code 1: a source or an article could not be read; 3: there is no new article.

    Example: gymletter collect --month 2025-08
    """
    from gymletter.articles import collect as collect_articles
    from gymletter.cli.sent import sent_articles

    workspace = context.workspace()
    found = collect_articles(
        workspace,
        window_of(since, until, month),
        sent=sent_articles(workspace),
        include_sent=include_sent,
    )
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found)
    if found.errors:
        sys.exit(1)
    if not found.articles:
        raise NothingToDo(
            "there is no new article",
            remedy="Ask for other days, or with --include-sent for what already went out",
        )


def _as_json(found: Collection) -> dict[str, Any]:
    return {
        "articles": [article_json(article) for article in found.articles],
        **left_out_json(found),
    }


def left_out_json(found: Collection) -> dict[str, Any]:
    """What was skipped and what could not be read."""
    return {
        "skipped": [
            {"title": s.title, "url": s.url, "source": s.source, "reason": s.reason}
            for s in found.skipped
        ],
        "errors": [{"source": e.source, "message": e.message} for e in found.errors],
    }


def article_json(article: Article) -> dict[str, Any]:
    """An article in the shape that other programs rely on."""
    image = article.image
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "date": article.date.isoformat(),
        "summary": article.summary,
        "image": {"src": image.src, "alt": image.alt} if image else None,
        "tags": list(article.tags),
        "source": article.source,
    }


def _print(found: Collection) -> None:
    for article in found.articles:
        print_wrapped(article.title, indent=12, first=f"{article.date.isoformat()}  ")
        print_wrapped(article.url or article.source, indent=12)
    if found.skipped:
        click.echo(("\n" if found.articles else "") + "Skipped:")
    for skipped in found.skipped:
        print_wrapped(skipped.title or skipped.url or "(no title)", indent=2)
        print_wrapped(f"{skipped.reason}, in {skipped.source}", indent=12)
    print_errors(found)


def print_errors(found: Collection) -> None:
    """What could not be read, a line each, on standard error."""
    for failure in found.errors:
        note(f"Error ({failure.source}): {failure.message}")
