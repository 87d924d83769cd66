"""The public endpoint: `/u/TOKEN` to leave, `/u/TOKEN/pause` to pause, `/healthz`.

Invariants: GET changes nothing (mail scanners follow links); 200 to a POST means that it is
stored; a token that is not ours gets the same answers as one that is.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gymletter import database
from gymletter.members import leaving
from gymletter.members.unsubscribe import Ticket, read_token
from gymletter.web.answers import Answers
from gymletter.web.body import Unusable, read_form
from gymletter.web.limiting import Limiter, network
from gymletter.web.logs import logger
from gymletter.web.middleware import Outside
from gymletter.web.writer import Busy, Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Engine
    from starlette.requests import Request

    from gymletter.config import Config

_ONE_CLICK = ("List-Unsubscribe", "One-Click")


def make_app(config: Config, engine: Engine, keys: tuple[str, ...]) -> Starlette:
    """The ASGI app over a store that has its tables."""
    site = _Site(config, engine, keys)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with site.writer.running():
            yield

    app = Starlette(
        routes=[
            Route("/u/{token}", site.leave, methods=["GET", "POST"], name="leave"),
            Route("/u/{token}/pause", site.pause, methods=["GET", "POST"], name="pause"),
            Route("/healthz", site.health, methods=["GET"], name="health"),
        ],
        lifespan=lifespan,
        exception_handlers={404: site.missing, 405: site.missing, 500: site.broken},
    )
    app.add_middleware(Outside, policy=site.answers.policy)
    return app


class _Site:
    def __init__(self, config: Config, engine: Engine, keys: tuple[str, ...]) -> None:
        self.answers = Answers(config)
        self.writer = Writer(self._apply)
        self._engine = engine
        self._keys = keys
        self._per_link = Limiter(burst=20, per_second=0.5)
        self._strangers = Limiter(burst=30, per_second=0.5)

    async def leave(self, request: Request) -> Response:
        """GET: one page with one button. POST: out, at once."""
        ticket = self._ticket(request)
        if not self._may_ask(request, ticket):
            return self.answers.later(429)
        member = await self._member(ticket)
        if request.method != "POST":
            return self.answers.ask_to_leave(member, request.path_params["token"])
        form = await _form(request)
        one_click = form.get("List-Unsubscribe") == "One-Click"
        if not one_click and form.get("action") != "leave":
            return self.answers.not_understood(member)
        if not await self._stored(ticket, None):
            return self.answers.later(503)
        return self.answers.left(member, one_click=one_click)

    async def pause(self, request: Request) -> Response:
        """GET: the choices. POST: pause for some months, or end a pause."""
        ticket = self._ticket(request)
        if not self._may_ask(request, ticket):
            return self.answers.later(429)
        member = await self._member(ticket)
        if member and member.has_left:
            return self.answers.left(member, one_click=False)
        if request.method != "POST":
            return self.answers.ask_to_pause(member, request.path_params["token"])
        months = _months(await _form(request))
        if months is None:
            return self.answers.not_understood(member)
        if not await self._stored(ticket, months):
            return self.answers.later(503)
        return self.answers.saved(member, months)

    async def health(self, _: Request) -> Response:
        """200 while the database answers."""
        try:
            await run_in_threadpool(self._ask)
        except SQLAlchemyError:
            return PlainTextResponse("database unavailable", status_code=503)
        return PlainTextResponse("ok")

    async def missing(self, request: Request, _: Exception) -> Response:
        """Any other address or method."""
        return self.answers.missing() if self._may_ask(request, None) else self.answers.later(429)

    async def broken(self, _: Request, __: Exception) -> Response:
        """Our fault, told without particulars."""
        return self.answers.later(500)

    def _ticket(self, request: Request) -> Ticket | None:
        return read_token(self._keys, request.path_params["token"])

    def _may_ask(self, request: Request, ticket: Ticket | None) -> bool:
        if ticket is not None:
            return self._per_link.passes(ticket)
        return self._strangers.passes(network(request.client.host if request.client else ""))

    async def _member(self, ticket: Ticket | None) -> leaving.Known | None:
        if ticket is None:
            return None
        return await run_in_threadpool(leaving.known, self._engine, ticket.member_id)

    async def _stored(self, ticket: Ticket | None, months: int | None) -> bool:
        if ticket is None:
            return True
        try:
            await self.writer.store(leaving.Change(ticket.member_id, ticket.issue_id, months))
        except (Busy, SQLAlchemyError):
            logger.exception("not stored")
            return False
        return True

    def _apply(self, changes: Sequence[leaving.Change]) -> None:
        leaving.apply(self._engine, changes, datetime.now(UTC))
        logger.info("stored", extra={"data": {"changes": len(changes)}})

    def _ask(self) -> None:
        with database.reading(self._engine) as connection:
            connection.execute(text("SELECT 1"))


async def _form(request: Request) -> dict[str, str]:
    """What was posted; nothing where that is unusable."""
    try:
        return await read_form(request)
    except (Unusable, ValueError):
        return {}


def _months(form: dict[str, str]) -> int | None:
    months = form.get("months", "")
    known = form.get("action") == "pause" and months.isdigit() and int(months) in leaving.MONTHS
    return int(months) if known else None
