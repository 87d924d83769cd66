"""Links: only schemes that belong in an email, with UTM parameters, otherwise untouched.

Invariant: what stood in a link's query and fragment stays, byte for byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from gymletter.rendering.clean import plain

if TYPE_CHECKING:
    from gymletter.config import Utm

_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_OTHER = re.compile(r"(mailto:[^\s@]+@|tel:\+?[0-9])", re.IGNORECASE)
# RFC 3986 reserved and unreserved characters, and % of what is encoded already.
_KEPT = "!#$%&'()*+,/:;=?@[]-._~"


def safe_url(url: str) -> str:
    """`url` when it is http(s), mailto or tel, encoded as RFC 3986 asks; else ""."""
    url = plain(url)
    if not (_WEB.match(url) or _OTHER.match(url)):
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return quote(url.replace(host, _ascii(host), 1), safe=_KEPT)


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def tracked(url: str, utm: Utm | None, campaign: str) -> str:
    """`url` with the UTM parameters that it doesn't have yet, before its fragment."""
    if utm is None or not _WEB.match(url):
        return url
    base, hash_, fragment = url.partition("#")
    head, mark, query = base.partition("?")
    present = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    wanted = {"utm_source": utm.source, "utm_medium": utm.medium, "utm_campaign": campaign}
    added = urlencode({name: value for name, value in wanted.items() if name not in present})
    joined = "&".join(part for part in (query, added) if part)
    return f"{head}{'?' if joined else mark}{joined}{hash_}{fragment}"
