"""The store with what a reader needs beside it: decoded messages, and which have been read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gymletter.errors import ConfigError, not_written
from gymletter.inbox.reading import Mail, read_mail
from gymletter.inbox.store import Store

if TYPE_CHECKING:
    from pathlib import Path

_REMEMBERED = 512  # decoded messages; one of 60 KB takes about as much


class Mailbox:
    """The messages below `folder`; the ids of those read are lines of its file `read`."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self._seen_file = folder / "read"
        self._seen = self._read_seen()
        self._mail = lru_cache(maxsize=_REMEMBERED)(self._decode)

    def _read_seen(self) -> set[str]:
        """Raises `ConfigError` where the folder cannot be used, before anything listens."""
        try:
            self._seen_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._seen_file.touch(mode=0o600, exist_ok=True)
            return set(self._seen_file.read_text(encoding="ascii", errors="replace").split())
        except OSError as error:
            remedy = "Move what is there out of the way; gymletter keeps the embedded inbox there"
            raise not_written(self._seen_file, error, remedy, kind=ConfigError) from error

    def mail(self, message_id: str) -> Mail | None:
        """One message, or None."""
        try:
            return self._mail(message_id)
        except KeyError:
            return None

    def mails(self, start: int, limit: int) -> list[tuple[str, Mail]]:
        """A page of messages with their ids, newest first."""
        found = ((one, self.mail(one)) for one in self.store.page(start, limit))
        return [(one, mail) for one, mail in found if mail is not None]

    def latest(self) -> str | None:
        """The id of the newest message."""
        return next(iter(self.store.page(0, 1)), None)

    def is_read(self, message_id: str) -> bool:
        """Whether somebody has opened the message."""
        return message_id in self._seen

    def unread(self) -> int:
        """How many messages nobody has opened."""
        return max(0, self.store.count() - len(self._seen))

    def mark_read(self, message_id: str) -> None:
        """Remember that the message was opened."""
        if message_id not in self._seen:
            self._seen.add(message_id)
            with self._seen_file.open("a", encoding="ascii") as file:
                file.write(f"{message_id}\n")

    def _decode(self, message_id: str) -> Mail:
        content = self.store.read(message_id)
        if content is None:
            raise KeyError(message_id)
        return read_mail(content)
