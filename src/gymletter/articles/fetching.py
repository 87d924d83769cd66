"""Reading a source's addresses, politely: unchanged ones are not downloaded again.

Invariant: every address goes through `http.Client.get`; a private one is reached only where the
source itself was configured with it.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from gymletter.articles.kept import Kept
from gymletter.errors import HttpError, SourceError
from gymletter.http import USER_AGENT, origin_of, private_origins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from protego import Protego

    from gymletter.articles.reading import Reading
    from gymletter.http import Response

    Page = TypeVar("Page")

_AT_A_TIME = 4
_LONGEST_DELAY = 2.0  # seconds; a robots.txt may ask for more
_NOT_MODIFIED = 304
_SERVER_ERROR = 500
_REMEDIES = {
    401: "It asks for a password; publish it openly",
    403: "It refuses programs; allow gymletter, or use another kind of source",
    404: "Correct `url` in [[sources]]",
    410: "Correct `url` in [[sources]]",
    429: "It has had enough questions; try again later",
}


class Web:
    """The network as one source may use it; safe to use from several threads."""

    def __init__(self, reading: Reading, configured: str) -> None:
        if reading.client is None:
            raise ValueError("a source of the network needs a client")
        self._client = reading.client
        self._kept = Kept(reading.state / "cache")
        self._private = private_origins(configured)
        self._robots: dict[str, Protego | None] = {}
        self._lock = threading.Lock()

    def page(self, url: str, *, accept: str = "*/*") -> Response:
        """A page that answered 2xx; raises `SourceError` with the status, or `HttpError`."""
        return self._good(self._get(url, {"Accept": accept}), url)

    def page_if_changed(self, url: str, *, accept: str = "*/*") -> Response:
        """The same; what the server calls unchanged comes from the workspace."""
        kept = self._kept.read(url)
        asked = {"Accept": accept} | (kept.conditions if kept else {})
        response = self._get(url, asked)
        if kept and response.status == _NOT_MODIFIED:
            return kept.response
        self._kept.write(url, self._good(response, url))
        return response

    def pages(self, urls: Sequence[str], read: Callable[[Response], Page]) -> list[Page | str]:
        """What `read` makes of each page, four at a time; in a failed one's place, the reason.

        Each site's robots.txt is respected.
        """

        def one(url: str) -> Page | str:
            try:
                self._ask_leave(url)
                return read(self.page(url))
            except (SourceError, HttpError) as error:
                return str(error)

        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            return list(pool.map(one, urls))

    def _get(self, url: str, headers: dict[str, str]) -> Response:
        return self._client.get(url, headers=headers, private=self._private)

    @staticmethod
    def _good(response: Response, url: str) -> Response:
        if not response.ok:
            raise SourceError(
                f"answers with the status {response.status}",
                place=url,
                remedy=_REMEDIES.get(response.status),
            )
        return response

    def _ask_leave(self, url: str) -> None:
        """Raise `SourceError` where robots.txt forbids a page; wait where it asks to."""
        origin = origin_of(url)
        with self._lock:
            if origin not in self._robots:
                self._robots[origin] = self._read_robots(url)
            robots = self._robots[origin]
            if robots is None:
                return
            if not robots.can_fetch(url, USER_AGENT):
                raise SourceError("robots.txt does not allow to read it", place=url)
            delay = robots.crawl_delay(USER_AGENT)
            if delay:
                time.sleep(min(float(delay), _LONGEST_DELAY))

    def _read_robots(self, url: str) -> Protego | None:
        """None where there is none. A server in trouble has not given leave (RFC 9309, 2.3.1)."""
        from protego import Protego

        response = self._get(urljoin(url, "/robots.txt"), {})
        if response.status >= _SERVER_ERROR:
            return Protego.parse("User-agent: *\nDisallow: /")
        return Protego.parse(response.text) if response.ok else None
