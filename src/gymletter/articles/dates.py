"""Days out of what blogs write, on the gym's clock; never a guess.

A text may be a machine's (ISO 8601, RFC 5322) or a person's, with words around it. Numbers are
day first. Invariant: a missing year or day stays missing (None); a day that cannot be, such as
30 februari, is `ImpossibleDay`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

_ISO = (
    r"(?<![\d-])\d{4}-\d{1,2}-\d{1,2}(?!\d)"
    r"(?:[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?(?:z|[+-]\d{2}:?\d{2}))?)?"
)
_YEAR_FIRST = r"(?<![\d/.])(?P<y3>\d{4})[/.](?P<m3>\d{1,2})[/.](?P<d3>\d{1,2})(?![\d/.])"
_NUMBERS = r"(?<![\d/.-])(?P<d2>\d{1,2})\s?[-/.]\s?(?P<m2>\d{1,2})\s?[-/.]\s?(?P<y2>\d{4})(?!\d)"
_ORDINAL = r"(?:\.|º|ste|de|er|e|st|nd|rd|th)?"
_MACHINE = re.compile(
    r"^(?:[^\W\d]{2,10}\.?,?\s+)?(?P<rest>\d{1,2}[ -][a-z]{3}[ -]\d{2,4}\s+\d{1,2}:\d{2}.*)$", re.I
)
_ASCTIME = re.compile(r"^[a-z]{3}\s+[a-z]{3}\s+\d{1,2}\s+\d{1,2}:\d{2}(:\d{2})?\s.*\d{4}$", re.I)
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# Written by people, though not the abbreviation of the locale.
_ALSO = {"nl": {"mrt": 3, "maa": 3, "sept": 9}, "en": {"sept": 9}}
_UNDATED_YEAR = 1  # Hugo's and Go's zero date


class ImpossibleDay(ValueError):
    """A day that no calendar has."""


@dataclass(frozen=True)
class Calendar:
    """The gym's clock, and the languages (CLDR names) whose month names are read."""

    zone: ZoneInfo
    languages: tuple[str, ...] = ("nl", "en")

    def day(self, value: object) -> date | None:
        """The first day in `value`: a text, a date or a datetime. A naive time is site time."""
        if isinstance(value, datetime):
            return self._on_the_clock(value)
        if isinstance(value, date):
            return value if value.year != _UNDATED_YEAR else None
        text = _plain(str(value)) if value is not None else ""
        if not re.search(r"\d", text) or re.search(r"(?<![ ][+-])\b0001\b", text):
            return None
        moment = self._machine_time(text)
        return self._on_the_clock(moment) if moment else self._in_words(text)

    def first_day(self, values: Iterable[object]) -> date | None:
        """The day of the first value that has one."""
        return next((day for day in map(self.day, values) if day), None)

    def mentions_day(self, text: str) -> bool:
        """Whether there is a day in a text, be it one that cannot be."""
        try:
            return self.day(text) is not None
        except ImpossibleDay:
            return True

    def only_day(self, line: str) -> date | None:
        """The day of a line that holds nothing else; None too for an impossible one."""
        text = _plain(line)
        match = _pattern(self.languages).fullmatch(text.strip(" .|·"))
        try:
            return self._of(match) if match else None
        except ImpossibleDay:
            return None

    def _on_the_clock(self, moment: datetime) -> date | None:
        if moment.year == _UNDATED_YEAR:
            return None
        try:
            return (moment.astimezone(self.zone) if moment.tzinfo else moment).date()
        except OverflowError:
            return None

    def _machine_time(self, text: str) -> datetime | None:
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
        english = _english(text, self.languages)
        match = _MACHINE.match(english)
        if not match and not _ASCTIME.match(english):
            return None
        try:
            moment = parsedate_to_datetime(match["rest"] if match else english)
        except (ValueError, TypeError, IndexError):
            return None
        # RFC 5322, 3.3: "-0000" is a time in UTC by a sender that does not say where it is.
        return moment.replace(tzinfo=UTC) if english.endswith("-0000") else moment

    def _in_words(self, text: str) -> date | None:
        match = _pattern(self.languages).search(text)
        return self._of(match) if match else None

    def _of(self, match: re.Match[str]) -> date | None:
        found = match[0].strip()
        if match["iso"]:
            year, month, day = (int(part) for part in re.split(r"[-t ]", found)[:3])
        else:
            parts = {name[0]: value for name, value in match.groupdict().items() if value}
            months = _months(self.languages)
            year, day = int(parts["y"]), int(parts["d"])
            month = months[parts["n"]] if "n" in parts else int(parts["m"])
        if year == _UNDATED_YEAR:
            return None
        try:
            if match["iso"] and len(found) > len("2025-08-13"):
                return self._on_the_clock(datetime.fromisoformat(found.upper().replace(" ", "T")))
            return date(year, month, day)
        except ValueError as error:
            raise ImpossibleDay(f"{found!r} is not a day") from error


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for language in reversed(languages):  # the first language wins
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    found[_plain(name).rstrip(".")] = number
        found.update(_ALSO.get(language, {}))
    return {name: number for name, number in found.items() if not name.isdigit()}


@cache
def _pattern(languages: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months(languages)), key=len, reverse=True))
    day_first = (
        rf"(?<!\d)(?P<d0>\d{{1,2}}){_ORDINAL}(?:\s+of)?[\s-]*(?P<n0>{names})"
        r"\.?,?[\s-]*(?P<y0>\d{4})(?!\d)"
    )
    month_first = (
        rf"(?<!\w)(?P<n1>{names})\.?\s*(?P<d1>\d{{1,2}}){_ORDINAL},?\s+(?P<y1>\d{{4}})(?!\d)"
    )
    return re.compile(f"(?P<iso>{_ISO})|{day_first}|{month_first}|{_NUMBERS}|{_YEAR_FIRST}")


def _english(text: str, languages: tuple[str, ...]) -> str:
    """The text with its month in English, for the standard library's reader."""
    months = _months(languages)
    return re.sub(
        r"[^\W\d]+\.?",
        lambda word: (
            _ENGLISH[months[name] - 1] if (name := word[0].rstrip(".")) in months else word[0]
        ),
        text,
    )
