"""A month whose day is not known is shown as a month, and stays one when another notebook borrows the figure."""

import pandas as pd
import pytest

from ccmlib.figures import figure as figures
from ccmlib.figures import sentences
from ccmlib.figures.vocabulary import find
from ccmlib.language.languages import Language


@pytest.mark.parametrize(("code", "month"), [
    ("en", "February 2016"), ("fr", "février 2016"), ("es", "febrero de 2016")])
def test_a_month_is_written_as_a_month(code, month):
    assert Language(code).date("2016-02") == month


def test_other_text_stays_as_it_is():
    assert Language("en").date("2016") == "2016"
    assert Language("en").date("not itemised") == "not itemised"


def test_a_sentence_writes_the_month():
    sent = figures.Figure(find("norm_informal_meeting_on"), "2016-02")
    pieces = sentences.compose("Sent in {sent}.", {"sent": sent}, Language("en"))
    assert sentences.plain(pieces) == "Sent in February 2016."


@pytest.mark.parametrize(("value", "back"), [
    (pd.Timestamp(2016, 5, 18), pd.Timestamp(2016, 5, 18)), ("2016-02", "2016-02"), ("2016", "2016"), (13, 13)])
def test_a_borrowed_figure_keeps_its_precision(value, back):
    record = figures.Figure(find("norm_informal_meeting_on"), value).as_record()
    assert figures.from_record(record, "04_victim_assistance.html").value == back
