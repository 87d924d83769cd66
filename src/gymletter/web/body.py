"""The body of a POST: bounded in size and time; what it asks for."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST = 8192
_SECONDS = 15
_FORM = "application/x-www-form-urlencoded"


class Unusable(Exception):
    """The body is too large, too slow or of another kind."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, of either encoding that RFC 8058 (3.1) names."""
    kind = request.headers.get("content-type", _FORM)
    try:
        body = await asyncio.wait_for(_bounded(request), _SECONDS)
    except TimeoutError as error:
        raise Unusable from error
    if kind.lower().startswith("multipart/form-data"):
        return _multipart(kind, body)
    return dict(parse_qsl(body.decode("latin-1"), max_num_fields=20))


async def _bounded(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST:
            raise Unusable
    return body


def _multipart(kind: str, body: bytes) -> dict[str, str]:
    head = b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n"
    fields = {}
    for part in message_from_bytes(head + body, policy=HTTP).walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and not part.is_multipart():
            payload = part.get_payload(decode=True)
            fields[name] = payload.decode("latin-1") if isinstance(payload, bytes) else ""
    return fields
