"""`gymletter providers`: what each provider can and can't do here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.output import json_option, print_json, print_table

if TYPE_CHECKING:
    from gymletter.providers.base import Capabilities


@click.command()
@json_option
def providers(as_json: bool) -> None:  # noqa: FBT001
    """Show what each provider can and can't do.

    Example: gymletter providers
    """
    from dataclasses import asdict

    from gymletter.providers.opening import capabilities

    known = capabilities()
    if as_json:
        print_json({"providers": [{"name": n, **asdict(can)} for n, can in known.items()]})
        return
    headings = ["provider", "per call", "email sent", "doubt settled by", "--at", "own link"]
    print_table(headings, [[name, *row(can)] for name, can in known.items()])
    for name, can in known.items():
        if can.leaving:
            click.echo(f"{name}: {can.leaving}.")


def row(can: Capabilities) -> list[str]:
    """What one can, in words, by column."""
    by_key = f"key, {_lasts(int(can.repeat_window.total_seconds() // 60))}" if can.repeat else ""
    settled = [by_key, "asking" if can.can_be_asked else ""]
    return [
        str(can.messages_per_call),
        "once per call" if can.substitutes else "per member",
        " or ".join(filter(None, settled)) or "you",
        f"{can.schedules.days} days" if can.schedules else "no",
        "yes" if can.unsubscribe else "no",
    ]


def _lasts(minutes: int) -> str:
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} hours"
