"""What can be asked of the preview site: the page, the issues, one mail in every view."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from gymletter.errors import GymletterError
from gymletter.pages.language import preferred
from gymletter.pages.mailframe import mail_frame
from gymletter.pages.pictures import picture_finder
from gymletter.preview.clients import seen_in
from gymletter.preview.excerpts import error_json
from gymletter.preview.person import MADE_UP, find_person, search
from gymletter.preview.places import numbered
from gymletter.preview.telling import hidden, person_json, tell
from gymletter.preview.texts import TEXTS
from gymletter.rendering.message import build_message

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from gymletter.pages.look import Look
    from gymletter.preview.edits import Edits
    from gymletter.preview.listing import Listing
    from gymletter.preview.person import Person
    from gymletter.preview.studio import Studio
    from gymletter.preview.watching import Channel
    from gymletter.rendering.email import Email


class Reads:
    """The handlers of all that only looks."""

    def __init__(
        self, studio: Studio, listing: Listing, channel: Channel, edits: Edits, token: str
    ) -> None:
        self._studio = studio
        self._listing = listing
        self._channel = channel
        self._edits = edits
        self._token = token

    def routes(self, look: Look) -> list[BaseRoute]:
        """All routes that only look."""

        def page(request: Request) -> Response:
            language = preferred(request.headers.get("accept-language", ""))
            return look.page(
                "preview.html.j2",
                t=TEXTS[language],
                language=language,
                token=self._token,
                newsletter=self._studio.workspace.config.newsletter.name,
            )

        return [
            Route("/", page),
            Route("/issue/{id}", page),
            Route("/issue/{id}/mail", self._mail),
            Route("/issue/{id}/source", self._source),
            Route("/issue/{id}/message.eml", self._message),
            Route("/api/issues", self._issues),
            Route("/api/issue/{id}", self._issue),
            Route("/api/people", self._people),
            Route("/events", self._events),
        ]

    def _issues(self, _: Request) -> Response:
        return JSONResponse(self._listing.entries())

    def _issue(self, request: Request) -> Response:
        one, person = request.path_params["id"], self._person(request)
        shown = self._studio.show(one, person)
        told = tell(self._studio, shown, self._seen(request, person))
        try:
            path = self._studio.workspace.issue_path(one)
            told["frozen"] = self._listing.is_sent(path.stem)
            told["undo"] = not told["frozen"] and self._edits.can_undo(path, shown.version)
        except GymletterError:
            told |= {"frozen": False, "undo": False}
        return JSONResponse(told)

    def _mail(self, request: Request) -> Response:
        query = request.query_params
        language = preferred(request.headers.get("accept-language", ""))
        try:
            email = self._email(request)
        except GymletterError as error:
            return PlainTextResponse(str(error), status_code=409)
        client = query.get("client", "none")
        markup = seen_in(
            numbered(email.html),
            client if client in ("outlook", "gmail") else "none",  # type: ignore[arg-type]
            "dark" if query.get("scheme") == "dark" else "light",
            TEXTS[language]["clipped"],
        )
        find = picture_finder(self._studio.workspace)
        return mail_frame(markup, pictures=query.get("pictures") != "0", find=find, measured=True)

    def _source(self, request: Request) -> Response:
        try:
            return PlainTextResponse(self._email(request).html)
        except GymletterError as error:
            return PlainTextResponse(str(error), status_code=409)

    def _message(self, request: Request) -> Response:
        try:
            email = self._email(request)
            to = self._seen(request, self._person(request))
            message = build_message(
                email, to.address.replace("•", "x"), to_name=to.name, date=datetime.now(UTC)
            )
        except GymletterError as error:
            return JSONResponse(error_json(error, self._studio.root), status_code=409)
        name = self._studio.workspace.issue_path(request.path_params["id"]).stem
        return Response(
            message.as_bytes(),
            media_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="{name}.eml"'},
        )

    def _people(self, request: Request) -> Response:
        reveal = request.query_params.get("reveal") == "1"
        words = request.query_params.get("q", "")
        try:
            found = search(self._studio.workspace, words) if words.strip() else []
        except GymletterError as error:
            return JSONResponse(error_json(error, self._studio.root), status_code=409)
        people = [*MADE_UP.values()] if not words.strip() else found
        return JSONResponse([person_json(person, reveal=reveal) for person in people])

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._channel.stream(), media_type="text/event-stream")

    def _email(self, request: Request) -> Email:
        person = self._seen(request, self._person(request))
        return self._studio.email_for(request.path_params["id"], person)

    def _person(self, request: Request) -> Person:
        return find_person(self._studio.workspace, request.query_params.get("as", "sample"))

    def _seen(self, request: Request, person: Person) -> Person:
        return person if request.query_params.get("reveal") == "1" else hidden(person)
