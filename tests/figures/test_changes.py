"""What changed between two days: what is certain, and what the sources do not tell, never mixed."""

from itertools import pairwise

import pandas as pd
import pytest

from ccmlib.figures import changes
from ccmlib.treaty import periods


def end(counts, name):
    return periods.from_table(counts.all_periods, name).end


@pytest.fixture(scope="module")
def between(counts):
    made = {}

    def found(a, b):
        if (a, b) not in made:
            made[a, b] = changes.between(counts, end(counts, a), end(counts, b))
        return made[a, b]

    return found


def states(frame, kind, known=True):
    return " ".join(sorted(frame.loc[(frame["kind"] == kind) & (frame["known"] == known), "iso3"]))


def test_6msp_against_the_first_review_conference(between):
    found = between("1RC", "6MSP")
    assert states(found, "new_parties") == "CUB MUS PLW SOM"
    assert states(found, "art3_completed_in_period") == "DEU FRA ITA"
    # Para 53 names three; the report of Guinea fell due on the same day as that of Guyana, and para 55 has it overdue.
    assert states(found, "initial_reports_overdue_newly") == "GIN GUY PSE ZAF"
    # The eight of para 53, less those whose reports were not overdue at the end of the period before.
    assert states(found, "initial_reports_overdue_no_longer") == "CMR KNA MLI PAN TCD"
    assert states(found, "legislation_begun_in_period") == "BGR HRV"


def test_6msp_against_9msp(between):
    found = between("6MSP", "9MSP")
    assert states(found, "new_parties") == "BEN GMB LKA MDG NAM PHL"
    assert states(found, "art3_completed_in_period") == "BWA CHE CUB ESP HRV SVN"
    assert states(found, "art4_completed_in_period") == "MOZ"
    assert states(found, "art3_deadlines_passed_newly") == "GNB"
    days = found[found["kind"] == "art3_completed_in_period"].set_index("iso3")["on"]
    assert (days["BWA"], days["HRV"]) == (pd.Timestamp(2018, 9, 18), "2018-07")


def test_a_withdrawal_is_one_change_and_an_extension_without_its_day_is_not_certain(between):
    found = between("12MSP", "13MSP")
    assert states(found, "withdrawals") == "LTU"
    assert states(found, "new_parties", known=False) == ""
    assert states(found, "art4_extensions_granted_in_period", known=False) == "AFG"


def test_what_is_not_known_after_the_last_word_is_listed_and_not_counted(between):
    found = between("6MSP", "9MSP")
    no_longer = states(found, "annual_reports_overdue_no_longer", known=False).split()
    assert {"URY", "FRA"} <= set(no_longer)
    assert not set(no_longer) & set(states(found, "annual_reports_overdue_no_longer").split())
    assert len(states(found, "annual_reports_overdue_newly", known=False).split()) > 20


def test_a_state_stands_once_for_a_kind_in_the_order_of_kinds(between):
    for a, b in (("1MSP", "13MSP"), ("2RC", "10MSP")):
        found = between(a, b)
        assert not found.duplicated(["iso3", "kind"]).any()
        assert found["kind"].map(list(changes.KINDS).index).is_monotonic_increasing
        certain = found[found["known"] & ~found["kind"].str.contains("newly")]
        assert certain["row"].ne("").all()


def test_what_joined_less_what_left_is_the_change_in_states_parties(counts):
    ends = [end(counts, name) for name in ("1MSP", "6MSP", "9MSP", "12MSP")]
    for first, last in pairwise(ends):
        found = changes.between(counts, first, last)
        before, after = counts.series("states_parties", [first, last])["value"]
        joined, left = (((found["kind"] == kind) & found["known"]).sum() for kind in ("new_parties", "withdrawals"))
        assert joined - left == after - before


def test_the_later_day_first_is_refused(counts):
    with pytest.raises(ValueError, match="compare the earlier day with the later one"):
        changes.between(counts, end(counts, "9MSP"), end(counts, "6MSP"))
