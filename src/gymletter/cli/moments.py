"""Days, months and times as a person writes them; what is none is answered with an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import datetime


class Moment(click.DateTime):
    """Written in one of `formats` (strftime); `kind` and `example` are for people."""

    def __init__(self, kind: str, example: str, *formats: str) -> None:
        super().__init__(formats)
        self._kind = kind
        self._example = example

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment; `click.BadParameter` says how one is written."""
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            option = f"{param.opts[0]} " if param else ""
            self.fail(
                f"{value!r} is not {self._kind}, such as `{option}{self._example}`.", param, ctx
            )
        return found


DAY = Moment("a day", "2025-08-13", "%Y-%m-%d")
MONTH = Moment("a month", "2025-08", "%Y-%m")
TIME = Moment("a day and time", "2025-09-01T08:00", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
