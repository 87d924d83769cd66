"""The front matter of an issue, validated; an unknown key names the nearest known one."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gymletter.articles.article import Article, Image
from gymletter.articles.identity import identify
from gymletter.issue.model import Cta, DateItem, Dates, Quote


def _http(value: str) -> str:
    if value and not re.match(r"https?://[^/\s]+", value):
        raise ValueError("must be an http:// or https:// address")
    return value


def _target(value: str) -> str:
    if not re.match(r"(https?://[^/\s]+|mailto:\S+@\S+|tel:\+?\d)", value):
        raise ValueError("must be an http://, https://, mailto: or tel: address")
    return value


def _iso_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a day such as 2025-08-13")
    return value


def _text(value: object) -> object:
    """A title such as `2025` is a text, though YAML reads a number; nothing is an empty text."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _one_line(value: str) -> str:
    return " ".join(value.split())


Text = Annotated[str, BeforeValidator(_text), AfterValidator(_one_line)]
Day = Annotated[date, BeforeValidator(_iso_day)]
HttpUrl = Annotated[str, AfterValidator(_http)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Image(_Section):
    src: Annotated[HttpUrl, Field(min_length=1)]
    alt: Text = ""


class _Article(_Section):
    title: Annotated[Text, Field(min_length=1)]
    url: HttpUrl = ""
    date: Day
    summary: Text = ""
    image: _Image | None = None
    id: Text = ""

    def article(self) -> Article:
        """As collected; without `id` it is known by its link, else by title and day."""
        image = Image(self.image.src, self.image.alt) if self.image else None
        known = identify(self.id, self.url, self.title, self.date)
        return Article(known, self.title, self.url, self.date, self.summary, image)


class _Cta(_Section):
    text: Annotated[Text, Field(min_length=1)]
    url: Annotated[str, AfterValidator(_target)]

    def block(self) -> Cta:
        """As the templates take it."""
        return Cta(self.text, self.url)


class _DateItem(_Section):
    when: Text
    what: Text


class _Dates(_Section):
    title: Text = ""
    items: tuple[_DateItem, ...]

    def block(self) -> Dates:
        """As the templates take it."""
        return Dates(self.title, tuple(DateItem(item.when, item.what) for item in self.items))


class _Quote(_Section):
    text: Annotated[Text, Field(min_length=1)]
    by: Text | None = None

    def block(self) -> Quote:
        """As the templates take it."""
        return Quote(self.text, self.by)


def _list(value: object) -> object:
    """An empty key is an empty list, one name is a list of one."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


class FrontMatter(_Section):
    """All keys of an issue's head."""

    subject: Annotated[Text, Field(min_length=1)]
    preheader: Text = ""
    since: Day | None = None
    until: Day | None = None
    articles: Annotated[tuple[_Article, ...], BeforeValidator(_list)] = ()
    vary_by: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()
    language: Literal["nl", "en"] | None = None
    cta: _Cta | None = None
    dates: _Dates | None = None
    quote: _Quote | None = None


_SECTIONS: dict[str, type[BaseModel]] = {
    "articles": _Article,
    "image": _Image,
    "cta": _Cta,
    "dates": _Dates,
    "items": _DateItem,
    "quote": _Quote,
}


def nearest(location: tuple[int | str, ...]) -> str:
    """The remedy for an unknown key at this place of the head."""
    names = [part for part in location[:-1] if isinstance(part, str)]
    section = _SECTIONS.get(names[-1], FrontMatter) if names else FrontMatter
    known = sorted(section.model_fields)
    near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}"
