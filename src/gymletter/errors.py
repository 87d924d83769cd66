"""The exceptions a person may see: one line with a place and a remedy, and an exit code.

GymletterError            1
├── ConfigError           1   gymletter.toml, the environment
├── SourceError           1   a blog or one of its articles
├── IssueError            1   issues/*.md
├── TemplateError         1   templates/*
├── MemberError           1   member files, segments
├── CampaignError         1   the ledger
├── DatabaseError         1   the database's words
├── HttpError             1   a server
│   ├── NotSent               nothing left this machine: harmless to repeat
│   ├── InDoubt               the request may have arrived: never repeated blindly
│   └── Refused               the answer is larger or odder than we accept
├── ProviderError         1   the provider's words
├── NothingToDo           3   no new article, nobody to send to
├── ChecksFailed          4
└── Incomplete            5   the campaign is not complete
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path


class GymletterError(Exception):
    """What happened, where (`place`: file:line or address) and what to do (`remedy`)."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, place: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        """The one line: `place: message. Remedy.`"""
        where = f"{self.place}: " if self.place else ""
        todo = f". {self.remedy}" if self.remedy else ""
        return " ".join(f"{where}{self.message}{todo}".split())


class ConfigError(GymletterError):
    """The configuration or the environment is not as it must be."""


class SourceError(GymletterError):
    """A source, or one article of it, cannot be read."""


class IssueError(GymletterError):
    """An issue file cannot be read or written."""


class TemplateError(GymletterError):
    """A template, or what an issue asks of it, is broken."""


class MemberError(GymletterError):
    """A member file, a member or a segment expression is not usable."""


class CampaignError(GymletterError):
    """The ledger does not allow what was asked."""


class DatabaseError(GymletterError):
    """The database cannot be read or written: it is full, busy, read-only or out of reach."""


class HttpError(GymletterError):
    """A server could not be asked, or did not answer."""


class NotSent(HttpError):
    """The request certainly never reached the server."""


class InDoubt(HttpError):
    """The request may have reached the server; its answer is not known."""


class Refused(HttpError):
    """The server answered with what we do not accept: too large, wrong encoding, odd redirect."""


class ProviderError(GymletterError):
    """The provider said no, in its own words."""


class NothingToDo(GymletterError):
    """There is no new article, or nobody to send to."""

    exit_code = 3


class ChecksFailed(GymletterError):
    """The email did not pass its checks."""

    exit_code = 4


class Incomplete(GymletterError):
    """Some deliveries of the campaign are not settled."""

    exit_code = 5


def not_written(
    path: Path,
    error: OSError,
    remedy: str = "Get write permission to it and to its folder",
    *,
    kind: type[GymletterError] = GymletterError,
) -> GymletterError:
    """A file that cannot be written: its full path, and the system's reason."""
    message = f"cannot be written: {error.strerror or error}"
    return kind(message, place=str(path.absolute()), remedy=remedy)


def not_read(
    path: Path,
    error: OSError | UnicodeDecodeError,
    remedy: str = "Check its permissions",
    *,
    kind: type[GymletterError],
) -> GymletterError:
    """A file of text that cannot be read: its path, and why."""
    if isinstance(error, UnicodeDecodeError):
        return kind("is not UTF-8", place=str(path), remedy="Save it with the encoding UTF-8")
    return kind(f"cannot be read: {error.strerror}", place=str(path), remedy=remedy)


_EXPECTED = {
    "string_type": "must be a text; put it between quotes",
    "string_too_short": "must not be empty",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must hold keys of its own",
    "model_type": "must hold keys of its own",
    "model_attributes_type": "must hold keys of its own",
}


def expected(kind: str, message: str) -> str:
    """What a value must be, in a person's words, from the type and message of pydantic's error."""
    plain = message.removeprefix("Value error, ").replace("Input should be", "must be", 1)
    return _EXPECTED.get(kind, plain)
