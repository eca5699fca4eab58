"""What changed in the tidy tables since they were last written, by State and value: to be looked at first."""

from collections import Counter
from pathlib import Path

import pandas as pd

from ccmlib.base import fields
from ccmlib.tidy import tables

#: Where rows that are gone are accepted, on the card of their file.
CARDS = "data/raw/sources.yml"
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


class Differences:
    """What came, went and changed, table by table.

    Parameters
    ----------
    before : dict of str to DataFrame
        The tidy tables as they were; those that were not there are left out.
    after : dict of str to DataFrame
        The tidy tables of now.
    """

    def __init__(self, before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]):
        self.lines: list[str] = []
        gone: Counter = Counter()
        for name, old in before.items():
            if name in after and name not in DERIVED:
                gone += self._compare(name, old, after[name])
        #: Rows gone by file, of the files that changed and are still there.
        self.gone = Counter({file: count for file, count in gone.items() if file in _changed(before, after)})

    def __str__(self) -> str:
        """Give the changes as lines for a screen; nothing when there are none."""
        return "\n".join(self.lines)

    def _compare(self, name: str, old: pd.DataFrame, new: pd.DataFrame) -> Counter:
        columns = [one.name for one in fields.tables()[name].fields if one.name in old and one.name in new]
        told = [column for column in columns if column != "row"]
        key = [column for column in fields.tables()[name].key if column in told]
        what = key if "row" not in fields.tables()[name].key else [column for column in _WHAT if column in told]
        old, new = _without_common(_numbered(old, told), _numbered(new, told), told)
        old, new = _numbered(old, what), _numbered(new, what)
        both = old.merge(new, on=[*what, "_at"], how="outer", suffixes=("", "_new"), indicator="_side")
        sides = both["_side"].value_counts()
        if not len(both):
            return Counter()
        came, went, changed = (int(sides[side]) for side in ("right_only", "left_only", "both"))
        self.lines.append(f"{name}: {came} rows came, {went} went, {changed} changed")
        values = [column for column in told if column not in what]
        listed = [_told(row, what, values) for row in both.to_dict("records")]
        listed.sort(key=lambda line: MARK not in line)
        self.lines += [f"  {line}" for line in listed[:MOST_LISTED]]
        if len(listed) > MOST_LISTED:
            self.lines.append(f"  ... and {len(listed) - MOST_LISTED} more")
        lost = both.loc[both["_side"] == "left_only", "row"].astype("str")
        return Counter(lost.str.split(":").str[0])


def since(processed: Path, after: dict[str, pd.DataFrame]) -> Differences:
    """Compare tables with those of a folder; a folder without tables gives no changes."""
    before = {path.stem: tables.read(path) for path in Path(processed).glob("*.parquet") if path.stem in after}
    return Differences(before, after)


def not_accepted(told: Differences, sources: pd.DataFrame) -> list[str]:
    """Say of which files rows are gone that their source cards do not accept (``rows_gone``)."""
    allowed = dict(zip(sources["file"], sources["rows_gone"].fillna(0), strict=True))
    hint = f"rows are gone; if that is right, write on its card in {CARDS}: rows_gone:"
    return [f"{file}: {count} {hint} {count}" for file, count in told.gone.items() if count > allowed.get(file, 0)]


def _changed(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> set[str]:
    """Name the files whose hash is another one than before."""
    if "sources" not in before:
        return set()
    was, now = (tables["sources"].set_index("file")["sha256"].to_dict() for tables in (before, after))
    return {file for file, digest in now.items() if was.get(file, digest) != digest}


def _numbered(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Give the rows that agree in some columns numbers, so that each has its own partner."""
    return frame.assign(_at=frame.groupby(columns, dropna=False, sort=False).cumcount())


def _without_common(old: pd.DataFrame, new: pd.DataFrame, told: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out the rows that both have."""
    keys = [pd.Series(list(map(repr, frame[[*told, "_at"]].astype("str").itertuples(index=False))), index=frame.index,
                      dtype=object) for frame in (old, new)]  # fmt: skip
    return old[~keys[0].isin(set(keys[1]))], new[~keys[1].isin(set(keys[0]))]


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
            mark = f", {MARK}" if much else ""
            parts.append(f"{name} {_shown(before) or 'blank'} → {_shown(after) or 'blank'}{mark}")
    return f"changed: {thing}: {'; '.join(parts)}"[:200]


def _shown(value: object) -> str:
    if value is None or value != value or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
