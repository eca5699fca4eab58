"""CSV text that a spreadsheet program cannot mistake for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccmlib.base.outgoing import no_formula


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet program runs as a formula; nothing becomes an empty text, a list is joined.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5"), guarded(None), guarded(3.0), guarded(["a", "b"])
    ("'=1+1", '-5', '', 3, 'a;b')
    """
    if hasattr(value, "__iter__") and not isinstance(value, str):
        value = ";".join(map(str, value))
    if is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return no_formula(value) if isinstance(value, str) else day_text(value)


def is_blank(value: Any) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NaT or an empty text."""
    return not value if isinstance(value, str) else pd.api.types.is_scalar(value) and bool(pd.isna(value))


def day_text(value: Any) -> Any:
    """Write a date or a midnight timestamp as ``2016-04-06``; leave anything else as it is."""
    return value.isoformat().removesuffix("T00:00:00") if hasattr(value, "isoformat") else value


def frame_of(rows: Any) -> pd.DataFrame:
    """Make a DataFrame of mappings, their values as they are."""
    return rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), dtype=object)


def csv_text(rows: Any, columns: Sequence[str] | None = None) -> str:
    r"""Write a DataFrame, without its index, or mappings as CSV text with a header line and LF line ends.

    Examples
    --------
    >>> csv_text([{"state": "Cuba", "note": "=2+3"}])
    "state,note\nCuba,'=2+3\n"
    """
    frame = frame_of(rows)
    frame = frame if columns is None else frame.reindex(columns=list(columns))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(guarded, frame.columns))
    writer.writerows(map(guarded, row) for row in frame.itertuples(index=False, name=None))
    return buffer.getvalue()
