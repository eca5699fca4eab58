"""Deadlines of Articles 3 and 4: the treaty's, and those of the extensions that had been decided by a day."""

import numpy as np
import pandas as pd

from ccmlib.treaty import convention
from ccmlib.treaty.standings import Answers


def steps(tables: dict[str, pd.DataFrame], bound: pd.Series, article: int) -> pd.DataFrame:
    """List each State's deadlines in the order in which they came to apply.

    An extension applies from the day on which it was decided. Where that day is not published, it applies from the day on
    which a source tells of it, or from the day on which the deadline before it ran out, if that is earlier: an extension
    is granted before (Article 3, paragraph 5; Article 4, paragraph 7). `bound`: the day, by ISO3, on which one began.

    Columns: iso3, from_on, deadline_on (missing where an extension was granted and its end is not published), extends_on (the
    deadline that such an extension extended; otherwise the deadline), extended, confirmed_on (last day on which a source still
    printed this deadline), source, row.
    """
    treaty = pd.DataFrame({"iso3": bound.index, "from_on": bound.to_numpy(), "extended": False, "source": "", "row": "",
                           "deadline_on": convention.DEADLINES[article](bound).to_numpy()})
    table = tables["deadlines"][tables["deadlines"]["article"] == article]
    granted = table[(table["kind"] == "extension_granted") & table["iso3"].isin(bound.index)]
    granted = granted.sort_values(["iso3", "deadline_on", "decided_on", "known_on"])
    granted = granted[granted["deadline_on"].notna() | granted["decided_on"].notna()]
    granted = granted.drop_duplicates(["iso3", "deadline_on"])
    more = granted.assign(from_on=granted["decided_on"].fillna(granted["known_on"]), extended=True)[list(treaty)]
    frame = pd.concat([treaty, more[more["from_on"].notna()]], ignore_index=True)
    # An extension whose end is not published stands behind the deadline that it extended: when it ran out is not known.
    extends = [frame.loc[(frame["iso3"] == row.iso3) & (frame["deadline_on"] >= row.from_on), "deadline_on"].min()
               if pd.isna(row.deadline_on) else row.deadline_on for row in frame.itertuples()]
    frame["extends_on"] = pd.to_datetime(pd.Series(extends))
    frame = frame.sort_values(["iso3", "extends_on"])
    ran_out = frame.groupby("iso3")["deadline_on"].shift()
    frame["from_on"] = pd.concat([frame["from_on"], ran_out], axis=1).min(axis=1)
    frame = frame.sort_values(["iso3", "from_on", "extends_on"])
    printed = table[table["kind"] == "published"].groupby(["iso3", "deadline_on"])["known_on"].max()
    keys = pd.MultiIndex.from_frame(frame[["iso3", "deadline_on"]])
    return frame.assign(confirmed_on=printed.reindex(keys).to_numpy()).reset_index(drop=True)


def in_effect(made: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Give the deadline of each State on a day: the last row of `steps` that had come to apply, by ISO3."""
    return made[made["from_on"] <= on].drop_duplicates("iso3", keep="last").set_index("iso3")


def passed(made: pd.DataFrame, states: list[str], days) -> Answers:
    """Answer whether the deadline had passed: certain only as long as a source still printed it as the one that applied.

    No extension on record is no proof that none was granted: after the last such source the answer is unknown.
    """
    return _answers(made, states, days, lambda row, at: (
        (row["deadline_on"] < at) & (at <= row["confirmed_on"]), ~(row["extends_on"] >= at)))


def extended(made: pd.DataFrame, states: list[str], days) -> Answers:
    """Answer whether the deadline in effect was that of an extension; unknown once it has passed."""
    return _answers(made, states, days, lambda row, at: (
        ~(row["deadline_on"] < at) & row["extended"], (row["deadline_on"] < at) | row["extended"]))


def _answers(made: pd.DataFrame, states: list[str], days, rule) -> Answers:
    at = pd.DatetimeIndex(days).as_unit("us")
    sure, possible = np.zeros((2, len(states), len(at)), bool)
    place = {iso3: number for number, iso3 in enumerate(states)}
    for column, day in enumerate(at):
        rows = in_effect(made, day)
        where = [place[iso3] for iso3 in rows.index]
        certain, not_excluded = rule(rows, day)
        sure[where, column], possible[where, column] = certain, not_excluded
    return Answers(sure, possible, sure, ~possible, np.zeros_like(sure))
