"""Reading a source's addresses, politely: unchanged ones are not downloaded again.

Invariant: every address goes through `http.Client.get`; a private one is reached only where the
source itself was configured with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.errors import SourceError

if TYPE_CHECKING:
    from gymletter.articles.reading import Reading
    from gymletter.http import Response

_REMEDIES = {
    401: "It asks for a password; publish it openly",
    403: "It refuses programs; allow gymletter, or use another kind of source",
    404: "Correct `url` in [[sources]]",
    410: "Correct `url` in [[sources]]",
    429: "It has had enough questions; try again later",
}


def fetch(reading: Reading, url: str, *, accept: str = "*/*") -> Response:
    """A page that answered 2xx; raises `SourceError` with the status, or `HttpError`."""
    response = reading.client.get(url, headers={"Accept": accept})
    if not response.ok:
        raise SourceError(
            f"answers with the status {response.status}",
            place=url,
            remedy=_REMEDIES.get(response.status),
        )
    return response
