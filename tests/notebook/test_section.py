"""What a section says of a figure is no surer than the figure."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ccmlib.figures import sentences, vocabulary
from ccmlib.figures.figure import Figure
from ccmlib.language.languages import Language
from ccmlib.notebook import telling
from ccmlib.notebook.section import Section

DAY = pd.Timestamp(2024, 12, 31)


@pytest.mark.parametrize(("numbers", "said"), [
    ({"value": 0, "lower": 0, "upper": 0}, "No States Parties have"),
    ({"lower": 0, "upper": 7}, "At most 7 States Parties have"),
    ({"lower": 0, "upper": 1, "last_word": 1}, "At most 1 State Party has"),
    ({"lower": 1}, "At least 1 State Party has"),
    ({"lower": 1, "upper": 7}, "Between 1 and 7 States Parties have"),
    ({"last_word": 1, "known_to": DAY}, "By the last words, up to 31 December 2024, one State Party has"),
])
def test_a_number_and_its_noun_say_no_more_than_is_known(numbers, said):
    figure = Figure(vocabulary.find("art4_deadlines_extended"), numbers.pop("value", None), **numbers)
    pieces, _ = telling.said(figure, 2024, Language("en"))
    assert sentences.plain(pieces).startswith(said)


@pytest.mark.parametrize("empty", ["title", "subtitle", "source", "alt"])
def test_a_chart_needs_all_its_texts(empty):
    texts = {"title": "t", "subtitle": "s", "source": "o", "alt": "a", empty: ""}
    with pytest.raises(ValueError, match=f"chart 'c' has no {empty}"):
        Section.chart(SimpleNamespace(say=str, figures={}), "c", None, data=None, **texts)
