"""Dates as people write them: to the day, month or year, as "by" a day, or as a span; never guessed."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ccmlib.base.problems import NotReadable, near
from ccmlib.ingest.cells import shown

_MONTHS = {name.lower(): number for names in (calendar.month_name, calendar.month_abbr)
           for number, name in enumerate(names) if name} | {"sept": 9}  # fmt: skip
_YEARS = range(1990, 2101)
#: Numbers that a spreadsheet program shows as a date from 1954 to 2064.
_SERIALS = range(20_000, 60_000)
_EPOCH_1900, _DAYS_TO_EPOCH_1904 = date(1899, 12, 30), 1462

_REMARK = re.compile(r"\s*\((?P<remark>.*)\)$|\s+(?P<edition>edition)$")
_RANGE = re.compile(r"\s+[–—-]\s+|\s*[–—]\s*|\s+to\s+|(?<=^\d{4})[-/](?=\d{4}$)")
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
#: The forms of one day, month or year.
_FORMS = [re.compile(form) for form in (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?",
    r"(?P<year>\d{4})-(?P<month>0?[1-9]|1[0-2])",
    r"(?P<year>\d{4})",
    rf"{_ORDINAL}[\s.-]+(?P<name>[^\W\d]+)\.?,?[\s.-]+(?P<year>\d{{2,4}})",
    rf"(?P<name>[^\W\d]+)\.?\s+{_ORDINAL},?\s+(?P<year>\d{{4}})",
    r"(?P<name>[^\W\d]+)\.?,?[\s-]+(?P<year>\d{4})",
    r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{2,4})",
)]  # fmt: skip


class NotADate(NotReadable):
    """A text that is no date, or one that can be read in two ways."""

    def __init__(self, expected: str = "a date such as 3 April 2016, 2016-04-03 or April 2016", suggestion: str = ""):
        super().__init__(expected, suggestion)


@dataclass(frozen=True)
class When:
    """What a cell says of a time."""

    first: date
    last: date  # last day it may be; for "by" a day it alone counts
    precision: str  # `day`, `month`, `year`, `by` or `range`
    remark: str = ""  # what follows in brackets


def read(value: object, day_first: bool | None = None) -> When:
    """Read a cell that holds a time.

    Parameters
    ----------
    value : object
        A date, a year, or a text without white space around it.
    day_first : bool, optional
        Whether 4/3/2016 is the fourth of March or the third of April; without it such a text is refused.

    Raises
    ------
    NotADate
        It is no date, or it can be misread.

    Examples
    --------
    >>> read("6 Apr 2016").first, read("2015-10").last, read("by Feb 2013").precision
    (datetime.date(2016, 4, 6), datetime.date(2015, 10, 31), 'by')
    >>> read("12 Sep 2015 – 30 Jun 2016").last
    datetime.date(2016, 6, 30)
    """
    if isinstance(value, date):
        return _day(*value.timetuple()[:3])
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotADate("a date")
    text = shown(value)
    if re.fullmatch(r"\d+(?:\.0+)?", text):
        return _number(int(float(text)))
    remark = _REMARK.search(text)
    body = text[: remark.start()] if remark else text
    stated = (remark["remark"] or remark["edition"] or "") if remark else ""
    if body[:3].lower() == "by ":
        last = _single(body[3:].strip(), day_first).last
        return When(last, last, "by", stated)
    if len(ends := _RANGE.split(body)) == 2:
        first, last = (_single(end, day_first) for end in ends)
        if last.last < first.first:
            raise NotADate("a span whose last day is not before its first")
        return When(first.first, last.last, "range", stated)
    return replace(_single(body, day_first), remark=stated)


def read_past(value: object, day_first: bool | None = None) -> When:
    """Read a cell that holds a time in the past."""
    when = read(value, day_first)
    if when.first > today():
        raise NotADate(f"a day that has passed; today is {in_words(today())}")
    return when


def today() -> date:
    """Give the day of reading, which no day of the past is after."""
    return date.today()


def in_words(day: date) -> str:
    """Give a date that cannot be misread, for a message.

    Examples
    --------
    >>> in_words(date(2016, 4, 3))
    '3 April 2016'
    """
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _number(number: int) -> When:
    if number in _SERIALS:
        day = _EPOCH_1900 + timedelta(days=number)
        other = in_words(day + timedelta(days=_DAYS_TO_EPOCH_1904))
        hint = f"{in_words(day)}, or {other} if it comes from a workbook of the 1904 system"
        raise NotADate("a date, not the serial number of one", hint)
    if number not in _YEARS:
        raise NotADate
    return When(date(number, 1, 1), date(number, 12, 31), "year")


def _single(text: str, day_first: bool | None) -> When:
    found = next((match.groupdict() for form in _FORMS if (match := form.fullmatch(text))), None)
    if not found:
        raise NotADate
    name = found.get("name")
    if name and name.lower() not in _MONTHS:
        month = near(name.lower(), _MONTHS)
        raise NotADate("a month in English", text.replace(name, month.capitalize()) if month else "")
    if len(found["year"]) != 4:
        raise NotADate("a year with four digits", re.sub(r"(?=\d\d$)", "20", text) if len(found["year"]) == 2 else "")
    year = int(found["year"])
    if "first" in found:
        return _in_digits(year, int(found["first"]), int(found["second"]), day_first)
    month = _MONTHS[name.lower()] if name else int(found.get("month", 0))
    if "day" in found:
        return _day(year, month, int(found["day"]))
    first, last = _day(year, month or 1, 1).first, month or 12
    return When(first, date(year, last, calendar.monthrange(year, last)[1]), "month" if month else "year")


def _in_digits(year: int, first: int, second: int, day_first: bool | None) -> When:
    if day_first is None and not (first and second):
        raise NotADate("a day that exists")
    if day_first is None and first != second and max(first, second) <= 12:
        both = f"{in_words(_day(year, second, first).first)} or {in_words(_day(year, first, second).first)}"
        raise NotADate("a date whose day and month cannot be swapped", both)
    if day_first is None:
        day_first = first > 12 or second <= 12
    return _day(year, second, first) if day_first else _day(year, first, second)


def _day(year: int, month: int, day: int) -> When:
    if year not in _YEARS:
        raise NotADate(f"a year from {_YEARS[0]} to {_YEARS[-1]}")
    if month not in range(1, 13):
        raise NotADate("a month from 1 to 12")
    last = calendar.monthrange(year, month)[1]
    if day not in range(1, last + 1):
        raise NotADate("a day that exists", in_words(date(year, month, last)) if day > last else "")
    return When(date(year, month, day), date(year, month, day), "day")
