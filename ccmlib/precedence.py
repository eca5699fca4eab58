"""Which publisher a figure uses where two disagree: the rule is data (dictionary/precedence.yml), all stay known."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import yaml

RULES = Path(__file__).parent / "dictionary" / "precedence.yml"


@lru_cache
def rules() -> dict:
    """Read the publishers and the order in which each group of facts ranks them."""
    return yaml.safe_load(RULES.read_text(encoding="utf-8"))


def publisher_of(source: str) -> str:
    """Name the publisher behind a source; of several joined by "; ", the first.

    Examples
    --------
    >>> publisher_of("6MSP report, para 53; http://www.the-monitor.org/en-gb/reports/2016/chad")
    '6MSP report'
    >>> publisher_of("http://archives.the-monitor.org/index.php")
    'Landmine and Cluster Munition Monitor'
    """
    first = source.split("; ")[0]
    host = urlsplit(first).hostname or ""
    for publisher in rules()["publishers"]:
        if any(host == known or host.endswith("." + known) for known in publisher.get("hosts", ())):
            return publisher["name"]
        if any(first.startswith(begin) for begin in publisher.get("begins", ())):
            return publisher["name"]
    return host or first


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
    order = rules()["groups"][group]["order"]
    places = {name: place for place, name in enumerate(order, 1)}
    names = publishers.fillna("").str.replace(r" \(copy at .*\)$", "", regex=True)
    return names.map(places).fillna(len(order) + 1).astype("int64")


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


def _others(rows: pd.DataFrame, kept: pd.DataFrame, keys: list[str], value: str) -> pd.Series:
    """Say for each row kept what the other publishers say instead, by the index of the row kept."""
    columns = [*keys, value, "publisher"]
    pairs = kept[columns].reset_index(names="at").merge(
        rows[columns].rename(columns={value: "other", "publisher": "by"}), on=keys, how="left")
    differs = (pairs["other"] != pairs[value]) & pairs["other"].notna() & pairs[value].notna()
    pairs = pairs[differs & (pairs["by"] != pairs["publisher"])].drop_duplicates(["at", "by", "other"])
    text = pairs["by"] + ": " + pairs["other"].map(_shown).astype("str")
    return text.groupby(pairs["at"]).agg("; ".join)


def _shown(value) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return value if isinstance(value, str) else f"{value:,.10g}"
