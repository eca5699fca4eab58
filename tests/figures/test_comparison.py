"""Period against period: what the exports record, and what they cannot tell, never mixed."""

from itertools import pairwise

import pandas as pd
import pytest

from ccmlib.figures import comparison, trends
from ccmlib.tidy import tables
from ccmlib.treaty import periods
from ccmlib.treaty.histories import Tables


@pytest.fixture(scope="module")
def known():
    return Tables(tables.build())


def between(known, a, b):
    return comparison.compare(known, *(periods.from_table(known["periods"], name) for name in (a, b)))


def states(changes, kind, known=True):
    rows = changes[(changes["kind"] == kind) & (changes["known"] == known)]
    return " ".join(sorted(rows["iso3"]))


def test_6msp_against_the_first_review_conference(known):
    changes = between(known, "1RC", "6MSP")
    assert states(changes, "joined") == "CUB MUS PLW SOM"
    assert states(changes, "stockpile completed") == "DEU FRA ITA"
    # Colombia joined in the period; the exports know only that its stockpile had gone by 30 June 2016, perhaps before.
    assert "COL" in states(changes, "stockpile completed", known=False)
    # Para 53 names three; the report of Guinea fell due on the same day as that of Guyana, and para 55 has it overdue.
    assert states(changes, "initial report newly overdue") == "GIN GUY PSE ZAF"
    # The eight of para 53, less those whose reports were not overdue at the end of the period before.
    assert states(changes, "initial report no longer overdue") == "CMR KNA MLI PAN TCD"
    assert states(changes, "legislation adopted") == "BGR HRV"


def test_6msp_against_9msp(known):
    changes = between(known, "6MSP", "9MSP")
    assert states(changes, "joined") == "BEN GMB LKA MDG NAM PHL"
    assert states(changes, "stockpile completed") == "BWA CHE CUB ESP HRV"
    assert states(changes, "clearance completed") == "MOZ"
    assert states(changes, "stockpile deadline passed") == "GNB"
    day = changes[(changes["kind"] == "stockpile completed") & (changes["iso3"] == "BWA")]["on"].item()
    assert day == pd.Timestamp(2018, 9, 18)


def test_a_withdrawal_and_extensions(known):
    changes = between(known, "12MSP", "13MSP")
    assert states(changes, "left") == "LTU"
    assert states(changes, "clearance deadline extended") == "AFG"
    assert changes.loc[changes["kind"] == "clearance deadline extended", "detail"].item() == "to 2026-03-01"


def test_what_the_log_does_not_tell_is_listed_as_not_known(known):
    changes = between(known, "6MSP", "9MSP")
    overdue = changes[(changes["kind"] == "initial report no longer overdue") & ~changes["known"]]
    assert len(overdue) == 17  # the eighteen of para 55, less Guinea-Bissau, whose report came in November 2019
    assert "GNB" not in set(overdue["iso3"])
    assert overdue["on"].isna().all()
    assert states(changes, "assistance request met") == ""
    assert len(states(changes, "assistance request met", known=False).split()) == 9
    both = [periods.from_table(known["periods"], name) for name in ("6MSP", "9MSP")]
    said = [template.format(**values) for template, values in comparison.what_is_unknown(known, *both)]
    assert any("annual reports for 2018" in sentence for sentence in said)
    assert said[-1] == "Who requested assistance is not known for 9MSP."
    later = [periods.from_table(known["periods"], name) for name in ("12MSP", "13MSP")]
    not_looked_for = (comparison.TREATY_INCOMPLETE, {"day": pd.Timestamp(2025, 3, 6)})
    assert not_looked_for in comparison.what_is_unknown(known, *later)


def test_a_state_is_listed_once_for_a_kind_and_every_change_names_its_source(known):
    for a, b in (("1MSP", "13MSP"), ("5MSP", "1RC"), ("2RC", "10MSP")):
        changes = between(known, a, b)
        once = changes[~changes["kind"].str.contains("extended")]
        assert not once.duplicated(["iso3", "kind"]).any(), (a, b)
        assert set(changes["kind"]) <= set(comparison.KINDS)
        assert changes["row"].ne("").all()
        places = changes["kind"].map(list(comparison.KINDS).index)
        assert places.is_monotonic_increasing


def test_what_joined_less_what_left_is_the_change_in_states_parties(known):
    names = list(known["periods"]["period"])
    for a, b in pairwise(names):
        changes = between(known, a, b)
        ends = [periods.from_table(known["periods"], name).end for name in (a, b)]
        first, last = (trends.value("states_parties", end, known) for end in ends)
        assert (changes["kind"] == "joined").sum() - (changes["kind"] == "left").sum() == last - first


def test_the_later_period_first_is_refused(known):
    with pytest.raises(comparison.WrongOrderError, match="compare the earlier period with the later one"):
        between(known, "9MSP", "6MSP")
