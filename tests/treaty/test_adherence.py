"""The treaty dates of each State, on a small table made by hand."""

import pandas as pd
import pytest

from ccmlib.treaty import adherence

ROWS = [
    ("NOR", "signature", "2008-12-03"), ("NOR", "ratification", "2008-12-03"), ("CUB", "accession", "2016-04-06"),
    ("AGO", "signature", "2008-12-03"), ("LTU", "signature", "2008-12-03"), ("LTU", "ratification", "2011-03-24"),
    ("LTU", "withdrawal", "2025-03-06"), ("JPN", "signature", "2008-12-03"), ("JPN", "acceptance", "2009-07-14"),
]
TREATY = pd.DataFrame(ROWS, columns=["iso3", "action", "date"]).assign(
    source="UNTC", row=[f"untc.xlsx:Status:{number}" for number in range(len(ROWS))])
TREATY["date"] = pd.to_datetime(TREATY["date"]).astype("datetime64[us]")


@pytest.fixture
def dates():
    return adherence.by_state(TREATY).set_index("iso3")


def test_one_row_per_state_with_the_columns_it_documents():
    frame = adherence.by_state(TREATY)
    assert list(frame["iso3"]) == ["AGO", "CUB", "JPN", "LTU", "NOR"]
    assert list(frame.columns) == (
        "iso3 signature_on deposit_on deposit_action entry_into_force_on initial_report_due_on withdrawal_on source row"
    ).split()


def test_what_follows_from_the_deposit(dates):
    cuba = dates.loc["CUB"]
    assert (cuba["entry_into_force_on"], cuba["initial_report_due_on"]) == (
        pd.Timestamp(2016, 10, 1), pd.Timestamp(2017, 3, 30))
    assert dates.loc["AGO", ["deposit_on", "entry_into_force_on", "initial_report_due_on"]].isna().all()
    assert cuba.isna()["signature_on"]
    assert dates["signature_on"].dropna().to_dict() == {
        iso3: pd.Timestamp(2008, 12, 3) for iso3 in ("AGO", "JPN", "LTU", "NOR")}
    assert dates["withdrawal_on"].dropna().to_dict() == {"LTU": pd.Timestamp(2025, 3, 6)}


def test_source_is_the_deposit_where_there_is_one(dates):
    assert dates.loc["NOR", "row"] == "untc.xlsx:Status:1"
    assert dates.loc["AGO", "row"] == "untc.xlsx:Status:3"


def test_consent_to_be_bound_is_named_as_the_depositary_names_it(dates):
    """By ratification, acceptance or approval of a signatory, by accession of any other State (Art. 16)."""
    assert dates["deposit_action"].dropna().to_dict() == {
        "NOR": "ratification", "CUB": "accession", "LTU": "ratification", "JPN": "acceptance"}


def test_signatures_alone_give_no_deposit():
    only = adherence.by_state(TREATY[TREATY["action"] == "signature"])
    assert only["deposit_on"].isna().all()
    assert only["row"].notna().all()


def test_of_a_state_that_did_one_thing_twice_the_first_row_counts():
    """The check of the tables tells it as a problem, and reads on."""
    again = TREATY[TREATY["iso3"].isin(["NOR", "CUB"])].assign(date=pd.Timestamp(2020, 1, 1), row="again")
    again.loc[again["iso3"] == "CUB", "action"] = "ratification"
    assert adherence.by_state(pd.concat([TREATY, again])).equals(adherence.by_state(TREATY))
