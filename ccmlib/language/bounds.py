"""A figure in words: its number, or what is certain of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ccmlib.language.languages import Language

NOT_KNOWN = "not known"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def said(record: Mapping[str, Any], language: Language) -> str:
    """
    Write what is known of a figure, for a sentence, a tile or a table.

    Parameters
    ----------
    record
        ``value`` (number, day or text) where it is certain; else ``lower`` and ``upper``, the bounds, either of which
        may be missing; or ``last_word``, the number by the last word of the day ``known_to``. Other keys are ignored.
    language
        Language to write in.

    Returns
    -------
    str
        ``4``, ``between 3 and 5``, ``at least 3``, ``at most 5``, ``3 by the last word of 14 August 2022`` or
        ``not known``.

    Examples
    --------
    >>> english = Language("en")
    >>> said({"value": 4}, english), said({"lower": 3, "upper": 5}, english), said({"lower": 3}, english)
    ('4', 'between 3 and 5', 'at least 3')
    >>> said({"last_word": 3, "known_to": "2022-08-14"}, english), said({"upper": 5}, english), said({}, english)
    ('3 by the last word of 14 August 2022', 'at most 5', 'not known')
    """
    value, lower, upper, last = (_given(record.get(key)) for key in ("value", "lower", "upper", "last_word"))
    if value is not None:
        return value_text(value, language)
    if lower is not None and upper is not None:
        if lower == upper:
            return language.number(lower)
        template = "between {lower} and {upper}"
    elif lower:
        template = "at least {lower}"
    elif upper is not None:
        template = "at most {upper}"
    elif last is not None and _given(record.get("known_to")) is not None:
        template = "{last} by the last word of {day}"
    else:
        return language.text(NOT_KNOWN)
    numbers = {"lower": lower, "upper": upper, "last": last}
    written = {name: language.number(number) for name, number in numbers.items() if number is not None}
    return language.text(template).format(**written, day=value_text(record.get("known_to"), language))


def value_text(value: Any, language: Language) -> str:
    """Write a number, a day (also as ISO text), or a text that stays as it is; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return language.date(pd.Timestamp(value) if _DAY.fullmatch(value) else value)
    return language.date(value) if hasattr(value, "year") else language.number(value)


def _given(value: Any) -> Any:
    """Give None for what a table leaves blank."""
    return None if value is None or value == "" or pd.isna(value) else value
