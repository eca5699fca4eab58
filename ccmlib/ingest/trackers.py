"""The trackers of the secretariat: from the rows of a sheet to rows of a tidy table, one function a shape of sheet."""

import re
from collections.abc import Callable

import pandas as pd

from ccmlib.base.problems import Problems
from ccmlib.ingest.sheets import Rows
from ccmlib.tidy import schema

#: A paragraph in a source: ``30 (d)``, ``14``.
_PARAGRAPH = re.compile(r"\b\d{1,3}\b(?: ?\([a-z]\))?")


def obligations(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take obligations; an end without its kind, or a kind without an end, is a problem."""
    frame = rows.frame.assign(row=rows.row_ids)
    half = frame["ended"].notna() & frame["end_kind"].isna()
    for number in rows.numbers[half.to_numpy()]:
        problems.add(
            rows.file,
            rows.sheet,
            f"{rows.letters['end_kind']}{number}",
            expected="how the obligation ended, as it has an end",
        )
    for number in rows.numbers[(frame["ended"].isna() & frame["end_kind"].notna()).to_numpy()]:
        cell = f"{rows.letters['ended']}{number}"
        problems.add(rows.file, rows.sheet, cell, expected="when the obligation ended, as it says how")
    return {"obligations": frame}


def deadlines(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take deadlines; each has a day, or the months of an extension."""
    frame = rows.frame.assign(row=rows.row_ids)
    neither = frame["deadline_on"].isna() & frame["months"].isna()
    for number in rows.numbers[neither.to_numpy()]:
        problems.add(
            rows.file,
            rows.sheet,
            f"{rows.letters['deadline_on']}{number}",
            expected="a deadline, or the months of the extension",
        )
    return {"deadlines": frame}


def reports(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take Article 7 reports; the publisher's rank says which row is followed where publishers disagree."""
    frame = rows.frame.assign(row=rows.row_ids)
    frame["rank"] = _of_publisher(frame["source"], 1).astype("int64")
    return {"reports": frame}


def quantities(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take quantities; the unit must be the indicator's."""
    frame = rows.frame
    units = frame["indicator"].map({name: entry["unit"] for name, entry in schema.indicators().items()})
    wrong = frame["unit"].notna() & units.notna() & (frame["unit"] != units)
    for at in frame.index[wrong]:
        problems.add(
            rows.file,
            rows.sheet,
            f"{rows.letters['unit']}{rows.numbers[at]}",
            found=frame["unit"][at],
            expected=units[at],
        )
    tidy = frame.assign(
        row=rows.row_ids, text=frame["value_text"], remarks=frame["unit_remark"], covers_year=frame["as_of_covers_year"]
    )
    return {"disclosures": tidy}


def legislation(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take stages of national legislation; `text` is the date as published."""
    frame = rows.frame
    publisher = _of_publisher(frame["source"], 0).astype("str")
    tidy = frame.assign(row=rows.row_ids, value=1.0, text=frame["text_stated"], publisher=publisher)
    return {"disclosures": tidy}


def victims(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take where there are victims; State Parties among them have an obligation under Article 5."""
    frame = rows.frame.assign(row=rows.row_ids, value=1.0, remarks=rows.frame["iso3_name"])
    territory = frame["text"] == "Territory"
    for at in frame.index[(frame["iso3_name"].notna() != territory) & frame["text"].notna()]:
        cell = f"{rows.letters['text']}{rows.numbers[at]}"
        expected = "Territory" if frame["iso3_name"].notna()[at] else "State Party, Signatory or State not party"
        problems.add(rows.file, rows.sheet, cell, found=frame["text"][at], expected=expected)
    parties = frame.loc[frame["text"] == "State Party", ["iso3", "article", "source", "row"]]
    return {"disclosures": frame, "obligations": parties.reset_index(drop=True)}


def marks(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Turn a matrix of marks into one row per mark; the row's source must list the paragraphs of its marks.

    Each row's `row` is the cell of its mark, and its `source` the paragraph of the column.
    """
    parts = []
    frame = rows.frame
    if "report" in frame:
        both = frame["report"].fillna("") + "; " + frame["remarks"].fillna("")
        frame = frame.assign(remarks=both.str.strip("; "))
    for column in rows.rule.columns:
        if not column.marks or column.field not in frame:
            continue
        stated = dict(column.marks)
        paragraph, text = stated.pop("paragraph"), stated.pop("text", False)
        part = frame.assign(**stated, value=frame[column.field], row=rows.cell_ids(column.field), unit="reported")
        part["text"] = frame[f"{column.field}_text"] if text else None
        part["source"] = part["publisher"] + f", para {paragraph}"
        parts.append(part[part["value"].notna()])
    _compare_with_source(rows, problems)
    return {"disclosures": pd.concat(parts, ignore_index=True) if parts else frame.iloc[:0]}


def _compare_with_source(rows: Rows, problems: Problems) -> None:
    """Find marks that the row's source does not list, and paragraphs in it that have no mark."""
    by_paragraph: dict[str, list] = {}
    for column in rows.rule.columns:
        if column.marks and column.field in rows.frame:
            by_paragraph.setdefault(column.marks["paragraph"], []).append(column)
    listed = [_paragraphs(source) for source in rows.frame["source"].fillna("")]
    for paragraph, columns in by_paragraph.items():
        marked = rows.frame[[column.field for column in columns]].notna()
        for at, in_source in enumerate(listed):
            if marked.iloc[at].any() and paragraph not in in_source:
                column = next(column for column in columns if marked[column.field].iloc[at])
                problems.add(
                    rows.file,
                    rows.sheet,
                    f"{rows.letters[column.field]}{rows.numbers[at]}",
                    found="a mark",
                    expected=f"none, as the source of the row does not list para {paragraph}",
                )
            elif paragraph in in_source and not marked.iloc[at].any():
                problems.add(
                    rows.file,
                    rows.sheet,
                    f"{rows.letters[columns[0].field]}{rows.numbers[at]}",
                    expected=f"a mark, as the source of the row lists para {paragraph}",
                )


def _paragraphs(source: str) -> set[str]:
    """Give the paragraphs that a source lists.

    Examples
    --------
    >>> sorted(_paragraphs("6MSP report, paras 30 (d), 14"))
    ['14', '30 (d)']
    """
    return {re.sub(r" ?\(", " (", found) for found in _PARAGRAPH.findall(source)}


def observations(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take answers to questions as they are; `became` is false and the publisher that of the source unless stated."""
    frame = _in_order(rows, problems, "first_on", "last_on")
    defaults = {"became": False, "publisher": _of_publisher(frame["source"], 0)}
    for name, value in defaults.items():
        frame[name] = frame[name].astype(object).fillna(value) if name in frame else value
    return {"observations": frame.astype({"became": "boolean", "publisher": "str"})}


def activities(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take activities; the last day is not before the first."""
    return {"activities": _in_order(rows, problems)}


def use_events(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take use of cluster munitions; the last day is not before the first."""
    return {"use_events": _in_order(rows, problems)}


def _in_order(rows: Rows, problems: Problems, first: str = "from_on", last: str = "to_on") -> pd.DataFrame:
    frame = rows.frame.assign(row=rows.row_ids)
    backwards = frame.index[frame[last] < frame[first]] if {first, last} <= set(frame) else []
    for at in backwards:
        problems.add(
            rows.file,
            rows.sheet,
            f"{rows.letters[last]}{rows.numbers[at]}",
            found=f"{frame[last][at]:%Y-%m-%d}",
            expected=f"a day not before {frame[first][at]:%Y-%m-%d}",
        )
    return frame


def _of_publisher(source: pd.Series, what: int) -> pd.Series:
    """Give the publisher (0) or its rank (1) of each source: a site or the name of a document, once for each."""
    site = source.fillna("").str.extract(r"^(?:https?://)?([^/,;]*)", expand=False)
    return site.map({name: schema.publisher_of(name)[what] for name in site.unique()})


#: Shapes of sheets by name; each gives rows for one or more tidy tables.
SHAPES: dict[str, Callable[[Rows, Problems], dict[str, pd.DataFrame]]] = {
    "obligations": obligations,
    "deadlines": deadlines,
    "reports": reports,
    "quantities": quantities,
    "marks": marks,
    "legislation": legislation,
    "victims": victims,
    "observations": observations,
    "activities": activities,
    "use_events": use_events,
}
