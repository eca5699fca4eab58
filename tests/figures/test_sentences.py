"""Sentences: numbers, words, States and dates filled in, in several languages."""

import pandas as pd
import pytest

from ccmlib.figures import vocabulary
from ccmlib.figures.figure import Figure
from ccmlib.figures.sentences import Said, compose, compose_for, label, plain, states_in
from ccmlib.figures.sentences import say as said
from ccmlib.language.catalogue import LANGUAGES
from ccmlib.language.languages import Language, sorting_key

NAMES = {
    "en": {"SOM": "Somalia", "MUS": "Mauritius", "CUB": "Cuba"},
    "fr": {"SOM": "Somalie", "MUS": "Maurice", "CUB": "Cuba"},
}
ENGLISH = Language("en", NAMES)
NEW = Figure(
    vocabulary.find("new_parties"), 3, 3, 3, 3, states=["CUB", "MUS", "SOM"], dates={"CUB": pd.Timestamp(2016, 4, 6)}
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
    none = Figure(vocabulary.find("withdrawals"), 0)
    assert say("{n:states}", n=none) == "none"
    assert say("{n:states}", n=["CUB"]) == "Cuba"


def test_large_numbers_stay_digits():
    assert say("{n:words}", n=1235) == "1,235"
    assert say("{n:words}", n=99) == "ninety-nine"
    assert say("{n:words}", n=100) == "100"
    assert say("{n:words}", n=2.5) == "2.5"


def test_a_figure_of_which_nothing_is_known_is_said_to_be_so():
    letters = Figure(vocabulary.find("reporting_letters"), None)
    assert say("{n} letters: {n:states}", n=letters) == "not known letters: not known"


@pytest.mark.parametrize(("numbers", "text"), [
    ({"lower": 3, "upper": 5, "last_word": 4}, "Between 3 and 5"), ({"lower": 3, "last_word": 4}, "At least 3"),
    ({"last_word": 4, "known_to": pd.Timestamp(2022, 8, 14)}, "4 by the last word (14 August 2022)")])
def test_a_number_is_said_no_more_surely_than_it_is_known(numbers, text):
    assert say("{n:Words} States", n=Figure(vocabulary.find("art3_remaining"), None, **numbers)) == f"{text} States"


def test_a_day_of_a_state_is_written_as_exactly_as_it_is_known():
    days = {"CUB": "by 2016-06-30", "MUS": "2018-07", "SOM": "2019"}
    made = Figure(vocabulary.find("art3_completed_in_period"), 3, states=["CUB", "MUS", "SOM"], dates=days)
    assert say("{n:states_on}", n=made) == "Cuba (by 30 June 2016), Mauritius (July 2018) and Somalia (2019)"


def test_pieces_know_their_figure_and_states():
    pieces = compose("{n}: {n:states}", {"n": NEW}, ENGLISH)
    assert [(piece.kind, piece.key) for piece in pieces if piece.kind == "number"] == [("number", "new_parties")]
    assert states_in(pieces) == ["CUB", "MUS", "SOM"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_lists_every_state(code):
    language = Language(code, NAMES)
    pieces = compose("{n:states}", {"n": NEW}, language)
    assert sorted(states_in(pieces)) == ["CUB", "MUS", "SOM"]
    assert all(piece.text for piece in pieces)


def test_languages_write_names_dates_and_direction():
    french, arabic = (Language(code, NAMES) for code in ("fr", "ar"))
    assert french.state("SOM") == "Somalie"
    assert french.date(pd.Timestamp(2016, 4, 6)) == "6 avril 2016"
    assert french.words(71) == "soixante et onze"
    assert arabic.direction == "rtl"
    assert arabic.number(12) == "12"
    assert Language("fr").state("XYZ") == "XYZ"


def test_unknown_language_names_the_known():
    with pytest.raises(ValueError, match="en, fr, es, ru, ar, zh"):
        Language("de")


def test_states_in_alphabetical_order_stand_in_that_of_the_language():
    names = {
        "en": {"DZA": "Algeria", "DEU": "Germany", "ZAF": "South Africa"},
        "fr": {"DZA": "Algérie", "DEU": "Allemagne", "ZAF": "Afrique du Sud"},
    }
    language = Language("fr", names)
    assert say("{x:states}", language, x=["DZA", "DEU", "ZAF"]) == "Afrique du Sud, Algérie et Allemagne"
    assert say("{x:states}", language, x=["ZAF", "DEU", "DZA"]) == "Afrique du Sud, Allemagne et Algérie"


def test_labels_in_a_sentence_are_in_its_language():
    french, names = Language("fr", NAMES), {"names": ["Requested", "Provided"]}
    assert said("{names:labels}.", names, french) == "Demandée et Fournie."
    text = said("Nobody translated this: {names:labels}.", names, french)
    assert (text, text.lang) == ("Nobody translated this: Requested and Provided.", "en")


@pytest.mark.parametrize(
    ("code", "given", "ordered"),
    [
        ("en", "the Gambia|Côte d’Ivoire|Costa Rica", "Costa Rica|Côte d’Ivoire|the Gambia"),
        ("fr", "Zambie|Érythrée|Espagne", "Érythrée|Espagne|Zambie"),
        ("ru", "Япония|Ирак|Ёж|Египет", "Египет|Ёж|Ирак|Япония"),
        ("ar", "كوبا|الصومال|أنغولا", "أنغولا|الصومال|كوبا"),
        ("zh", "中国|古巴|安哥拉|帕劳", "安哥拉|古巴|帕劳|中国"),
    ],
)
def test_names_are_sorted_as_their_language_does(code, given, ordered):
    assert sorted(given.split("|"), key=lambda name: sorting_key(name, code)) == ordered.split("|")


def test_a_sentence_without_translation_is_english_as_a_whole_and_says_so():
    arabic = Language("ar", NAMES)
    values = {"n": NEW, "day": pd.Timestamp(2016, 4, 6), "what": arabic.text("Universalization")}
    text = said("{n} on {day}, for {what}: {n:states_on}. Nobody translated this.", values, arabic)
    assert text == "3 on 6 April 2016, for Universalization: Cuba (6 April 2016), Mauritius and Somalia. " \
        "Nobody translated this."
    assert text.lang == "en"
    pieces, language = compose_for("Nobody translated this: {n:states}", values, arabic)
    assert (plain(pieces), language) == ("Nobody translated this: Cuba, Mauritius and Somalia", "en")


def test_a_translated_sentence_bears_no_mark():
    french = said("deposit of {state}", {"state": "Cuba"}, Language("fr", NAMES))
    assert (french, french.lang) == ("dépôt\xa0: Cuba", "")


def test_labels_say_when_they_are_english():
    french = Language("fr")
    assert (label("States Parties", french), label("States Parties", french).lang) == ("États parties", "")
    assert label("États parties", french).lang == ""
    assert label("Pledge of the Presidency", french).lang == "en"
    filled = Said("rapport pour 2015")
    assert label(filled, french) is filled


def test_signs_and_colons_stand_where_the_language_puts_them():
    assert [Language(code).change(number) for code, number in (("en", 4), ("en", -8), ("fr", -2.5), ("en", 0))] == \
        ["+4", "−8", "−2,5", "±0"]
    assert Language("ar").change(-8) == "\u200e−8"
    assert [Language(code).after_colon("a", "b") for code in ("en", "fr", "zh")] == ["a: b", "a\xa0: b", "a：b"]


def test_a_sentence_begins_with_words_and_goes_on_in_digits_from_one_hundred():
    assert say("{n:Words} States, {n:words} in all", n=119) == "One hundred and nineteen States, 119 in all"
