"""Days out of texts: every real way to write one is read, nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import example, given
from hypothesis import strategies as st

from gymletter.articles.article import Window, whole_month
from gymletter.articles.dates import Calendar, ImpossibleDay

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DUTCH = Calendar(AMSTERDAM)
DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 30))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("13 augustus 2025", "2025-08-13"),
        ("Geplaatst op 13 augustus 2025", "2025-08-13"),
        ("13 augustus 2025 | 4 min leestijd", "2025-08-13"),
        ("Woensdag 13 Augustus 2025, door Jan", "2025-08-13"),
        ("1e mei 2025", "2025-05-01"),
        ("de 3de juni 2025", "2025-06-03"),
        ("8ste maart 2025", "2025-03-08"),
        ("13 aug. 2025 om 14.30 uur", "2025-08-13"),
        ("13 aug 2025 14u30", "2025-08-13"),
        ("13\u00a0aug.\u00a02025", "2025-08-13"),
        ("6 mrt. 2026", "2026-03-06"),
        ("6 Mrt 2026", "2026-03-06"),
        ("6 maa 2026", "2026-03-06"),
        ("02 feb. 2016", "2016-02-02"),
        ("Donderdag, 5 Januari 2012", "2012-01-05"),
        ("vr 27 juni 1997", "1997-06-27"),
        ("1 sept. 2025", "2025-09-01"),
        ("13-08-2025", "2025-08-13"),
        ("03-04-2025", "2025-04-03"),
        ("3/4/2025", "2025-04-03"),
        ("3.4.2025", "2025-04-03"),
        ("3 - 4 - 2025", "2025-04-03"),
        ("2016/6/29 15:07:41", "2016-06-29"),
        ("2025-08-13", "2025-08-13"),
        ("2025-8-3", "2025-08-03"),
        ("20250813", "2025-08-13"),
        ("op 2025-08-13 geplaatst", "2025-08-13"),
        ("August 13th, 2025", "2025-08-13"),
        ("Aug 13, 2025", "2025-08-13"),
        ("13-aug-2025", "2025-08-13"),
        ("Wed, 13 Aug 2025 10:00:00 +0200", "2025-08-13"),
        ("Sun Jan 18 17:20:12 2004", "2004-01-18"),
        ("Geplaatst: 13 augustus 2025, bijgewerkt 1 september 2025", "2025-08-13"),
    ],
)
def test_a_date_is_read_with_the_words_around_it(text: str, day: str) -> None:
    """Dutch and English months, numbers day first, ordinals, abbreviations, odd spaces."""
    assert DUTCH.day(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "augustus 2025",
        "13 augustus",
        "5 december",
        "2025",
        "2025-08",
        "gisteren",
        "3 dagen geleden",
        "13-08-25",
        "binnenkort",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        date(1, 1, 1),
        "artikel 12",
        "06-12345678",
        "tel. 010 - 123 45 67",
        "1.299,00",
        "192.168.1.2025",
        "Last Modified",
    ],
)
def test_nothing_is_guessed(text: object) -> None:
    """Without a day, a month and a year of four digits there is no date; year 1 is no date."""
    assert DUTCH.day(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "30 februari 2025",
        "31-04-2025",
        "2025-02-30",
        "February 30, 2025",
        "Sun, 30 Feb 2025 10:00:00 GMT",
        "13/13/2025",
        "2025-08-13T25:00:00Z",
        "0 mei 2025",
    ],
)
def test_an_impossible_day_is_an_error(text: str) -> None:
    """A day that no calendar has is told, not rounded and not passed over."""
    with pytest.raises(ImpossibleDay, match="is not a day"):
        DUTCH.day(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wed, 30 Apr 2025 22:30:00 GMT", "2025-05-01"),
        ("Fri, 31 Jan 2025 23:30:00 +0000", "2025-02-01"),
        ("Fri, 31 Jan 2025 23:30:00 -0000", "2025-02-01"),
        ("2025-07-31T22:30:00Z", "2025-08-01"),
        ("2025-07-31T22:30:00.123+00:00", "2025-08-01"),
        ("2025-08-01T00:30:00+09:00", "2025-07-31"),
        ("2025-07-31T22:30:00", "2025-07-31"),
        ("Thu, 31 Jul 2025 23:30:00 CEST", "2025-07-31"),
        ("do, 31 jul 2025 22:30:00 GMT", "2025-08-01"),
        ("ma, 03 mrt 2025 10:00:00 +0100", "2025-03-03"),
        ("2025-03-30T02:30:00", "2025-03-30"),
        (datetime(2025, 7, 31, 22, 30, tzinfo=UTC), "2025-08-01"),
        (datetime(2025, 7, 31, 22, 30), "2025-07-31"),  # noqa: DTZ001
    ],
)
def test_an_aware_time_becomes_a_day_on_the_gyms_clock(text: object, day: str) -> None:
    """Times with a zone move to the gym's clock, also in Dutch; those without are site time."""
    assert DUTCH.day(text) == date.fromisoformat(day)


@given(DAYS, st.sampled_from(["nl", "en", "de", "fr"]), st.sampled_from(["medium", "long", "full"]))
def test_what_babel_writes_is_read_back(day: date, language: str, form: str) -> None:
    """Every date that Babel writes with a name or in figures, in four languages."""
    calendar = Calendar(AMSTERDAM, (language, "en"))
    assert calendar.day(format_date(day, form, locale=language)) == day


@given(DAYS, st.sampled_from(["nl", "en", "de", "fr"]), st.sampled_from(["d MMMM y", "d MMM y"]))
def test_a_written_date_stands_alone_on_its_line(day: date, language: str, form: str) -> None:
    """Wide and abbreviated months make a line that is nothing but a date."""
    calendar = Calendar(AMSTERDAM, (language, "en"))
    line = format_date(day, form, locale=language)
    assert calendar.only_day(line) == day
    assert calendar.only_day(f"Op {line} gaan wij open") is None


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
@example(datetime(2025, 8, 13), 1)  # noqa: DTZ001 - "+0001" is no year
def test_a_moment_is_the_same_day_however_it_is_written(moment: datetime, offset: int) -> None:
    """ISO 8601 and RFC 5322 texts of one moment give the day of that moment in Amsterdam."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    day = aware.astimezone(AMSTERDAM).date()
    assert DUTCH.day(aware.isoformat()) == day
    assert DUTCH.day(aware.strftime("%a, %d %b %Y %H:%M:%S %z")) == day


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a blog writes gives a day, none, or an impossible one."""
    try:
        found = DUTCH.day(text)
    except ImpossibleDay:
        return
    assert found is None or isinstance(found, date)


@given(DAYS)
def test_a_month_is_half_open(day: date) -> None:
    """A window of a month holds its last day and not the next one, whatever the year."""
    window = whole_month(day)
    assert window.since is not None
    assert window.until is not None
    assert day in window
    assert window.since in window
    assert window.until not in window
    assert window.until - timedelta(days=1) in window
    assert window.since - timedelta(days=1) not in window


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_window_ends_at_the_gyms_midnight(month: int, hours: int) -> None:
    """At each month's end an hour before midnight is in and midnight is out, summer and winter."""
    window = whole_month(date(2025, month, 15))
    assert window.until is not None
    midnight = datetime.combine(window.until, datetime.min.time(), AMSTERDAM).astimezone(UTC)
    day = DUTCH.day((midnight + timedelta(hours=hours)).isoformat())
    assert day is not None
    assert (day in window) == (hours < 0)


def test_an_open_window_holds_every_day() -> None:
    """Without ends nothing is left out."""
    assert date(1, 1, 2) in Window()
    assert date(2025, 8, 1) not in Window(until=date(2025, 8, 1))
