"""Quantities as their publishers gave them: munitions, areas, shares, each of a day or of a calendar year."""

import pandas as pd

from ccmlib.treaty.spells import look_up

#: What a publisher wrote before a number, and its short form.
BOUNDS = {"more than": "> ", "at least": "≥ ", "nearly": "≈ "}


def as_published(disclosures: pd.DataFrame, article: int, by: pd.Timestamp) -> pd.DataFrame:
    """Give the quantities under an article that speak of a day, or of a whole year, up to a day.

    Parameters
    ----------
    disclosures : DataFrame
        Tidy table.
    article : int
        3 (stockpiles, retention) or 4 (areas).
    by : Timestamp
        Last day.

    Returns
    -------
    DataFrame
        Rows of the table with a number, and `on` (the day; the middle of the year for a figure of a year), `text` (the
        publisher's words, or all digits) and `shown` (short, for the marks of a chart).
    """
    rows = disclosures[(disclosures["article"] == article) & disclosures["value"].notna()]
    rows = rows[rows["unit"] != "reported"].assign(on=on_day)
    complete = rows["as_of"].fillna(rows["on"] + pd.offsets.YearEnd(0)) <= by
    rows = rows[complete].copy()
    words = rows["text"].fillna("")
    rows["shown"] = [short(value, text) for value, text in zip(rows["value"], words, strict=True)]
    rows["text"] = words.where(words != "", rows["value"].map("{:,.12g}".format))
    return rows


def on_day(disclosures: pd.DataFrame) -> pd.Series:
    """Give the day that each row speaks of; the middle of the year for the figure of a year."""
    year = disclosures["covers_year"].astype("float")
    return disclosures["as_of"].fillna(pd.to_datetime(pd.DataFrame({"year": year, "month": 7, "day": 1})))


def last_heard(
    iso3: pd.Series, deadlines: pd.DataFrame, disclosures: pd.DataFrame, coverage: pd.DataFrame, article: int
) -> pd.Series:
    """Give for each State the last day of which the exports hold anything about its obligation.

    Parameters
    ----------
    iso3 : Series
        The States.
    coverage : DataFrame
        Tidy table; on the last day of its subject ``obligations`` all open obligations are known.
    """
    days = pd.concat([
        disclosures.assign(on=on_day).loc[disclosures["article"] == article, ["iso3", "on"]],
        deadlines.loc[deadlines["article"] == article, ["iso3", "known_on"]].set_axis(["iso3", "on"], axis=1),
    ]).groupby("iso3")["on"].max()
    whole_on = coverage.loc[coverage["subject"] == "obligations", "to_on"].max()
    return look_up(iso3, days).fillna(whole_on).clip(lower=whole_on)


def short(value: float, text: str = "") -> str:
    """Write a number so that it fits beside a mark.

    Parameters
    ----------
    value : float
        The number.
    text : str
        The number as its publisher wrote it, perhaps ``more than 54,800``.

    Examples
    --------
    >>> short(12_200_000), short(54_800, "more than 54,800"), short(0.85)
    ('12.2 m', '> 54,800', '0.85')
    """
    digits = f"{value / 1e6:.3g} m" if value >= 1e6 else f"{value:,.6g}"
    return next((sign for words, sign in BOUNDS.items() if text.startswith(words)), "") + digits
