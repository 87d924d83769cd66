"""The inbox as an ASGI app: Mailpit's API and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gymletter.inbox import api
from gymletter.inbox.mailbox import Mailbox
from gymletter.inbox.page import Page
from gymletter.pages.guard import Guard
from gymletter.pages.look import Look
from gymletter.pages.pictures import picture_finder

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from gymletter.workspace import Workspace


def make_app(workspace: Workspace, identity: str) -> ASGIApp:
    """The inbox of `workspace`; it tells `identity` to whoever asks which inbox this is."""
    mailbox = Mailbox(workspace.state / "inbox")
    zone = workspace.config.newsletter.zone
    page = Page(mailbox, Look("gymletter.inbox"), zone, picture_finder(workspace))

    def who(_: Request) -> PlainTextResponse:
        return PlainTextResponse(identity)

    app = Starlette(
        routes=[Route("/api/gymletter", who), *api.routes(mailbox), *page.routes()],
    )
    return Guard(app)
