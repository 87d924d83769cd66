"""The HTML of a mail, for a sandboxed frame: it runs no script, sends no form, loads nothing.

Pictures are shown only when asked for: those that lie in the workspace from there, others from the
network. The policy is in the response itself, so that opening its address directly is as safe.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

    Find = Callable[[str], Path | None]

# What a frame's `sandbox` attribute says too; a link opens in a tab of its own.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
# The page may look into the frame. No script runs there, so nothing in it can look out.
MEASURED = f"{SANDBOX} allow-same-origin"
# A sandboxed frame counts as another origin, to which the guard's default would refuse it.
INSIDE_A_MAIL = {"Cross-Origin-Resource-Policy": "cross-origin"}
PICTURE_PATH = "/picture"
_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
    ".gif": "image/gif", ".webp": "image/webp",
}  # fmt: skip
_ADDRESS = re.compile(
    r"""(?P<before>\b(?:src|background)\s*=\s*(?P<q>["'])|url\(\s*['"]?)"""
    r"""(?P<address>https?://[^"'\s)>]+)""",
    re.IGNORECASE,
)
_HEAD = re.compile(r"<head[^>]*>|<html[^>]*>|<!doctype[^>]*>", re.IGNORECASE)


def mail_frame(markup: str, *, pictures: bool, find: Find, measured: bool = False) -> Response:
    """The response that a frame shows. `find` gives the file behind a picture's address.

    `measured`: the page around it may look into the frame, to see how tall it is.
    """
    if pictures:
        markup = _with_local_pictures(markup, find)
    return HTMLResponse(
        _with_new_tabs(markup),
        headers={"Content-Security-Policy": policy(pictures=pictures, measured=measured)},
    )


def policy(*, pictures: bool, measured: bool = False) -> str:
    """The Content-Security-Policy of a mail; pictures inside the message are always shown."""
    remote = " http: https:" if pictures else ""
    sandbox = MEASURED if measured else SANDBOX
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:{remote}; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox {sandbox}"
    )


def picture_route(find: Find) -> Route:
    """Serves a picture of the workspace by the address that it has on the web site."""

    def picture(request: Request) -> Response:
        path = find(request.query_params.get("address", ""))
        media_type = _TYPES.get(path.suffix.lower()) if path else None
        if path is None or media_type is None or not path.is_file():
            return PlainTextResponse("There is no such picture here.", status_code=404)
        return FileResponse(path, media_type=media_type, headers=INSIDE_A_MAIL)

    return Route(PICTURE_PATH, picture)


def _with_local_pictures(markup: str, find: Find) -> str:
    def local(match: re.Match[str]) -> str:
        address = unescape(match["address"])
        if find(address) is None:
            return match.group()
        return f"{match['before']}{PICTURE_PATH}?address={escape(quote(address, safe=''))}"

    return _ADDRESS.sub(local, markup)


def _with_new_tabs(markup: str) -> str:
    head = list(_HEAD.finditer(markup[:4096]))
    at = head[-1].end() if head else 0
    for match in head:
        if match.group().lower().startswith("<head"):
            at = match.end()
    return f'{markup[:at]}<base target="_blank">{markup[at:]}'
