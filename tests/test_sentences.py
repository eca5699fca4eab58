"""Sentences: numbers, words, States and dates filled in, in several languages."""

import pandas as pd
import pytest

from ccmlib.figures import Figure
from ccmlib.languages import LANGUAGES, Language
from ccmlib.sentences import MissingFigure, compose, plain, states_in

NAMES = {"SOM": "Somalia", "MUS": "Mauritius", "CUB": "Cuba"}
ISO2 = {"SOM": "SO", "MUS": "MU", "CUB": "CU"}
ENGLISH = Language("en", NAMES, ISO2)
NEW = Figure(
    "new_parties", "new States Parties", 3, states=["CUB", "MUS", "SOM"], dates={"CUB": pd.Timestamp(2016, 4, 6)}
)


def say(template, language=ENGLISH, **values):
    return plain(compose(template, values, language))


def test_numbers_words_states_and_dates():
    text = say("{n:Words} States ({n}) joined by {day}: {n:states}.", n=NEW, day=pd.Timestamp(2016, 6, 30))
    assert text == "Three States (3) joined by 30 June 2016: Cuba, Mauritius and Somalia."


def test_states_with_their_dates():
    assert say("{n:states_on}", n=NEW) == "Cuba (6 April 2016), Mauritius and Somalia"


def test_year_of_a_date_and_plain_values():
    assert say("{d:year} {x:words} {t}", d=pd.Timestamp(2016, 4, 6), x=12, t="letters") == "2016 twelve letters"


def test_no_state_and_one_state():
    none = Figure("f", "l", 0)
    assert say("{n:states}", n=none) == "none"
    assert say("{n:states}", n=["CUB"]) == "Cuba"


def test_large_numbers_stay_digits():
    assert say("{n:words}", n=1235) == "1,235"
    assert say("{n:words}", n=99) == "ninety-nine"
    assert say("{n:words}", n=100) == "100"
    assert say("{n:words}", n=2.5) == "2.5"


def test_a_missing_figure_stops_the_sentence():
    with pytest.raises(MissingFigure, match="letters"):
        say("{n}", n=Figure("letters", "letters", None))


def test_pieces_know_their_figure_and_states():
    pieces = compose("{n}: {n:states}", {"n": NEW}, ENGLISH)
    assert [(piece.kind, piece.key) for piece in pieces if piece.kind == "number"] == [("number", "new_parties")]
    assert states_in(pieces) == ["CUB", "MUS", "SOM"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_lists_every_state(code):
    language = Language(code, NAMES, ISO2)
    pieces = compose("{n:states}", {"n": NEW}, language)
    assert states_in(pieces) == ["CUB", "MUS", "SOM"]
    assert all(piece.text for piece in pieces)


def test_languages_write_names_dates_and_direction_from_cldr():
    french, arabic = (Language(code, NAMES, ISO2) for code in ("fr", "ar"))
    assert french.state("SOM") == "Somalie"
    assert french.date(pd.Timestamp(2016, 4, 6)) == "6 avril 2016"
    assert french.words(71) == "soixante et onze"
    assert arabic.direction == "rtl"
    assert arabic.number(12) == "12"
    assert Language("fr").state("XYZ") == "XYZ"


def test_unknown_language_names_the_known():
    with pytest.raises(ValueError, match="en, fr, es, ru, ar, zh"):
        Language("de")
