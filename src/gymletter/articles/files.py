"""A source's folder: which files it holds, which addresses they have on the site.

Invariant: a file outside the folder is neither listed nor found, not through `..`, not through
a symbolic link.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from gymletter.articles.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gymletter.config import FolderSource
    from gymletter.workspace import Workspace

_NOT_ARTICLES = frozenset({"node_modules", "_site", "_includes", "_layouts", "_data"})


@dataclass(frozen=True)
class Base:
    """A folder and the address it is served at, without a closing slash."""

    folder: Path
    url: str

    @classmethod
    def of(cls, source: FolderSource, root: Path, website: str) -> Base:
        """A source without `url` is taken to be served at the newsletter's website."""
        return cls(root / source.path, (source.url or website).rstrip("/"))

    def files(self, suffixes: frozenset[str]) -> Iterator[Path]:
        """All files with such a suffix, in a fixed order; hidden folders are left alone."""
        for folder, below, names in os.walk(self.folder):
            below[:] = sorted(
                name for name in below if not name.startswith(".") and name not in _NOT_ARTICLES
            )
            for name in sorted(names):
                if Path(name).suffix.lower() in suffixes and not name.startswith("."):
                    yield Path(folder) / name

    def holds(self, path: Path) -> bool:
        """Whether a path, its links followed, lies within the folder."""
        return path.resolve().is_relative_to(self.folder.resolve())

    def address(self, relative: str) -> str:
        """The address of a path below the folder, written with `/`."""
        return f"{self.url}/{_quoted(relative.lstrip('/'))}" if relative else self.url

    def picture(self, file: Path, reference: str) -> str:
        """The address of a picture that a file names; "" where it cannot have one."""
        reference = reference.strip()
        if re.match(r"(https?:)?//", reference) or reference.startswith("/"):
            return absolute(reference, self.url + "/")
        if re.match(r"[a-z][a-z0-9+.-]+:", reference, re.I):
            return ""
        named = unquote(reference.split("?")[0].split("#")[0])
        here = file.parent.relative_to(self.folder).as_posix()
        for candidate in (posixpath.join(here, named), named):
            relative = posixpath.normpath(candidate)
            if (self.folder / relative).is_file() and self.holds(self.folder / relative):
                return self.address(relative)
        return urljoin(self.address(posixpath.join(here, "")), quote(named))

    def local(self, address: str) -> Path | None:
        """The file behind an address of this folder, or None."""
        mine, asked = urlsplit(self.url), urlsplit(address)
        if mine.netloc != asked.netloc:
            return None
        path = unquote(asked.path)
        within = path.removeprefix(mine.path) if path.startswith(mine.path + "/") else path
        for relative in dict.fromkeys((within, path)):
            file = self.folder / relative.lstrip("/")
            if "\0" not in relative and file.is_file() and self.holds(file):
                return file
        return None


def _quoted(path: str) -> str:
    """Percent-encoded; of a name that is not UTF-8, its very bytes."""
    return quote(path.encode("utf-8", "surrogateescape"))


def local_pictures(workspace: Workspace) -> Callable[[str], Path | None]:
    """A function from a picture's address to its file in a configured folder source, if any."""
    website = workspace.config.newsletter.website
    bases = [
        Base.of(source, workspace.root, website)
        for source in workspace.config.sources
        if source.kind == "folder"
    ]

    def find(address: str) -> Path | None:
        return next((file for base in bases if (file := base.local(address))), None)

    return find
