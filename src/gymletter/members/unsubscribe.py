"""How a member leaves: the link of each mail, per mode of `[unsubscribe]`, and its token.

Invariant: a link is the same however often it is made, holds no address, and cannot be made up
without our key.
"""

from __future__ import annotations

import hashlib
import json
from binascii import b2a_base64
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from gymletter.errors import ConfigError
from gymletter.members.keys import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.workspace import Workspace

_SALT = b"gymletter unsubscribe"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_MOST_TOKEN = 512


class Ticket(NamedTuple):
    """What a token says: whose it is, and of which issue."""

    member_id: int
    issue_id: str


def link(
    workspace: Workspace, member_id: int, issue_id: str, *, provider_link: str | None = None
) -> str:
    """What stands in List-Unsubscribe (without `<>`) and behind the visible link.

    `provider_link` is the provider's own placeholder, for the mode "provider". For a test mail the
    member id 0 gives a link that works and unsubscribes nobody. Raises `ConfigError` where the
    mode cannot be honoured.
    """
    settings = workspace.config.unsubscribe
    check_mode(workspace, provider_has_link=provider_link is not None)
    if settings.mode == "provider":
        return provider_link or ""
    token = make_token(keys(workspace), Ticket(member_id, issue_id))
    if settings.mode == "mailto":
        return f"mailto:{quote(settings.address or '', safe='@')}?subject=unsubscribe%20{token}"
    return f"{(settings.base_url or '').rstrip('/')}/u/{token}"


def link_maker(
    workspace: Workspace, issue_id: str, *, provider_link: str | None = None
) -> Callable[[int], str]:
    """`link` for many members of one issue: the mode is looked at once, the keys read once."""
    settings = workspace.config.unsubscribe
    link(workspace, 0, issue_id, provider_link=provider_link)
    if settings.mode != "hosted":
        return lambda member_id: link(workspace, member_id, issue_id, provider_link=provider_link)
    base = f"{(settings.base_url or '').rstrip('/')}/u/"
    token = token_maker(keys(workspace), issue_id)
    return lambda member_id: base + token(member_id)


def token_maker(signing_keys: tuple[str, ...], issue_id: str) -> Callable[[int], str]:
    """The tokens of `make_token` for one issue, several times as fast: the key is derived once."""
    sign = _signer(_serializer(signing_keys).make_signer(_SALT).derive_key())
    rest = f",{json.dumps(issue_id)}]"

    def make(member_id: int) -> str:
        payload = _url_safe(f"[{member_id}{rest}".encode())
        return (payload + b"." + _url_safe(sign(payload))).decode()

    return make


def _signer(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA1 (RFC 2104) for many messages: the key's part of the work is done once."""
    block = key.ljust(hashlib.sha1(usedforsecurity=False).block_size, b"\0")
    inner = hashlib.sha1(bytes(byte ^ 0x36 for byte in block), usedforsecurity=False)
    outer = hashlib.sha1(bytes(byte ^ 0x5C for byte in block), usedforsecurity=False)

    def sign(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return sign


def _url_safe(value: bytes) -> bytes:
    """URL-safe base64 without padding (RFC 4648, section 5)."""
    return b2a_base64(value, newline=False).translate(_URL_SAFE, b"=")


def check_mode(workspace: Workspace, *, provider_has_link: bool) -> None:
    """Raises `ConfigError` where members could not leave in the configured mode."""
    settings = workspace.config.unsubscribe
    problem = {
        "hosted": _hosted_problem(settings.base_url),
        "mailto": None if settings.address else ("address is missing", "Add the mailbox's address"),
        "provider": None
        if provider_has_link
        else (
            f"{workspace.config.provider.name} has no unsubscribe link of its own",
            'Use mode = "hosted" with a base_url',
        ),
    }[settings.mode]
    if problem:
        raise ConfigError(
            f'[unsubscribe] mode = "{settings.mode}": {problem[0]}',
            place=str(workspace.root / "gymletter.toml"),
            remedy=problem[1],
        )
    if settings.mode != "provider":
        keys(workspace)


def make_token(signing_keys: tuple[str, ...], ticket: Ticket) -> str:
    """A signed token, made with the first key."""
    token = _serializer(signing_keys).dumps(list(ticket))
    return token.decode() if isinstance(token, bytes) else token


def read_token(signing_keys: tuple[str, ...], token: str) -> Ticket | None:
    """What a token made with any of the keys says; None where it is not ours."""
    if len(token) > _MOST_TOKEN:
        return None
    try:
        member_id, issue_id = _serializer(signing_keys).loads(token)
        return Ticket(int(member_id), str(issue_id))
    except (BadData, ValueError, TypeError):
        return None


class _Serializer(URLSafeSerializer):
    """Never compresses: a token is too short to gain, and to try takes most of the time."""

    def dump_payload(self, obj: object) -> bytes:
        """Compact JSON, URL-safe."""
        return base64_encode(json.dumps(obj, separators=(",", ":")))


@lru_cache(maxsize=8)
def _serializer(signing_keys: tuple[str, ...]) -> URLSafeSerializer:
    # itsdangerous signs with the last of its keys.
    return _Serializer(list(reversed(signing_keys)), salt=_SALT)


def _hosted_problem(base_url: str | None) -> tuple[str, str] | None:
    if not base_url:
        return "base_url is missing", "Add where `gymletter serve` is reached"
    parts = urlsplit(base_url)
    if parts.scheme == "https" or _is_loopback(parts.hostname or ""):
        return None
    return "base_url must begin with https://", "RFC 8058 asks for it; put a proxy in front"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
