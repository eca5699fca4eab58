"""From what was said to what is certain, possible or unknown: the one engine, by small cases and by properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccmlib.treaty import observations as said
from ccmlib.treaty import standings
from ccmlib.treaty.standings import Answers, Record

SUBMITTED, OPEN, FOCAL, LAW = "initial_report_submitted", "art3_open", "va_focal_point", "specific_law"


def day(text):
    return pd.Timestamp(text)


def observed(question, *rows):
    """Make observations of one State; a row is answer, first day, last day or None, and what else is not as usual."""
    made = []
    for number, (answer, first, last, *more) in enumerate(rows):
        usual = {"became": False, "said_on": None, "publisher": "6MSP report", "basis": said.SAID, "year": pd.NA}
        usual |= more[0] if more else {}
        last = day(last or first)
        made.append({"iso3": "URY", "question": question, "answer": answer, "first_on": day(first), "last_on": last,
                     "source": f"source {number}", "row": f"f.csv:s:{number}", "note": "", **usual,
                     "said_on": day(usual["said_on"]) if usual["said_on"] else last})
    frame = pd.DataFrame(made).astype({"year": "Int64"})
    for column in ("first_on", "last_on", "said_on"):
        frame[column] = frame[column].astype("datetime64[us]")
    return frame


def ask(frame, *days, year=None):
    """Give on each day: certain yes, possible yes, last word (yes, no or None)."""
    record = Record(standings.spells(frame), standings.last_words(frame), ["URY"])
    found = record.ask(frame["question"].iloc[0], [day(one) for one in days], year)
    assert not (found.last & found.last_no).any()
    word = [True if yes else False if no else None for yes, no in zip(found.last[0], found.last_no[0], strict=True)]
    return list(zip(found.sure[0].tolist(), found.possible[0].tolist(), word, strict=True))


def test_between_two_that_disagree_the_change_lies_somewhere_between():
    frame = observed(SUBMITTED, (False, "2017-06-30", None), (True, "2019-06-30", None))
    assert ask(frame, "2017-06-30", "2018-06-30", "2019-06-30", "2025-06-30") == [
        (False, False, False), (False, True, False), (True, True, True), (True, True, True)]


def test_a_report_in_on_a_dated_day_was_not_in_the_day_before():
    frame = observed(SUBMITTED, (True, "2016-05-03", None, {"became": True}))
    assert ask(frame, "2016-05-02", "2016-05-03") == [(False, False, None), (True, True, True)]


def test_a_report_of_a_month_may_have_come_on_any_day_of_it():
    frame = observed(SUBMITTED, (True, "2016-05-01", "2016-05-31", {"became": True}))
    assert [row[:2] for row in ask(frame, "2016-04-30", "2016-05-15", "2016-05-31")] == [
        (False, False), (False, True), (True, True)]


def test_after_the_last_word_an_answer_that_does_not_stay_is_not_known():
    frame = observed(FOCAL, (True, "2016-06-30", None))
    assert ask(frame, "2016-06-30", "2016-07-01") == [(True, True, True), (False, True, True)]


def test_a_completion_stays_until_a_stockpile_is_reported_again():
    ended = observed(OPEN, (True, "2012-03-01", None, {"became": True}), (False, "2014-05-01", None, {"became": True}))
    assert ask(ended, "2013-01-01", "2020-01-01") == [(True, True, True), (False, False, False)]
    again = pd.concat([ended, observed(OPEN, (True, "2019-02-01", None))])
    assert [row[:2] for row in ask(again, "2014-05-01", "2018-01-01", "2019-02-01", "2019-02-02")] == [
        (False, False), (False, True), (True, True), (False, True)]
    assert len(standings.spells(again)) == 2


def test_a_no_of_absence_says_nothing_of_later_days():
    silent = observed(OPEN, (False, "2016-06-30", None, {"basis": said.ABSENCE}))
    assert [row[:2] for row in ask(silent, "2016-06-30", "2016-07-01")] == [(False, False), (False, True)]


def test_an_obligation_that_ended_by_a_day_may_have_ended_any_day_before():
    frame = observed(OPEN, (True, "2011-05-01", "2016-06-29", {"basis": said.TREATY}), (False, "2016-06-30", None))
    assert [row[:2] for row in ask(frame, "2011-05-01", "2014-01-01", "2016-06-30")] == [
        (False, True), (False, True), (False, False)]
    dated = pd.concat([frame, observed(OPEN, (False, "2013-08-01", None, {"became": True}))])
    assert [row[:2] for row in ask(dated, "2013-07-31", "2014-01-01")] == [(True, True), (False, False)]


def test_a_dated_report_stands_against_a_later_page_that_says_not_submitted():
    frame = observed(SUBMITTED, (True, "2014-05-24", None, {"became": True}), (False, "2015-06-18", None))
    assert ask(frame, "2015-06-18") == [(True, True, True)]
    assert standings.spells(frame)["disputed"].tolist() == [True]


def test_a_complete_file_of_a_higher_rank_stands_against_a_dated_report_until_the_other_said_so():
    frame = observed(
        SUBMITTED, (False, "2016-06-30", None, {"basis": said.ABSENCE}),
        (True, "2016-04-20", None, {"became": True, "said_on": "2017-07-17",
                                    "publisher": "Landmine and Cluster Munition Monitor"}))
    assert [row[:2] for row in ask(frame, "2016-06-30", "2017-01-01", "2017-07-17")] == [
        (False, False), (False, True), (True, True)]


MONITOR, BLOG = {"publisher": "Landmine and Cluster Munition Monitor"}, {"publisher": "A blog"}
YES, NO = (True, True), (False, False)


@pytest.mark.parametrize(("rows", "asked", "disputed"), [
    # A complete file of no higher rank does not stand against a dated report; one of a higher rank does, on the very day too.
    ([(True, "2016-04-20", None, {"became": True}), (False, "2016-06-30", None, {"basis": said.ABSENCE})],
     {"2016-06-30": YES}, True),
    ([(False, "2016-06-30", None, {"basis": said.ABSENCE}),
      (True, "2016-06-30", None, {"became": True, "said_on": "2017-07-17", **MONITOR})],
     {"2016-06-30": NO, "2017-07-17": YES}, True),
    # Of two undated words of equal rank the one said later counts; said on one day, the no does.
    ([(True, "2016-06-30", None, {"said_on": "2017-01-01"}), (False, "2016-06-30", None)], {"2016-06-30": YES}, True),
    ([(True, "2016-06-30", None), (False, "2016-06-30", None, {"said_on": "2017-01-01"})], {"2016-06-30": NO}, True),
    ([(True, "2015-06-30", None, {"said_on": "2017-01-01"}), (False, "2016-06-30", None, {"said_on": "2017-01-01"})],
     {"2015-06-30": NO, "2016-06-30": NO}, True),
    # Else the publisher that ranks first does, each time.
    ([(True, "2014-06-01", None, BLOG), (False, "2015-06-30", None), (True, "2015-12-01", None, BLOG),
      (False, "2016-06-30", None), (True, "2017-06-30", None)],
     {"2014-06-01": NO, "2015-12-01": NO, "2016-06-30": NO, "2017-06-30": YES}, True),
    ([(False, "2016-06-30", None), (True, "2016-06-30", None, {"became": True})], {"2016-06-30": YES}, True),
    ([(False, "2015-06-18", None), (True, "2016-05-03", None, {"became": True})], {"2016-05-02": NO, "2016-05-03": YES}, False),
    ([(True, "2016-05-03", None), (True, "2016-05-03", None, {"became": True})], {"2016-05-02": NO, "2016-05-03": YES}, False),
    # A dated report stands against an undated word of before, unless its publisher ranks behind.
    ([(True, "2016-01-01", None), (True, "2016-05-03", None, {"became": True})], {"2016-01-01": NO, "2016-05-03": YES}, True),
    ([(True, "2016-01-01", None), (True, "2016-05-03", None, {"became": True, **MONITOR})], {"2016-01-01": YES}, True)])
def test_of_words_on_a_report_that_cannot_all_be_true(rows, asked, disputed):
    frame = observed(SUBMITTED, *rows)
    assert dict(zip(asked, (row[:2] for row in ask(frame, *asked)), strict=True)) == asked
    assert standings.spells(frame)["disputed"].any() == disputed


@pytest.mark.parametrize(("seen_open", "spells", "first", "last"), [
    ("2009-01-01", 1, "2010-11-08", "2010-11-20"), ("2010-11-08", 1, "2010-11-09", "2010-11-20"),
    ("2010-11-20", 1, "2010-11-20", "2010-11-20"), ("2019-01-01", 2, "2010-11-08", "2010-11-20")])
def test_two_accounts_of_an_end_are_one_unless_it_was_open_between_them(seen_open, spells, first, last):
    found = standings.spells(observed(OPEN, (False, "2010-11-08", None, {"became": True}),
                                      (False, "2010-11-20", None, {"became": True}), (True, seen_open, None)))
    assert (len(found), found["to_earliest"][0], found["to_latest"][0]) == (spells, day(first), day(last))


def test_an_obligation_that_was_open_between_two_endings_ended_twice():
    frame = observed(OPEN, (False, "2014-05-01", None, {"became": True}), (True, "2016-01-01", None),
                     (False, "2018-05-01", None, {"became": True}))
    assert [row[:2] for row in ask(frame, "2014-05-01", "2016-01-01", "2018-04-30", "2018-05-01")] == [NO, YES, YES, NO]


def test_of_two_accounts_of_one_report_the_publisher_that_ranks_first_counts():
    frame = observed(
        SUBMITTED, (True, "2014-05-24", None, {"became": True, "publisher": "Landmine and Cluster Munition Monitor"}),
        (True, "2015-09-12", "2016-06-30", {"became": True}))
    assert [row[:2] for row in ask(frame, "2015-01-01", "2016-01-01", "2016-06-30")] == [
        (False, False), (False, True), (True, True)]


def test_who_ranks_first_depends_on_the_subject():
    clearance = standings.spells(observed(
        "art4_open", (False, "2014-05-24", None, {"became": True, "publisher": "Mine Action Review"}),
        (False, "2015-01-01", None, {"became": True, "publisher": "Landmine and Cluster Munition Monitor"})))
    assert clearance["to_latest"].tolist() == [day("2014-05-24")]


def test_two_editions_of_one_publisher_have_their_common_days_or_the_span_of_both():
    month = (False, "2010-11-01", "2010-11-30", {"became": True})
    exact = (False, "2010-11-08", None, {"became": True})
    later = (False, "2010-11-20", None, {"became": True})
    assert standings.spells(observed(OPEN, month, exact))["to_latest"].tolist() == [day("2010-11-08")]
    apart = standings.spells(observed(OPEN, exact, later)).iloc[-1]
    assert (apart["to_earliest"], apart["to_latest"]) == (day("2010-11-08"), day("2010-11-20"))


def test_who_never_had_a_stockpile_has_none_later_unless_a_source_reports_one():
    never = observed("art3_obligation", (False, "2012-03-01", None))
    assert ask(never, "2011-01-01", "2030-01-01") == [(False, False, None), (False, False, False)]
    absent = observed("art3_obligation", (False, "2012-03-01", None, {"basis": "absence"}))
    assert ask(absent, "2012-03-01", "2030-01-01")[1][:2] == (False, True)  # a list that does not name it says no such thing
    later = pd.concat([never, observed("art3_obligation", (True, "2019-02-01", None))])
    assert [row[:2] for row in ask(later, "2012-03-01", "2018-01-01", "2019-02-01")] == [
        (False, False), (False, True), (True, True)]


def test_a_law_stays_until_a_source_says_otherwise():
    assert [row[:2] for row in ask(observed(LAW, (True, "2014-01-01", None)), "2013-12-31", "2014-01-01", "2030-01-01")] == [
        (False, True), (True, True), (True, True)]


def test_before_and_after_a_no_a_law_is_possible_and_none_is_held():
    denied = standings.spells(observed(LAW, (False, "2012-07-18", None)))
    assert len(denied) == 2
    assert standings.held(denied).empty
    passed = observed(LAW, (False, "2012-07-18", None), (True, "2012-09-08", None, {"became": True}))
    made = standings.held(standings.spells(passed))
    assert made["from_latest"].tolist() == [day("2012-09-08")]


def test_what_was_said_later_makes_certain_but_is_not_the_last_word_of_the_day():
    frame = observed(OPEN, (True, "2012-03-01", None, {"became": True}),
                     (False, "2014-05-01", None, {"became": True, "said_on": "2016-01-01"}))
    assert ask(frame, "2015-01-01", "2016-01-01") == [(False, False, True), (False, False, False)]


def test_a_no_of_a_day_before_it_was_due_is_no_last_word():
    frame = observed(SUBMITTED, (False, "2016-06-30", None, {"basis": said.EARLY}))
    assert ask(frame, "2017-06-30") == [(False, True, None)]


def test_a_state_of_which_nothing_was_ever_said_is_silent():
    record = Record(*(made(observed(OPEN, (True, "2016-01-01", None))) for made in (standings.spells, standings.last_words)),
                    ["CHE", "URY"])
    found = record.ask(OPEN, [day("2016-01-01")])
    assert found.silent[:, 0].tolist() == [True, False]
    assert found.of().tolist() == [pd.NA, True]
    of_nothing = record.ask("retains", [day("2016-01-01"), day("2017-01-01")])
    assert [getattr(of_nothing, name).tolist() for name in ("sure", "possible", "last", "last_no", "silent")] == [
        [[value] * 2] * 2 for value in (False, True, False, False, True)]


ABSENT = (False, "2016-06-30", None, {"basis": said.ABSENCE})


@pytest.mark.parametrize(("question", "rows", "silent"), [
    (OPEN, [ABSENT], True), (OPEN, [(True, "2015-01-01", None), ABSENT], False),
    (OPEN, [ABSENT, (True, "2017-01-01", None)], False),
    # Past the depositary's record nobody spoke of a State, whatever it did before.
    ("state_party", [(False, "2015-01-01", None, {"became": True}), ABSENT], True)])
def test_a_doubt_has_no_bound_where_only_the_absence_of_a_row_was_told(question, rows, silent):
    frame = observed(question, *rows)
    record = Record(standings.spells(frame), standings.last_words(frame), ["CHE", "NOR", "URY"])  # more than days
    found = record.ask(question, [day("2016-06-30"), day("2018-01-01")])
    assert (found.possible[2].tolist(), found.silent[2].tolist()) == ([False, True], [False, silent])


def test_an_unknown_question_names_those_there_are():
    with pytest.raises(KeyError, match="no question 'art3_opened'; there are signatory, state_party, in_force"):
        Record(standings.spells(observed(OPEN, (True, "2016-01-01", None))),
               standings.last_words(observed(OPEN, (True, "2016-01-01", None))), ["URY"]).ask("art3_opened", [])


DAY = st.integers(0, 3000).map(lambda number: day("2010-01-01") + pd.Timedelta(days=number))
ROW = st.tuples(st.booleans(), DAY, st.integers(0, 60), st.booleans(),
                st.sampled_from(["6MSP report", "Landmine and Cluster Munition Monitor", "A blog"]),
                st.sampled_from([said.SAID, said.SAID, said.ABSENCE, said.TREATY]))


@given(st.sampled_from([SUBMITTED, OPEN, FOCAL, LAW]), st.lists(ROW, min_size=1, max_size=7), DAY)
def test_certain_is_possible_and_orders_do_not_matter(question, rows, asked):
    frame = observed(question, *(
        (answer, first, first + pd.Timedelta(days=length),
         {"became": became and (answer or question in (OPEN, FOCAL)), "publisher": publisher, "basis": basis})
        for answer, first, length, became, publisher, basis in rows))
    sure, possible, _ = ask(frame, asked)[0]
    assert possible or not sure
    made = standings.spells(frame)
    assert not (made["to_earliest"] > made["to_latest"]).any()
    assert not (made["from_earliest"] > made["from_latest"]).any()
    drop = ["source", "row", "rows", "publishers"]
    assert standings.spells(frame.iloc[::-1]).drop(columns=drop).equals(made.drop(columns=drop))


@given(st.lists(DAY, min_size=1, max_size=6, unique=True), st.lists(st.booleans(), min_size=6, max_size=6))
def test_an_exact_word_is_certain_on_its_own_day(days, answers):
    frame = observed(FOCAL, *((answer, one, one) for answer, one in zip(answers, days, strict=False)))
    assert ask(frame, *days) == [(answer,) * 3 for answer, _ in zip(answers, days, strict=False)]


#: An answer of one State on one day → certain, possible, last word yes, last word no, never spoken of.
ANSWERS = {"yes": (1, 1, 1, 0, 0), "no": (0, 0, 0, 1, 0), "unknown": (0, 1, 0, 0, 0), "silent": (0, 1, 0, 0, 1)}


def answers(name):
    return Answers(*(np.array([[bool(one)]]) for one in ANSWERS[name]))


def named(found):
    values = tuple(int(getattr(found, name)[0, 0]) for name in ("sure", "possible", "last", "last_no", "silent"))
    return next(name for name, one in ANSWERS.items() if one == values)


@pytest.mark.parametrize(("left", "right", "both", "either"), [
    ("yes", "yes", "yes", "yes"), ("yes", "no", "no", "yes"), ("no", "no", "no", "no"),
    ("yes", "unknown", "unknown", "yes"), ("no", "unknown", "no", "unknown"), ("unknown", "unknown", "unknown", "unknown"),
    # That nobody ever spoke of a State leaves a doubt without a bound, unless the other answer decides.
    ("yes", "silent", "silent", "yes"), ("no", "silent", "no", "silent"), ("unknown", "silent", "silent", "silent"),
    ("silent", "silent", "silent", "silent")])
def test_answers_combine_as_kleenes_logic(left, right, both, either):
    for one, other in ((left, right), (right, left)):
        assert named(answers(one) & answers(other)) == both
        assert named(answers(one) | answers(other)) == either
    assert answers(left).of().tolist() == [{"yes": True, "no": False}.get(left, pd.NA)]


def test_what_is_certain_is_yes_or_no():
    assert [named(Answers.certain(np.array([[yes]]))) for yes in (True, False)] == ["yes", "no"]


@pytest.mark.parametrize(("name", "inverse"), [("yes", "no"), ("no", "yes"), ("unknown", "unknown"), ("silent", "silent")])
def test_the_inverse_of_what_is_not_known_is_not_known(name, inverse):
    assert named(~answers(name)) == inverse


def test_the_last_word_is_the_latest_that_speaks_of_the_latest_day():
    frame = observed(OPEN, (True, "2018-01-01", None), (False, "2016-01-01", None, {"said_on": "2019-01-01"}))
    assert [row[2] for row in ask(frame, "2017-12-31", "2018-01-01", "2019-01-01")] == [None, True, True]
    same_day = observed(FOCAL, (True, "2016-01-01", "2016-06-30", {"said_on": "2017-01-01"}),
                        (False, "2016-06-30", None, {"said_on": "2018-01-01"}))
    assert [row[2] for row in ask(same_day, "2017-01-01", "2018-01-01")] == [True, False]
    words = standings.last_words(same_day)
    assert words["answer"].tolist() == ["yes", "no"]
    assert (words["source"].tolist(), words["row"].tolist()) == (["source 0", "source 1"], ["f.csv:s:0", "f.csv:s:1"])


def test_one_row_that_two_tables_tell_is_one_last_word():
    frame = observed(OPEN, (True, "2018-01-01", None), (False, "2019-01-01", None))
    words = standings.last_words(pd.concat([frame.head(1), frame]))
    assert (words["answer"].tolist(), list(words.index)) == (["yes", "no"], [0, 1])


def test_on_one_day_an_obligation_ends_after_it_was_open_and_a_report_comes_after_it_was_missing():
    ended = observed(OPEN, (True, "2016-06-30", None), (False, "2016-06-30", None, {"became": True}))
    assert ask(ended, "2016-06-30", "2016-07-01") == [(False, False, False)] * 2
    came = observed(SUBMITTED, (False, "2016-06-30", None), (True, "2016-06-30", None, {"became": True}))
    assert ask(came, "2016-06-30")[0][2] is True


def test_what_the_treaty_leaves_possible_is_no_last_word():
    frame = observed(OPEN, (True, "2011-05-01", "2016-06-29", {"basis": said.TREATY}),
                     (False, "2014-01-01", None, {"said_on": "2017-01-01"}))
    assert [row[2] for row in ask(frame, "2016-12-31", "2017-01-01")] == [None, False]


def test_of_a_span_a_report_is_certain_on_the_last_day_and_missing_on_the_first():
    came = observed(SUBMITTED, (True, "2016-01-01", "2016-06-30"))
    assert [row[:2] for row in ask(came, "2016-03-01", "2016-06-30")] == [(False, True), (True, True)]
    missing = observed(SUBMITTED, (False, "2016-01-01", "2016-06-30"))
    assert [row[:2] for row in ask(missing, "2016-01-01", "2016-03-01")] == [(False, False), (False, True)]
    within = observed(SUBMITTED, (False, "2016-01-01", "2016-06-30"), (True, "2016-03-01", None))
    assert ask(within, "2016-04-01")[0][:2] == (True, True)


@pytest.mark.parametrize(("one", "other", "first", "last"), [
    (("2010-11-01", "2010-11-30"), ("2010-11-30", "2010-11-30"), "2010-11-30", "2010-11-30"),
    (("2010-11-01", "2010-11-01"), ("2010-11-01", "2010-11-30"), "2010-11-01", "2010-11-01"),
    (("2010-11-01", "2010-11-01"), ("2010-10-02", "2010-11-01"), "2010-11-01", "2010-11-01"),
    (("2010-11-01", "2010-11-20"), ("2010-11-10", "2010-11-30"), "2010-11-10", "2010-11-20")])
def test_accounts_that_touch_have_common_days(one, other, first, last):
    found = standings.spells(observed(OPEN, (False, *one, {"became": True}), (False, *other, {"became": True})))
    assert (found["to_earliest"].tolist(), found["to_latest"].tolist()) == ([day(first)], [day(last)])
    assert found["disputed"].tolist() == [False]


def test_the_evidence_of_a_report_is_its_most_exact_account():
    found = standings.spells(observed(SUBMITTED, (True, "2016-05-01", "2016-05-31", {"became": True}),
                                      (True, "2016-05-20", None, {"became": True})))
    assert found["row"].tolist() == ["f.csv:s:1"]


def test_a_spell_names_all_that_bear_it_out_and_first_who_dates_its_beginning():
    monitor = {"publisher": "Landmine and Cluster Munition Monitor"}
    two = standings.spells(observed(OPEN, (True, "2015-01-01", None), (True, "2016-01-01", None, monitor))).iloc[0]
    assert (two["publishers"], two["rows"]) == ("6MSP report; Landmine and Cluster Munition Monitor", "f.csv:s:0;f.csv:s:1")
    ended = standings.spells(observed(OPEN, (True, "2012-01-01", None), (False, "2013-01-01", None, {"became": True}))).iloc[0]
    assert ended["rows"] == "f.csv:s:0"
    dated = standings.spells(observed(SUBMITTED, (True, "2016-06-30", None), (True, "2016-05-03", None, {"became": True})))
    assert dated["row"].tolist() == ["f.csv:s:1"]


def test_before_a_first_no_it_may_have_been_yes_unless_a_yes_stays_or_the_question_starts_with_no():
    first_no = {question: observed(question, (False, "2016-06-30", None)) for question in (FOCAL, SUBMITTED, OPEN)}
    assert {question: ask(frame, "2016-01-01", "2016-06-30") for question, frame in first_no.items()} == {
        FOCAL: [(False, True, None), (False, False, False)], SUBMITTED: [(False, False, None), (False, False, False)],
        OPEN: [(False, False, None), (False, False, False)]}
    before = standings.spells(first_no[FOCAL]).iloc[0]
    assert pd.isna(before["from_earliest"])
    assert (before["from_latest"], before["to_earliest"], before["to_latest"]) == (day("2016-06-30"),) * 3
    assert (before["row"], before["last_heard_on"]) == ("f.csv:s:0", day("2016-06-30"))
    assert len(standings.spells(observed(FOCAL, (True, "2016-06-30", None)))) == 1


def test_a_new_yes_was_not_yes_the_day_before_and_an_old_one_up_to_the_day_before_that():
    frame = observed(FOCAL, (True, "2012-01-01", None), (True, "2014-05-01", None, {"became": True}))
    assert [row[:2] for row in ask(frame, "2014-04-29", "2014-04-30", "2014-05-01")] == [
        (False, True), (False, False), (True, True)]


def test_after_the_first_day_of_a_span_of_no_it_may_have_become_yes():
    frame = observed(OPEN, (False, "2016-01-01", "2016-06-30"), (True, "2017-01-01", None))
    assert [row[:2] for row in ask(frame, "2016-03-01", "2017-01-01")] == [(False, True), (True, True)]
    alone = observed(OPEN, (False, "2016-01-01", "2016-06-30", {"basis": said.ABSENCE}))
    assert ask(alone, "2016-03-01")[0][:2] == (False, True)


def test_of_two_words_of_one_day_the_publisher_that_ranks_first_counts():
    frame = observed(FOCAL, (True, "2016-06-30", None, BLOG), (False, "2016-06-30", None))
    assert ask(frame, "2016-06-30")[0][:2] == NO
    assert standings.spells(frame)["disputed"].all()


def test_what_was_open_on_no_day_is_no_spell():
    frame = observed(OPEN, (False, "2016-06-29", None), (True, "2016-06-30", None),
                     (False, "2016-06-30", None, {"became": True}))
    assert len(standings.spells(frame)) == 1


def test_each_question_and_year_has_its_own_spells():
    both = pd.concat([observed(OPEN, (True, "2016-01-01", None)), observed(LAW, (True, "2014-01-01", None))])
    assert standings.spells(both)["question"].tolist() == [OPEN, LAW]
    annual = observed("annual_report_submitted", (True, "2015-04-01", None, {"became": True, "year": 2014}),
                      (False, "2016-06-30", None, {"year": 2015}))
    assert standings.spells(annual)["year"].tolist() == [2014, 2015]
    assert [ask(annual, "2016-06-30", year=year)[0][0] for year in (2014, 2015)] == [True, False]


def test_accounts_of_one_report_are_one_though_a_page_between_them_says_not_submitted():
    frame = observed(
        SUBMITTED, (True, "2014-05-24", None, {"became": True, "publisher": "Landmine and Cluster Munition Monitor"}),
        (False, "2015-06-18", None), (True, "2015-09-12", "2016-06-30", {"became": True}))
    assert [row[:2] for row in ask(frame, "2015-06-18", "2016-06-30")] == [(False, False), (True, True)]


#: A span in which land was contaminated on some day says nothing more where a day of it is told, and is news after the end.
ENDED_ON = (False, "2012-09-30", None, {"became": True})


@pytest.mark.parametrize(("rows", "asked", "answer"), [
    ([(True, "2012-06-30", None), (False, "2012-09-30", None), (True, "2012-01-01", "2012-12-31")], "2013-01-01", False),
    ([ENDED_ON, (True, "2012-01-01", "2012-12-31")], "2013-01-01", False),
    ([ENDED_ON, (True, "2012-09-29", "2012-12-31")], "2013-01-01", False),
    ([ENDED_ON, (True, "2012-09-30", "2012-12-31")], "2013-01-01", True),
    ([ENDED_ON, (True, "2012-10-01", "2012-12-31")], "2013-01-01", True),
    ([ENDED_ON, (True, "2012-10-01", "2012-12-31"), (True, "2012-10-01", "2012-12-31")], "2013-01-01", True),
    ([(True, "2012-01-01", "2012-06-30"), (False, "2012-03-01", "2012-06-30"), (True, "2012-06-30", None)],
     "2012-02-01", False),
    ([(True, "2012-01-01", "2012-12-31")], "2012-06-30", True),
    ([(False, "2012-06-30", None), (True, "2012-01-01", "2012-12-31")], "2012-12-31", True),
    # Only known to have been open at some time, if at all: that it had ended by a day before says more.
    ([(True, "2011-05-01", "2016-06-29", {"basis": said.TREATY}), (False, "2014-01-01", None)], "2015-01-01", False),
    ([(True, "2011-05-01", "2016-06-29", {"basis": said.TREATY}), (False, "2016-06-29", None)], "2014-01-01", True)])
def test_a_span_says_nothing_against_what_is_told_of_its_days(rows, asked, answer):
    assert ask(observed(OPEN, *rows), asked)[0][:2] == (False, answer)


def test_of_two_words_of_one_day_only_that_of_the_publisher_that_ranks_first_stands_behind_the_answer():
    monitor = {"publisher": "Landmine and Cluster Munition Monitor"}
    frame = observed(FOCAL, (False, "2014-01-01", None), (True, "2014-01-01", None, monitor))
    made = standings.spells(frame)
    assert set(made["publishers"]) == {"6MSP report"}
    assert made["disputed"].all()
