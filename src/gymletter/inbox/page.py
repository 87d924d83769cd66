"""The page of the inbox: the list as a mail program shows it, and one message in four views."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_time
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from gymletter.inbox.store import arrived
from gymletter.inbox.texts import TEXTS
from gymletter.pages.language import Language, preferred
from gymletter.pages.mailframe import INSIDE_A_MAIL, SANDBOX, mail_frame, picture_route

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from gymletter.inbox.mailbox import Mailbox
    from gymletter.inbox.reading import Mail
    from gymletter.pages.look import Look
    from gymletter.pages.mailframe import Find

PER_PAGE = 50
_VIEWS = ("html", "text", "headers", "source")


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    id: str
    mail: Mail
    when: str
    read: bool
    current: bool


class Page:
    """The page over `mailbox`; times are on the clock `zone`, `find` knows local pictures."""

    def __init__(self, mailbox: Mailbox, look: Look, zone: ZoneInfo, find: Find) -> None:
        self._mailbox = mailbox
        self._look = look
        self._zone = zone
        self._find = find

    def routes(self) -> list[BaseRoute]:
        """All routes of the page."""
        return [
            Route("/", self._show),
            Route("/message/{id}", self._show),
            Route("/message/{id}/frame", self._frame),
            Route("/message/{id}.eml", self._file),
            Route("/message/{id}/part/{part:int}", self._part),
            picture_route(self._find),
            *self._look.routes(),
        ]

    def _show(self, request: Request) -> Response:
        chosen = request.path_params.get("id", "")
        mail = self._mailbox.mail(chosen) if chosen else None
        if mail:
            self._mailbox.mark_read(chosen)
        language = preferred(request.headers.get("accept-language", ""))
        view = request.query_params.get("view", "html")
        values = self._list_values(chosen, _number(request), language) | {
            "t": TEXTS[language],
            "language": language,
            "chosen": chosen,
            "mail": mail,
            "sandbox": SANDBOX,
            "view": view if view in _VIEWS else "html",
            "views": _VIEWS,
            "pictures": request.query_params.get("pictures") == "1",
        }
        if mail:
            values |= self._mail_values(chosen, mail, language, view)
        return self._look.page("inbox.html.j2", 404 if chosen and not mail else 200, **values)

    def _list_values(self, chosen: str, page: int, language: Language) -> dict[str, Any]:
        total = self._mailbox.store.count()
        start = (page - 1) * PER_PAGE
        rows = [
            Row(
                id=one,
                mail=mail,
                when=_brief(self._moment(one), language),
                read=self._mailbox.is_read(one),
                current=one == chosen,
            )
            for one, mail in self._mailbox.mails(start, PER_PAGE)
        ]
        return {
            "rows": rows,
            "total": total,
            "unread": self._mailbox.unread(),
            "page": page,
            "more": start + PER_PAGE < total,
        }

    def _mail_values(self, one: str, mail: Mail, language: Language, view: str) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in mail.headers}
        source = (self._mailbox.store.read(one) or b"") if view == "source" else b""
        when = mail.date.astimezone(self._zone) if mail.date else self._moment(one)
        return {
            "when": _long(when, language),
            "unsubscribe": headers.get("list-unsubscribe", "").strip("<> ").partition(">")[0],
            "one_click": "list-unsubscribe-post" in headers,
            "source": source.decode("utf-8", "replace"),
        }

    def _moment(self, one: str) -> datetime:
        return datetime.fromtimestamp(arrived(one), UTC).astimezone(self._zone)

    def _frame(self, request: Request) -> Response:
        one = request.path_params["id"]
        mail = self._mailbox.mail(one)
        if mail is None:
            return _nothing()
        markup = mail.html
        for enclosure in mail.enclosures:
            if enclosure.content_id:
                inline = f"/message/{one}/part/{enclosure.part}"
                markup = markup.replace(f"cid:{enclosure.content_id}", inline)
        pictures = request.query_params.get("pictures") == "1"
        return mail_frame(markup, pictures=pictures, find=self._find)

    def _file(self, request: Request) -> Response:
        one = request.path_params["id"]
        content = self._mailbox.store.read(one)
        if content is None:
            return _nothing()
        disposition = {"Content-Disposition": f'attachment; filename="{one}.eml"'}
        return Response(content, media_type="message/rfc822", headers=disposition)

    def _part(self, request: Request) -> Response:
        """A picture is shown, anything else only downloaded: it may be a page with a script."""
        mail = self._mailbox.mail(request.path_params["id"])
        wanted = request.path_params["part"]
        for one in mail.enclosures if mail else ():
            if one.part == wanted:
                shown = one.media_type in ("image/png", "image/jpeg", "image/gif", "image/webp")
                kind = one.media_type if shown else "application/octet-stream"
                headers = INSIDE_A_MAIL if shown else {"Content-Disposition": "attachment"}
                return Response(one.content, media_type=kind, headers=headers)
        return _nothing()


def _nothing() -> HTMLResponse | PlainTextResponse:
    return PlainTextResponse("There is no such message.", status_code=404)


def _number(request: Request) -> int:
    """The page asked for; anything that is none counts as the first."""
    text = request.query_params.get("page", "")
    return max(1, int(text)) if re.fullmatch("[0-9]{1,8}", text) else 1


def _long(moment: datetime, language: Language) -> str:
    day = format_date(moment, "full", locale=language)
    return f"{day}, {format_time(moment, 'HH:mm:ss', locale=language)}"


def _brief(moment: datetime, language: Language) -> str:
    """As mail programs do: the time today, the day this year, else the date."""
    now = datetime.now(moment.tzinfo)
    if moment.date() == now.date():
        return format_time(moment, "HH:mm", locale=language)
    if now - moment < timedelta(days=300):
        return format_date(moment, "d MMM", locale=language)
    return format_date(moment, "short", locale=language)
