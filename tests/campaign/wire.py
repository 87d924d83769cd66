"""A wire to PostgreSQL that can be cut at the worst moment: committed, and nobody was told."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Wire:
    """Carries what is said; once it is `armed` it counts the commits.

    After those for which `is_cut` says so, the answer is lost.
    """

    def __init__(self, server: str, is_cut: Callable[[int], bool]) -> None:
        self.armed = False
        self.commits = self.cuts = 0
        self._server = server
        self._is_cut = is_cut
        self._lock = threading.Lock()

    def carry(self, client: socket.socket) -> None:
        """Both ways, until either side is done or it is cut."""
        with client, socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as ready:
            server.connect(self._server)
            other = {client: server, server: client}
            for side in other:
                ready.register(side, selectors.EVENT_READ)
            with suppress(OSError):
                while True:
                    for key, _ in ready.select():
                        side = client if key.fileobj is client else server
                        data = side.recv(1 << 16)
                        if not data:
                            return
                        other[side].sendall(data)
                        if side is client and b"COMMIT" in data and self._cuts_now():
                            server.recv(1 << 16)  # it is committed
                            return

    def _cuts_now(self) -> bool:
        with self._lock:
            self.commits += self.armed
            cut = self.armed and self._is_cut(self.commits)
            self.cuts += cut
            return cut


@contextmanager
def wired(url: str, is_cut: Callable[[int], bool]) -> Iterator[tuple[str, Wire]]:
    """The address of the same database over a wire, and the wire."""
    parts = make_url(url)
    wire = Wire(f"{parts.query['host']}/.s.PGSQL.5432", is_cut)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=wire.carry, args=(client,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        query = {"sslmode": "disable", "gssencmode": "disable"}
        over = parts.set(host="127.0.0.1", port=port, query=query)
        yield over.render_as_string(hide_password=False), wire
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
