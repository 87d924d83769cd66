"""Which articles are the same one: by guid, by link, by title and day.

Invariant: a key does not change when an article's summary, picture or text is edited.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from gymletter.articles.text import clean

if TYPE_CHECKING:
    from datetime import date

    from gymletter.articles.article import Article

# Parameters that say where a reader came from, not what is read.
_TRACKING = re.compile(
    r"^(utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|"
    r"ttclid|yclid|igshid|igsh|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|ref_src|vero_id|oly_\w+_id|"
    r"s_cid|ck_subscriber_id)$",
    re.I,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """An address to compare by: no scheme, `www.`, fragment, closing slash or tracking."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    path = quote(unquote(parts.path), safe="/~:@!$&'()*+,;=").rstrip("/")
    kept = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(pair[0])
    ]
    return host + path + (f"?{urlencode(sorted(kept))}" if kept else "")


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are of one host, `www.` aside."""
    hosts = {(urlsplit(u).hostname or "").removeprefix("www.") for u in (url, other)}
    return len(hosts) == 1


def identify(guid: str, url: str, title: str, day: date) -> str:
    """The `id` of an article: its guid, else its canonical link, else its title and day."""
    return clean(guid) or canonical(url) or title_and_day(title, day)


def keys(article: Article) -> tuple[str, ...]:
    """All keys an article can be known by; two articles that share one are the same."""
    link = canonical(article.url) if article.url else ""
    guid = canonical(article.id) if re.match(r"https?://", article.id) else article.id
    found = [guid, link, title_and_day(article.title, article.date)]
    return tuple(dict.fromkeys(key for key in found if key))


def title_and_day(title: str, day: date) -> str:
    """The key of last resort: the day and the title's words, without case and punctuation."""
    words = re.sub(r"[\W_]+", " ", title.casefold()).strip() or title
    return f"{day.isoformat()} {words}"
