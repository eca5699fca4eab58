"""Dates that the Convention on Cluster Munitions sets, from the day a State deposits its instrument.

Every function takes one date or a Series of dates and returns the same shape; a missing date stays missing.
The text of the Convention: https://treaties.un.org/doc/Publication/CTC/26-6.pdf
"""

import pandas as pd

#: Day on which the Convention itself entered into force (Article 17, paragraph 1).
ENTRY_INTO_FORCE_ON = pd.Timestamp(2010, 8, 1)
#: Day on which it was opened for signature (Article 15).
OPENED_FOR_SIGNATURE_ON = pd.Timestamp(2008, 12, 3)
#: Months between the month of deposit and entry into force for the State (Article 17, paragraph 2).
MONTHS_TO_ENTRY_INTO_FORCE = 6
#: Months from the notice of a withdrawal to its effect (Article 20, paragraph 3).
MONTHS_TO_WITHDRAWAL = 6
#: Days to the initial transparency report (Article 7, paragraph 1).
DAYS_TO_INITIAL_REPORT = 180
#: Years to destroy stockpiles (Article 3, paragraph 2).
YEARS_TO_DESTROY_STOCKPILES = 8
#: Years to clear cluster munition remnants (Article 4, paragraph 1).
YEARS_TO_CLEAR = 10

Dates = pd.Series | pd.Timestamp


def entry_into_force(deposit_on: Dates) -> Dates:
    """Give the day on which the Convention enters into force for a State that deposits its instrument on a day.

    The first day of the sixth month after the month of deposit, and never before 1 August 2010 (Article 17).

    Examples
    --------
    >>> entry_into_force(pd.Timestamp(2016, 4, 6))
    Timestamp('2016-10-01 00:00:00')
    >>> entry_into_force(pd.Timestamp(2008, 12, 3))
    Timestamp('2010-08-01 00:00:00')
    """
    if not isinstance(deposit_on, pd.Series):
        return entry_into_force(pd.Series([deposit_on])).iloc[0]
    month_of_deposit = deposit_on.dt.to_period("M")
    first_day = (month_of_deposit + MONTHS_TO_ENTRY_INTO_FORCE).dt.to_timestamp()
    return first_day.clip(lower=ENTRY_INTO_FORCE_ON)


def initial_report_due(entry_into_force_on: Dates) -> Dates:
    """Give the day by which the initial transparency report is due (Article 7, paragraph 1)."""
    return entry_into_force_on + pd.Timedelta(days=DAYS_TO_INITIAL_REPORT)


def annual_report_due(covers_year: int) -> pd.Timestamp:
    """Give the day by which the report covering a calendar year is due (Article 7, paragraph 2)."""
    return pd.Timestamp(covers_year + 1, 4, 30)


def year_reported(day: pd.Timestamp) -> int:
    """Give the latest calendar year whose annual reports had fallen due before a day (30 April of the year after).

    Examples
    --------
    >>> year_reported(pd.Timestamp(2016, 6, 30)), year_reported(pd.Timestamp(2016, 4, 30))
    (2015, 2014)
    """
    return day.year - 1 if day > annual_report_due(day.year - 1) else day.year - 2


def stockpile_deadline(entry_into_force_on: Dates) -> Dates:
    """Give the deadline of stockpile destruction before any extension (Article 3, paragraph 2)."""
    return entry_into_force_on + pd.DateOffset(years=YEARS_TO_DESTROY_STOCKPILES)


def clearance_deadline(entry_into_force_on: Dates) -> Dates:
    """Give the deadline of clearance before any extension (Article 4, paragraph 1)."""
    return entry_into_force_on + pd.DateOffset(years=YEARS_TO_CLEAR)


#: Deadline before any extension, by article.
DEADLINES = {3: stockpile_deadline, 4: clearance_deadline}
