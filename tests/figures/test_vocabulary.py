"""One vocabulary: every figure has its words, every ledger names figures that there are."""

import re

import pandas as pd
import pytest

from ccmlib.base import project
from ccmlib.figures import vocabulary
from ccmlib.tidy import tables
from ccmlib.treaty.observations import questions

ENTRIES = vocabulary.entries()


@pytest.mark.parametrize("figure_id", ENTRIES)
def test_words_units_and_rules_are_whole(figure_id):
    entry = ENTRIES[figure_id]
    assert set(entry.label) == {"one", "many"}
    assert set(entry.says) in (set(), {"one", "many"})
    assert all("{n}" in text for text in entry.says.values())
    assert entry.better in ("", "up", "down")
    fills = set(re.findall(r"\{(\w+)\}", figure_id))
    for text in entry.label.values():
        assert set(re.findall(r"\{(\w+)\}", text)) <= fills
    for key in ("where", "of"):
        for name in re.findall(r"[a-z]\w*", re.sub(r"@\w+", "", entry.rule.get(key, ""))):
            assert name in questions() or name == "un_member" or re.fullmatch(r"art[34]_deadline_(passed|extended)", name), name


def test_a_day_is_not_counted_in_states():
    of_days = [entry for entry in ENTRIES.values() if "date" in entry.rule]
    assert of_days
    assert {entry.unit for entry in of_days} == {"date"}


def test_a_figure_of_a_state_has_the_words_of_its_pattern():
    found = vocabulary.find("deposit_cuba")
    assert (found.figure_id, found.fills) == ("deposit_cuba", {"state": "cuba"})
    assert found.label == ENTRIES["deposit_{state}"].label


def test_an_unknown_figure_names_the_nearest():
    with pytest.raises(vocabulary.UnknownFigureError, match="did you mean art3_remaining"):
        vocabulary.find("art3_remainig")


def test_ledgers_and_plans_name_figures_of_the_vocabulary_and_a_misspelt_one_is_a_problem():
    read = {name: tables.load(name, project.PROCESSED) for name in vocabulary.NAMED_IN}
    assert not vocabulary.check(read)
    wrong = read["published_figures"].assign(figure_id="states_partys")
    text = vocabulary.check({**read, "published_figures": wrong.head(1)}).text()
    for named in ("published_figures_6MSP.csv", "states_partys", "states_parties"):
        assert named in text


def test_every_question_says_what_it_asks_its_rule_and_its_source():
    frame = pd.DataFrame(questions()).T
    assert frame[["asks", "rule", "source"]].notna().all().all()
