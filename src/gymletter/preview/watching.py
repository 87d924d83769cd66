"""Live: files that change are told to every page that is open, as server-sent events."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import DefaultFilter, awatch

from gymletter.rendering.templates import shipped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from watchfiles import Change
    from watchfiles.main import FileChange

    from gymletter.preview.studio import Studio

_QUIET_MS, _STEP_MS = 40, 10  # a save is one event; longer would be seen
_ALIVE_SECONDS = 15


class Channel:
    """All pages that listen. Any thread may tell them something."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Belong to the running event loop."""
        self._loop = asyncio.get_running_loop()

    def tell(self, event: str) -> None:
        """Send an event to every page."""
        self._put(event)

    def close(self) -> None:
        """End every stream, so that the server can end."""
        self._put(None)

    def _put(self, event: str | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put_here, event)

    def _put_here(self, event: str | None) -> None:
        for queue in self._queues:
            queue.put_nowait(event)

    async def stream(self) -> AsyncIterator[str]:
        """The events for one page, with a sign of life where there is none."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield "retry: 500\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _ALIVE_SECONDS)
                except TimeoutError:
                    event = "alive"
                if event is None:
                    return
                yield f"event: {event}\ndata: \n\n"
        finally:
            self._queues.discard(queue)


@asynccontextmanager
async def watched(studio: Studio, channel: Channel) -> AsyncIterator[None]:
    """Watch the workspace for as long as the context lasts."""
    channel.open()
    watch = _Watch(studio, channel)
    tasks = [asyncio.create_task(watch.root()), asyncio.create_task(watch.folders())]
    try:
        yield
    finally:
        watch.stop()
        await asyncio.gather(*tasks)


class _Watch:
    """The root itself, whose further folders may be huge, and the folders that matter, deeply."""

    def __init__(self, studio: Studio, channel: Channel) -> None:
        self._studio = studio
        self._channel = channel
        self._ended = asyncio.Event()
        self._moved = asyncio.Event()

    def stop(self) -> None:
        self._ended.set()
        self._moved.set()

    async def root(self) -> None:
        """The configuration; after a change the folders may be others."""
        async for _ in _changes([self._studio.root], self._ended, deep=False):
            await asyncio.to_thread(self._studio.touch)
            self._channel.tell("changed")
            self._moved.set()

    async def folders(self) -> None:
        while not self._ended.is_set():
            self._moved.clear()
            async for changes in _changes(_folders(self._studio), self._moved, deep=True):
                # An issue is read by its own version; all else may change every mail.
                if not all(Path(path).parent.name == "issues" for _, path in changes):
                    await asyncio.to_thread(self._studio.touch)
                self._channel.tell("changed")


def _changes(
    paths: list[Path], stop: asyncio.Event, *, deep: bool
) -> AsyncIterator[set[FileChange]]:
    return awatch(
        *paths,
        watch_filter=_relevant,
        debounce=_QUIET_MS,
        step=_STEP_MS,
        stop_event=stop,
        recursive=deep,
    )


def _folders(studio: Studio) -> list[Path]:
    sources = [source for source in studio.workspace.config.sources if source.kind == "folder"]
    named = ["issues", "templates", *(source.path for source in sources)]
    found = [path.resolve() for name in named if (path := studio.root / name).is_dir()]
    return list(dict.fromkeys([*found, shipped().resolve()]))


_usual = DefaultFilter()


def _relevant(change: Change, path: str) -> bool:
    """Not our own state, nor what editors leave behind beside a file."""
    name = Path(path).name
    return name != ".gymletter" and not name.endswith(".partial") and _usual(change, path)
