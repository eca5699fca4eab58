"""Who counted as what, and from when to when: spells (see `ccmlib.treaty.spells`) for each figure of the trends.

The rules are those of `ccmlib.treaty.status`, which answers for one day; a test compares the two. Where the logs
do not tell, a spell is possible and not sure.
"""

import pandas as pd

from ccmlib.base import project
from ccmlib.ingest import dates
from ccmlib.tidy import precedence, tables
from ccmlib.treaty import convention, standing, status
from ccmlib.treaty.spells import NEVER, ONE_DAY, look_up, spells, together, within

#: Indicators that show an obligation still open: something was destroyed or cleared in the year, or land contaminated.
OPEN_IN_YEAR = ("stockpile_munitions_destroyed_count", "stockpile_submunitions_destroyed_count", "cleared_area_km2")
OPEN_ON_DAY = ("contaminated_area_km2", "suspected_area_km2")


class Tables(dict):
    """Tidy tables by name, read from the processed folder when first asked for.

    Parameters
    ----------
    given : dict of str to DataFrame, optional
        Tables that are already at hand.
    processed : Path or str
        Folder of the tidy tables.
    """

    def __init__(self, given=(), processed=project.PROCESSED):
        super().__init__(given)
        self.processed = processed
        self._made = {}

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = tables.load(name, self.processed)
        return self[name]

    def once(self, make, *args):
        """Compute something of these tables, and keep it for the next that asks."""
        key = (make, *args)
        if key not in self._made:
            self._made[key] = make(self, *args)
        return self._made[key]


# ---- the Convention's membership


def members(known: Tables) -> pd.DataFrame:
    """Give one row per State that ever joined, with the columns of `status.adherence`."""
    frame = status.adherence(known["treaty_actions"])
    return frame[frame["deposit_on"].notna()].reset_index(drop=True)


def parties(known: Tables) -> pd.DataFrame:
    """States Parties, from deposit to the day a withdrawal takes effect."""
    frame = known.once(members)
    return spells(frame, frame["deposit_on"], frame["withdrawal_on"])


def parties_in_force(known: Tables) -> pd.DataFrame:
    """States Parties for which the Convention has entered into force."""
    frame = known.once(members)
    return spells(frame, frame["entry_into_force_on"], frame["withdrawal_on"])


def signatories(known: Tables) -> pd.DataFrame:
    """States that have signed and not yet deposited."""
    frame = status.adherence(known["treaty_actions"])
    return spells(frame, frame["signature_on"], frame["deposit_on"])


def joined_total(known: Tables) -> pd.DataFrame:
    """States that have signed, ratified or acceded: parties and signatories."""
    return together(known.once(parties), known.once(signatories))


# ---- Article 7


def initial_reports(known: Tables) -> dict[str, pd.DataFrame]:
    """Follow initial transparency reports: not_due, due (the day has passed), submitted and overdue."""
    frame = known.once(initial_submissions)
    end, overdue_on = frame["withdrawal_on"].fillna(NEVER), frame["initial_report_due_on"] + ONE_DAY
    earliest, latest, deposit = frame["earliest"], frame["latest"], frame["deposit_on"]
    return {
        "due": spells(frame, overdue_on, end),
        "submitted": together(
            spells(frame, latest, end), spells(frame, earliest, _first(latest, end), sure=False)),
        "overdue": together(
            spells(frame, overdue_on, _first(earliest, end)),
            spells(frame, _last(overdue_on, earliest), _first(latest, end), sure=False)),
        "not_due": together(
            spells(frame, deposit, _first(overdue_on, earliest)),
            spells(frame, _last(deposit, earliest), _first(overdue_on, latest), sure=False)),
    }


def initial_submissions(known: Tables) -> pd.DataFrame:
    """Give members with the `earliest` and `latest` day on which the initial report can have been submitted."""
    frame = known.once(members)
    coverage = known["coverage"]
    known_to = coverage.loc[coverage["subject"] == "initial_reports", "to_on"].max()
    initial = known["reports"][known["reports"]["kind"] == "initial"]
    return _submissions(frame, initial, frame["entry_into_force_on"], known_to)


def annual_reports(known: Tables) -> dict[str, pd.DataFrame]:
    """Follow annual reports for the latest year whose day (30 April) has passed: due, submitted and overdue."""
    frame = known.once(annual_submissions)
    begin, stop, due = frame["begin"], frame["stop"], frame["surely_due"]
    earliest, latest = _last(frame["earliest"], begin), _last(frame["latest"], begin)
    return {
        "due": spells(frame, begin, stop, due),
        "submitted": together(
            spells(frame, latest, stop, due), spells(frame, earliest, _first(latest, stop), sure=False)),
        "overdue": together(
            spells(frame, begin, _first(earliest, stop), due),
            spells(frame, earliest, _first(latest, stop), sure=False)),
    }


def annual_submissions(known: Tables) -> pd.DataFrame:
    """Give one row per calendar year and party from which the annual report is due, or may be.

    Returns
    -------
    DataFrame
        iso3, covers_year, begin (the day after it was due), stop (the day after the next year's is due), surely_due
        (bool: the initial report came before the reporting period), earliest and latest day of submission, source and
        row.
    """
    last = pd.DatetimeIndex(known["periods"]["end"]).max().year
    years = pd.DataFrame({"covers_year": range(convention.ENTRY_INTO_FORCE_ON.year, last + 1)})
    years["begin"] = [convention.annual_report_due(year) + ONE_DAY for year in years["covers_year"]]
    years["next"] = [convention.annual_report_due(year + 1) + ONE_DAY for year in years["covers_year"]]
    years["start"] = [cycle_start(known["periods"], year) for year in years["covers_year"]]
    coverage = known["coverage"]
    complete = coverage[coverage["subject"] == "annual_reports"].groupby("covers_year")["to_on"].max()
    years["known_to"] = look_up(years["covers_year"], complete)
    frame = known.once(initial_submissions).merge(years, how="cross")
    due_in_year = frame["initial_report_due_on"].dt.year <= frame["covers_year"]
    # An initial report that is submitted in the reporting period stands for the period.
    frame = frame[due_in_year & (frame["earliest"] < frame["start"])].reset_index(drop=True)
    frame["surely_due"] = frame["latest"] < frame["start"]
    frame["stop"] = _first(frame["withdrawal_on"], frame["next"])
    annual = known["reports"][known["reports"]["kind"] == "annual"]
    year_over = pd.to_datetime((frame["covers_year"] + 1).astype("str") + "-01-01").astype("datetime64[us]")
    return _submissions(frame, annual, year_over, frame["known_to"], ["iso3", "covers_year"])


def cycle_start(periods: pd.DataFrame, covers_year: int) -> pd.Timestamp:
    """Give the first day of the period that a year's annual reports belong to; 1 July where there is none."""
    found = periods.loc[periods["annual_report_year"] == covers_year, "start"]
    return pd.Timestamp(found.iloc[0]) if len(found) else pd.Timestamp(covers_year, 7, 1)


# ---- Articles 3, 4 and 5


def obligations(known: Tables, article: int) -> dict[str, pd.DataFrame]:
    """Obligations under an article: all, open, completed, and (Articles 3 and 4) passed: open after their deadline."""
    frame = known.once(obligation_days, article)
    end, since = frame["withdrawal_on"], frame["since"]
    ended = frame["latest"].notna()
    # Nothing says that it ended, but the log is complete only to a day: from then on, open is possible and not sure.
    surely_to = frame["earliest"].where(ended, frame["seen_open_on"] + ONE_DAY)
    found = {
        "all": spells(frame, since, end),
        "open": together(
            spells(frame, since, _first(surely_to, end)),
            spells(frame, _last(since, surely_to), _first(frame["latest"], end), sure=False)),
        "completed": together(
            spells(frame[ended], frame["latest"], end),
            spells(frame, surely_to, _first(frame["latest"], end), sure=False)),
    }
    if article in convention.DEADLINES:
        # Extensions are granted before the deadline, and sources tell of them afterwards: they count from the first.
        passed_on = known.once(deadlines, article, NEVER).reset_index(drop=True) + ONE_DAY
        found["passed"] = within(spells(frame, passed_on, end), found["open"])
    return found


def obligation_days(known: Tables, article: int) -> pd.DataFrame:
    """Give obligations with the `earliest` and `latest` day of their end, and the last day they were `seen_open_on`."""
    frame = _of_article(known["obligations"], article).reset_index(drop=True)
    frame["withdrawal_on"] = look_up(frame["iso3"], known.once(members).set_index("iso3")["withdrawal_on"])
    frame = frame[frame["iso3"].isin(known.once(members)["iso3"])]
    first, last = standing.ends(frame, _of_article(known["deadlines"], article))
    since, before_joining = frame["since"], frame["end_kind"] == "destroyed_before_joining"
    for name, days in {"earliest": first, "latest": last}.items():
        frame[name] = _last(days, since).mask(before_joining, since).where(frame["ended"].notna())
    frame["seen_open_on"] = _last(_seen_open(frame, known, article), since)
    if article in convention.DEADLINES:
        frame["treaty_deadline_on"] = convention.DEADLINES[article](since)
    return frame.reset_index(drop=True)


def deadlines(known: Tables, article: int, on: pd.Timestamp) -> pd.Series:
    """Give each State's deadline in effect on a day, the treaty's or the extension's, by ISO3."""
    frame = known.once(obligation_days, article)
    return standing.in_effect(frame, extensions_granted(known, article), on).set_axis(frame["iso3"])


def extensions_granted(known: Tables, article: int) -> pd.DataFrame:
    """Give the extensions of an article's deadlines that were granted, with the day on which they are known."""
    table = _of_article(known["deadlines"], article)
    return table[table["kind"] == "extension_granted"]


def _seen_open(frame: pd.DataFrame, known: Tables, article: int) -> pd.Series:
    """Find the last day on which something in the exports shows the obligation open."""
    coverage, disclosures = known["coverage"], known["disclosures"]
    known_to = coverage.loc[coverage["subject"] == "obligations", "to_on"].max()
    printed = _of_article(known["deadlines"], article)
    seen = [printed[["iso3", "known_on"]].set_axis(["iso3", "day"], axis=1)]
    rows = _of_article(disclosures, article)
    in_year = rows[rows["indicator"].isin(OPEN_IN_YEAR) & rows["covers_year"].notna()]
    first_day = pd.to_datetime(in_year["covers_year"].astype("Int64").astype(str) + "-01-01")
    seen.append(pd.DataFrame({"iso3": in_year["iso3"], "day": first_day}))
    on_day = rows[rows["indicator"].isin(OPEN_ON_DAY)]
    seen.append(on_day[["iso3", "as_of"]].set_axis(["iso3", "day"], axis=1))
    latest = pd.concat(part.astype({"day": "datetime64[us]"}) for part in seen).groupby("iso3")["day"].max()
    known_to = pd.Series(known_to, index=frame.index, dtype="datetime64[us]")
    return _last(look_up(frame["iso3"], latest), known_to)


def _of_article(table: pd.DataFrame, article: int) -> pd.DataFrame:
    return table[table["article"] == article]


# ---- what States reported


def reported(known: Tables, indicator: str) -> pd.DataFrame:
    """States that reported something, on the day as of which the exports have the whole list."""
    table = known["disclosures"]
    rows = table[(table["indicator"] == indicator) & (table["value"] > 0) & (table["iso3"] != "")]
    rows = rows.drop_duplicates(["iso3", "as_of"])
    return together(spells(rows, rows["as_of"], rows["as_of"] + ONE_DAY))


def reported_days(known: Tables, indicator: str) -> list[pd.Timestamp]:
    """Days for which the exports have the whole list of States that reported something, nil returns included."""
    table = known["disclosures"]
    return sorted(table.loc[table["indicator"] == indicator, "as_of"].dropna().unique())


def legislation(known: Tables) -> pd.DataFrame:
    """Give States Parties that a source names as having adopted legislation; undated, by the day of the source."""
    table = known["disclosures"]
    rows = precedence.preferred(table[table["indicator"] == "legislation_adopted"], "legislation")
    rows = rows.sort_values(["iso3", "as_of"]).drop_duplicates("iso3")
    dated = [dates.read(text) if text else None for text in rows["text"].fillna("")]
    first = [when.first if when else convention.OPENED_FOR_SIGNATURE_ON for when in dated]
    last = [when.last if when else told for when, told in zip(dated, rows["as_of"], strict=True)]
    earliest, latest = (
        pd.Series(pd.to_datetime(days), index=rows.index, dtype="datetime64[us]") for days in (first, last))
    adopted = together(spells(rows, latest, None), spells(rows, earliest, latest, sure=False))
    return within(adopted, known.once(parties))


# ---- days


def _submissions(
    frame: pd.DataFrame, reports: pd.DataFrame, possible_from: pd.Series, known_to, keys: list[str] = ("iso3",)
) -> pd.DataFrame:
    """Add the earliest and latest day of submission; `source` and `row` are the report's where there is one.

    A State without a row had not submitted up to the day to which the log is complete; what came after is not known.
    """
    keys = list(keys)
    first = precedence.ranked(reports, "reports").sort_values([*keys, "rank", "submitted_by"]).drop_duplicates(keys)
    columns = ["submitted_on", "submitted_from", "submitted_by", "source", "row"]
    logged = frame[keys].merge(first[[*keys, *columns]], on=keys, how="left").set_axis(frame.index)
    exact, has_row = logged["submitted_on"], logged["row"].notna()
    earliest = exact.fillna(logged["submitted_from"]).fillna(possible_from)
    after_log = _last(possible_from, pd.Series(known_to, index=frame.index, dtype="datetime64[us]") + ONE_DAY)
    found = {
        "earliest": earliest.where(has_row, after_log).astype("datetime64[us]"),
        "latest": exact.fillna(logged["submitted_by"]).fillna(NEVER).astype("datetime64[us]"),
        **{column: logged[column].where(has_row, frame[column]) for column in ("source", "row")},
    }
    return frame.assign(**found)


def _first(left, right) -> pd.Series:
    """Give the earlier of two days; a missing one does not count."""
    return _pair(left, right).min(axis=1)


def _last(left, right) -> pd.Series:
    """Give the later of two days; a missing one does not count."""
    return _pair(left, right).max(axis=1)


def _pair(left, right) -> pd.DataFrame:
    index = left.index if isinstance(left, pd.Series) else right.index
    return pd.DataFrame({
        "left": pd.Series(left, index=index, dtype="datetime64[us]"),
        "right": pd.Series(right, index=index, dtype="datetime64[us]")})
