"""What the reports and the action plan printed: figures, goals and actions, questions; and the reporting periods."""

import re

import pandas as pd

from ccmlib.base.problems import Problems
from ccmlib.ingest.sheets import Rows

_VALUE = {
    "number": (r"-?\d+(?:\.\d+)?", "a number without separators, such as 54800"),
    "year": (r"(?:19|20)\d\d", "a year with four digits"),
    "date": (r"(?:19|20)\d\d-\d\d(?:-\d\d)?", "a date such as 2016-06-30 or 2020-03"),
}


def published_figures(rows: Rows, problems: Problems) -> pd.DataFrame:
    """Take the published figures; the source of each is the document and its reference.

    Parameters
    ----------
    rows : Rows
        Holds ``document`` and ``period`` from the source card.
    problems : Problems
        Gets the values that are not of their kind.

    Returns
    -------
    DataFrame
    """
    frame = rows.frame
    for number, value, kind in zip(
        rows.numbers, frame["value"].fillna(""), frame["value_kind"].fillna(""), strict=True
    ):
        pattern, expected = _VALUE.get(kind, (".*", ""))
        if value and not re.fullmatch(pattern, value):
            problems.add(rows.file, rows.sheet, f"{rows.letters['value']}{number}", found=value, expected=expected)
    return frame.assign(row=rows.row_ids, source=_document(frame) + ", " + frame["ref"].fillna(""))


def action_plan(rows: Rows) -> pd.DataFrame:
    """Take the goals and actions."""
    figures = rows.frame["figure_ids"].fillna("").str.replace(r"\s*;\s*", ";", regex=True)
    return rows.frame.assign(row=rows.row_ids, figure_ids=figures, source=_document(rows.frame) + ", Tables 1 to 7")


def action_plans(rows: Rows) -> pd.DataFrame:
    """Take which plan guides which periods; the source of a row without an address is the document of the card."""
    source = rows.frame["source"].fillna(_document(rows.frame))
    return rows.frame.assign(row=rows.row_ids, source=source)


def questions(rows: Rows) -> pd.DataFrame:
    """Take the questions for discussion."""
    source = _document(rows.frame) + ", part III, heading 1 of each section"
    return rows.frame.assign(row=rows.row_ids, source=source)


def _document(frame: pd.DataFrame) -> pd.Series:
    """Give the document that the source card names."""
    return frame["document"] if "document" in frame else pd.Series("progress report", index=frame.index)


def periods(rows: Rows) -> pd.DataFrame:
    """Take the reporting periods."""
    return rows.frame.assign(row=rows.row_ids)
