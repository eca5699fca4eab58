"""Where each State stands under Article 3 or 4 on a day: open, ended, or not to be told from what is published.

`status.obligations` takes the day that is recorded. Publishers often know less: that an obligation ended in a year, or
"by" some day. Between the first and the last day on which it can have ended, neither open nor ended would be true.
"""

import pandas as pd

from ccmlib.treaty import convention, status

OPEN, ENDED, UNKNOWN = "open", "ended", status.UNKNOWN
ONE_DAY = pd.Timedelta(days=1)


def on_day(
    obligations: pd.DataFrame, deadlines: pd.DataFrame, treaty_actions: pd.DataFrame, article: int, on: pd.Timestamp
) -> pd.DataFrame:
    """Say of each State Party with an obligation where it stands on a day, and what its deadline is.

    An extension counts from the day on which a source tells of it, or from the day on which the deadline before it ran
    out if that is earlier: it can only be granted before (Articles 3 and 4), and sources tell of it afterwards.

    Parameters
    ----------
    obligations, deadlines, treaty_actions : DataFrame
        Tidy tables.
    article : int
        3 (stockpile destruction) or 4 (clearance).
    on : Timestamp
        The day.

    Returns
    -------
    DataFrame
        iso3, since, ended_precision, end_kind, standing (open, ended or unknown), first_end_on and last_end_on (between
        which it ended; the same day where that is known), treaty_deadline_on, deadline_on, extended, passed (open after
        deadline_on), requested_on (end of the longest extension asked for and not yet granted), source, row.
    """
    frame = status.obligations(obligations, treaty_actions, article, on)
    of_article = deadlines[deadlines["article"] == article]
    frame["treaty_deadline_on"] = convention.DEADLINES[article](frame["since"])
    frame["first_end_on"], frame["last_end_on"] = ends(frame, of_article)
    ended, possible = frame["last_end_on"] <= on, frame["first_end_on"] <= on
    frame["standing"] = pd.Series(OPEN, index=frame.index, dtype="str").mask(possible, UNKNOWN).mask(ended, ENDED)
    granted = of_article[of_article["kind"] == "extension_granted"]
    frame["deadline_on"] = in_effect(frame, granted, on)
    frame["extended"] = frame["deadline_on"] > frame["treaty_deadline_on"]
    frame["passed"] = (frame["standing"] == OPEN) & (frame["deadline_on"] < on)
    asked = of_article[(of_article["kind"] == "extension_requested") & (of_article["known_on"] <= on)]
    asked_to = _of_each(frame, asked.groupby("iso3")["deadline_on"].max())
    frame["requested_on"] = asked_to.where((asked_to > frame["deadline_on"]) & (frame["standing"] == OPEN))
    return frame.drop(columns=["open", "ended"])


def ends(frame: pd.DataFrame, deadlines: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the first and the last day on which each obligation can have ended; missing while no end is published.

    Where the end is known as "by" a day, the obligation was open as long as publishers printed a deadline for it before.
    """
    ended, precision = frame["ended"], frame["ended_precision"]
    month, year = ended.dt.to_period("M").dt, ended.dt.to_period("Y").dt
    printed = deadlines[deadlines["known_on"] < deadlines["iso3"].map(frame.set_index("iso3")["ended"])]
    seen_open = _of_each(frame, printed.groupby("iso3")["known_on"].max())
    by = (seen_open + ONE_DAY).fillna(frame["since"])
    first = ended.mask(precision == "month", month.start_time.astype("datetime64[us]"))
    first = first.mask(precision == "year", year.start_time.astype("datetime64[us]"))
    first = first.mask(precision == "by", by.where(by < ended, ended))
    last = ended.mask(precision == "month", month.end_time.dt.normalize().astype("datetime64[us]"))
    last = last.mask(precision == "year", year.end_time.dt.normalize().astype("datetime64[us]"))
    return first, last


def in_effect(frame: pd.DataFrame, granted: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Give the deadline in effect on a day: the treaty's, or that of the extension granted last."""
    deadline = frame["treaty_deadline_on"]
    for step in range(granted.groupby("iso3").size().max() if len(granted) else 0):
        extension = granted.sort_values(["iso3", "deadline_on"]).groupby("iso3").nth(step).set_index("iso3")
        to, known_on = (_of_each(frame, extension[column]) for column in ("deadline_on", "known_on"))
        counts = (to > deadline) & ((known_on <= on) | (deadline < on))
        deadline = deadline.mask(counts, to)
    return deadline


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Put open obligations first, by deadline, then those that cannot be told, then ended ones with the vaguest last.

    Parameters
    ----------
    frame : DataFrame
        From `on_day`.
    """
    place = frame["standing"].map({OPEN: 0, UNKNOWN: 1, ENDED: 2})
    vague = (frame["ended_precision"] == "by") & (frame["standing"] == ENDED)
    columns = ["place", "vague", "deadline_on", "last_end_on", "iso3"]
    ordered = frame.assign(place=place, vague=vague).sort_values(columns, ignore_index=True)
    return ordered.drop(columns=["place", "vague"])


def ended_within(frame: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Give the obligations that surely ended from `start` to `end`, in order of their end.

    Parameters
    ----------
    frame : DataFrame
        From `on_day`, for `end`.
    """
    # "By" a day and never seen open: it may have ended before the State joined.
    vague = (frame["ended_precision"] == "by") & (frame["first_end_on"] == frame["since"])
    inside = (frame["first_end_on"] >= start) & (frame["last_end_on"] <= end)
    return frame[inside & ~vague].sort_values(["last_end_on", "iso3"], ignore_index=True)


def _of_each(frame: pd.DataFrame, days: pd.Series) -> pd.Series:
    """Give each row the day of its State."""
    return pd.Series(days.reindex(frame["iso3"]).to_numpy("datetime64[us]"), index=frame.index)
