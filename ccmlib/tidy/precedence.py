"""Which publisher a figure uses where two disagree: the rule is data (dictionary/precedence.yml), all stay known."""

import pandas as pd

from ccmlib.base.publishers import publisher_of, rank_of, rules
from ccmlib.ingest import dates


def rank_publishers(publishers: pd.Series, group: str = "reported") -> pd.Series:
    """Rank publishers for a group of facts: 1 comes first; those that the rule does not list come last.

    Parameters
    ----------
    publishers : Series of str
        Names of publishers; "(copy at ...)" after a name is the place where it was read.
    group : str
        A group of dictionary/precedence.yml.

    Examples
    --------
    >>> rank_publishers(pd.Series(["A blog", "6MSP report", "UN Treaty Collection"]), "reports").tolist()
    [5, 1, 3]
    """
    return publishers.fillna("").map(lambda name: rank_of(name, group)).astype("int64")


def ranked(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    """Add the columns `publisher` (from the source) and `rank` where a frame does not have them yet."""
    if "publisher" not in frame:
        frame = frame.assign(publisher=frame["source"].map(publisher_of).astype("str"))
    return frame if "rank" in frame else frame.assign(rank=rank_publishers(frame["publisher"], group))


def group_of(indicators: pd.Series) -> pd.Series:
    """Name the group of each indicator of the disclosures."""
    starts = [(start, name) for name, group in rules()["groups"].items() for start in group.get("indicators", ())]
    return indicators.map(lambda indicator: next(name for start, name in starts if indicator.startswith(start)))


def preferred(frame: pd.DataFrame, group: str | None = None) -> pd.DataFrame:
    """Keep of the rows that speak of the same thing the one whose publisher ranks first; of one publisher, the latest.

    Parameters
    ----------
    frame : DataFrame
        Tidy rows, such as disclosures; nothing is changed in them.
    group : str, optional
        A group of dictionary/precedence.yml; by default each row's own, from its `indicator`.

    Returns
    -------
    DataFrame
        The rows kept, with `rank`, `disputed` (bool: another publisher says something else) and `others` (who says
        what).
    """
    if group is None:
        parts = [preferred(part, name) for name, part in frame.groupby(group_of(frame["indicator"]), sort=False)]
        return pd.concat(parts).sort_index() if parts else frame.assign(rank=1, disputed=False, others="")
    rule = rules()["groups"][group]
    rows = ranked(frame, group)
    day = next((column for column in ("as_of", "known_on", "submitted_by") if column in rows), None)
    if "year" in rule["keys"]:
        rows = rows.assign(year=rows["covers_year"].astype("Float64").fillna(rows["as_of"].dt.year.astype("Float64")))
    order = rows.sort_values(["rank", day], ascending=[True, False], kind="stable") if day else rows.sort_values("rank")
    kept = order.drop_duplicates(rule["keys"]).copy()
    said = _others(order, kept, rule["keys"], rule["value"])
    kept["others"] = said.reindex(kept.index).fillna("").astype("str")
    kept["disputed"] = kept["others"] != ""
    return kept.drop(columns="year", errors="ignore").sort_index()


def disputes(tables: dict[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
    """List the values told by a day on which publishers disagree: reports, published deadlines and disclosures.

    Returns
    -------
    DataFrame
        iso3, what (in words), used (the value that figures use), publisher, others (who says what else), group (of the
        rule), source and row.
    """
    reports, deadlines, disclosures = (tables[name] for name in ("reports", "deadlines", "disclosures"))
    sent = reports[(reports["submitted_on"] <= on) | (reports["submitted_by"] <= on)]
    printed = deadlines[(deadlines["kind"] == "published") & (deadlines["known_on"] <= on)]
    told = disclosures[(disclosures["as_of"] <= on) | (disclosures["covers_year"] < on.year).fillna(False)]
    found = []
    for frame, group in ((sent, "reports"), (printed, "deadlines"), (told, None)):
        kept = preferred(frame, group)
        kept = kept[kept["disputed"]]
        groups = pd.Series(group, index=kept.index) if group else group_of(kept["indicator"])
        for name, part in kept.groupby(groups):
            said = _range(part, rules()["groups"][name]["value"])
            used = [_shown(low, high) for low, high in zip(said["low"], said["high"], strict=True)]
            what = [_fact(row) for row in part.to_dict("records")]
            found.append(part.assign(what=what, used=used, group=name))
    columns = ["iso3", "what", "used", "publisher", "others", "group", "source", "row"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _fact(row: dict) -> str:
    if "indicator" in row:
        return row["indicator"].replace("_", " ")
    if "deadline_on" in row:
        return f"Article {row['article']} deadline"
    year = "" if pd.isna(row["covers_year"]) else f" for {row['covers_year']}"
    return f"{row['kind']} report{year}, submitted"


def _others(rows: pd.DataFrame, kept: pd.DataFrame, keys: list[str], value: str) -> pd.Series:
    """Say for each row kept what the other publishers say instead, by the index of the row kept."""
    said = rows[[*keys, "publisher"]].join(_range(rows, value))
    pairs = said.loc[kept.index].reset_index(names="at").merge(said, on=keys, how="left", suffixes=("", "_other"))
    differs = (pairs["low_other"] > pairs["high"]) | (pairs["high_other"] < pairs["low"])
    pairs = pairs[differs & (pairs["publisher_other"] != pairs["publisher"])]
    pairs = pairs.drop_duplicates(["at", "publisher_other", "low_other", "high_other"])
    text = pairs["publisher_other"] + ": " + pd.Series(
        [_shown(low, high) for low, high in zip(pairs["low_other"], pairs["high_other"], strict=True)],
        index=pairs.index, dtype="str")
    return text.groupby(pairs["at"]).agg("; ".join)


def _range(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Give the least and the greatest value that a row allows: "March 2020" and "1 March 2020" do not disagree."""
    low = high = rows[value]
    if value == "submitted_on":
        low, high = low.fillna(rows["submitted_from"]), high.fillna(rows["submitted_by"])
        low = low.fillna(pd.Timestamp.min.ceil("D")).where(high.notna())
    elif value == "deadline_on" and "deadline_stated" in rows:
        stated = [dates.read(text) if text else None for text in rows["deadline_stated"].fillna("")]
        low = pd.Series([pd.Timestamp(when.first) if when else pd.NaT for when in stated], index=rows.index)
    elif value == "text":
        low = high = rows[value].replace("", None)
    return pd.DataFrame({"low": low, "high": high})


def _shown(low, high) -> str:
    if isinstance(high, pd.Timestamp):
        last = f"{high:%Y-%m-%d}"
        return last if low == high else f"by {last}" if low.year < 2000 else f"{low:%Y-%m-%d} to {last}"
    return high if isinstance(high, str) else f"{high:,.10g}"
