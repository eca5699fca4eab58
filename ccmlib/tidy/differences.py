"""What changed in the tidy tables since they were last written, by State and value: to be looked at first."""

from collections import Counter
from pathlib import Path

import pandas as pd

from ccmlib.base import fields
from ccmlib.tidy import tables

#: Tables that follow from others, or describe the exports themselves.
DERIVED = {"standings", "last_words", "disputes", "sources", "coverage", "corrections"}
#: Fields that tell which thing a row speaks of, where a table has no key but its row.
_WHAT = ("iso3", "actor", "counterpart", "article", "kind", "theme", "field", "indicator", "question", "year",
         "covers_year", "as_of", "publisher", "source", "from_on", "title", "place", "period", "ref", "statement",
         "figure_id", "number", "section", "letter", "name", "file", "sheet", "cell")  # fmt: skip
#: A number that grew or shrank by more than this is pointed out.
MUCH = 10
MARK = "more than tenfold"
#: Rows of a table that are listed one by one.
MOST_LISTED = 8


def since(processed: Path, after: dict[str, pd.DataFrame]) -> tuple[str, Counter]:
    """Compare tables with those of a folder; a folder without tables gives no changes."""
    return between({path.stem: tables.read(path) for path in Path(processed).glob("*.parquet") if path.stem in after}, after)


def between(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> tuple[str, Counter]:
    """Tell what came, went and changed, table by table.

    Returns
    -------
    str, Counter
        Lines for a screen, and the number of rows that are gone by file, of the files that changed and are still there.
    """
    lines, gone = [], Counter()
    for name in (name for name in before if name in after and name not in DERIVED):
        lines += _compare(name, before[name], after[name], gone)
    changed = set()
    if "sources" in before:
        both = before["sources"].merge(after["sources"], on="file")
        changed = set(both.loc[both["sha256_x"] != both["sha256_y"], "file"])
    return "\n".join(lines), Counter({file: count for file, count in gone.items() if file in changed})


def not_accepted(gone: Counter, sources: pd.DataFrame) -> list[str]:
    """Say of which files rows are gone that their source cards do not accept (``rows_gone``)."""
    allowed = dict(zip(sources["file"], sources["rows_gone"].fillna(0), strict=True))
    hint = "rows are gone; if that is right, write on its card in data/raw/sources.yml: rows_gone:"
    return [f"{file}: {count} {hint} {count}" for file, count in gone.items() if count > allowed.get(file, 0)]


def _compare(name: str, old: pd.DataFrame, new: pd.DataFrame, gone: Counter) -> list[str]:
    table = fields.tables()[name]
    told = [column for column in (one.name for one in table.fields) if column != "row" and column in old and column in new]
    what = [column for column in (_WHAT if "row" in table.key else table.key) if column in told]
    values = [column for column in told if column not in what]
    contents = [_contents(frame[told]) for frame in (old, new)]
    old, new = old[~contents[0].isin(contents[1])], new[~contents[1].isin(contents[0])]
    old, new = _numbered(old, what), _numbered(new, what)
    both = old.merge(new, on=[*what, "_at"], how="outer", suffixes=("", "_new"), indicator="_side")
    if both.empty:
        return []
    gone.update(both.loc[both["_side"] == "left_only", "row"].astype("str").str.split(":").str[0])
    came, went, changed = (int((both["_side"] == side).sum()) for side in ("right_only", "left_only", "both"))
    listed = sorted((_told(row, what, values) for row in both.to_dict("records")), key=lambda line: MARK not in line)
    more = [f"... and {len(listed) - MOST_LISTED} more"] if len(listed) > MOST_LISTED else []
    return [f"{name}: {came} rows came, {went} went, {changed} changed", *(f"  {line}" for line in listed[:MOST_LISTED] + more)]


def _numbered(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Give the rows that agree in some columns numbers, so that each has its own partner."""
    return frame.assign(_at=frame.groupby(columns, dropna=False, sort=False).cumcount())


def _contents(frame: pd.DataFrame) -> pd.Series:
    """Give each row a hash of what it tells, with its number among those equal to it."""
    hashes = pd.util.hash_pandas_object(frame.astype("str"), index=False)
    return hashes.astype("str") + "." + hashes.groupby(hashes).cumcount().astype("str")


def _told(row: dict, what: list[str], values: list[str]) -> str:
    thing = ", ".join(_shown(row[name]) for name in what if name not in ("source", "publisher") and _shown(row[name]))
    if row["_side"] != "both":
        side, end = ("came", "_new") if row["_side"] == "right_only" else ("gone", "")
        said = ", ".join(f"{name} {text}" for name in values if (text := _shown(row[f"{name}{end}"])))
        return f"{side}: {thing}{f' ({said})' if said else ''}"[:160]
    parts = []
    for name in values:
        before, after = row[name], row[f"{name}_new"]
        if _shown(before) != _shown(after):
            much = isinstance(before, float) and isinstance(after, float) and before * after > 0 and not (
                1 / MUCH <= after / before <= MUCH)  # fmt: skip
            parts.append(f"{name} {_shown(before) or 'blank'} → {_shown(after) or 'blank'}{f', {MARK}' if much else ''}")
    return f"changed: {thing}: {'; '.join(parts)}"[:200]


def _shown(value: object) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
