"""CSV text that a spreadsheet program cannot mistake for a formula."""

from __future__ import annotations

import base64
import csv
import io
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ccmlib.base.outgoing import no_formula


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet program runs as a formula; nothing becomes an empty text.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5"), guarded(None), guarded(3.0)
    ("'=1+1", '-5', '', 3)
    """
    if is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return no_formula(value) if isinstance(value, str) else day_text(value)


def is_blank(value: Any) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NaT or an empty text."""
    if value is None or type(value).__name__ in {"NaTType", "NAType"}:
        return True
    return math.isnan(value) if isinstance(value, float) else isinstance(value, str) and not value


def day_text(value: Any) -> Any:
    """Write a date or a midnight timestamp as ``2016-04-06``; leave anything else as it is."""
    if not hasattr(value, "isoformat"):
        return value
    text = value.isoformat()
    return text[:10] if text[10:] in {"", "T00:00:00"} else text


def records(rows: Any, columns: Sequence[str] | None = None) -> tuple[list[str], list[list[Any]]]:
    """Take a DataFrame (without its index) or mappings apart into column names and rows of cells."""
    if hasattr(rows, "columns"):
        names = list(columns) if columns is not None else [str(name) for name in rows.columns]
        return names, [list(row) for row in rows[names].itertuples(index=False, name=None)]
    listed: list[Mapping[str, Any]] = list(rows)
    if columns is None:
        columns = list(dict.fromkeys(key for row in listed for key in row))
    return list(columns), [[row.get(name) for name in columns] for row in listed]


def csv_text(rows: Any, columns: Sequence[str] | None = None) -> str:
    r"""Write a table as CSV text.

    Returns
    -------
    str
        CSV with a header line and LF line ends; a list becomes one cell joined by ``;``.

    Examples
    --------
    >>> csv_text([{"state": "Cuba", "note": "=2+3"}])
    "state,note\nCuba,'=2+3\n"
    """
    names, cells = records(rows, columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([guarded(name) for name in names])
    writer.writerows([guarded(_joined(cell)) for cell in row] for row in cells)
    return buffer.getvalue()


def _joined(cell: Any) -> Any:
    is_list = isinstance(cell, Iterable) and not isinstance(cell, (str, bytes))
    return ";".join(map(str, cell)) if is_list else cell


def zipped_uri(name: str, text: str) -> str:
    """Make the data URI of a zip with a CSV text as its only file: a tenth of the size where rows are many."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name), f"\ufeff{text}".encode(), zipfile.ZIP_DEFLATED)
    return f"data:application/zip;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def data_uri(text: str) -> str:
    """Make the data URI of a CSV text; a byte order mark tells spreadsheet programs that it is UTF-8."""
    return "data:text/csv;charset=utf-8,%EF%BB%BF" + quote(text, safe=" ,;:/()'!*$=@?")
