"""A Figure: a number of the report with its bounds, the States, the source rows and the day to which it is known."""

from dataclasses import dataclass, field

import pandas as pd

from ccmlib.figures.vocabulary import STATES, Entry, find

#: What a figure's record holds as it is.
SAME = ("lower", "last_word", "upper", "states", "possible", "last", "rows", "tables", "note")


@dataclass
class Figure:
    """One number (or date) of the report and everything behind it.

    Attributes
    ----------
    value, lower, upper
        Text for a month (``2016-02``) or year whose day is not known. None where the sources leave it open: then it is at
        least `lower` and at most `upper`, or there is no such bound.
    last_word, known_to
        What the latest words on each State, said by the day, add up to; the day to which the sources reach.
    states, possible, last
        ISO3 codes of the States that count for certain, of those that may count besides, and of those that count by the
        last word; in the order of the register's names.
    rows, tables, evidence
        Places in the sources, such as ``article7_log.xlsx:Annual reports:12``, and the tidy tables that hold them; the
        records counted, for the reader to unfold: iso3, source, row.
    dates, heard
        By ISO3, the day that belongs to each State, as exactly as it is known (a day, ``2018-07``, ``2019``, ``by
        2016-06-30``), and the day that the last word on it speaks of.
    before, states_before
        Value and States at the end of the period before; None and [] where not computed.
    note, page
        A caveat printed with the figure, and the page that shows it where it is not this one.
    """

    entry: Entry
    value: int | float | pd.Timestamp | str | None
    lower: int | float | None = None
    upper: int | float | None = None
    last_word: int | float | None = None
    known_to: pd.Timestamp | None = None
    states: list[str] = field(default_factory=list)
    possible: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    dates: dict = field(default_factory=dict)
    heard: dict[str, pd.Timestamp] = field(default_factory=dict)
    before: int | float | None = None
    states_before: list[str] = field(default_factory=list)
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    note: str = ""
    page: str = ""

    @property
    def figure_id(self) -> str:
        """Its stable name."""
        return self.entry.figure_id

    @property
    def unit(self) -> str:
        """What is counted; blank for a date."""
        return "" if self.entry.unit in ("date", "number") else self.entry.unit

    @property
    def known(self) -> bool:
        """Whether the sources tell anything of it: a value, a bound or a last word."""
        return any(one is not None for one in (self.value, self.lower, self.upper, self.last_word))

    @property
    def only_last_word(self) -> bool:
        """Whether no number and no least number holds, so that only the last word can be said."""
        return self.value is None and self.lower is None

    @property
    def greatest(self) -> float | None:
        """The number with which its noun agrees: the value, else what it is at most, else at least; None for no number."""
        return next((one for one in (self.value, self.upper, self.lower) if isinstance(one, int | float)), None)

    @property
    def named(self) -> list[str]:
        """The States that the number shown counts: the certain ones, or those of the last word where no bound holds."""
        return self.last if self.only_last_word else self.states

    @property
    def change(self) -> float | None:
        """Difference to the period before, where both are numbers."""
        if self.before is None or not isinstance(self.value, int | float):
            return None
        return self.value - self.before

    def as_record(self) -> dict:
        """Give the figure as plain data for section.json."""
        return {
            "figure_id": self.figure_id, "unit": self.unit, "better": self.entry.better, "theme": self.entry.theme,
            **{name: plain(getattr(self, name)) for name in ("value", "known_to", *SAME)},
            "previous_value": plain(self.before), "previous_states": self.states_before,
            "dates": {iso3: plain(day) for iso3, day in self.dates.items()},
            "heard": {iso3: plain(day) for iso3, day in self.heard.items()},
        }


def from_record(record: dict, page: str) -> Figure:
    """Make a Figure of what another section recorded (the inverse of `Figure.as_record`, without its evidence)."""
    days = {name: {iso3: _day(day) for iso3, day in record[name].items()} for name in ("dates", "heard")}
    return Figure(
        find(record["figure_id"]), _day(record["value"]), known_to=_day(record["known_to"]), page=page, **days,
        before=record["previous_value"], states_before=record["previous_states"], **{name: record[name] for name in SAME})


def plain(value):
    """Turn a value into plain data: days as ISO text, numpy numbers as Python's, whole floats as integers."""
    if value is None or isinstance(value, str | list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return int(value) if float(value) == int(value) else float(value)


def _day(value):
    """Read a day back; a month or a year stays text: its day is not known."""
    return pd.Timestamp(value) if isinstance(value, str) and len(value) == len("2016-04-06") and value[4] == "-" else value


def span_text(first: pd.Timestamp, last: pd.Timestamp) -> pd.Timestamp | str:
    """Give a day as exactly as it is known: the day, its month, its year, or "by" its last possible day.

    Examples
    --------
    >>> span_text(pd.Timestamp(2018, 7, 1), pd.Timestamp(2018, 7, 31))
    '2018-07'
    >>> span_text(pd.NaT, pd.Timestamp(2016, 6, 30))
    'by 2016-06-30'
    """
    if pd.isna(last):
        return ""
    if first == last:
        return last
    if pd.notna(first):
        for code, written in (("M", "%Y-%m"), ("Y", "%Y")):
            whole = last.to_period(code)
            if (whole.start_time, whole.end_time.normalize()) == (first, last):
                return f"{last:{written}}"
    return f"by {last:%Y-%m-%d}"


def known(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Give the rows, or None where there are none: no record is no knowledge, not a zero."""
    return None if rows.empty else rows


def per_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Give one row per State that each row names in ``states`` (ISO3 codes separated by ``;``)."""
    named = rows.assign(iso3=rows["states"].fillna("").str.split(";")).explode("iso3")
    return named[named["iso3"] != ""].reset_index(drop=True)


def count(rows: pd.DataFrame | None, unit: str) -> int | None:
    """Count rows: distinct States where the unit is States, rows otherwise; None for no rows to count from.

    A nil return (a row that says "none", without a State) counts as nothing.
    """
    if rows is None:
        return None
    return rows["iso3"].replace("", None).nunique() if unit == STATES else len(rows)
