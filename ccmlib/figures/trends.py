"""Any figure for any day, or as a series: who counts when, how far the exports know it, and how fast it changes.

>>> from ccmlib import series, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ccmlib.base import project
from ccmlib.figures.figure import plain_number
from ccmlib.tidy import tables
from ccmlib.treaty import convention, histories
from ccmlib.treaty.histories import Tables
from ccmlib.treaty.periods import Period
from ccmlib.treaty.spells import count, look_up, on_day, only_where_known

DAYS_A_YEAR = 365.25
#: Regional groups of the United Nations in the order of charts; States outside them last.
BY_REGION = "regional_group"


class UnknownFigureError(KeyError):
    """A figure that the trends do not know."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Trend:
    """A figure that can be computed for any day.

    Attributes
    ----------
    name : str
        Its key; the figure_id of the section that reports it, where there is one.
    label : str
        What is counted.
    theme : str
        Section of the report that it belongs to.
    spells : callable
        From `Tables` to the spells in which States count; None for a share.
    unit : str
        "States" or "percent".
    better : str
        "up", "down" or blank: which way is progress.
    share_of : tuple of str
        For a share: the figure that has it and the figure that lacks it; together they are the whole.
    days : callable
        From `Tables` to the only days for which the exports have the whole list; None where any day can be asked.
    at_least : bool
        The exports name some of the States and not all: the figure has a lower bound only.
    complete : str
        Subject of the coverage: after the day to which the exports are complete, the figure has a lower bound only.
    note : str
        How far the exports know it.
    """

    name: str
    label: str
    theme: str
    spells: Callable[[Tables], pd.DataFrame] | None = None
    unit: str = "States"
    better: str = ""
    share_of: tuple[str, str] = ()
    days: Callable[[Tables], list] | None = None
    at_least: bool = False
    complete: str = ""
    note: str = ""


def _part(make: Callable, key: str, *args) -> Callable[[Tables], pd.DataFrame]:
    return lambda known: known.once(make, *args)[key]


def _obligation_figures() -> list[Trend]:
    themes = {3: ("stockpile", "stockpile destruction"), 4: ("clearance", "clearance")}
    log = "States that joined after the log was closed and have not been reported to hold any are not counted."
    return [trend for article, (theme, what) in themes.items() for trend in (
        Trend(f"art{article}_obligations", f"Obligations under Article {article}, ended or open", theme,
              _part(histories.obligations, "all", article), complete="obligations"),
        Trend(f"art{article}_completed", f"Obligations of {what} completed", theme,
              _part(histories.obligations, "completed", article), better="up", note=log),
        Trend(f"art{article}_remaining", f"Obligations of {what} open", theme,
              _part(histories.obligations, "open", article), better="down", note=log),
        Trend(f"art{article}_deadline_passed", f"Article {article} deadline passed, obligation open", theme,
              _part(histories.obligations, "passed", article), better="down"),
    )]


def _reported_figures() -> list[Trend]:
    labels = {"assistance_requested": "Requested assistance", "assistance_provided": "Reported assistance provided",
              "assistance_received": "Reported assistance received"}
    return [
        Trend(name, label, "cooperation", lambda known, name=name: histories.reported(known, name),
              days=lambda known, name=name: histories.reported_days(known, name),
              note="Tables only for the day of a report that names the States.")
        for name, label in labels.items()
    ]


_ALL = [
    Trend("states_parties", "States Parties", "universalization", histories.parties, better="up"),
    Trend("signatories", "Signatories not yet party", "universalization", histories.signatories, better="down"),
    Trend("joined_total", "States that have joined", "universalization", histories.joined_total, better="up"),
    Trend("parties_in_force", "States Parties bound by the Convention", "universalization", histories.parties_in_force,
          better="up", note="From entry into force for the State, not from deposit."),
    *_obligation_figures(),
    Trend("art5_obligations", "States Parties with cluster munition victims", "victim_assistance",
          _part(histories.obligations, "all", 5), complete="obligations"),
    *_reported_figures(),
    Trend("initial_reports_due", "Initial reports fallen due", "transparency", _part(histories.initial_reports, "due")),
    Trend("initial_reports_submitted", "Initial reports submitted", "transparency",
          _part(histories.initial_reports, "submitted"), better="up"),
    Trend("initial_reports_overdue", "Initial reports overdue", "transparency",
          _part(histories.initial_reports, "overdue"), better="down"),
    Trend("initial_reports_not_yet_due", "Initial reports not yet due", "transparency",
          _part(histories.initial_reports, "not_due")),
    Trend("annual_reports_due", "Annual reports fallen due", "transparency", _part(histories.annual_reports, "due"),
          note="For the latest calendar year whose day, 30 April, has passed."),
    Trend("annual_reports_submitted", "Annual reports submitted", "transparency",
          _part(histories.annual_reports, "submitted"), better="up"),
    Trend("annual_reports_overdue", "Annual reports overdue", "transparency",
          _part(histories.annual_reports, "overdue"), better="down"),
    Trend("annual_reporting_rate", "Annual reports submitted, of those due", "transparency", unit="percent",
          better="up", share_of=("annual_reports_submitted", "annual_reports_overdue")),
    Trend("legislation_total", "Legislation adopted for the Convention", "national_implementation",
          histories.legislation, better="up", at_least=True,
          note="Counts the States that a source names; the progress report counts more."),
]
#: Every figure that can be asked for any day, by name.
FIGURES = {trend.name: trend for trend in _ALL}
#: Shorter names that an analyst may type.
ALIASES = {"parties": "states_parties", "art3_open": "art3_remaining", "art4_open": "art4_remaining"}


def find(name: str) -> Trend:
    """Find a figure by name.

    Raises
    ------
    UnknownFigureError
        Names the figures that there are.
    """
    try:
        return FIGURES[ALIASES.get(name, name)]
    except KeyError:
        raise UnknownFigureError(f"no figure {name!r}; there are {', '.join([*FIGURES, *ALIASES])}") from None


def series(name: str, days="months", known: Tables | None = None, by: str | None = None) -> pd.DataFrame:
    """Give a figure as a series.

    Parameters
    ----------
    name : str
        A key of `FIGURES`, or of `ALIASES`.
    days : str or iterable of days
        "months" (month ends since the Convention was opened), "periods" (last days of the reporting periods) or any
        days.
    known : Tables, optional
        The tidy tables; those of data/processed by default.
    by : str, optional
        A column of the table ``states``, such as ``regional_group``: one series for each of its values.

    Returns
    -------
    DataFrame
        By day `on`: `value`, `lower` and `upper`. The value is missing where the exports do not tell it; the bounds say
        how far they do (missing: not at all). With `by`, also a column of that name.
    """
    trend, known = find(name), _known(known)
    days = _days(days, known)
    if by is None:
        return _bounds(trend, days, known, None)
    groups = known["states"].set_index("iso3")[by]
    parts = [_bounds(trend, days, known, groups.index[groups == group]).assign(**{by: group})
             for group in groups.dropna().unique()]
    return pd.concat(parts)[[by, "value", "lower", "upper"]]


def value(name: str, on, known: Tables | None = None) -> int | float:
    """Give a figure for a day: a number, or nan where the exports do not tell it."""
    found = series(name, [on], known)["value"].iloc[0]
    return np.nan if np.isnan(found) else plain_number(found)


def states(name: str, on, known: Tables | None = None) -> pd.DataFrame:
    """Give the States that a figure counts on a day.

    Returns
    -------
    DataFrame
        iso3, name, from_on (since when it counts), sure (bool), source and row of the fact behind it.
    """
    trend, known = find(name), _known(known)
    counted = on_day(known.once(trend.spells), pd.Timestamp(on))
    names = known["states"].set_index("iso3")["name_un"]
    counted.insert(1, "name", look_up(counted["iso3"], names))
    return counted.drop(columns="to_on").sort_values("name", ignore_index=True)


def parties(on, known: Tables | None = None) -> pd.DataFrame:
    """Give the States Parties on a day, with the day they joined."""
    return states("states_parties", on, known)


def by_period(names: Iterable[str], periods: pd.DataFrame, known: Tables | None = None) -> pd.DataFrame:
    """Give figures at the end of each period, with change and pace against the period before.

    Returns
    -------
    DataFrame
        period, name, value, lower, upper; `change` and `a_year` (the change as a yearly pace), missing where unknown.
    """
    ends = pd.DatetimeIndex(periods["end"])
    years = pd.Series(ends).diff().dt.days / DAYS_A_YEAR
    parts = []
    for name in names:
        found = series(name, ends, known).reset_index(drop=True)
        change = found["value"].diff()
        parts.append(found.assign(period=periods["period"].to_numpy(), name=name, change=change, a_year=change / years))
    return pd.concat(parts, ignore_index=True)[["period", "name", "value", "lower", "upper", "change", "a_year"]]


def up_to(periods: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give the reporting periods that ended before a period, and the period itself, which need not be in the table."""
    columns = ["period", "start", "end", "annual_report_year"]
    before = periods.loc[periods["end"] < period.end, columns]
    return pd.concat([before, pd.DataFrame([[period.name, period.start, period.end, period.annual_report_year]],
                                           columns=columns)], ignore_index=True)


def printed(published: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Give the numbers that progress reports printed of the figures here, at the end of their periods.

    Returns
    -------
    DataFrame
        name, on, value.
    """
    rows = published[published["figure_id"].isin(FIGURES) & (published["value_kind"] == "number")]
    rows = rows.merge(periods[["period", "end"]], on="period").drop_duplicates(["period", "figure_id"])
    return pd.DataFrame({"name": rows["figure_id"], "on": rows["end"], "value": rows["value"].astype("float64")})


def months(until: pd.Timestamp) -> pd.DatetimeIndex:
    """Give the month ends from the Convention's opening for signature to a day, and the day itself."""
    ends = pd.date_range(convention.OPENED_FOR_SIGNATURE_ON, until, freq="ME")
    return ends.union(pd.DatetimeIndex([until])).as_unit("us")


#: Theme and figure whose States should have a value, and the indicators of the disclosures that give one.
EXPECTED = {
    "stockpile": ("art3_remaining", ["stockpile_", "art3_", "retained_"]),
    "clearance": ("art4_remaining", ["contaminated_", "suspected_", "cleared_", "reduced_", "clearance_", "art4_"]),
    "victim_assistance": ("art5_obligations", ["va_"]),
    "cooperation": ("art4_remaining", ["assistance_"]),
    "national_implementation": ("states_parties", ["legislation_"]),
}


def coverage(known: Tables | None = None, until: pd.Timestamp | None = None) -> pd.DataFrame:
    """Say for each theme and calendar year how many of the States that should have a value have one.

    Universalization: the day of deposit, of each party. Stockpile destruction, clearance, victim assistance: a quantity
    or statement for the year, of the States whose obligation is open or may be; cooperation: of those affected under
    Article 4. Transparency: whether the annual report for the year came, of the States from which it is due or may be.
    National implementation: any statement on legislation so far, of the parties.

    Parameters
    ----------
    until : Timestamp, optional
        The day to look from; the end of the last reporting period by default.

    Returns
    -------
    DataFrame
        theme, year, should, have, share (missing where no State should).
    """
    known = _known(known)
    until = pd.Timestamp(known["periods"]["end"].max() if until is None else until)
    disclosed = known["disclosures"]
    year = disclosed["covers_year"].astype("Float64").fillna(disclosed["as_of"].dt.year.astype("Float64"))
    year_over = pd.to_datetime(year.astype("Int64").astype("str") + "-12-31", errors="coerce")
    published = disclosed["as_of"].fillna(year_over)
    disclosed = disclosed.assign(year=year)[published <= until]
    rows = [row for year in range(convention.ENTRY_INTO_FORCE_ON.year, until.year + 1)
            for row in _coverage_of(known, disclosed, year, until)]
    frame = pd.DataFrame(rows, columns=["theme", "year", "should", "have"])
    return frame.assign(share=(frame["have"] / frame["should"]).where(frame["should"] > 0))


def _coverage_of(known: Tables, disclosed: pd.DataFrame, year: int, until: pd.Timestamp) -> list[tuple]:
    first, last = pd.Timestamp(year, 1, 1), min(until, pd.Timestamp(year, 12, 31))

    def in_year(spells: pd.DataFrame) -> pd.Series:
        return spells.loc[(spells["from_on"] <= last) & (spells["to_on"] > first), "iso3"]

    joined = on_day(known.once(histories.parties), last)
    rows = [("universalization", year, len(joined), int(joined["from_on"].notna().sum()))]
    for theme, (figure, begins) in EXPECTED.items():
        should = set(in_year(known.once(FIGURES[figure].spells)))
        when = disclosed["year"] <= year if theme == "national_implementation" else disclosed["year"] == year
        of_theme = when & disclosed["indicator"].str.startswith(tuple(begins))
        rows.append((theme, year, len(should), len(should & set(disclosed.loc[of_theme, "iso3"]))))
    fallen_due = convention.annual_report_due(year), min(convention.annual_report_due(year + 1), until)
    annual = {key: made[(made["from_on"] > fallen_due[0]) & (made["from_on"] <= fallen_due[1])]
              for key, made in known.once(histories.annual_reports).items()}
    told = pd.concat([annual["submitted"], annual["overdue"]])
    should = set(annual["due"]["iso3"])
    have = should & set(told.loc[told["sure"].astype(bool), "iso3"])
    return [*rows, ("transparency", year, len(should), len(have))]


def tells(trend: Trend, lower: float, upper: float) -> bool:
    """Tell whether bounds say anything: that a share lies between none and all does not.

    Examples
    --------
    >>> rate = FIGURES["annual_reporting_rate"]
    >>> tells(rate, 0, 100), tells(rate, 4, 98), tells(FIGURES["initial_reports_overdue"], 0, 100)
    (False, True, True)
    """
    return not np.isnan(lower) and not (trend.unit == "percent" and lower <= 0 and upper >= 100)


def _bounds(trend: Trend, days: pd.DatetimeIndex, known: Tables, iso3) -> pd.DataFrame:
    """Give value and bounds of a figure, of all States or of some."""
    if trend.share_of:
        has, lacks = (_bounds(FIGURES[name], days, known, iso3) for name in trend.share_of)
        low, high = (100 * has[a] / (has[a] + lacks[b]) for a, b in (("lower", "upper"), ("upper", "lower")))
        return only_where_known(pd.DataFrame({"lower": low, "upper": high}))
    made = known.once(trend.spells)
    if iso3 is not None:
        made = made[made["iso3"].isin(iso3)]
    found = count(made, days)
    if trend.days is not None:
        found[~found.index.isin(trend.days(known))] = np.nan
    if trend.at_least:
        found[["value", "upper"]] = np.nan
    if trend.complete:
        complete = known["coverage"]
        to_on = complete.loc[complete["subject"] == trend.complete, "to_on"].max()
        found.loc[~(found.index <= to_on), ["value", "upper"]] = np.nan
    return found


def _days(days, known: Tables) -> pd.DatetimeIndex:
    if isinstance(days, str) and days == "months":
        return months(pd.Timestamp(known["periods"]["end"].max()))
    if isinstance(days, str) and days == "periods":
        return pd.DatetimeIndex(known["periods"]["end"])
    return pd.DatetimeIndex([pd.Timestamp(day) for day in ([days] if isinstance(days, str) else days)])


def _known(known) -> Tables:
    if known is None:
        return _processed(project.PROCESSED, _made_at(project.PROCESSED))
    return known if isinstance(known, Tables) else Tables(known)


@lru_cache(maxsize=2)
def _processed(folder: Path, made_at: int) -> Tables:
    return Tables(processed=folder) if made_at else Tables(tables.build())


def _made_at(folder: Path) -> int:
    """Tell when the tidy tables were made, so that new ones are read anew; 0 where they have not been made yet."""
    files = [path.stat().st_mtime_ns for path in folder.glob("*.parquet")]
    return max(files, default=0)
