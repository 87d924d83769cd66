"""What can be done on the preview site: edits of an issue, their undoing, a test mail.

Invariant: every handler here asks for this run's token, which no other site can read.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gymletter.errors import GymletterError, IssueError
from gymletter.issue import read_issue, set_article, set_text
from gymletter.preview.edits import ChangedUnderneath, Edits
from gymletter.preview.excerpts import error_json
from gymletter.preview.frozen import frozen_issues
from gymletter.preview.picking import Picker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from gymletter.preview.app import SendTest
    from gymletter.preview.listing import Listing
    from gymletter.preview.studio import Studio

TOKEN_HEADER = "x-gymletter-token"  # noqa: S105  (a header's name)
_LARGEST_BODY = 1024 * 1024


class Fixed(IssueError):
    """The issue was frozen for a campaign: what was sent stays what it is."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SetText(_Model):
    """Another subject or preheader."""

    version: str
    field: Literal["subject", "preheader"]
    value: str


class _SetArticle(_Model):
    """Another title or summary of the article of that number."""

    version: str
    field: Literal["title", "summary"]
    article: int
    value: str


class _Arrange(_Model):
    """The articles in their order: numbers of those the issue has, ids of collected ones."""

    version: str
    articles: Annotated[list[int | str], Field(max_length=500)]


class _Undo(_Model):
    """Take back the last edit."""

    version: str
    undo: Literal[True]


class _Test(_Model):
    """Send the mail to this address."""

    to: Annotated[str, Field(min_length=3, max_length=320)]


class _Edit(BaseModel):
    edit: _SetText | _SetArticle | _Arrange | _Undo


class Writes:
    """The handlers of all that changes something."""

    def __init__(self, studio: Studio, listing: Listing, send_test: SendTest, token: str) -> None:
        self.edits = Edits()
        self._studio = studio
        self._listing = listing
        self._send_test = send_test
        self._token = token
        self._picker = Picker()

    def routes(self) -> list[BaseRoute]:
        """All routes that change something, and the picker that they lean on."""
        return [
            Route("/api/issue/{id}/articles", self._articles),
            Route("/api/issue/{id}/edit", self._edit, methods=["POST"]),
            Route("/api/issue/{id}/test", self._test, methods=["POST"]),
        ]

    def _articles(self, request: Request) -> Response:
        fresh = request.query_params.get("fresh") == "1"
        try:
            issue = read_issue(self._studio.workspace, request.path_params["id"])
            return JSONResponse(self._picker.look(self._studio.workspace, issue, fresh=fresh))
        except GymletterError as error:
            return self._refusal(error)

    async def _edit(self, request: Request) -> Response:
        return await self._write(request, self._apply)

    async def _test(self, request: Request) -> Response:
        return await self._write(request, self._deliver)

    async def _write(self, request: Request, do: Callable[[str, bytes], object]) -> Response:
        given = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return JSONResponse({"message": "the token is missing or old"}, status_code=403)
        try:
            body = await _bounded(request)
            return JSONResponse(await run_in_threadpool(do, request.path_params["id"], body))
        except GymletterError as error:
            return self._refusal(error)
        except ValidationError as error:
            return JSONResponse({"message": error.errors()[0]["msg"]}, status_code=400)

    def _apply(self, issue_id: str, body: bytes) -> dict[str, str]:
        edit = _Edit.model_validate_json(b'{"edit":' + body + b"}").edit
        path = self._studio.workspace.issue_path(issue_id)
        self._require_open(path)
        if isinstance(edit, _Undo):
            version = self.edits.undo(path, edit.version)
        else:
            change = self._change(path, edit)
            version = self.edits.apply(path, edit.version, change)
        return {"version": version}

    def _require_open(self, path: Path) -> None:
        if path.stem in frozen_issues(self._studio.workspace):
            raise Fixed(
                "was sent, so this issue is fixed; nothing was written",
                place=path.name,
                remedy="Make a new issue for what is new",
            )

    def _change(self, path: Path, edit: _SetText | _SetArticle | _Arrange) -> Callable[[str], str]:
        if isinstance(edit, _SetText):
            return lambda text: set_text(text, path, edit.field, edit.value)
        if isinstance(edit, _SetArticle):
            return lambda text: set_article(text, path, edit.article, edit.field, edit.value)
        workspace = self._studio.workspace
        return lambda text: self._picker.arranged(workspace, text, path, edit.articles)

    def _deliver(self, issue_id: str, body: bytes) -> dict[str, str]:
        return {"result": self._send_test(issue_id, _Test.model_validate_json(body).to)}

    def _refusal(self, error: GymletterError) -> Response:
        status = 409 if isinstance(error, ChangedUnderneath | Fixed) else 422
        told = error_json(error, self._studio.root) | {"frozen": isinstance(error, Fixed)}
        return JSONResponse(told, status_code=status)


async def _bounded(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise GymletterError("the request is larger than 1 MiB")
    return bytes(body)
