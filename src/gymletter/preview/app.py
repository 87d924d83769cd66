"""The preview site as an ASGI app.

Invariant: it never starts a campaign; it writes to issue files only, on a request that carries
this run's token.
"""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from gymletter.pages.guard import Guard
from gymletter.pages.look import Look
from gymletter.pages.mailframe import picture_route
from gymletter.pages.pictures import picture_finder
from gymletter.preview.listing import Listing
from gymletter.preview.reads import Reads
from gymletter.preview.studio import Studio
from gymletter.preview.watching import Channel, watched
from gymletter.preview.writes import Writes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.types import ASGIApp

    SendTest = Callable[[str, str], str]


class Site:
    """The app over the workspace at `root`, and `close`, which ends its open streams.

    `send_test(issue, address)` sends one mail through the configured provider and says what became
    of it. `network`: it is reached from other machines, too.
    """

    def __init__(self, root: Path, send_test: SendTest, *, network: bool = False) -> None:
        self._studio = Studio(root)
        self._channel = Channel()
        self._listing = Listing(self._studio, lambda: self._channel.tell("listed"))
        token = secrets.token_urlsafe(24)
        writes = Writes(self._studio, self._listing, send_test, token)
        reads = Reads(self._studio, self._listing, self._channel, writes.edits, token)
        look = Look("gymletter.preview")
        self.app: ASGIApp = Guard(
            Starlette(
                routes=[
                    *reads.routes(look),
                    *writes.routes(),
                    picture_route(self._picture),
                    *look.routes(),
                ],
                lifespan=self._lifespan,
            ),
            network=network,
        )

    def close(self) -> None:
        """End the streams, so that the server can end."""
        self._channel.close()

    def _picture(self, address: str) -> Path | None:
        return picture_finder(self._studio.workspace)(address)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with watched(self._studio, self._channel):
            yield
        self._listing.stop()
