"""What was downloaded last time, with what the server wants to hear to say "unchanged".

Invariant: a body and its validators are one file, written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gymletter.http import Response


@dataclass(frozen=True)
class KeptPage:
    """A page of an earlier run; `conditions` are the request headers that ask about it."""

    response: Response
    conditions: dict[str, str]


@dataclass(frozen=True)
class Kept:
    """A folder of pages, one file each."""

    folder: Path

    def read(self, url: str) -> KeptPage | None:
        """What was kept of an address, or None."""
        try:
            head, _, body = self._file(url).read_bytes().partition(b"\n")
            said = json.loads(head)
            response = Response(200, said["headers"], body, said["url"])
            return KeptPage(response, said["conditions"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, url: str, response: Response) -> None:
        """Keep a page whose server gave it a validator; forget an earlier one otherwise."""
        conditions = {
            asks: response.headers[says]
            for says, asks in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if says in response.headers
        }
        if not conditions:
            self._file(url).unlink(missing_ok=True)
            return
        kind = {k: v for k, v in response.headers.items() if k == "content-type"}
        head = json.dumps({"url": response.url, "headers": kind, "conditions": conditions})
        self.folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=self.folder)  # for the owner alone
        with os.fdopen(descriptor, "wb") as file:
            file.write(head.encode() + b"\n" + response.body)
        Path(partial).replace(self._file(url))

    def _file(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode()).hexdigest()[:32]
