"""What is asked for, understood or refused before anything runs; a refusal lists what there is."""

import contextlib
import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date

from ccmlib.base import project

LOCALES = ("en", "fr", "es", "ru", "ar", "zh")
#: A period's name, which is also the name of a folder.
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,30}", re.ASCII)


class WrongUsage(Exception):
    """What was asked for cannot be."""

    code = 2


class NotThere(WrongUsage):
    """What was asked for is right, and something that it needs is not there."""

    code = 1


def one_of(name: str, value: object, allowed: Sequence[object], spellings: Iterable[str] = ()) -> str:
    """Say that a value is not among those allowed, with the nearest of these or of further spellings understood."""
    from ccmlib.base.problems import near

    by_lower = {str(each).lower(): each for each in (*spellings, *allowed)}
    nearest = near(str(value).lower(), by_lower)
    perhaps = f"; perhaps: {by_lower[nearest]}" if nearest else ""
    return f"there is no {name} {value!r}{perhaps}. There are: {', '.join(str(item) for item in allowed)}"


def choose(name: str, value: str, allowed: Sequence[str]) -> str:
    """Find a value among those allowed, in capitals or not."""
    for each in allowed:
        if each.lower() == str(value).lower():
            return each
    raise WrongUsage(one_of(name, value, allowed))


def period_names() -> list[str]:
    """List the reporting periods, from the raw table: no tidy table may be there yet."""
    with (project.RAW / "periods.csv").open(encoding="utf-8-sig", newline="") as table:
        names = [row["period"].strip() for row in csv.DictReader(table) if row.get("period")]
    if wrong := [name for name in names if not NAME.fullmatch(name)]:
        raise WrongUsage(
            f"data/raw/periods.csv: period {wrong[0]!r} cannot name a folder; expected up to 31 letters, digits, "
            "dots, hyphens and underscores, the first a letter or digit"
        )
    return names


def period(name: str, from_on: str = "", to_on: str = "") -> str:
    """Give the name of a reporting period as the table writes it, or of the two days in place of one."""
    return days(from_on, to_on) if from_on or to_on else choose("reporting period", name, period_names())


def days(from_on: str, to_on: str) -> str:
    """Check the two days of a freely chosen period, and name it by them."""
    if not from_on or not to_on:
        raise WrongUsage("FROM and TO go together: give both days, such as 2017-07-01 and 2018-06-30, or none")
    for name, text in (("FROM", from_on), ("TO", to_on)):
        with contextlib.suppress(ValueError):
            if str(date.fromisoformat(text)) == text:
                continue
        raise WrongUsage(f"{name} is {text!r}, expected a date such as 2017-07-01")
    if to_on < from_on:
        raise WrongUsage(f"the period ends on {to_on}, before it starts on {from_on}")
    return f"{from_on}_{to_on}"


def folder(period_name: str, locale: str) -> str:
    """Name the folder of a report."""
    return period_name if locale == "en" else f"{period_name}-{locale}"
