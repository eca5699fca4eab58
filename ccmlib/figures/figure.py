"""A Figure: a number of the report with the States, the source rows and the paragraph behind it."""

from dataclasses import dataclass, field

import pandas as pd

STATES = "States"

#: Columns of reports/<period>/figures.csv.
COLUMNS = ["figure_id", "section", "label", "value", "unit", "states", "rows", "tables"]


@dataclass
class Figure:
    """One number (or date) of the report and everything behind it.

    Attributes
    ----------
    figure_id : str
        Stable name, the key of the reconciliation with published figures.
    label : str
        What is counted, phrased to follow its number ("States Parties").
    value : int, float, Timestamp, str or None
        Text for a month (``2016-02``) or year whose day is not known. None where the exports hold no rows that could
        answer for the period.
    unit : str
        "States", "reports", "km2", ...; blank for a date.
    states : list of str
        ISO3 codes of the States counted, in the order of the register's names.
    rows : list of str
        Places in the raw exports, such as ``article7_log.xlsx:Annual reports:12``.
    refs : list of str
        Where the report prints the figure: ``para 10``, ``Table 3``, ``II Clearance (a)``.
    before, states_before : value and States at the end of the period before; None and [] where not computed.
    dates : dict of str to Timestamp
        The day that belongs to each State (deposit, due date), where there is one.
    evidence : DataFrame
        The tidy rows counted, for the reader to unfold.
    note : str
        A caveat printed with the figure.
    better : str
        "up", "down" or blank: which way is progress.
    page : str
        The page that shows the figure, where it is not this one.
    """

    figure_id: str
    label: str
    value: int | float | pd.Timestamp | None
    unit: str = STATES
    states: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    before: int | float | None = None
    states_before: list[str] = field(default_factory=list)
    dates: dict[str, pd.Timestamp] = field(default_factory=dict)
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    note: str = ""
    better: str = ""
    page: str = ""

    @property
    def change(self) -> float | None:
        """Difference to the period before, where both are numbers."""
        if self.before is None or self.value is None or isinstance(self.value, pd.Timestamp):
            return None
        return self.value - self.before

    def as_record(self) -> dict:
        """Give the figure as plain data for section.json."""
        value = f"{self.value:%Y-%m-%d}" if isinstance(self.value, pd.Timestamp) else plain_number(self.value)
        return {
            "figure_id": self.figure_id,
            "label": self.label,
            "value": value,
            "unit": self.unit,
            "states": self.states,
            "rows": self.rows,
            "tables": self.tables,
            "refs": self.refs,
            "previous_value": plain_number(self.before),
            "previous_states": self.states_before,
            "dates": {iso3: f"{day:%Y-%m-%d}" for iso3, day in self.dates.items()},
            "note": self.note,
            "better": self.better,
        }


def from_record(record: dict, page: str) -> Figure:
    """Make a Figure of what another section recorded (the inverse of `Figure.as_record`, without its evidence)."""
    value = record["value"]
    if isinstance(value, str) and len(value) == len("2016-04-06"):  # a month or a year stays text: its day is not known
        value = pd.Timestamp(value)
    return Figure(
        record["figure_id"],
        record["label"],
        value,
        record["unit"],
        record["states"],
        record["rows"],
        record["tables"],
        record["refs"],
        record["previous_value"],
        record["previous_states"],
        {iso3: pd.Timestamp(day) for iso3, day in record["dates"].items()},
        note=record["note"],
        better=record["better"],
        page=page,
    )


def count(rows: pd.DataFrame | None, unit: str) -> int | None:
    """Count rows: distinct States where the unit is States, rows otherwise; None for no rows to count from.

    A nil return (a row that says "none", without a State) counts as nothing.
    """
    if rows is None:
        return None
    return rows["iso3"].replace("", None).nunique() if unit == STATES else len(rows)


def plain_number(value):
    """Turn numpy numbers into Python's, and whole floats into integers, so that files say 4 and not 4.0."""
    if value is None or isinstance(value, str) or pd.isna(value):
        return value if isinstance(value, str) else None
    return int(value) if float(value) == int(value) else float(value)


def known(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Give the rows, or None where there are none: no row in the exports is no knowledge, not a zero."""
    return None if rows.empty else rows


def per_state(rows: pd.DataFrame) -> pd.DataFrame:
    """Give one row per State that each row names in ``states`` (ISO3 codes separated by ``;``)."""
    named = rows.assign(iso3=rows["states"].fillna("").str.split(";")).explode("iso3")
    return named[named["iso3"] != ""].reset_index(drop=True)


def total(counts: pd.Series) -> int | None:
    """Add up numbers, None where there is none: an unknown number is not a zero."""
    return plain_number(counts.sum(min_count=1))
