"""Dates as people write them: to the day, month or year, as "by" a day, or as a span; never guessed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ccmlib.base.problems import NotReadable, near
from ccmlib.ingest.grid import shown

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_YEARS = range(1990, 2101)
#: Numbers that a spreadsheet program shows as a date from 1954 to 2064.
_SERIALS = range(20_000, 60_000)
_EPOCH_1900, _DAYS_TO_EPOCH_1904 = date(1899, 12, 30), 1462

_REMARK = re.compile(r"\s*\((?P<remark>.*)\)$|\s+(?P<edition>edition)$")
_RANGE = re.compile(r"\s+[–—-]\s+|\s*[–—]\s*|\s+to\s+")
_YEARS_SPAN = re.compile(r"(\d{4})[-/](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})$")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([^\W\d]+)\.?,?[\s.-]+(\d{2,4})$")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_MONTH_YEAR = re.compile(r"([^\W\d]+)\.?,?[\s-]+(\d{4})$")
_DIGITS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})$")
_NUMBER = re.compile(r"\d+(?:\.0+)?$")


class NotADate(NotReadable):
    """A text that is no date, or one that can be read in two ways."""


@dataclass(frozen=True)
class When:
    """What a cell says of a time.

    Attributes
    ----------
    first, last : date
        First and last day it may be; for "by" a day, `last` only counts.
    precision : str
        ``day``, ``month``, ``year``, ``by`` or ``range``.
    remark : str
        What follows in brackets.
    """

    first: date
    last: date
    precision: str
    remark: str = ""


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
        return _day(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotADate("a date", "")
    text = shown(value)
    if _NUMBER.fullmatch(text):
        return _number(int(float(text)))
    remark = _REMARK.search(text)
    body = text[: remark.start()] if remark else text
    stated = (remark["remark"] or remark["edition"] or "") if remark else ""
    if body[:3].lower() == "by ":
        at = _single(body[3:].strip(), day_first)
        return When(at.last, at.last, "by", stated)
    if len(ends := _RANGE.split(body)) == 2 and not _ISO_MONTH.fullmatch(body):
        first, last = (_single(end, day_first) for end in ends)
        if last.last < first.first:
            raise NotADate("a span whose last day is not before its first")
        return When(first.first, last.last, "range", stated)
    if match := _YEARS_SPAN.fullmatch(body):
        first, last = _year(int(match[1])), _year(int(match[2]))
        return When(first.first, last.last, "range", stated)
    at = _single(body, day_first)
    return When(at.first, at.last, at.precision, stated)


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


def _single(text: str, day_first: bool | None = None) -> When:
    if match := _ISO_DAY.match(text):
        return _day(_date(*map(int, match.groups())))
    if (match := _ISO_MONTH.match(text)) and int(match[2]) in range(1, 13):
        return _month(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"\d{4}", text):
        return _year(int(text))
    if match := _DAY_MONTH_YEAR.match(text):
        return _day(_date(_four_digits(match[3], text), _named(match[2], text), int(match[1])))
    if match := _MONTH_DAY_YEAR.match(text):
        return _day(_date(int(match[3]), _named(match[1], text), int(match[2])))
    if match := _MONTH_YEAR.match(text):
        return _month(int(match[2]), _named(match[1], text))
    if match := _DIGITS.match(text):
        return _in_digits(int(match[1]), int(match[2]), _four_digits(match[3], text), day_first)
    raise NotADate("a date such as 3 April 2016, 2016-04-03 or April 2016")


def _in_digits(first: int, second: int, year: int, day_first: bool | None) -> When:
    if day_first is None and not (first and second):
        raise NotADate("a day that exists")
    if day_first is None and first != second and max(first, second) <= 12:
        both = f"{in_words(_date(year, second, first))} or {in_words(_date(year, first, second))}"
        raise NotADate("a date whose day and month cannot be swapped", both)
    day_first = first > 12 or second <= 12 if day_first is None else day_first
    day, month = (first, second) if day_first else (second, first)
    return _day(_date(year, month, day))


def _number(number: int) -> When:
    if number in _YEARS:
        return _year(number)
    if number in _SERIALS:
        day = _EPOCH_1900 + timedelta(days=number)
        other = day + timedelta(days=_DAYS_TO_EPOCH_1904)
        raise NotADate(
            "a date, not the serial number of one",
            f"{in_words(day)}, or {in_words(other)} if it comes from a workbook of the 1904 system",
        )
    raise NotADate("a date such as 3 April 2016, 2016-04-03 or April 2016")


def _named(name: str, text: str) -> int:
    if number := _MONTHS.get(name.lower()):
        return number
    month = near(name.lower(), _MONTHS)
    raise NotADate("a month in English", text.replace(name, month.capitalize()) if month else "")


def _four_digits(year: str, text: str) -> int:
    if len(year) != 4:
        raise NotADate("a year with four digits", f"{text[: -len(year)]}20{year}" if len(year) == 2 else "")
    return int(year)


def _date(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise NotADate(f"a year from {_YEARS[0]} to {_YEARS[-1]}")
    if month not in range(1, 13):
        raise NotADate("a month from 1 to 12")
    last = calendar.monthrange(year, month)[1]
    if day not in range(1, last + 1):
        raise NotADate("a day that exists", in_words(date(year, month, last)) if day > last else "")
    return date(year, month, day)


def _day(day: date) -> When:
    if day.year not in _YEARS:
        raise NotADate(f"a year from {_YEARS[0]} to {_YEARS[-1]}")
    return When(day, day, "day")


def _month(year: int, month: int) -> When:
    first = _date(year, month, 1)
    return When(first, first.replace(day=calendar.monthrange(year, month)[1]), "month")


def _year(year: int) -> When:
    return When(_date(year, 1, 1), date(year, 12, 31), "year")
