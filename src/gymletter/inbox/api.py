"""The part of Mailpit's HTTP API that a newsletter needs, in Mailpit's shapes.

`POST /api/v1/send`, `GET /api/v1/messages`, `GET /api/v1/message/{ID}`, so that a real Mailpit can
take this one's place. Source: the official description, axllent/mailpit 1.30.5.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gymletter.inbox.accepting import Sent, to_message
from gymletter.inbox.store import arrived

if TYPE_CHECKING:
    from starlette.requests import Request

    from gymletter.inbox.mailbox import Mailbox
    from gymletter.inbox.reading import Enclosure, Mail, Person

LARGEST_PAGE = 1000
LARGEST_MESSAGE = 32 * 1024 * 1024
_LINK = re.compile(r"<\s*((?:mailto:|https?://)[^>]+)>")


def routes(mailbox: Mailbox) -> list[Route]:
    """The three routes on `mailbox`."""

    async def send(request: Request) -> Response:
        return await _accept(mailbox, request)

    def messages(request: Request) -> Response:
        return _list(mailbox, request)

    def message(request: Request) -> Response:
        return _show(mailbox, request.path_params["id"])

    return [
        Route("/api/v1/send", send, methods=["POST"]),
        Route("/api/v1/messages", messages),
        Route("/api/v1/message/{id}", message),
    ]


async def _accept(mailbox: Mailbox, request: Request) -> Response:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return _error("the request must be application/json")
    try:
        sent = Sent.model_validate_json(await _bounded_body(request))
        return JSONResponse({"ID": mailbox.store.add(to_message(sent, datetime.now(UTC)))})
    except ValidationError as error:
        first = error.errors()[0]
        return _error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except ValueError as error:
        return _error(str(error))
    except OSError as error:
        return _error(f"the message cannot be kept: {error.strerror}")


def _list(mailbox: Mailbox, request: Request) -> Response:
    try:
        start = int(request.query_params.get("start", 0))
        limit = int(request.query_params.get("limit", 50))
    except ValueError:
        return PlainTextResponse("start and limit must be numbers", status_code=400)
    return JSONResponse(_listing(mailbox, max(start, 0), min(max(limit, 0), LARGEST_PAGE)))


def _show(mailbox: Mailbox, wanted: str) -> Response:
    found = mailbox.latest() if wanted == "latest" else wanted
    mail = mailbox.mail(found) if found else None
    if not found or mail is None:
        return PlainTextResponse("Message not found", status_code=404)
    mailbox.mark_read(found)
    return JSONResponse(_message(found, mail))


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_MESSAGE:
            raise ValueError(f"a message has at most {LARGEST_MESSAGE >> 20} MiB")
    return bytes(body)


def _error(message: str) -> Response:
    return JSONResponse({"Error": message}, status_code=400)


def _listing(mailbox: Mailbox, start: int, limit: int) -> dict[str, Any]:
    total, unread = mailbox.store.count(), mailbox.unread()
    summaries = [_summary(found, mail, mailbox) for found, mail in mailbox.mails(start, limit)]
    tags = sorted({tag for summary in summaries for tag in summary["Tags"]})
    return {
        "total": total,
        "unread": unread,
        "messages_count": total,
        "messages_unread": unread,
        "start": start,
        "tags": tags,
        "messages": summaries,
    }


def _common(message_id: str, mail: Mail) -> dict[str, Any]:
    return {
        "ID": message_id,
        "MessageID": mail.message_id,
        "From": _address(mail.sender),
        "To": [_address(person) for person in mail.to],
        "Cc": [_address(person) for person in mail.cc],
        "Bcc": [_address(person) for person in mail.bcc],
        "ReplyTo": [_address(person) for person in mail.reply_to],
        "Subject": mail.subject,
        "Size": mail.size,
        "Tags": list(mail.tags),
        "Username": "",
    }


def _summary(message_id: str, mail: Mail, mailbox: Mailbox) -> dict[str, Any]:
    return _common(message_id, mail) | {
        "Read": mailbox.is_read(message_id),
        "Created": _moment(datetime.fromtimestamp(arrived(message_id), UTC)),
        "Attachments": len(mail.enclosures),
        "Snippet": mail.snippet,
    }


def _message(message_id: str, mail: Mail) -> dict[str, Any]:
    received = datetime.fromtimestamp(arrived(message_id), UTC)
    header = {name.lower(): value for name, value in mail.headers}
    unsubscribe = header.get("list-unsubscribe", "")
    return _common(message_id, mail) | {
        "Date": _moment(mail.date or received),
        "HTML": mail.html,
        "Text": mail.text,
        "ReturnPath": "",
        "Inline": [_enclosure(one) for one in mail.enclosures if one.content_id],
        "Attachments": [_enclosure(one) for one in mail.enclosures if not one.content_id],
        "ListUnsubscribe": {
            "Header": unsubscribe,
            "HeaderPost": header.get("list-unsubscribe-post", ""),
            "Links": _LINK.findall(unsubscribe),
            "Errors": "",
        },
    }


def _address(person: Person) -> dict[str, str]:
    return {"Name": person.name, "Address": person.address}


def _enclosure(one: Enclosure) -> dict[str, Any]:
    return {
        "PartID": str(one.part),
        "FileName": one.name,
        "ContentType": one.media_type,
        "ContentID": one.content_id,
        "Size": len(one.content),
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
