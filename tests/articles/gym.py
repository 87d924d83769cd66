"""A gym's workspace and its site for tests: sources as mappings, pages as a mapping of paths."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from gymletter.articles import Collection, Window, collect
from gymletter.config import Config
from gymletter.workspace import Workspace
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TODAY = date(2026, 1, 15)
AUGUST = Window(date(2025, 8, 1), date(2025, 9, 1))
EVER = Window()
Pages = dict[str, "Answer | str | bytes"]


def gym(root: Path, *sources: dict[str, Any], **newsletter: str) -> Workspace:
    """A workspace in `root` with these sources."""
    settings = {
        "name": "Nieuws van Sportschool De Kade",
        "from": "Sportschool De Kade <nieuws@dekade.example>",
        "postal_address": "Kade 12, 3111 AB Schiedam",
        "website": "https://dekade.example",
    }
    config = {"newsletter": settings | newsletter, "sources": sources}
    return Workspace(root, Config.model_validate(config), {})


def read(root: Path, *sources: dict[str, Any], window: Window = EVER, **more: Any) -> Collection:
    """What these sources yield."""
    return collect(gym(root, *sources), window, today=TODAY, **more)


def folder(root: Path, files: Mapping[str, str | bytes], **more: Any) -> Collection:
    """What a folder with these files yields."""
    for name, content in files.items():
        path = root / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    source = {"kind": "folder", "path": "articles", "url": "https://dekade.example/blog"}
    return read(root, source, **more)


@contextmanager
def site(pages: Pages, asked: list[Request] | None = None) -> Iterator[str]:
    """Serve pages by path and query; `{url}` in a text is the site's address; else 404."""
    address = ""

    def answer(request: Request) -> Answer:
        if asked is not None:
            asked.append(request)
        page = pages.get(request.path)
        if isinstance(page, Answer):
            return page
        if page is None:
            return Answer(b"not here", 404)
        raw = page if isinstance(page, bytes) else page.replace("{url}", address).encode()
        return Answer(raw, headers={"Content-Type": "text/html; charset=utf-8"})

    with serve(answer) as served:
        address = served
        yield served
