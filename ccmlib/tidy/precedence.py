"""Which publisher a figure uses where two disagree: the rule is data (dictionary/precedence.yml), all stay known."""

from collections.abc import Mapping

import pandas as pd

from ccmlib.base.publishers import publisher_of, rank_of, rules
from ccmlib.ingest import dates


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
        The rows kept, with `group`, `publisher`, `rank`, `low` and `high` (the least and the greatest value that the row
        allows), `disputed` (bool: another publisher says something else) and `others` (who says what).
    """
    if group is None:
        parts = [preferred(part, name) for name, part in frame.groupby(group_of(frame["indicator"]), sort=False)]
        return pd.concat(parts or [preferred(frame, "stockpile")]).sort_index()
    keys, value = rules()["groups"][group]["keys"], rules()["groups"][group]["value"]
    rows = frame if "publisher" in frame else frame.assign(publisher=frame["source"].map(publisher_of))
    rows = rows.assign(rank=[rank_of(name, group) for name in rows["publisher"]], group=group, **_range(frame, value))
    day = next((column for column in ("as_of", "known_on", "submitted_by") if column in rows), None)
    if "year" in keys:
        rows["year"] = rows["covers_year"].astype("Float64").fillna(rows["as_of"].dt.year.astype("Float64"))
    rows = rows.sort_values(["rank", day], ascending=[True, False], kind="stable") if day else rows.sort_values("rank")
    kept = rows.drop_duplicates(keys)
    pairs = kept.reset_index(names="at").merge(rows, on=keys, suffixes=("", "_other"))
    differs = (pairs["low_other"] > pairs["high"]) | (pairs["high_other"] < pairs["low"])
    pairs = pairs[differs & (pairs["publisher_other"] != pairs["publisher"])]
    pairs = pairs.drop_duplicates(["at", "publisher_other", "low_other", "high_other"])
    words = [f"{publisher}: {_shown(low, high)}" for publisher, low, high in zip(
        pairs["publisher_other"], pairs["low_other"], pairs["high_other"], strict=True)]
    others = pd.Series(words, pairs.index, dtype="str").groupby(pairs["at"]).agg("; ".join)
    kept = kept.assign(others=others.reindex(kept.index).fillna("").astype("str")).drop(columns="year", errors="ignore")
    return kept.assign(disputed=kept["others"] != "").sort_index()


def disputes(tables: Mapping[str, pd.DataFrame], on: pd.Timestamp) -> pd.DataFrame:
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
        kept = kept[kept["disputed"]].sort_values("group", kind="stable")
        used = [_shown(low, high) for low, high in zip(kept["low"], kept["high"], strict=True)]
        found.append(kept.assign(used=used, what=[_fact(row) for row in kept.to_dict("records")]))
    return pd.concat(found, ignore_index=True)[["iso3", "what", "used", "publisher", "others", "group", "source", "row"]]


def _fact(row: dict) -> str:
    if "indicator" in row:
        return row["indicator"].replace("_", " ")
    if "deadline_on" in row:
        return f"Article {row['article']} deadline"
    year = "" if pd.isna(row["covers_year"]) else f" for {row['covers_year']}"
    return f"{row['kind']} report{year}, submitted"


def _range(rows: pd.DataFrame, value: str) -> dict[str, pd.Series]:
    """Give the least and the greatest value that a row allows: "March 2020" and "1 March 2020" do not disagree."""
    low = high = rows[value].replace("", None) if value == "text" else rows[value]
    if value == "submitted_on":
        low, high = low.fillna(rows["submitted_from"]), high.fillna(rows["submitted_by"])
        low = low.fillna(pd.Timestamp.min.ceil("D")).where(high.notna())
    elif value == "deadline_on" and "deadline_stated" in rows:
        stated = [dates.read(text) if text else None for text in rows["deadline_stated"].fillna("")]
        low = pd.Series([pd.Timestamp(when.first) if when else pd.NaT for when in stated], index=rows.index)
    return {"low": low, "high": high}


def _shown(low, high) -> str:
    if isinstance(high, pd.Timestamp):
        last = f"{high:%Y-%m-%d}"
        return last if low == high else f"by {last}" if low.year < 2000 else f"{low:%Y-%m-%d} to {last}"
    return high if isinstance(high, str) else f"{high:,.10g}"
