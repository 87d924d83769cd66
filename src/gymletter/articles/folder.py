"""Articles as files on this machine: Markdown, HTML and plain-text exports, in any subfolder.

Invariant: nothing outside the configured folder is read, whatever a link in it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.articles.export import read_export
from gymletter.articles.files import Base
from gymletter.articles.post import File, from_html, from_markdown
from gymletter.articles.reading import Candidate, Findings
from gymletter.articles.text import shorten
from gymletter.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.articles.article import Collection
    from gymletter.articles.reading import Reading
    from gymletter.config import FolderSource

_LARGEST = 5 * 1024 * 1024
_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_HTML = frozenset({".html", ".htm"})
_TEXT = frozenset({".txt"})
_ABOUT_THE_FOLDER = frozenset({"_index", "readme", "license", "contributing", "changelog"})


def read(source: FolderSource, reading: Reading) -> Collection:
    """All articles of a folder."""
    base = Base.of(source, reading.root, reading.website)
    if not base.folder.is_dir():
        raise SourceError(
            "there is no such folder",
            place=str(base.folder),
            remedy="Correct `path` in [[sources]], or make the folder",
        )
    findings = Findings(source.path)
    for path in base.files(_MARKDOWN | _HTML | _TEXT):
        if path.stem.casefold() in _ABOUT_THE_FOLDER:
            continue
        try:
            _read_file(File(path, _text_of(path, base), base, reading.calendar), findings, reading)
        except SourceError as error:
            findings.fail(str(error))
    return findings.collection()


def _text_of(path: Path, base: Base) -> str:
    if not base.holds(path):
        raise SourceError("is a link that leads out of the folder", place=str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", place=str(path)) from error
    if len(data) > _LARGEST:
        raise SourceError("is larger than 5 MiB", place=str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            "is not UTF-8", place=f"{path}:{line}", remedy="Save it with the encoding UTF-8"
        ) from error


def _read_file(file: File, findings: Findings, reading: Reading) -> None:
    suffix = file.path.suffix.lower()
    if suffix in _TEXT:
        _read_export(file, findings, reading)
    else:
        post = from_markdown(file) if suffix in _MARKDOWN else from_html(file)
        findings.offer(post, reading)


def _read_export(file: File, findings: Findings, reading: Reading) -> None:
    found = read_export(file.text, reading.calendar)
    post = Candidate(
        title=found.title,
        url=file.address(),
        dates=(found.day or found.day_line or file.day_in_name,),
        summary=found.summary,
        body=found.body,
        place=str(file.path),
    )
    findings.offer(post, reading)
    for card in found.cards:
        about = shorten(card.summary, 60)
        findings.skip(f"a card of {card.day.isoformat()} without a title: {about}")
